"""How instants and spans of time are said to people.

Pure: zones come in as values, and nothing here reads the clock.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

__all__ = ["clock_time", "moment", "span", "utc"]

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def utc(instant: datetime) -> str:
    """Return an instant as operators read it: `2026-05-04 05:00 UTC`."""
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def moment(instant: datetime, zone: ZoneInfo) -> str:
    """Return an instant in a reader's zone and in UTC, whose date is said where it is another one.

    `2026-05-04 07:00 Europe/Berlin (05:00 UTC)`.
    """
    if zone.key == "UTC":
        return utc(instant)
    there, here = instant.astimezone(zone), instant.astimezone(UTC)
    in_utc = f"{here:%H:%M} UTC" if here.date() == there.date() else utc(here)
    return f"{there:%Y-%m-%d %H:%M} {zone.key} ({in_utc})"


def clock_time(instant: datetime, zone: ZoneInfo) -> str:
    """Return an instant to the second in a reader's zone: `2026-05-04 07:00:12`."""
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M:%S}"


def span(length: timedelta) -> str:
    """Return a length of time in its two largest units: `12 s`, `3 min`, `2 h 5 min`, `4 days`.

    Lengths below nought are said as `0 s`: clocks of two machines may differ.
    """
    if length < MINUTE:
        return f"{max(0, int(length.total_seconds()))} s"
    if length < HOUR:
        return f"{length // MINUTE} min"
    if length < DAY:
        return _two(length // HOUR, "h", length % HOUR // MINUTE, "min")
    days = length // DAY
    return _two(days, "day" if days == 1 else "days", length % DAY // HOUR, "h")


def _two(large: int, unit: str, small: int, smaller: str) -> str:
    return f"{large} {unit} {small} {smaller}" if small else f"{large} {unit}"
