"""What readers would use instead, and the ends of the scale: cheap rankers, each from its rule.

Written by us after what their authors published, for one matrix of scores a task. Those that train
a classifier for every reader are in `benchmarks.ranking.classifiers`. None of this changes when
Paper Round does: the constants of the recipe that it started from stand here once more.
"""

from collections.abc import Callable

import numpy as np

from benchmarks.ranking.tasks import Rows, Slate, Task, mean_profiles
from recommender.parts import standardise, top_mean
from recommender.vectors import Matrix

__all__ = [
    "Ranker",
    "centroid",
    "log_decayed_mean_cosine",
    "nearest",
    "nearest_words",
    "newest_first",
    "oracle",
    "random_order",
    "recipe",
    "whitened_centroid",
    "words",
]

Ranker = Callable[[Task], Matrix]
"""Scores float32 (n_queries, n_columns) of a task; outside of a query's slate they mean nothing."""

RIDGE = ((1, 0.07), (5, 0.022), (15, 0.006))
"""Of the whitening from so many liked papers on."""
SEED = 3


def oracle(task: Task) -> Matrix:
    """Score what is relevant one and the rest zero: nothing can be better."""
    answers: Matrix = task.relevant.toarray().astype(np.float32)
    return answers


def random_order(task: Task) -> Matrix:
    """Score by chance."""
    rng = np.random.default_rng(SEED)
    return rng.random((len(task), len(task.columns)), dtype=np.float32)


def newest_first(task: Task) -> Matrix:
    """Score by the day of announcement, as every list does; a day's papers are tied."""
    day = task.corpus.day[task.columns]
    return np.broadcast_to(day - np.nanmin(day), (len(task), len(day))).astype(np.float32)


def centroid(task: Task) -> Matrix:
    """Score by the cosine to the mean of the liked papers."""
    return _means(task) @ task.corpus.vectors[task.columns].T


def log_decayed_mean_cosine(task: Task) -> Matrix:
    """Score by the mean cosine to the liked papers, the latest weighing most: zotero-arxiv-daily.

    Weights are `1 / (1 + log10(rank + 1))`, newest at rank 0, and sum to one. It reads abstracts
    only and embeds with a model of the reader's choice; here it gets the texts and vectors that all
    have.
    """
    profiles = mean_profiles(task, lambda n: 1 / (1 + np.log10(np.arange(n, 0, -1))))
    scores: Matrix = (profiles @ task.corpus.vectors) @ task.corpus.vectors[task.columns].T
    return scores


def whitened_centroid(task: Task) -> Matrix:
    """Score by the centroid, whitened by the background: a ridge regression shared by all."""
    offsets = _means(task) - task.whitening.mean  # (n_queries, dim)
    scores = task.empty_scores()
    ridge = np.array([_ridge(len(liked)) for liked in task.profiles])
    for a in np.unique(ridge).tolist():
        rows = np.flatnonzero(ridge == a)
        profiles = task.whitening.profile(offsets[rows], a)
        scores[rows] = profiles @ task.corpus.vectors[task.columns].T
    return scores


def nearest(task: Task) -> Matrix:
    """Score by the mean cosine to the three nearest liked papers."""
    vectors = task.corpus.vectors

    def alike(slate: Slate, pool: Rows) -> Matrix:
        return vectors[pool] @ vectors[slate.candidates].T

    return _top_three(task, alike)


def words(task: Task) -> Matrix:
    """Score by the lexical cosine to the mean of the liked papers' rows."""
    scores, profiles = task.empty_scores(), mean_profiles(task)
    for number, slate in enumerate(task.slates):
        queries, rows = task.queries(number), slate.papers.words
        found = (profiles[queries] @ rows) @ rows[slate.candidates].T
        scores[queries, task.span(number)] = found.toarray()
    return scores


def nearest_words(task: Task) -> Matrix:
    """Score by the mean lexical cosine to the three liked papers nearest by words."""

    def alike(slate: Slate, pool: Rows) -> Matrix:
        rows = slate.papers.words
        found: Matrix = (rows[pool] @ rows[slate.candidates].T).toarray()
        return found

    return _top_three(task, alike)


def recipe(task: Task) -> Matrix:
    """Score by the blend of z-scores that Paper Round started from, constants and all.

    `z(whitened centroid) + .5 z(nearest) + z(words) + .5 z(nearest words)`, and where there are
    titles only `z(whitened centroid) + .5 z(nearest) + .1 z(words)`; z within the slate.
    """
    parts = [(whitened_centroid, 1.0), (nearest, 0.5)]
    parts += [(words, 0.1)] if task.corpus.titles_only else [(words, 1.0), (nearest_words, 0.5)]
    total = np.zeros((len(task), len(task.columns)), dtype=np.float32)
    for part, weight in parts:
        total += weight * _standardised(task, part(task))
    return total


def _standardised(task: Task, scores: Matrix) -> Matrix:
    """Return z-scores of every query within its slate."""
    z = task.empty_scores()
    for number in range(len(task.slates)):
        rows, span = task.queries(number), task.span(number)
        z[rows, span] = standardise(scores[rows, span])
    return z


def _means(task: Task) -> Matrix:
    """Return the mean vector of the liked papers of each query (n_queries, dim)."""
    means: Matrix = (mean_profiles(task) @ task.corpus.vectors).astype(np.float32)
    return means


def _top_three(task: Task, similarity: Callable[[Slate, Rows], Matrix]) -> Matrix:
    pool = np.unique(np.concatenate(task.profiles))
    scores = task.empty_scores()
    for number, slate in enumerate(task.slates):
        alike = similarity(slate, pool)  # (n_pool, n)
        for query in task.queries(number).tolist():
            liked = np.searchsorted(pool, task.profiles[query])
            scores[query, task.span(number)] = top_mean(alike[liked])
    return scores


def _ridge(n_liked: int) -> float:
    return [a for from_n, a in RIDGE if n_liked >= from_n][-1]
