"""When a digest is due: once for every wanted local date, whatever the clocks do."""

from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.due import Due, due_at, latest_due, next_due

BERLIN = ZoneInfo("Europe/Berlin")
APIA = ZoneInfo("Pacific/Apia")
DAILY = frozenset(range(1, 8))
WORKDAYS = frozenset(range(1, 6))
DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)
ZONES = sorted(available_timezones())

# Half an hour and three quarters of one, both sides of the date line, clocks that change at
# midnight, before it, and not at all.
ODD_ZONES = (
    *("Africa/Casablanca", "America/Havana", "America/Nuuk", "Asia/Beirut", "Asia/Kathmandu"),
    *("Atlantic/Azores", "Australia/Lord_Howe", "Europe/Berlin", "Pacific/Apia", "UTC"),
    *("Pacific/Chatham", "Pacific/Kiritimati", "Pacific/Kwajalein", "Pacific/Pago_Pago"),
)

zones = st.sampled_from([*ODD_ZONES * 10, *ZONES]).map(ZoneInfo)
hours = st.times().map(lambda at: at.replace(microsecond=0))
instants = st.datetimes(datetime(1970, 1, 3), datetime(2100, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=UTC)
)
weekday_sets = st.frozensets(st.integers(1, 7), min_size=1)


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _walk(first: date, last: date, zone: ZoneInfo, at: time, days: Collection[int]) -> list[Due]:
    """Return what falls due from one local date to another, as a sender would ask for it."""
    due = next_due(due_at(first, at, zone) - INSTANT, at=at, zone=zone, weekdays=days)
    found = []
    while due.on <= last:
        found.append(due)
        due = next_due(due.at, at=at, zone=zone, weekdays=days, last_on=due.on)
    return found


def _dates(first: date, last: date) -> list[date]:
    return [first + number * DAY for number in range((last - first).days + 1)]


def _showing(wall: datetime, zone: ZoneInfo) -> list[datetime]:
    """Return the instants at which a clock of this zone shows a wall time: none, one or two."""
    around = [wall.replace(tzinfo=UTC) + hours * DAY for hours in (-2, -1, 0, 1, 2)]
    offsets = {moment.astimezone(zone).utcoffset() or timedelta() for moment in around}
    candidates = [(wall - offset).replace(tzinfo=UTC) for offset in offsets]
    return [one for one in candidates if one.astimezone(zone).replace(tzinfo=None) == wall]


@given(instants, hours, zones, weekday_sets)
def test_what_is_due_next_is_strictly_later(
    after: datetime, at: time, zone: ZoneInfo, weekdays: frozenset[int]
) -> None:
    """Asking at the very instant of a digest gives the one after it."""
    due = next_due(after, at=at, zone=zone, weekdays=weekdays)

    assert due.at > after
    assert due.on.isoweekday() in weekdays


@given(instants, hours, zones)
def test_a_digest_is_due_when_the_readers_clock_first_shows_the_hour(
    after: datetime, at: time, zone: ZoneInfo
) -> None:
    """Only where the clock never shows it, a little later."""
    due = next_due(after, at=at, zone=zone)
    wall = datetime.combine(due.on, at)
    shown = due.at.astimezone(zone).replace(tzinfo=None)
    showing = _showing(wall, zone)

    assert due.at == min(showing, default=due.at)
    assert (shown == wall) is bool(showing)
    assert wall <= shown < wall + DAY


@given(instants, hours, zones, weekday_sets)
def test_the_latest_digest_is_the_inverse_of_the_next(
    moment: datetime, at: time, zone: ZoneInfo, weekdays: frozenset[int]
) -> None:
    """Between two neighbours nothing is due, and each finds the other."""
    latest = latest_due(moment, at=at, zone=zone, weekdays=weekdays)
    following = next_due(moment, at=at, zone=zone, weekdays=weekdays)

    assert latest.at <= moment < following.at
    assert next_due(latest.at, at=at, zone=zone, weekdays=weekdays) == following
    assert next_due(latest.at - INSTANT, at=at, zone=zone, weekdays=weekdays) == latest
    assert latest_due(following.at, at=at, zone=zone, weekdays=weekdays) == following
    assert latest_due(following.at - INSTANT, at=at, zone=zone, weekdays=weekdays) == latest


@settings(max_examples=30)
@given(st.integers(1996, 2010) | st.integers(2012, 2099), hours, zones, weekday_sets)
def test_a_year_has_one_digest_for_every_wanted_date(
    year: int, at: time, zone: ZoneInfo, weekdays: frozenset[int]
) -> None:
    """None is lost and none is doubled, and they come in order."""
    first, last = date(year, 1, 1), date(year, 12, 31)

    found = _walk(first, last, zone, at, weekdays)

    wanted = [day for day in _dates(first, last) if day.isoweekday() in weekdays]
    assert [due.on for due in found] == wanted
    assert all(earlier.at < later.at for earlier, later in pairwise(found))


