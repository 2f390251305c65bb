"""Cases of mails that did or did not go out, for tests of what is told about them."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from paperround.services.holding import Held
from paperround.services.why import Case, explain
from paperround.store.models import Delivery, Reader, ReaderState, Relay
from scheduler.due import Due

ADA = "ada@example.org"
DUE = datetime(2026, 5, 4, 7, 0, tzinfo=UTC)
"""A Monday; nine in the morning in Berlin."""
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NEXT = DUE + DAY
TODAY = DUE.date()
RESEND = "`paperround resend ada@example.org 2026-05-04`"
HELD = Held(DUE - HOUR, "this database was copied or moved here")
PAUSED = Relay(
    name="smtp.example.org:587", minutes={}, paused_until=DUE + HOUR, reason="550 5.7.1 listed"
)


def some_reader(**fields: Any) -> Reader:
    """Return a reader in Berlin whose next digest is that of the day after."""
    values: dict[str, Any] = {
        "id": 1,
        "address": ADA,
        "address_key": ADA,
        "name": "Ada",
        "zone": "Europe/Berlin",
        "digest_at": time(9, 0),
        "weekdays": "12345",
        "state": ReaderState.ACTIVE,
        "next_due_at": NEXT,
        "next_due_on": NEXT.date(),
        "added_at": DUE - 30 * DAY,
    }
    return Reader(**(values | fields))


def case_of(
    row: Delivery | None = None,
    *,
    on: date = TODAY,
    after: timedelta = MINUTE,
    of: Reader | None = None,
    **fields: Any,
) -> Case:
    """Return a case some time after the digest was due; somebody ran just now."""
    now = DUE + after
    due = Due(DUE + (on - TODAY), on)
    values = {"last_sign": now} | fields
    return Case(now=now, due=due, reader=of or some_reader(), row=row, **values)


def told(case: Case) -> str:
    """Return what is told of a case, on one line."""
    answer = explain(case)
    return f"{answer.verdict}: {answer.words}{f' / {answer.advice}' if answer.advice else ''}"
