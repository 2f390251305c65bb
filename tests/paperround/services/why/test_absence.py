"""What is told of a date for which the ledger has no row."""

from datetime import date, datetime
from typing import Any

import pytest

from paperround.services.why import Case, Verdict, explain
from paperround.store.models import Bounce, Consent, DeliveryState, Reader, ReaderState
from tests.paperround.ledger import delivery
from tests.paperround.services.why.cases import (
    DAY,
    DUE,
    HELD,
    HOUR,
    MINUTE,
    TODAY,
    case_of,
    some_reader,
    told,
)
from tests.paperround.services.why.test_rows import ROWS


def _consent(what: str, at: datetime, how: str = "web") -> Consent:
    return Consent(reader_id=1, at=at, what=what, how=how)


def _unconfirmed(**fields: Any) -> Reader:
    nothing = {"next_due_at": None, "next_due_on": None}
    return some_reader(state=ReaderState.UNCONFIRMED, **(nothing | fields))


def _gone(state: ReaderState) -> Reader:
    return some_reader(state=state, next_due_at=None, next_due_on=None)


SATURDAY = date(2026, 5, 9)
FRIDAY = date(2026, 5, 1)

ABSENCES = {
    "before they came": (
        case_of(on=date(2026, 4, 3)),
        "too-early: They were no reader yet: added at 2026-04-04 09:00 Europe/Berlin (07:00 UTC).",
    ),
    "unconfirmed": (
        case_of(
            of=_unconfirmed(asked_at=DUE - DAY),
            confirmation=delivery(DeliveryState.SENT, reason="250 Ok"),
        ),
        "unconfirmed: The address is not confirmed. Its owner was asked at 2026-05-03 09:00 "
        "Europe/Berlin (07:00 UTC) (that mail is sent); the link is good until 2026-05-10.",
    ),
    "unconfirmed, and the mail that asks waits": (
        case_of(
            of=_unconfirmed(asked_at=DUE),
            confirmation=delivery(DeliveryState.DEFERRED, reason="greylisted"),
        ),
        "unconfirmed: The address is not confirmed. Its owner was asked at 2026-05-04 09:00 "
        "Europe/Berlin (07:00 UTC) (that mail is deferred, greylisted); the link is good until "
        "2026-05-11.",
    ),
    "unconfirmed, and the link is too old": (
        case_of(of=_unconfirmed(asked_at=DUE - 8 * DAY)),
        "unconfirmed: The address is not confirmed. Its owner was asked at 2026-04-26 09:00 "
        "Europe/Berlin (07:00 UTC); the link was good until 2026-05-03. / they have to subscribe "
        "again",
    ),
    "never asked": (
        case_of(of=_unconfirmed()),
        "unconfirmed: The address was never confirmed, nor asked about.",
    ),
    "unsubscribed": (
        case_of(
            of=_gone(ReaderState.UNSUBSCRIBED),
            consents=(_consent("unsubscribed", DUE - DAY, "one-click"),),
        ),
        "unsubscribed: They are unsubscribed since 2026-05-03 09:00 Europe/Berlin (07:00 UTC) "
        "(one-click). / only they can subscribe again",
    ),
    "unsubscribed, nobody knows when": (
        case_of(of=_gone(ReaderState.UNSUBSCRIBED)),
        "unsubscribed: They are unsubscribed. / only they can subscribe again",
    ),
    "suppressed": (
        case_of(
            of=_gone(ReaderState.SUPPRESSED),
            consents=(_consent("suppressed", DUE - DAY, "bounce"),),
            bounces=(Bounce(report="1", kind="hard", status="5.1.1", detail="", at=DUE - DAY),),
        ),
        "suppressed: Nothing is sent to the address since 2026-05-03 09:00 Europe/Berlin (07:00 "
        "UTC) (bounce), because mail to it came back. The last report, at 2026-05-03 07:00 UTC: "
        "hard 5.1.1. / `paperround lift ada@example.org`, or they subscribe again and confirm",
    ),
    "suppressed by hand": (
        case_of(
            of=_gone(ReaderState.SUPPRESSED),
            consents=(_consent("suppressed", DUE - DAY, "command"),),
        ),
        "suppressed: Nothing is sent to the address since 2026-05-03 09:00 Europe/Berlin (07:00 "
        "UTC) (command), because the operator does not want it. / `paperround lift "
        "ada@example.org`, or they subscribe again and confirm",
    ),
    "paused": (
        case_of(
            of=some_reader(paused_until=date(2026, 6, 1)),
            consents=(_consent("paused", DUE - DAY),),
        ),
        "paused: They pause since 2026-05-03 09:00 Europe/Berlin (07:00 UTC) (web); the first "
        "digest after it is for 2026-06-01.",
    ),
    "paused, nobody knows since when": (
        case_of(of=some_reader(paused_until=date(2026, 6, 1))),
        "paused: They pause; the first digest after it is for 2026-06-01.",
    ),
    "not on a Saturday": (
        case_of(on=SATURDAY),
        "weekday: No digest is wanted on a Saturday: they asked for mon,tue,wed,thu,fri.",
    ),
    "later today": (
        case_of(after=-HOUR, of=some_reader(next_due_at=DUE, next_due_on=TODAY)),
        "not-yet: Not due yet: it is due at 2026-05-04 09:00 Europe/Berlin (07:00 UTC), in 1 h.",
    ),
    "later today, without interest": (
        case_of(
            after=-HOUR,
            of=some_reader(next_due_at=DUE, next_due_on=TODAY),
            has_interest=False,
        ),
        "not-yet: Not due yet: it is due at 2026-05-04 09:00 Europe/Berlin (07:00 UTC), in 1 h. "
        "They have no interest yet, so there will be nothing to send. / `paperround interest add "
        "ada@example.org NAME --prose ...`",
    ),
    "due before the rule says so": (
        case_of(after=-MINUTE, of=some_reader(next_due_at=DUE - HOUR, next_due_on=TODAY)),
        "overdue: Due since 2026-05-04 08:00 Europe/Berlin (06:00 UTC), and no run has opened it "
        "yet.",
    ),
    "another day": (
        case_of(on=date(2026, 5, 6)),
        "not-yet: Not due yet: it is due at 2026-05-06 09:00 Europe/Berlin (07:00 UTC), in 1 day "
        "23 h.",
    ),
    "due, and held": (
        case_of(of=some_reader(next_due_at=DUE, next_due_on=TODAY), held=HELD),
        "overdue: Due since 2026-05-04 09:00 Europe/Berlin (07:00 UTC), and no run has opened it "
        "yet. The installation is held since 2026-05-04 06:00 UTC: this database was copied or "
        "moved here. / `paperround release`, if this is the database that is to send",
    ),
    "due, and nothing ran": (
        case_of(
            after=HOUR,
            of=some_reader(next_due_at=DUE, next_due_on=TODAY),
            last_sign=DUE - HOUR,
        ),
        "overdue: Due since 2026-05-04 09:00 Europe/Berlin (07:00 UTC), and no run has opened it "
        "yet. Nothing has run here since 2026-05-04 06:00 UTC, 2 h ago. / start `paperround run`, "
        "or `paperround send --due` by cron",
    ),
    "due a moment ago": (
        case_of(of=some_reader(next_due_at=DUE, next_due_on=TODAY), last_sign=DUE - HOUR),
        "overdue: Due since 2026-05-04 09:00 Europe/Berlin (07:00 UTC), and no run has opened it "
        "yet.",
    ),
    "due, and an earlier one as well": (
        case_of(of=some_reader(next_due_at=DUE - 3 * DAY, next_due_on=FRIDAY), after=HOUR),
        "overdue: Due since 2026-05-04 09:00 Europe/Berlin (07:00 UTC), and no run has opened it "
        "yet.",
    ),
    "unsubscribed then": (
        case_of(
            on=FRIDAY,
            consents=(
                _consent("unsubscribed", DUE - 10 * DAY, "mail"),
                _consent("confirmed", DUE - DAY),
            ),
        ),
        "unsubscribed: They were unsubscribed then: unsubscribed at 2026-04-24 09:00 Europe/Berlin "
        "(07:00 UTC) (mail).",
    ),
    "paused then": (
        case_of(
            on=FRIDAY,
            consents=(_consent("paused", DUE - 10 * DAY), _consent("resumed", DUE - DAY)),
        ),
        "paused: They were paused then: paused at 2026-04-24 09:00 Europe/Berlin (07:00 UTC) "
        "(web).",
    ),
    "not confirmed then": (
        case_of(on=FRIDAY, consents=(_consent("asked", DUE - 10 * DAY),)),
        "unconfirmed: They were not confirmed yet then: asked at 2026-04-24 09:00 Europe/Berlin "
        "(07:00 UTC) (web).",
    ),
    "an hour that had passed": (
        case_of(after=HOUR, of=some_reader(confirmed_at=DUE + MINUTE)),
        "passed: Its hour, 2026-05-04 09:00 Europe/Berlin (07:00 UTC), had passed when they became "
        "a reader, at 2026-05-04 09:01 Europe/Berlin (07:01 UTC). The next is due at 2026-05-05 "
        "09:00 Europe/Berlin (07:00 UTC).",
    ),
    "another hour meanwhile": (
        case_of(after=-HOUR),
        "passed: Their hour, zone or weekdays were changed: that date was passed over or served "
        "before. The next is due at 2026-05-05 09:00 Europe/Berlin (07:00 UTC).",
    ),
    "nothing ran": (
        case_of(on=FRIDAY, consents=(_consent("resumed", DUE - 20 * DAY),)),
        "not-run: Nothing was opened for that date. Either nothing ran here from 2026-05-01 07:00 "
        "UTC until the next digest was due, for after a longer break only the latest digest is "
        "made up for; or the reader had another hour, zone or weekdays then.",
    ),
    "unsubscribed only since": (
        case_of(
            on=FRIDAY,
            of=_gone(ReaderState.UNSUBSCRIBED),
            consents=(_consent("unsubscribed", DUE - DAY),),
        ),
        "not-run: Nothing was opened for that date. Either nothing ran here from 2026-05-01 07:00 "
        "UTC until the next digest was due, for after a longer break only the latest digest is "
        "made up for; or the reader had another hour, zone or weekdays then.",
    ),
    "paused only since": (
        case_of(
            on=FRIDAY,
            of=some_reader(paused_until=date(2026, 6, 1)),
            consents=(_consent("paused", DUE - DAY),),
        ),
        "not-run: Nothing was opened for that date. Either nothing ran here from 2026-05-01 07:00 "
        "UTC until the next digest was due, for after a longer break only the latest digest is "
        "made up for; or the reader had another hour, zone or weekdays then.",
    ),
}


@pytest.mark.parametrize(("found", "words"), ABSENCES.values(), ids=ABSENCES.keys())
def test_a_date_without_a_row_tells_why(found: Case, words: str) -> None:
    """Every reason for which nothing was opened has its words."""
    assert told(found) == words


def test_every_verdict_is_given() -> None:
    """None is a word that is never said."""
    cases = [found for found, _ in (*ROWS.values(), *ABSENCES.values())]
    said = {explain(found).verdict for found in cases} | {Verdict.BOUNCED}

    assert said == set(Verdict)
