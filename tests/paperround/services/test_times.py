"""Instants and spans as people are told them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from paperround.services.times import clock_time, moment, span, utc

INSTANT = datetime(2026, 5, 4, 5, 0, 12, tzinfo=UTC)
LATE = datetime(2026, 5, 4, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("instant", "zone", "told"),
    [
        (INSTANT, "UTC", "2026-05-04 05:00 UTC"),
        (INSTANT, "Europe/Berlin", "2026-05-04 07:00 Europe/Berlin (05:00 UTC)"),
        (LATE, "Asia/Tokyo", "2026-05-05 08:30 Asia/Tokyo (2026-05-04 23:30 UTC)"),
    ],
)
def test_an_instant_is_told_in_both_zones(instant: datetime, zone: str, told: str) -> None:
    """The date is said twice only where it differs."""
    assert moment(instant, ZoneInfo(zone)) == told


def test_an_instant_of_another_zone_is_told_in_utc() -> None:
    """Whatever zone it came in."""
    assert utc(INSTANT.astimezone(ZoneInfo("Asia/Tokyo"))) == "2026-05-04 05:00 UTC"


def test_a_timeline_has_seconds() -> None:
    """In the reader's own zone."""
    assert clock_time(INSTANT, ZoneInfo("Europe/Berlin")) == "2026-05-04 07:00:12"


@pytest.mark.parametrize(
    ("length", "told"),
    [
        (timedelta(seconds=-3), "0 s"),
        (timedelta(seconds=12.9), "12 s"),
        (timedelta(seconds=60), "1 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(hours=2, minutes=5), "2 h 5 min"),
        (timedelta(days=1, minutes=5), "1 day"),
        (timedelta(days=4, hours=3), "4 days 3 h"),
    ],
)
def test_a_span_has_its_two_largest_units(length: timedelta, told: str) -> None:
    """More would be noise; a clock that is ahead makes no negative one."""
    assert span(length) == told