@pytest.mark.parametrize("at", [time(0), time(2, 30)])
@pytest.mark.parametrize(
    ("first", "last"),
    [(date(2026, 3, 7), date(2026, 4, 6)), (date(2026, 10, 17), date(2026, 11, 2))],
)
def test_no_zone_loses_or_doubles_a_date_when_its_clocks_change(
    at: time, first: date, last: date
) -> None:
    """All zones there are, at midnight and in the hour that changes (T06, T07, T08)."""
    wanted = _dates(first, last)

    found = {name: _walk(first, last, ZoneInfo(name), at, DAILY) for name in ZONES}

    wrong = [name for name, dues in found.items() if [due.on for due in dues] != wanted]
    assert wrong == []


@pytest.mark.parametrize(
    ("zone", "on", "at", "expected"),
    [
        ("Europe/Berlin", date(2026, 3, 29), time(2, 30), "2026-03-29T01:30"),
        ("America/Havana", date(2026, 3, 8), time(0, 30), "2026-03-08T05:30"),
        ("America/Nuuk", date(2026, 3, 28), time(23, 30), "2026-03-29T01:30"),
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), "2026-10-03T15:45"),
        ("Pacific/Chatham", date(2026, 9, 27), time(3, 0), "2026-09-26T14:15"),
    ],
)
def test_an_hour_that_the_clocks_skip_is_moved_by_the_gap(
    zone: str, on: date, at: time, expected: str
) -> None:
    """One digest, as much later as the clock was put forward (T06, T09)."""
    found = _walk(on, on, ZoneInfo(zone), at, DAILY)

    assert found == [Due(_utc(expected), on)]


@pytest.mark.parametrize(
    ("zone", "on", "at", "expected"),
    [
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), "2026-10-25T00:30"),
        ("America/Havana", date(2026, 11, 1), time(0, 30), "2026-11-01T04:30"),
        ("Australia/Lord_Howe", date(2026, 4, 5), time(1, 45), "2026-04-04T14:45"),
        ("Pacific/Chatham", date(2026, 4, 5), time(3, 0), "2026-04-04T13:15"),
        ("Pacific/Kwajalein", date(1969, 9, 30), time(7, 0), "1969-09-29T20:00"),
    ],
)
def test_an_hour_that_comes_twice_counts_the_first_time(
    zone: str, on: date, at: time, expected: str
) -> None:
    """And only then, though the clock shows it again (T07, T09)."""
    found = _walk(on, on, ZoneInfo(zone), at, DAILY)

    assert found == [Due(_utc(expected), on)]


def test_the_fold_of_the_wished_hour_does_not_matter() -> None:
    """A time that says "the second one" means the same hour."""
    on = date(2026, 10, 25)

    assert due_at(on, time(2, 30, fold=1), BERLIN) == due_at(on, time(2, 30), BERLIN)


@pytest.mark.parametrize(
    ("zone", "skipped"),
    [
        ("Pacific/Apia", date(2011, 12, 30)),
        ("Pacific/Fakaofo", date(2011, 12, 30)),
        ("Pacific/Kwajalein", date(1993, 8, 21)),
        ("Pacific/Kiritimati", date(1994, 12, 31)),
    ],
)
@pytest.mark.parametrize("at", [time(0), time(7, 0), time(23, 59)])
def test_a_date_that_a_zone_skipped_has_no_digest(zone: str, skipped: date, at: time) -> None:
    """Its neighbours have theirs, and theirs only: the date line moved, not the readers (T09)."""
    found = _walk(skipped - 2 * DAY, skipped + 2 * DAY, ZoneInfo(zone), at, DAILY)

    assert [due.on - skipped for due in found] == [-2 * DAY, -DAY, DAY, 2 * DAY]
    assert len({due.at for due in found}) == 4


@pytest.mark.parametrize("ask", [next_due, latest_due])
def test_around_a_skipped_date_both_ways_agree_on_the_next_one(ask: Callable[..., Due]) -> None:
    """At the shared instant of 30 and 31 December the date is the 31st, as the clock says."""
    instant = _utc("2011-12-30T17:00")
    asked = {next_due: instant - INSTANT, latest_due: instant}

    assert ask(asked[ask], at=time(7), zone=APIA) == Due(instant, date(2011, 12, 31))


