"""The relay's line: never faster than it allows, for all workers together."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scheduler.pace import Pace, Pacing, refund, reserve

NOW = datetime(2026, 5, 4, 7, 0, tzinfo=UTC)
FREE = Pacing(None, {})
SECOND = timedelta(seconds=1)


def test_without_limits_all_may_go_at_once() -> None:
    """Nothing is counted either."""
    grant, after = reserve(Pace(), FREE, 20, NOW)

    assert (grant.count, grant.slot(19), after) == (20, NOW, FREE)
    assert not grant.missed(19, NOW + timedelta(hours=1))


def test_slots_lie_evenly_and_follow_those_of_others() -> None:
    """T73: a second worker stands in line behind the first."""
    pace = Pace(per_second=1)

    first, after = reserve(pace, FREE, 20, NOW)
    second, _ = reserve(pace, after, 20, NOW)

    assert first.count == second.count == 1
    assert second.first_at - first.first_at >= SECOND


@given(
    st.floats(0.2, 500),
    st.lists(st.tuples(st.integers(1, 50), st.floats(0, 20)), min_size=1, max_size=60),
)
def test_no_window_of_a_minute_has_more_than_the_rate(
    per_second: float, requests: list[tuple[int, float]]
) -> None:
    """T73: however many workers ask, whenever."""
    pacing, now = FREE, NOW
    slots: list[datetime] = []
    for wanted, pause_s in requests:
        grant, pacing = reserve(Pace(per_second), pacing, wanted, now)
        slots += [grant.slot(number) for number in range(grant.count)]
        now += timedelta(seconds=pause_s)

    minute = timedelta(minutes=1)
    for start in slots:
        inside = sum(start <= slot < start + minute for slot in slots)
        assert inside <= per_second * 60 + 1


@given(
    st.integers(1, 200),
    st.lists(st.tuples(st.integers(1, 60), st.integers(0, 2_000)), min_size=1, max_size=60),
)
def test_no_hour_has_more_than_its_share(per_hour: int, requests: list[tuple[int, int]]) -> None:
    """Any sixty minutes, not only those of the clock."""
    pacing, now = FREE, NOW
    sent: list[datetime] = []
    for wanted, pause_s in requests:
        grant, pacing = reserve(Pace(per_hour=per_hour), pacing, wanted, now)
        sent += [now] * grant.count
        now += timedelta(seconds=pause_s)

    hour = timedelta(hours=1)
    assert all(sum(at <= other < at + hour for other in sent) <= per_hour for at in sent)


def test_a_full_hour_says_when_there_is_room_again() -> None:
    """So that nobody has to try."""
    pace = Pace(per_hour=5)
    _, pacing = reserve(pace, FREE, 5, NOW)

    full, pacing = reserve(pace, pacing, 5, NOW + timedelta(minutes=30))
    later, _ = reserve(pace, pacing, 5, full.first_at)

    assert (full.count, later.count) == (0, 5)
    assert full.first_at > NOW + timedelta(hours=1)


def test_a_long_line_does_not_grow_by_those_who_look_at_it() -> None:
    """Asking in vain costs nobody a slot."""
    pace, pacing, waits = Pace(per_second=0.2), FREE, []
    for _ in range(30):
        grant, pacing = reserve(pace, pacing, 1, NOW)
        waits.append(grant.count)

    assert sum(waits) == 6
    assert pacing.next_slot_at is not None
    assert pacing.next_slot_at - NOW < timedelta(seconds=40)


def test_what_was_not_used_is_given_back() -> None:
    """A batch with less to send costs nobody their hour."""
    pace = Pace(per_hour=5)
    _, pacing = reserve(pace, FREE, 5, NOW)

    grant, _ = reserve(pace, refund(pacing, 3, NOW), 5, NOW)

    assert grant.count == 3
    assert refund(FREE, 3, NOW) == FREE


def test_a_slowed_relay_gets_half_as_much() -> None:
    """C4: 421 and 4.7.x; also where no rate was configured."""
    quick, _ = reserve(Pace(10), FREE, 20, NOW)
    slow, _ = reserve(Pace(10), Pacing(None, {}, slowdown=2), 20, NOW)
    unlimited, _ = reserve(Pace(), Pacing(None, {}, slowdown=2), 20, NOW)

    assert slow.interval == 2 * quick.interval
    assert unlimited.interval > timedelta()


def test_a_slot_that_is_over_is_not_used() -> None:
    """What comes late would crowd those who are on time."""
    grant, _ = reserve(Pace(1), FREE, 1, NOW)

    assert not grant.missed(0, NOW + SECOND / 8)
    assert grant.missed(0, NOW + SECOND / 2)
