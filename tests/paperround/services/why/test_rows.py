"""What is told of a mail that has a row in the ledger."""

from datetime import timedelta

import pytest

from paperround.services.why import Case, Verdict, explain
from paperround.store.models import Bounce, DeliveryState
from tests.paperround.ledger import OWNER, delivery, line
from tests.paperround.services.why.cases import (
    DAY,
    DUE,
    HELD,
    HOUR,
    MINUTE,
    PAUSED,
    RESEND,
    case_of,
    some_reader,
    told,
)

SENT = delivery(
    DeliveryState.SENT,
    finished_at=DUE + timedelta(minutes=3, seconds=5),
    code=250,
    reason="2.0.0 Ok: queued as 4XyZ",
    message_id="<v1.abc.20260504@example.org>",
    attempt=1,
)

ROWS = {
    "sent": (
        case_of(SENT, papers=7),
        "sent: Sent at 2026-05-04 09:03 Europe/Berlin (07:03 UTC), 3 min after its time, with 7 "
        "papers. It was taken: 250 2.0.0 Ok: queued as 4XyZ. "
        "Message-ID <v1.abc.20260504@example.org>.",
    ),
    "sent on time, in a folder": (
        case_of(delivery(DeliveryState.SENT, finished_at=DUE, reason="1.eml"), papers=1),
        "sent: Sent at 2026-05-04 09:00 Europe/Berlin (07:00 UTC), on time, with 1 paper. "
        "It was taken: 1.eml.",
    ),
    "a notice that was sent": (
        case_of(delivery(DeliveryState.SENT, finished_at=DUE, code=250, reason="250 Ok")),
        "sent: Sent at 2026-05-04 09:00 Europe/Berlin (07:00 UTC), on time. It was taken: 250 Ok.",
    ),
    "quiet": (
        case_of(
            delivery(DeliveryState.QUIET, finished_at=DUE, reason="nothing reached the threshold")
        ),
        "quiet: Nothing was sent, on purpose: nothing reached the threshold. Decided at 2026-05-04 "
        "09:00 Europe/Berlin (07:00 UTC).",
    ),
    "quiet without interest": (
        case_of(
            delivery(DeliveryState.QUIET, finished_at=DUE, reason="no interest."),
            has_interest=False,
        ),
        "quiet: Nothing was sent, on purpose: no interest. Decided at 2026-05-04 09:00 "
        "Europe/Berlin (07:00 UTC). / `paperround interest add ada@example.org NAME --prose ...`",
    ),
    "skipped": (
        case_of(delivery(DeliveryState.SKIPPED, finished_at=DUE, reason="unsubscribed meanwhile")),
        "skipped: Left out: unsubscribed meanwhile. Decided at 2026-05-04 09:00 Europe/Berlin "
        "(07:00 UTC).",
    ),
    "failed": (
        case_of(
            delivery(
                DeliveryState.FAILED,
                finished_at=DUE + MINUTE,
                attempt=1,
                code=550,
                reason="5.1.1 no such user",
            )
        ),
        "failed: Failed for good at 2026-05-04 09:01 Europe/Berlin (07:01 UTC), after 1 try. The "
        f"last answer: 550 5.1.1 no such user. / when the cause is mended, {RESEND} opens it again",
    ),
    "expired": (
        case_of(
            delivery(
                DeliveryState.EXPIRED,
                reason="too late",
                history=line(0, "pending", 0, "due")
                + line(1, "claimed", 1, "by host")
                + line(2, "deferred", 1, "451 4.2.2 mailbox full.", "451")
                + line(720, "expired", 1, "too late"),
            )
        ),
        "expired: Not sent within 12 h of its time, 2026-05-04 09:00 Europe/Berlin (07:00 UTC): "
        "too late. What stood in its way: 451 4.2.2 mailbox full. What was best comes with the "
        "next digest, at 2026-05-05 09:00 Europe/Berlin (07:00 UTC).",
    ),
    "expired, of somebody who left": (
        case_of(
            delivery(DeliveryState.EXPIRED),
            of=some_reader(next_due_at=None, next_due_on=None),
        ),
        "expired: Not sent within 12 h of its time, 2026-05-04 09:00 Europe/Berlin (07:00 UTC): no "
        "reason was written down. What was best comes with the next digest.",
    ),
    "ambiguous": (
        case_of(delivery(DeliveryState.AMBIGUOUS, reason="its worker died")),
        "ambiguous: In doubt: its worker died. The relay may have it or not, and it is held for "
        f"you. / {RESEND} sends the same mail again; with --as-sent you say that it arrived",
    ),
    "an ambiguous notice": (
        case_of(delivery(DeliveryState.AMBIGUOUS, stream="confirm.1", reason="it died")),
        "ambiguous: In doubt: it died. The relay may have it or not, and it is held for you. / "
        f"{RESEND[:-1]} --stream confirm.1` sends the same mail again; with --as-sent you say that "
        "it arrived",
    ),
    "deferred": (
        case_of(
            delivery(
                DeliveryState.DEFERRED,
                attempt=2,
                code=452,
                reason="452 4.2.2 mailbox full",
                retry_at=DUE + timedelta(minutes=16),
            )
        ),
        "deferred: Not sent yet, after 2 tries. The last answer: 452 4.2.2 mailbox full. The next "
        "try is at 2026-05-04 09:16 Europe/Berlin (07:16 UTC), in 15 min. It is given up at "
        "2026-05-04 21:00 Europe/Berlin (19:00 UTC).",
    ),
    "deferred, and its time has come": (
        case_of(delivery(DeliveryState.DEFERRED, attempt=1, reason="busy"), held=HELD),
        "deferred: Not sent yet, after 1 try. The last answer: busy. The next try is due since "
        "2026-05-04 09:00 Europe/Berlin (07:00 UTC). It is given up at 2026-05-04 21:00 "
        "Europe/Berlin (19:00 UTC). The installation is held since 2026-05-04 06:00 UTC: this "
        "database was copied or moved here. / `paperround release`, if this is the database that "
        "is to send",
    ),
    "pending": (
        case_of(delivery(DeliveryState.PENDING)),
        "waiting: Due since 2026-05-04 09:00 Europe/Berlin (07:00 UTC), and nobody has taken it "
        "yet.",
    ),
    "pending behind others": (
        case_of(delivery(DeliveryState.PENDING), after=10 * MINUTE),
        "waiting: Due since 2026-05-04 09:00 Europe/Berlin (07:00 UTC), and nobody has taken it "
        "yet. Others were due before: it waits its turn.",
    ),
    "pending again": (
        case_of(
            delivery(
                DeliveryState.PENDING,
                attempt=1,
                retry_at=DUE + MINUTE,
                history=line(1, "pending", 1, "its worker died; nothing was sent"),
            )
        ),
        "waiting: Due since 2026-05-04 09:00 Europe/Berlin (07:00 UTC), and nobody has taken it "
        "yet. What stood in its way so far: its worker died; nothing was sent.",
    ),
    "pending, the relay is paused": (
        case_of(delivery(DeliveryState.PENDING), relay=PAUSED),
        "waiting: Due since 2026-05-04 09:00 Europe/Berlin (07:00 UTC), and nobody has taken it "
        "yet. The relay smtp.example.org:587 is left in peace until 2026-05-04 08:00 UTC, because "
        "550 5.7.1 listed. / `paperround doctor` looks at the relay",
    ),
    "pending, nothing ever ran": (
        case_of(delivery(DeliveryState.PENDING), after=HOUR, last_sign=None),
        "waiting: Due since 2026-05-04 09:00 Europe/Berlin (07:00 UTC), and nobody has taken it "
        "yet. Nothing has ever run here. / start `paperround run`, or `paperround send --due` by "
        "cron",
    ),
    "claimed": (
        case_of(
            delivery(
                DeliveryState.CLAIMED, attempt=1, lease_owner=OWNER, lease_until=DUE + 15 * MINUTE
            )
        ),
        f"working: Being made by worker {OWNER}, under a lease until 2026-05-04 07:15 UTC; 1 try "
        "so far.",
    ),
    "rendered": (
        case_of(delivery(DeliveryState.RENDERED, attempt=2, lease_owner=OWNER)),
        f"working: Made, and about to be handed over by worker {OWNER}; 2 tries so far.",
    ),
    "data started": (
        case_of(delivery(DeliveryState.DATA_STARTED, attempt=1, lease_until=DUE + HOUR)),
        "working: On its way to the relay by worker an unknown worker, under a lease until "
        "2026-05-04 08:00 UTC; 1 try so far.",
    ),
    "claimed by one who fell silent": (
        case_of(delivery(DeliveryState.CLAIMED, lease_owner=OWNER, lease_until=DUE)),
        f"silent: Worker {OWNER} took it and fell silent; its lease ended at 2026-05-04 07:00 UTC. "
        "Nothing was handed over: the next run takes it back.",
    ),
    "in doubt, to be sent again": (
        case_of(delivery(DeliveryState.DATA_STARTED, lease_owner=OWNER, lease_until=DUE)),
        f"silent: Worker {OWNER} took it and fell silent; its lease ended at 2026-05-04 07:00 UTC. "
        "The relay may have the mail: the next run sends the same bytes again.",
    ),
    "in doubt, to be held": (
        case_of(
            delivery(DeliveryState.DATA_STARTED, lease_owner=OWNER, lease_until=DUE),
            after=HOUR,
            last_sign=DUE - DAY,
            holds_doubts=True,
        ),
        f"silent: Worker {OWNER} took it and fell silent; its lease ended at 2026-05-04 07:00 UTC. "
        "The relay may have the mail: the next run holds it for you to decide. Nothing has run "
        "here since 2026-05-03 07:00 UTC, 1 day 1 h ago. / start `paperround run`, or `paperround "
        "send --due` by cron",
    ),
}


@pytest.mark.parametrize(("found", "words"), ROWS.values(), ids=ROWS.keys())
def test_a_row_tells_what_became_of_it(found: Case, words: str) -> None:
    """Every state of the ledger (C1) has its words, and what to do where there is anything."""
    assert told(found) == words


def test_every_state_of_the_ledger_istold() -> None:
    """None is forgotten when one is added."""
    states = {found.row.state for found, _ in ROWS.values() if found.row is not None}

    assert states == set(DeliveryState)


def test_a_mail_that_came_back_says_so() -> None:
    """With each report's own words."""
    soft = Bounce(report="1", kind="soft", status="4.2.2", detail="full.", at=DUE + HOUR)
    hard = Bounce(report="2", kind="hard", at=DUE + 2 * HOUR)

    answer = explain(case_of(SENT, bounces=(soft, hard)))

    assert answer.verdict is Verdict.BOUNCED
    assert answer.words.endswith(
        "It came back at 2026-05-04 08:00 UTC (soft): 4.2.2 full. "
        "It came back at 2026-05-04 09:00 UTC (hard)."
    )
