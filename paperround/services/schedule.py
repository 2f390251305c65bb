"""When a reader's digest falls due, from their row: hour, zone, weekdays, pause and spread."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from paperround.store.models import Reader
from scheduler.due import Due, latest_due, next_due, spread_of

__all__ = ["due_before", "following"]


def following(
    reader: Reader, after: datetime, spread: timedelta, last_on: date | None = None
) -> Due:
    """Return a reader's first due instant after another, a pause considered.

    Args:
        reader: A saved row.
        after: Aware instant.
        spread: Over how long the readers of one hour are spread.
        last_on: Latest local date that has its row in the ledger; none up to it is served again.
    """
    assert reader.id is not None
    if reader.paused_until is not None:
        resumed = reader.paused_until - timedelta(days=1)
        last_on = max(last_on, resumed) if last_on is not None else resumed
    return next_due(
        after,
        at=reader.digest_at,
        zone=ZoneInfo(reader.zone),
        weekdays=frozenset(map(int, reader.weekdays)),
        last_on=last_on,
        delay=spread_of(reader.id, spread),
    )


def due_before(reader: Reader, until: datetime, spread: timedelta) -> Due:
    """Return a reader's last due instant that is not later than another."""
    assert reader.id is not None
    return latest_due(
        until,
        at=reader.digest_at,
        zone=ZoneInfo(reader.zone),
        weekdays=frozenset(map(int, reader.weekdays)),
        delay=spread_of(reader.id, spread),
    )
