"""Spread, pause and clocks that jump: whatever is added, each local date keeps its one instant."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.due import Due, due_at, latest_due, next_due, spread_of

BERLIN = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)
MINUTES = timedelta(minutes=3)

zones = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)
hours = st.times().map(lambda at: at.replace(microsecond=0))
instants = st.datetimes(datetime(1970, 1, 3), datetime(2100, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=UTC)
)
dates = st.dates(date(2012, 1, 1), date(2099, 1, 1))
delays = st.integers(0, 3_600).map(lambda seconds: timedelta(seconds=seconds))
spreads = st.integers(1, 60).map(lambda minutes: timedelta(minutes=minutes))
reader_ids = st.integers(1, 2**31 - 1)


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@given(reader_ids, spreads)
def test_a_share_of_the_spread_is_whole_seconds_within_it(number: int, over: timedelta) -> None:
    """From nothing up to, and without, the whole of it; always the same for a reader."""
    share = spread_of(number, over)

    assert timedelta() <= share < over
    assert share == timedelta(seconds=int(share.total_seconds()))
    assert spread_of(number, over) == share


@given(reader_ids)
def test_without_a_spread_nobody_waits(number: int) -> None:
    """An operator may wish for all at once."""
    assert spread_of(number, timedelta()) == timedelta()


@pytest.mark.parametrize("over", [timedelta(minutes=1), MINUTES, timedelta(minutes=60)])
@pytest.mark.parametrize("step", [1, 2, 7, 10, 64, 1_000])
def test_readers_are_spread_evenly(over: timedelta, step: int) -> None:
    """Whatever their numbers have in common, each sixth of the time has about a sixth of them."""
    sixths = Counter(spread_of(step * n, over) * 6 // over for n in range(1, 6_001))

    assert len(sixths) == 6
    assert min(sixths.values()) > 800
    assert max(sixths.values()) < 1_200


def test_a_wider_spread_keeps_the_readers_in_their_order() -> None:
    """So that changing the setting moves everybody a little and nobody past another."""
    narrow = [spread_of(number, timedelta(minutes=6)) for number in range(1, 500)]
    wide = [spread_of(number, timedelta(minutes=60)) for number in range(1, 500)]
    order = sorted(range(499), key=wide.__getitem__)

    assert all(narrow[one] <= narrow[other] for one, other in pairwise(order))


@given(instants, hours, zones, delays)
def test_a_delay_is_added_to_the_due_instant_and_changes_no_date(
    after: datetime, at: time, zone: ZoneInfo, delay: timedelta
) -> None:
    """The digest of a date is still that date's, be it sent a little past midnight."""
    due = next_due(after, at=at, zone=zone, delay=delay)

    assert due.at == due_at(due.on, at, zone) + delay
    assert due.at > after
    assert next_due(after - delay, at=at, zone=zone) == Due(due.at - delay, due.on)


@settings(max_examples=30)
@given(dates, hours, zones, delays)
def test_a_delayed_month_has_one_digest_for_every_date(
    first: date, at: time, zone: ZoneInfo, delay: timedelta
) -> None:
    """One due instant per local date, in order, as without a delay (T06, T07, T08)."""
    wanted = [first + number * DAY for number in range(31)]

    due = Due(due_at(first, at, zone) + delay - INSTANT, first - DAY)
    found = []
    for _ in wanted:
        due = next_due(due.at, at=at, zone=zone, last_on=due.on, delay=delay)
        found.append(due)

    assert [due.on for due in found] == wanted
    assert all(earlier.at < later.at for earlier, later in pairwise(found))


