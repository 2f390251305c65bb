from collections.abc import Mapping

import numpy as np
import pytest

from benchmarks.ranking.baselines import oracle, random_order
from benchmarks.ranking.entries import OURS, Entry, Result, run_entry
from benchmarks.ranking.tables import Bar, primary_metric, table
from benchmarks.ranking.tasks import Task


@pytest.fixture
def results(replay: Mapping[str, Task]) -> list[Result]:
    """Return what the answers reach under our name, and what chance reaches."""
    chosen = [Entry(OURS, oracle), Entry("chance", random_order)]
    return [run_entry(replay["replay-all"], entry) for entry in chosen]


def test_a_table_has_every_metric_with_its_error(
    replay: Mapping[str, Task], results: list[Result]
) -> None:
    """And the difference to ours, with its error and as a share."""
    report = table(replay["replay-all"], results)
    ours, chance = report.rows

    assert report.columns[:2] == ("ranker", "ndcg@10")
    assert ours[:2] == (OURS, "1.0000 ±.0000")
    assert ours[-2] == ""
    assert chance[-2].endswith(" %)")
    assert chance[-2].startswith(".")


def test_titles_are_judged_by_twenty_papers(
    replay: Mapping[str, Task], citeulike: Mapping[str, Task]
) -> None:
    """As published results on them are; a digest by ten."""
    assert primary_metric(citeulike["citeulike"]) == "ndcg@20"
    assert primary_metric(replay["replay-all"]) == "ndcg@10"


def test_a_bar_asks_for_a_share_and_for_more_than_chance_explains(
    replay: Mapping[str, Task], results: list[Result]
) -> None:
    """And how surely the bar itself is passed is noted."""
    report = table(replay["replay-all"], results, [Bar("chance", "ndcg@10", 15)])
    errors, percent = report.goals

    assert errors.is_reached
    assert (percent.limit, percent.is_reached) == (15, True)
    assert percent.value == pytest.approx(100 / results[1].evaluation.mean("ndcg@10") - 100)
    assert report.notes[-1].startswith("1.15 x chance: ours is +")


def test_a_bar_is_missed_by_chance_alone(replay: Mapping[str, Task], results: list[Result]) -> None:
    """A ranker is not above itself."""
    same = [Result(OURS, results[1].evaluation, 8, 0.0), results[1]]

    goals = table(replay["replay-all"], same, [Bar("chance", "ndcg@10")]).goals

    assert [goal.is_reached for goal in goals] == [False]


def test_a_bar_against_somebody_who_was_left_out_is_not_judged(
    replay: Mapping[str, Task], results: list[Result]
) -> None:
    """Neither reached nor missed."""
    assert table(replay["replay-all"], results, [Bar("nobody", "ndcg@10")]).goals == ()


def test_who_was_measured_on_a_sample_is_marked(
    replay: Mapping[str, Task], results: list[Result]
) -> None:
    """With the number of readers."""
    task = replay["replay-all"]
    some = Result("slow", results[1].evaluation, 3, 0.0)

    assert table(task, [some]).rows[0][0] == "slow (3 readers)"
    assert np.isfinite(results[1].evaluation.mean("auc"))
