"""The next due instant of a reader, computed from local dates and never from a cron expression.

For every wanted local date there is exactly one instant, in every zone and through every change of
its clocks. Nothing here reads the clock or knows what a digest is.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

__all__ = ["Due", "due_at", "latest_due", "next_due", "spread_of"]

ISO_WEEKDAYS = frozenset(range(1, 8))


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """One digest that falls due."""

    at: datetime
    """Aware, UTC."""
    on: date
    """The reader's local date that it is for."""


def due_at(on: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the instant, in UTC, of a local wall time on a local date.

    A time that a change of clocks skips is shifted forward by the gap; one that occurs twice means
    the first occurrence (PEP 495, fold=0).
    """
    return datetime.combine(on, at.replace(fold=0), tzinfo=zone).astimezone(UTC)


def next_due(
    after: datetime,
    *,
    at: time,
    zone: ZoneInfo,
    weekdays: Collection[int] = ISO_WEEKDAYS,
    last_on: date | None = None,
    delay: timedelta = timedelta(),
) -> Due:
    """Return the first due instant strictly later than `after`.

    Args:
        after: Aware instant.
        at: Local wall time wished for.
        zone: The reader's zone.
        weekdays: ISO weekdays, 1 = Monday to 7 = Sunday, on which a digest is wanted.
        last_on: Latest local date already served; no date up to it is served again, so that a
            change of zone or hour in mid-day never makes two digests for one local date. A pause
            ends on the day after it.
        delay: What is added to every due instant, from 0 to 1 hour: see `spread_of`.

    Raises:
        ValueError: No weekday is wanted, or one is not in 1 to 7.
    """
    _check(weekdays)
    day = after.astimezone(zone).date() - timedelta(days=1)
    if last_on is not None:
        day = max(day, last_on)  # a pause may be long
    while True:
        instant = due_at(day, at, zone) + delay
        served = last_on is not None and day <= last_on
        if instant > after and not served and _is_wanted(day, zone, weekdays):
            return Due(instant, day)
        day += timedelta(days=1)


def latest_due(
    until: datetime,
    *,
    at: time,
    zone: ZoneInfo,
    weekdays: Collection[int] = ISO_WEEKDAYS,
    delay: timedelta = timedelta(),
) -> Due:
    """Return the last due instant that is not later than `until`.

    Whoever was down for three days is served the latest digest only, not three of them.

    Raises:
        ValueError: No weekday is wanted, or one is not in 1 to 7.
    """
    _check(weekdays)
    day = until.astimezone(zone).date() + timedelta(days=1)
    while True:
        instant = due_at(day, at, zone) + delay
        if instant <= until and _is_wanted(day, zone, weekdays):
            return Due(instant, day)
        day -= timedelta(days=1)


def spread_of(reader_id: int, over: timedelta) -> timedelta:
    """Return a reader's own share of a spread: whole seconds, always the same, in [0, over).

    Readers of one hour would all be due in the same second; Knuth's multiplicative hash scatters
    their numbers evenly (The Art of Computer Programming, volume 3, section 6.4).
    """
    seconds = int(over.total_seconds())
    return timedelta(seconds=reader_id * 2_654_435_761 % 2**32 * seconds >> 32)


def _is_wanted(day: date, zone: ZoneInfo, weekdays: Collection[int]) -> bool:
    """Return whether a digest is for this local date; one that a zone skipped is nobody's date.

    A zone that moves to the other side of the date line has no such noon: Apia on 2011-12-30.
    """
    noon = due_at(day, time(12), zone).astimezone(zone)
    return day.isoweekday() in weekdays and noon.date() == day


def _check(weekdays: Collection[int]) -> None:
    if not weekdays or not set(weekdays) <= ISO_WEEKDAYS:
        raise ValueError(f"weekdays must be some of 1 to 7, not {sorted(weekdays)}")
