"""A task: whose profiles there are, what is to be ranked for them, and what would be right.

Everything a ranker may know is in it, and one thing that it must not look at: `relevant`.
"""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from benchmarks.ranking.corpora import Corpus
from recommender.background import Background, Whitening
from recommender.evaluation import Cutoffs, Evaluation, evaluate, join
from recommender.lexical import Lexicon, Sparse
from recommender.papers import Papers
from recommender.vectors import Matrix

__all__ = ["Rows", "Slate", "Task", "mean_profiles", "measure", "relevant_csr"]

Rows = NDArray[np.int64]

CUTOFFS = Cutoffs(recall=(20, 50, 100))


@dataclass(frozen=True, eq=False)
class Slate:
    """Papers that stand for choice together, and the words of the time."""

    name: str
    corpus: Corpus
    candidates: Rows
    """Rows of the corpus (n,)."""
    earlier: Rows
    """What was there before, profiles among it: rows of the corpus."""

    @functools.cached_property
    def lexicon(self) -> Lexicon:
        """The lexicon of what was there before and of the candidates themselves."""
        there = np.union1d(self.earlier, self.candidates)
        texts = [self.corpus.texts[row] for row in there]
        return Lexicon(titles_only=self.corpus.titles_only).fit(texts)

    @functools.cached_property
    def papers(self) -> Papers:
        """The whole corpus under its row numbers; words only of what is there by then."""
        there = np.union1d(self.earlier, self.candidates)
        words = self.lexicon.transform([self.corpus.texts[row] for row in there]).tocoo()
        shape = (len(self.corpus), self.lexicon.n_terms)
        rows, columns = words.coords
        spread = csr_array((words.data, (there[rows], columns)), shape=shape)
        return Papers(np.arange(len(self.corpus)), self.corpus.vectors, spread)


@dataclass(frozen=True, eq=False)
class Task:
    """Queries, each a profile that meets a slate.

    Scores of a task are one matrix (n_queries, n_columns): columns are the candidates of all slates
    one after another, and only those of a query's own slate count.
    """

    name: str
    told: str
    """What it is, in a sentence."""
    corpus: Corpus
    slates: tuple[Slate, ...]
    profiles: tuple[Rows, ...]
    """Of each query the liked papers, oldest first: rows of the corpus."""
    slate: Rows
    """Number of the slate of each query (n_queries,), ascending."""
    readers: tuple[str, ...]
    """Whose query each is."""
    relevant: Sparse
    """csr (n_queries, n_columns): the answers."""
    background: Rows
    """Papers from before the first slate: rows of the corpus, oldest first."""
    others: Sparse | None = None
    """What other readers of the installation liked, csr (n_others, n_corpus), where there are any;
    a query's reader is never one of them when the task is about readers nobody has met."""
    prose: tuple[str, ...] | None = None
    """Of each query what the reader said, where they said it in words."""
    prose_vectors: Matrix | None = None
    """Embeddings of it, float32 (n_queries, dim)."""

    def __len__(self) -> int:
        return len(self.profiles)

    @functools.cached_property
    def columns(self) -> Rows:
        """Rows of the corpus of all candidates, slate by slate (n_columns,)."""
        return np.concatenate([slate.candidates for slate in self.slates])

    @functools.cached_property
    def groups(self) -> Rows:
        """Number of the reader of each query (n_queries,)."""
        return np.unique(self.readers, return_inverse=True)[1].astype(np.int64)

    @functools.cached_property
    def whitening(self) -> Whitening:
        """By the background."""
        vectors = self.corpus.vectors
        return Whitening.of(Background.empty(vectors.shape[1]).add(vectors[self.background]))

    def span(self, number: int) -> slice:
        """Return which columns a slate has."""
        ends = np.cumsum([len(slate.candidates) for slate in self.slates])
        return slice(int(ends[number]) - len(self.slates[number].candidates), int(ends[number]))

    def queries(self, number: int) -> Rows:
        """Return the numbers of the queries that meet a slate."""
        return np.flatnonzero(self.slate == number)

    def take(self, queries: Rows) -> "Task":
        """Return the task of some queries, in ascending order."""
        chosen = np.sort(queries)
        prose, vectors = self.prose, self.prose_vectors
        return replace(
            self,
            profiles=tuple(self.profiles[q] for q in chosen),
            slate=self.slate[chosen],
            readers=tuple(self.readers[q] for q in chosen),
            relevant=self.relevant[chosen],
            prose=None if prose is None else tuple(prose[q] for q in chosen),
            prose_vectors=None if vectors is None else vectors[chosen],
        )

    def empty_scores(self) -> Matrix:
        """Return room for scores, float32 (n_queries, n_columns), all unknown."""
        return np.full((len(self), len(self.columns)), np.nan, dtype=np.float32)


def measure(task: Task, scores: NDArray[np.floating]) -> Evaluation:
    """Measure scores (n_queries, n_columns), every query within its own slate.

    Raises:
        ValueError: the matrix has another shape.
    """
    if scores.shape != (len(task), len(task.columns)):
        wanted = (len(task), len(task.columns))
        raise ValueError(f"scores {scores.shape} for the task {task.name}, which has {wanted}")
    return join(
        [part for number in range(len(task.slates)) if (part := _part(task, scores, number))]
    )


def _part(task: Task, scores: NDArray[np.floating], number: int) -> Evaluation | None:
    queries, span = task.queries(number), task.span(number)
    if len(queries) == 0:
        return None
    relevant = task.relevant[queries][:, span]
    return evaluate(
        scores[queries][:, span], relevant, groups=task.groups[queries], cutoffs=CUTOFFS
    )


def mean_profiles(task: Task, weights: Callable[[int], NDArray[np.float64]] = np.ones) -> Sparse:
    """Return the weights of the liked papers of each query, csr (n_queries, n_corpus).

    Args:
        task: whose profiles.
        weights: of so many papers, oldest first (n,); each row is scaled to sum to one.
    """
    each = [weights(len(liked)) for liked in task.profiles]
    data = np.concatenate([row / row.sum() for row in each])
    indptr = np.concatenate([[0], np.cumsum([len(row) for row in each])])
    rows = np.concatenate(task.profiles)
    shape = (len(task), len(task.corpus))
    return csr_array((data.astype(np.float32), rows, indptr), shape=shape)


def relevant_csr(wanted: Sequence[Rows], n_columns: int) -> Sparse:
    """Return the matrix (n_queries, n_columns) of ones where the columns of each query are."""
    counts = [len(columns) for columns in wanted]
    indptr = np.concatenate([[0], np.cumsum(counts)])
    indices = np.concatenate([*wanted, np.empty(0, dtype=np.int64)])
    ones = np.ones(len(indices), dtype=np.float32)
    return csr_array((ones, indices.astype(np.int64), indptr), shape=(len(wanted), n_columns))
