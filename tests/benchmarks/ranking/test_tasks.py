from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.ranking.baselines import oracle, random_order
from benchmarks.ranking.tasks import Task, mean_profiles, measure, relevant_csr


def test_only_the_slate_of_a_query_counts(replay: Mapping[str, Task]) -> None:
    """Whatever a ranker writes for other weeks changes nothing."""
    task = replay["replay-all"]
    scores = random_order(task)
    changed = scores.copy()
    for number in range(len(task.slates)):
        outside = np.ones(len(task.columns), dtype=bool)
        outside[task.span(number)] = False
        changed[np.ix_(task.queries(number), np.flatnonzero(outside))] = 9.0

    before, after = measure(task, scores), measure(task, changed)

    np.testing.assert_array_equal(before.columns["ndcg@10"], after.columns["ndcg@10"])


def test_the_answers_themselves_reach_everything(replay: Mapping[str, Task]) -> None:
    """So the answers stand in the right columns."""
    task = replay["replay-last1"]

    assert measure(task, oracle(task)).mean("ndcg@10") == 1.0


def test_scores_of_another_shape_are_refused(replay: Mapping[str, Task]) -> None:
    """With both shapes."""
    task = replay["replay-all"]

    with pytest.raises(ValueError, match=r"\(1, 2\) for the task replay-all, which has"):
        measure(task, np.zeros((1, 2)))


@settings(max_examples=20)
@given(st.data())
def test_a_task_of_some_queries_measures_them_as_the_whole_does(
    replay: Mapping[str, Task], data: st.DataObject
) -> None:
    """Sampling readers changes nothing for those who are drawn."""
    task = replay["replay-last5"]
    rows = st.lists(st.integers(0, len(task) - 1), min_size=1, unique=True)
    queries = np.sort(np.array(data.draw(rows)))
    scores = random_order(task)

    part = measure(task.take(queries), scores[queries]).columns["mrr"]

    np.testing.assert_array_equal(part, measure(task, scores).columns["mrr"][queries])


def test_the_columns_are_the_slates_one_after_another(replay: Mapping[str, Task]) -> None:
    """Each candidate once, and a slate's span is its own candidates."""
    task = replay["replay-all"]

    spans = [task.columns[task.span(number)] for number in range(len(task.slates))]

    assert len(np.unique(task.columns)) == len(task.columns)
    assert all(np.array_equal(s, t.candidates) for s, t in zip(spans, task.slates, strict=True))


def test_profiles_are_means(replay: Mapping[str, Task]) -> None:
    """Weights sum to one, and by default all are equal."""
    task = replay["replay-last5"]

    weights = mean_profiles(task)

    np.testing.assert_allclose(weights.sum(axis=1), 1, rtol=1e-6)
    np.testing.assert_allclose(weights.data, 0.2, rtol=1e-6)


def test_answers_become_a_matrix() -> None:
    """A query without any has an empty row."""
    found = relevant_csr([np.array([2]), np.array([], dtype=np.int64), np.array([0, 1])], 3)

    np.testing.assert_array_equal(found.toarray(), [[0, 0, 1], [0, 0, 0], [1, 1, 0]])


def test_words_are_of_what_is_there_by_then(replay: Mapping[str, Task]) -> None:
    """A paper of a later week has no words, and so lends none to the lexicon."""
    first, later = replay["replay-all"].slates[:2]

    assert first.papers.words[later.candidates].nnz == 0
    assert first.papers.words[first.candidates].nnz > 0
