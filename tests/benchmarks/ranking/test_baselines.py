from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from benchmarks.ranking.baselines import (
    Ranker,
    centroid,
    log_decayed_mean_cosine,
    nearest,
    nearest_words,
    newest_first,
    oracle,
    random_order,
    recipe,
    whitened_centroid,
    words,
)
from benchmarks.ranking.classifiers import linear_svc, logistic_regression, tfidf_centroid
from benchmarks.ranking.tasks import Task, measure

CHEAP = [
    centroid,
    log_decayed_mean_cosine,
    nearest,
    nearest_words,
    recipe,
    tfidf_centroid,
    whitened_centroid,
    words,
]
TRAINED = [linear_svc, logistic_regression]


@pytest.mark.parametrize("ranker", [*CHEAP, *TRAINED])
@pytest.mark.parametrize(("name", "at_least"), [("replay-last1", 0.75), ("replay-all", 0.95)])
def test_rankers_put_a_readers_topic_first(
    replay: Mapping[str, Task], ranker: Ranker, name: str, at_least: float
) -> None:
    """Half of the papers are on it; the more a profile holds, the surer it is."""
    task = replay[name]
    topic = np.array(["Parsing" in task.corpus.facts[row].authors[1] for row in task.columns])
    fits = [topic == ("Parsing" in reader) for reader in task.readers]

    reached = measure(replace(task, relevant=csr_array(np.array(fits))), ranker(task))

    assert reached.mean("auc") >= at_least


@pytest.mark.parametrize("ranker", [*CHEAP, *TRAINED, oracle, random_order])
def test_rankers_score_every_query_and_column_the_same_each_time(
    citeulike: Mapping[str, Task], ranker: Ranker
) -> None:
    """One finite number in single precision for each, and nothing is left to chance."""
    task = citeulike["citeulike-3"]

    scores = ranker(task)

    assert scores.shape == (len(task), len(task.columns))
    assert scores.dtype == np.float32
    assert np.isfinite(scores).all()
    np.testing.assert_array_equal(scores, ranker(task))


@pytest.mark.parametrize("ranker", [*CHEAP, *TRAINED, newest_first])
def test_rankers_do_not_look_at_the_answers(replay: Mapping[str, Task], ranker: Ranker) -> None:
    """Other answers, same scores."""
    task = replay["replay-last5"].take(np.arange(4))
    blind = replace(task, relevant=task.relevant * 0)

    np.testing.assert_array_equal(ranker(task), ranker(blind))


def test_the_latest_paper_weighs_most_in_the_log_decayed_mean(replay: Mapping[str, Task]) -> None:
    """With two papers the weights are 1 and 1 / (1 + log10 2), scaled to one."""
    task = replay["replay-all"].take(np.array([0]))
    older, newer = task.profiles[0][:2]
    task = replace(task, profiles=(np.array([older, newer]),))
    cosines = task.corpus.vectors[[older, newer]] @ task.corpus.vectors[task.columns].T
    second = 1 / (1 + np.log10(2))

    scores = log_decayed_mean_cosine(task)

    expected = (second * cosines[0] + cosines[1]) / (1 + second)
    np.testing.assert_allclose(scores[0], expected, atol=1e-6)


def test_the_centroid_is_the_mean_cosine(replay: Mapping[str, Task]) -> None:
    """Of all liked papers alike."""
    task = replay["replay-last5"].take(np.array([0]))
    cosines = task.corpus.vectors[task.profiles[0]] @ task.corpus.vectors[task.columns].T

    np.testing.assert_allclose(centroid(task)[0], cosines.mean(axis=0), atol=1e-6)


def test_three_nearest_of_one_paper_is_its_cosine(replay: Mapping[str, Task]) -> None:
    """There is nothing else to be near."""
    task = replay["replay-last1"]

    scores = nearest(task)

    expected = np.where(np.isfinite(scores), centroid(task), np.nan)
    np.testing.assert_allclose(scores, expected, atol=1e-6)


def test_newest_first_ties_the_papers_of_a_day(replay: Mapping[str, Task]) -> None:
    """So it is worth what chance is where a week has one day."""
    task = replay["replay-all"]
    span = task.span(0)

    scores = newest_first(task)[:, span]

    assert np.unique(scores).size == np.unique(task.corpus.day[task.columns[span]]).size


def test_chance_is_worth_little(replay: Mapping[str, Task]) -> None:
    """One paper of eight is relevant: its mean reciprocal rank is about a third."""
    task = replay["replay-all"]

    assert 0.2 < measure(task, random_order(task)).mean("mrr") < 0.55


@pytest.mark.parametrize("ranker", TRAINED)
def test_weeks_of_one_reader_share_what_was_trained(
    replay: Mapping[str, Task], ranker: Ranker
) -> None:
    """The profile is the same, so the scores of all columns are."""
    task = replay["replay-all"]
    mine = np.flatnonzero(task.groups == task.groups[0])

    scores = ranker(task.take(mine))

    np.testing.assert_array_equal(scores, np.broadcast_to(scores[0], scores.shape))
