"""arXiv's weekly rhythm, known answers in its own zone."""

import gzip
import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperround.sources import announcement_day
from tests.paperround.shared_data import SHARED_DATA, needs_data

EASTERN = ZoneInfo("America/New_York")
MONDAY = date(2026, 5, 4)


@pytest.mark.parametrize(
    ("days", "hour", "minute", "listed_after_days"),
    [
        (0, 13, 59, 1),  # Monday before the deadline: Tuesday
        (0, 14, 0, 2),  # Monday at the deadline: Wednesday
        (1, 9, 0, 2),
        (2, 14, 1, 4),
        (3, 13, 59, 4),  # Thursday before the deadline: Friday
        (3, 14, 0, 7),  # Thursday after it is mailed on Sunday: Monday
        (4, 13, 59, 7),
        (4, 14, 0, 8),  # Friday after it: Tuesday
        (5, 12, 0, 8),
        (6, 23, 59, 8),
    ],
)
def test_the_listing_day_follows_from_the_deadline(
    days: int, hour: int, minute: int, listed_after_days: int
) -> None:
    """Each row of arXiv's table of availability."""
    day = MONDAY + timedelta(days=days)
    submitted_at = datetime(day.year, day.month, day.day, hour, minute, tzinfo=EASTERN)

    assert announcement_day(submitted_at) == MONDAY + timedelta(days=listed_after_days)


def test_the_deadline_follows_summer_time() -> None:
    """18:30 UTC is after the deadline in summer and before it in winter."""
    summer, winter = (
        datetime(2026, 7, 6, 18, 30, tzinfo=UTC),
        datetime(2026, 1, 5, 18, 30, tzinfo=UTC),
    )

    assert announcement_day(summer) == date(2026, 7, 8)
    assert announcement_day(winter) == date(2026, 1, 6)


def test_a_naive_time_is_refused() -> None:
    """A deadline has no meaning without a zone."""
    with pytest.raises(ValueError, match="aware"):
        announcement_day(datetime(2026, 5, 4))  # noqa: DTZ001 -- what is refused


instants = st.datetimes(datetime(1995, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(submitted_at=instants)
def test_a_paper_is_listed_on_a_working_day_within_five_days(submitted_at: datetime) -> None:
    """Later than it was submitted, and never on a weekend."""
    listed_on = announcement_day(submitted_at)
    waited = listed_on - submitted_at.astimezone(EASTERN).date()

    assert listed_on.weekday() < 5
    assert timedelta(days=1) <= waited <= timedelta(days=5)


@given(first=instants, later=st.timedeltas(timedelta(0), timedelta(days=9)))
def test_what_is_submitted_later_is_never_listed_earlier(first: datetime, later: timedelta) -> None:
    """The rhythm keeps the order of arrival."""
    assert announcement_day(first) <= announcement_day(first + later)


@pytest.mark.slow
@needs_data("hf/upvotes.tsv.gz")
def test_nine_of_ten_real_papers_are_listed_on_the_day_given() -> None:
    """The others were held by moderators or fell on a holiday."""
    with gzip.open(SHARED_DATA / "arxiv/announced_2025-03_2026-05.jsonl.gz", "rb") as lines:
        papers = map(json.loads, lines)
        announced = {paper["id"]: date.fromisoformat(paper["announced"]) for paper in papers}
    with gzip.open(SHARED_DATA / "hf/upvotes.tsv.gz", "rt", encoding="utf-8") as lines:
        rows = [line.split("\t") for line in lines]
    timed = {row[0]: row[3] for row in rows if row[0] in announced and "T00:00:00" not in row[3]}
    hits = [
        announcement_day(datetime.fromisoformat(time)) == announced[name]
        for name, time in timed.items()
    ]

    assert len(hits) > 3_000
    assert sum(hits) / len(hits) > 0.9
