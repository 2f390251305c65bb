from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from benchmarks.delivery.year import Size, Span, changes, cron, intervals, judge, ours, run

BERLIN = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)
SPRING = Span(BERLIN, time(2, 30), date(2026, 3, 27), date(2026, 3, 31))
AUTUMN = Span(BERLIN, time(2, 30), date(2026, 10, 23), date(2026, 10, 27))
MIDNIGHT = Span(BERLIN, time(0), date(2026, 3, 27), date(2026, 3, 31))


def test_clocks_change_on_two_dates_a_year() -> None:
    """In Berlin; and never in Kathmandu."""
    year = date(2026, 1, 1), date(2026, 12, 31)

    assert changes(BERLIN, *year) == [date(2026, 3, 29), date(2026, 10, 25)]
    assert changes(ZoneInfo("Asia/Kathmandu"), *year) == []


@pytest.mark.parametrize("span", [SPRING, AUTUMN, MIDNIGHT])
def test_ours_serves_every_date_once(span: Span) -> None:
    """Over a gap, over a fold, and at midnight (T06, T07, T08)."""
    found = judge(ours, [span])

    assert (found.cases, found.missed, found.doubled) == (5, 0, 0)
    assert (found.second, found.disordered) == (0, 0)


def test_a_time_in_a_gap_counts_as_moved_and_not_as_missed() -> None:
    """The clocks leave half past two out, and the mail comes at half past three (T06)."""
    assert judge(ours, [SPRING]).moved == 1
    assert judge(ours, [AUTUMN]).moved == 0


def test_what_others_do_is_judged_by_the_same_rule() -> None:
    """A day lost at midnight, a day doubled in autumn, and a gap that is left out."""
    assert judge(cron, [MIDNIGHT]).missed == 1
    assert judge(cron, [AUTUMN]).doubled == judge(cron, [AUTUMN]).second == 1
    assert judge(intervals, [SPRING]).missed == 1


def test_a_delay_does_not_move_a_date() -> None:
    """What a spread adds is taken away before the clock is read."""
    late = Span(BERLIN, time(23, 30), SPRING.first, SPRING.last, delay=timedelta(hours=1))

    found = judge(ours, [late])

    assert (found.missed, found.doubled, found.moved) == (0, 0, 0)


def test_every_kind_of_fault_is_seen() -> None:
    """A judge that finds nothing must be one that could."""
    noon = Span(ZoneInfo("UTC"), time(12), date(2026, 5, 1), date(2026, 5, 4))

    def careless(span: Span) -> Iterator[datetime]:
        first, second, _, fourth = list(ours(span))
        yield from (second, first, first, fourth)

    found = judge(careless, [noon])

    assert (found.missed, found.doubled, found.disordered) == (1, 1, 2)


def test_the_whole_of_it_in_small_is_a_table_without_a_fault() -> None:
    """Two zones, some months."""
    size = Size(("Europe/Berlin", "America/Havana"), date(2026, 3, 1), date(2026, 4, 30))

    report = run(size)

    assert all(goal.is_reached for goal in report.goals)
    assert report.rows[0][1:4] == ("488", "0", "0")
    assert "Clocks change 2 times" in report.notes[1]
