"""Who takes part in which comparison, and what each reached.

Runs rankers on tasks; prints nothing.
"""

import time
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import numpy as np

from benchmarks.ranking import baselines, classifiers
from benchmarks.ranking.baselines import Ranker
from benchmarks.ranking.ours import paperround_scores, prose_scores
from benchmarks.ranking.tasks import Rows, Task, measure
from recommender.evaluation import Evaluation

__all__ = ["OURS", "RECIPE", "ZOTERO", "Entry", "Result", "entries_of", "run_entry"]

OURS = "Paper Round"
RECIPE = "recipe without learning"
ZOTERO = "zotero-arxiv-daily's rule"
SAMPLED_READERS = 300
"""Readers that a classifier is trained for where a task has thousands of queries."""
FEW = 1_000
"""Queries up to which nobody is sampled."""
SEED = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """A ranker under the name that stands in the tables."""

    name: str
    ranker: Ranker
    is_slow: bool = False
    """Whether it trains for every reader, so that large tasks are sampled for it."""


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """What an entry reached, and how long it took to fit and to score."""

    name: str
    evaluation: Evaluation
    """Of all queries of the task; NaN for those that were not sampled."""
    n_readers: int
    seconds: float


RANKERS = (
    Entry(OURS, paperround_scores),
    Entry(RECIPE, baselines.recipe),
    Entry("whitened centroid", baselines.whitened_centroid),
    Entry("centroid", baselines.centroid),
    Entry("three nearest", baselines.nearest),
    Entry(ZOTERO, baselines.log_decayed_mean_cosine),
    Entry("TF-IDF centroid", classifiers.tfidf_centroid),
    Entry("LinearSVC on TF-IDF", classifiers.linear_svc, is_slow=True),
    Entry("logistic regression", classifiers.logistic_regression, is_slow=True),
)
PROSE = (
    Entry(OURS, paperround_scores),
    Entry("its words alone", partial(prose_scores, by_vectors=False)),
    Entry("its vectors alone", partial(prose_scores, by_words=False)),
)
ENDS = (
    Entry("newest first", baselines.newest_first),
    Entry("random", baselines.random_order),
    Entry("oracle", baselines.oracle),
)


def entries_of(task: Task, *, slow: bool = True) -> tuple[Entry, ...]:
    """Return who takes part: nobody is asked for what the task does not tell them."""
    # An order by age needs days, and words that were said are no papers.
    ends = ENDS if np.isfinite(task.corpus.day).any() else ENDS[1:]
    chosen = RANKERS if task.prose is None else PROSE
    return tuple(entry for entry in (*chosen, *ends) if slow or not entry.is_slow)


def run_entry(task: Task, entry: Entry) -> Result:
    """Let an entry fit and score a task, or the sample that is meant for slow ones."""
    chosen = np.arange(len(task))
    if entry.is_slow and len(task) > FEW:
        chosen = _sample(task)
    part = task.take(chosen) if len(chosen) < len(task) else task
    for slate in part.slates:
        # Words are shared by all who rank: whoever comes first should not pay for them.
        _ = slate.papers
    start = time.perf_counter()
    scores = entry.ranker(part)
    seconds = time.perf_counter() - start
    evaluation = _scattered(measure(part, scores), chosen, task)
    return Result(entry.name, evaluation, len(set(part.readers)), seconds)


def _sample(task: Task) -> Rows:
    """Return the queries of some readers."""
    readers = np.random.default_rng(SEED).permutation(np.unique(task.groups))[:SAMPLED_READERS]
    return np.flatnonzero(np.isin(task.groups, readers))


def _scattered(evaluation: Evaluation, queries: Rows, task: Task) -> Evaluation:
    """Put the values of some queries where they are among all; NaN for the others."""
    columns = {name: np.full(len(task), np.nan) for name in evaluation.names}
    for name, values in evaluation.columns.items():
        columns[name][queries] = values
    return Evaluation(MappingProxyType(columns), task.groups)