@given(instants, hours, hours, zones, zones)
def test_a_reader_who_moves_or_changes_the_hour_gets_no_date_twice(
    after: datetime, at: time, new_at: time, zone: ZoneInfo, new_zone: ZoneInfo
) -> None:
    """Whichever way they fly, the dates served only go up (T10, T11)."""
    served = next_due(after, at=at, zone=zone)

    following = next_due(served.at, at=new_at, zone=new_zone, last_on=served.on)

    assert following.on > served.on
    assert following.at > served.at


def test_flying_west_over_the_date_line_does_not_repeat_the_day() -> None:
    """Served on the 4th in Auckland, it is still the 3rd in Honolulu: next is the 5th (T10)."""
    served = next_due(_utc("2026-05-03T12:00"), at=time(7), zone=ZoneInfo("Pacific/Auckland"))

    following = next_due(
        served.at, at=time(7), zone=ZoneInfo("Pacific/Honolulu"), last_on=served.on
    )

    assert served.on == date(2026, 5, 4)
    assert following == Due(_utc("2026-05-05T17:00"), date(2026, 5, 5))


def test_flying_east_over_the_date_line_goes_on_with_the_next_day() -> None:
    """Served on the 4th in Honolulu, the 5th in Auckland is over half: next is the 6th (T10)."""
    served = Due(_utc("2026-05-04T17:00"), date(2026, 5, 4))

    following = next_due(
        served.at, at=time(4), zone=ZoneInfo("Pacific/Auckland"), last_on=served.on
    )

    assert following == Due(_utc("2026-05-05T16:00"), date(2026, 5, 6))


@pytest.mark.parametrize("hour", [6, 9])
def test_an_hour_changed_after_the_digest_counts_from_tomorrow(hour: int) -> None:
    """Served at seven, changed at eight, to earlier or to later: nothing more today (T11)."""
    following = next_due(
        _utc("2026-05-04T08:00"), at=time(hour), zone=ZoneInfo("UTC"), last_on=date(2026, 5, 4)
    )

    assert following == Due(_utc(f"2026-05-05T0{hour}:00"), date(2026, 5, 5))


@pytest.mark.parametrize(
    ("first", "last", "weekdays", "expected"),
    [
        # 29 February 2028 is a Tuesday.
        ((2028, 2, 27), (2028, 3, 1), WORKDAYS, [(2028, 2, 28), (2028, 2, 29), (2028, 3, 1)]),
        ((2028, 2, 1), (2028, 3, 1), {2}, [(2028, 2, day) for day in (1, 8, 15, 22, 29)]),
        # There is none in 2027: the Sunday after 28 February is in March.
        ((2027, 2, 28), (2027, 3, 7), {7}, [(2027, 2, 28), (2027, 3, 7)]),
        # 31 December 2026 is a Thursday.
        ((2026, 12, 30), (2027, 1, 4), {4, 1}, [(2026, 12, 31), (2027, 1, 4)]),
        ((2026, 12, 25), (2027, 1, 1), {5}, [(2026, 12, 25), (2027, 1, 1)]),
        # The clocks of Berlin change on Sunday, 29 March 2026.
        ((2026, 3, 23), (2026, 3, 31), {1, 7}, [(2026, 3, day) for day in (23, 29, 30)]),
    ],
)
def test_weekdays_run_on_over_leap_days_and_new_year(
    first: tuple[int, int, int],
    last: tuple[int, int, int],
    weekdays: set[int],
    expected: list[tuple[int, int, int]],
) -> None:
    """A week has seven days, whatever month or year they are in (T12)."""
    found = _walk(date(*first), date(*last), BERLIN, time(2, 30), weekdays)

    assert [due.on for due in found] == [date(*day) for day in expected]


def test_whoever_was_down_for_days_is_served_the_latest_digest_only() -> None:
    """Friday's is due on Monday before seven, and Monday's from then on."""
    zone = ZoneInfo("UTC")
    before, after = _utc("2026-05-04T06:59:59"), _utc("2026-05-04T07:00")

    assert latest_due(before, at=time(7), zone=zone, weekdays=WORKDAYS).on == date(2026, 5, 1)
    assert latest_due(after, at=time(7), zone=zone, weekdays=WORKDAYS).on == date(2026, 5, 4)


@pytest.mark.parametrize("weekdays", [(), (0,), (8,), (1, 9)])
@pytest.mark.parametrize("ask", [next_due, latest_due])
def test_weekdays_that_never_come_are_refused(
    ask: Callable[..., Due], weekdays: tuple[int, ...]
) -> None:
    """Rather than to look for them for ever."""
    with pytest.raises(ValueError, match="1 to 7"):
        ask(_utc("2026-05-04T07:00"), at=time(7), zone=BERLIN, weekdays=weekdays)
