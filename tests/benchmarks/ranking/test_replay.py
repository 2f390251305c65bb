from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from benchmarks.ranking.corpora import read_announced
from benchmarks.ranking.replay import APRIL, MAY, Replay, Window, replay_tasks
from benchmarks.ranking.tasks import Task
from tests.benchmarks.ranking.worlds import embed

NAMES = ["replay-last1", "replay-last5", "replay-all"]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_a_ranker_knows_is_younger_than_the_month(
    replay: Mapping[str, Task], name: str
) -> None:
    """Neither profiles nor the background nor any word of an earlier paper."""
    task = replay[name]
    known = np.concatenate([*task.profiles, task.background, *(s.earlier for s in task.slates)])

    assert task.corpus.day[known].max() < date(2026, 5, 1).toordinal()


@pytest.mark.parametrize("name", NAMES)
def test_candidates_are_the_papers_of_one_week_of_the_month(
    replay: Mapping[str, Task], name: str
) -> None:
    """All of them, and no other."""
    task = replay[name]
    days = [task.corpus.day[slate.candidates].astype(int) for slate in task.slates]
    weeks = [{date.fromordinal(day).isocalendar().week for day in slate} for slate in days]

    assert [len(week) for week in weeks] == [1] * len(weeks)
    assert len({week for found in weeks for week in found}) == len(weeks)
    assert sum(len(slate.candidates) for slate in task.slates) == 8 * 5


@pytest.mark.parametrize("name", NAMES)
def test_relevant_are_the_readers_own_papers(replay: Mapping[str, Task], name: str) -> None:
    """And all of those that the week has."""
    task = replay[name]
    for query in range(len(task)):
        columns = np.arange(len(task.columns))[task.span(int(task.slate[query]))]
        own = [c for c in columns if task.readers[query] in _authors(task, int(c))]
        assert task.relevant[[query]].indices.tolist() == own != []


def _authors(task: Task, column: int) -> tuple[str, ...]:
    facts = task.corpus.facts[int(task.columns[column])]
    return facts.authors


def test_profiles_are_the_latest_papers_oldest_first(replay: Mapping[str, Task]) -> None:
    """One, five, or all of them."""
    one, five, everything = (replay[name].profiles[0] for name in NAMES)

    assert (len(one), len(five)) == (1, 5)
    assert 8 <= len(everything) <= 25
    np.testing.assert_array_equal(five, everything[-5:])
    assert (np.diff(replay["replay-all"].corpus.day[everything]) >= 0).all()


def test_who_has_too_many_papers_is_no_reader(replay: Mapping[str, Task]) -> None:
    """The coauthor of a whole topic is not one person's profile."""
    readers = set(replay["replay-all"].readers)

    assert len(readers) == 8
    assert not any(reader.startswith("Bo ") for reader in readers)


def test_the_month_for_choosing_ends_before_the_month_for_measuring(world: Path) -> None:
    """Whatever is chosen on April has seen no day of May."""
    tasks = replay_tasks(world, embed, APRIL)
    days = tasks["tuning-all"].corpus.day

    assert APRIL.last < MAY.first
    assert days.max() < MAY.first.toordinal()


def test_the_same_authors_are_drawn_every_time(world: Path) -> None:
    """And as many as are asked for."""
    records = read_announced(world)

    first, again = (Replay.of(records, MAY, 3).authors for _ in range(2))

    assert first == again
    assert len(first) == 3


def test_the_share_of_strangers_is_counted_by_author_and_week(world: Path) -> None:
    """Here everybody goes on writing with the same coauthor."""
    replay = Replay.of(read_announced(world), MAY)

    assert (replay.strangers(), replay.strangers(rare_only=True)) == (0.0, 0.0)


def test_a_window_without_authors_has_no_strangers(world: Path) -> None:
    """Nothing is divided by nothing."""
    future = Window("future", date(2027, 1, 1), date(2027, 1, 31))

    assert Replay.of(read_announced(world), future).strangers() == 0.0