@given(instants, hours, zones, delays)
def test_with_a_delay_the_latest_is_still_the_inverse_of_the_next(
    moment: datetime, at: time, zone: ZoneInfo, delay: timedelta
) -> None:
    """Whoever was down finds the digest that a running process would have sent."""
    latest = latest_due(moment, at=at, zone=zone, delay=delay)
    following = next_due(moment, at=at, zone=zone, delay=delay)

    assert latest.at <= moment < following.at
    assert next_due(latest.at, at=at, zone=zone, delay=delay) == following
    assert latest_due(following.at, at=at, zone=zone, delay=delay) == following


def test_a_delay_past_midnight_waits_for_the_day_before() -> None:
    """At 23:58 of the 4th and three minutes late it is the 5th, and the digest is the 4th's."""
    due = next_due(_utc("2026-05-05T00:00"), at=time(23, 58), zone=ZoneInfo("UTC"), delay=MINUTES)

    assert due == Due(_utc("2026-05-05T00:01"), date(2026, 5, 4))


@given(instants, hours, zones, delays, st.integers(0, 400))
def test_a_pause_ends_on_the_day_after_its_last_date(
    after: datetime, at: time, zone: ZoneInfo, delay: timedelta, days: int
) -> None:
    """However long it is, the first digest is for the first date that is not paused."""
    last_on = after.astimezone(zone).date() + days * DAY

    due = next_due(after, at=at, zone=zone, last_on=last_on, delay=delay)

    assert due.on > last_on
    assert due.on - last_on <= 2 * DAY


def test_a_pause_over_a_change_of_clocks_ends_at_the_readers_hour() -> None:
    """Seven o'clock in winter and seven in summer are an hour apart for everybody else (T06)."""
    due = next_due(_utc("2026-03-20T12:00"), at=time(7), zone=BERLIN, last_on=date(2026, 4, 1))

    assert due == Due(_utc("2026-04-02T05:00"), date(2026, 4, 2))


def test_weekdays_begin_after_a_pause_with_the_first_that_is_wanted() -> None:
    """A pause up to and with a Friday, and a digest on Mondays only (T12)."""
    due = next_due(
        _utc("2026-05-04T08:00"),
        at=time(7),
        zone=ZoneInfo("UTC"),
        weekdays={1},
        last_on=date(2026, 5, 15),
    )

    assert due == Due(_utc("2026-05-18T07:00"), date(2026, 5, 18))


@given(instants, hours, zones, delays, st.integers(-48, 48))
def test_a_clock_that_jumps_serves_no_date_twice(
    after: datetime, at: time, zone: ZoneInfo, delay: timedelta, hours_off: int
) -> None:
    """Backwards or forwards: the dates that the ledger has are over (T13)."""
    served = next_due(after, at=at, zone=zone, delay=delay)
    jumped = served.at + timedelta(hours=hours_off)

    following = next_due(jumped, at=at, zone=zone, last_on=served.on, delay=delay)

    assert following.on > served.on
    assert following.at > max(served.at, jumped)


@pytest.mark.parametrize("new_rules", ["Europe/Lisbon", "Europe/Helsinki", "Africa/Algiers"])
@pytest.mark.parametrize("hour", [0, 2, 7, 23])
def test_new_rules_for_a_zone_move_an_instant_but_double_no_date(hour: int, new_rules: str) -> None:
    """A country that changes its mind about its clocks between one digest and the next (T14).

    What was computed by the old rules is computed once more by the new ones, for the same date.
    """
    served = next_due(_utc("2026-10-20T12:00"), at=time(hour), zone=BERLIN)
    planned = next_due(served.at, at=time(hour), zone=BERLIN, last_on=served.on)

    again = next_due(served.at, at=time(hour), zone=ZoneInfo(new_rules), last_on=served.on)

    assert again.on == planned.on == served.on + DAY
    assert abs(again.at - planned.at) <= timedelta(hours=2)


@given(hours)
def test_the_last_second_of_a_day_is_the_59th(at: time) -> None:
    """There is no leap second to be due at: Python's clock face has no sixtieth second (T15)."""
    with pytest.raises(ValueError, match="second must be in"):
        at.replace(second=60)
