from collections.abc import Mapping

import numpy as np
import pytest

from benchmarks.ranking import entries
from benchmarks.ranking.baselines import oracle, random_order
from benchmarks.ranking.entries import OURS, Entry, entries_of, run_entry
from benchmarks.ranking.tasks import Task


def names(task: Task) -> list[str]:
    """Return who takes part."""
    return [entry.name for entry in entries_of(task)]


def test_nobody_is_asked_for_what_a_task_does_not_tell(
    replay: Mapping[str, Task], citeulike: Mapping[str, Task]
) -> None:
    """Without days there is no newest paper."""
    assert "newest first" in names(replay["replay-all"])
    assert "newest first" not in names(citeulike["citeulike"])


def test_words_are_compared_with_their_halves(prose: Mapping[str, Task]) -> None:
    """Rankers of liked papers have nothing to rank by."""
    assert names(prose["prose-all"])[:3] == [OURS, "its words alone", "its vectors alone"]
    assert "centroid" not in names(prose["prose-all"])


def test_slow_ones_can_be_left_out(replay: Mapping[str, Task]) -> None:
    """While one is trying things."""
    left = {entry.name for entry in entries_of(replay["replay-all"], slow=False)}

    assert set(names(replay["replay-all"])) - left == {"LinearSVC on TF-IDF", "logistic regression"}


def test_a_large_task_is_sampled_for_slow_ones_by_reader(
    replay: Mapping[str, Task], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All queries of those who are drawn are measured, the others are unknown."""
    monkeypatch.setattr(entries, "FEW", 1)
    monkeypatch.setattr(entries, "SAMPLED_READERS", 3)
    task = replay["replay-all"]

    result = run_entry(task, Entry("slow", oracle, is_slow=True))

    known = np.isfinite(result.evaluation.columns["mrr"])
    assert result.n_readers == 3
    np.testing.assert_array_equal(known, np.isin(task.groups, task.groups[known]))
    assert len(set(task.groups[known])) == 3


def test_a_result_has_a_value_for_every_query(replay: Mapping[str, Task]) -> None:
    """And says how long it took."""
    task = replay["replay-all"]

    result = run_entry(task, Entry("chance", random_order))

    assert len(result.evaluation) == len(task)
    assert result.evaluation.count("ndcg@10") == len(task)
    assert result.seconds >= 0
