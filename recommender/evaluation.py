"""What a ranking is worth: metrics per reader, their means, errors and paired differences.

Takes scores of any ranker, also from a .npy file; ranks nothing and splits nothing by time.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from types import MappingProxyType
from typing import BinaryIO

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from recommender.lexical import Sparse
from recommender.metrics import Column, Cutoffs, metrics_of, place
from recommender.ratings import ones_of

__all__ = [
    "Cutoffs",
    "Difference",
    "Evaluation",
    "evaluate",
    "evaluate_lists",
    "join",
    "paired",
    "read_scores",
]

DEFAULT_CUTOFFS = Cutoffs()


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """What a ranker reached with every query: a reader, or a reader's day or week."""

    columns: Mapping[str, Column]
    """Each metric by name, such as `ndcg@20`, in [0, 1], (n_queries,); NaN where it says nothing:
    where no candidate is relevant."""
    groups: NDArray[np.int64]
    """Whose query it is (n_queries,). Several weeks of one reader are not independent, and standard
    errors allow for that."""

    def __len__(self) -> int:
        return len(self.groups)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the metrics."""
        return tuple(self.columns)

    def count(self, name: str) -> int:
        """Return the number of queries of which the metric says something."""
        return int(np.isfinite(self.columns[name]).sum())

    def mean(self, name: str) -> float:
        """Return the mean over the queries; NaN when there is none."""
        return _mean(self.columns[name])

    def standard_error(self, name: str) -> float:
        """Return the standard error of the mean; NaN with less than two groups.

        It is the usual `s / sqrt(n)` when every query has a group of its own, and otherwise the
        cluster-robust one: `sqrt(g / (g - 1) * sum over groups of (sum of deviations)^2) / n`.
        Source: Liang and Zeger, Biometrika 73 (1986).
        """
        return _standard_error(self.columns[name], self.groups)


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much one ranker is better than another for the same queries."""

    mean: float
    """Mean of the differences query by query."""
    standard_error: float
    """Of that mean."""
    relative: float
    """`mean` as a share of what the other ranker is worth; NaN when that is nothing."""

    @property
    def errors(self) -> float:
        """How many standard errors the mean is away from zero."""
        if self.standard_error == 0:
            return float(np.copysign(np.inf, self.mean)) if self.mean else 0.0
        return self.mean / self.standard_error


def evaluate(
    scores: ArrayLike,
    relevant: Sparse | ArrayLike,
    *,
    groups: ArrayLike | None = None,
    cutoffs: Cutoffs = DEFAULT_CUTOFFS,
) -> Evaluation:
    """Measure a score matrix, every row over the same candidates.

    Candidates of equal score count in expectation over their orders; NaN ranks last.

    Args:
        scores: (n_readers, n_candidates), the higher the better; any real numbers.
        relevant: (n_readers, n_candidates), csr or dense; what is not zero is relevant.
        groups: whose query each row is (n_readers,), integers; each its own when left out.
        cutoffs: how far down the list each metric looks.

    Raises:
        ValueError: the shapes differ, or the scores are no matrix of real numbers.
    """
    table = _real(np.asarray(scores))
    wanted = ones_of(csr_array(relevant))
    if table.shape != wanted.shape:
        raise ValueError(f"scores {table.shape} and relevant papers {wanted.shape} differ in shape")

    def rows() -> Iterator[tuple[NDArray[np.floating], NDArray[np.int64]]]:
        for row, start, stop in zip(table, wanted.indptr[:-1], wanted.indptr[1:], strict=True):
            yield row, wanted.indices[start:stop]

    return _evaluation(rows(), groups, cutoffs)


def evaluate_lists(
    queries: Iterable[tuple[ArrayLike, ArrayLike]],
    *,
    groups: ArrayLike | None = None,
    cutoffs: Cutoffs = DEFAULT_CUTOFFS,
) -> Evaluation:
    """Measure queries that have candidates of their own, such as a reader's week.

    Args:
        queries: of each the scores (n,) and which candidates are relevant (n,), not zero where so.
        groups: whose query each is (n_queries,), integers; each its own when left out.
        cutoffs: how far down the list each metric looks.

    Raises:
        ValueError: scores and relevance of a query differ in length.
    """

    def rows() -> Iterator[tuple[NDArray[np.floating], NDArray[np.int64]]]:
        for scores, relevant in queries:
            row, mask = _real(np.asarray(scores), 1), np.asarray(relevant)
            if row.shape != mask.shape:
                raise ValueError(f"{row.shape} scores for {mask.shape} marks of relevance")
            yield row, np.flatnonzero(mask)

    return _evaluation(rows(), groups, cutoffs)


def join(evaluations: Sequence[Evaluation]) -> Evaluation:
    """Put the queries of several evaluations one after another; equal groups stay the same.

    Raises:
        ValueError: there are none, or they have different metrics.
    """
    if len({e.names for e in evaluations}) != 1:
        raise ValueError("only evaluations with the same metrics can be joined")
    columns = {
        name: np.concatenate([e.columns[name] for e in evaluations])
        for name in evaluations[0].names
    }
    return Evaluation(MappingProxyType(columns), np.concatenate([e.groups for e in evaluations]))


def paired(a: Evaluation, b: Evaluation, name: str, *, times: float = 1.0) -> Difference:
    """Compare two rankers query by query, over the queries that both have a value for.

    Args:
        a: the one that should be better.
        b: the other, of the same queries in the same order.
        name: of the metric.
        times: what `b` is multiplied with: 1.15 asks whether `a` is more than 15 % above it.

    Raises:
        ValueError: the evaluations are of different queries.
    """
    if not np.array_equal(a.groups, b.groups):
        raise ValueError("only evaluations of the same queries can be compared")
    both = np.isfinite(a.columns[name]) & np.isfinite(b.columns[name])
    apart = np.where(both, a.columns[name] - times * b.columns[name], np.nan)
    mean, base = _mean(apart), times * _mean(np.where(both, b.columns[name], np.nan))
    relative = mean / base if base else float("nan")
    return Difference(mean, _standard_error(apart, a.groups), relative)


def read_scores(
    source: str | PathLike[str] | BinaryIO, shape: tuple[int, int] | None = None
) -> NDArray[np.floating]:
    """Read the score matrix of any ranker from a .npy file.

    Args:
        source: path of the file, or the open file.
        shape: the shape that it must have: (n_readers, n_candidates).

    Returns:
        (n_readers, n_candidates), float32 or float64.

    Raises:
        ValueError: it is no .npy file, no matrix of real numbers, or of another shape.
        OSError: it cannot be read.
    """
    name = source if isinstance(source, str | PathLike) else getattr(source, "name", "the file")
    try:
        # Pickled objects could run anything when they are read.
        found = np.load(source, allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise ValueError(f"{name} is no .npy file of numbers; write one with numpy.save") from error
    if not isinstance(found, np.ndarray):
        raise ValueError(f"{name} holds several arrays; write one matrix with numpy.save")
    try:
        table = _real(found)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error
    if shape is not None and table.shape != shape:
        raise ValueError(
            f"{name} has {table.shape[0]} rows and {table.shape[1]} columns, but the task has "
            f"{shape[0]} readers and {shape[1]} candidates"
        )
    return table


def _evaluation(
    queries: Iterable[tuple[NDArray[np.floating], NDArray[np.int64]]],
    groups: ArrayLike | None,
    cutoffs: Cutoffs,
) -> Evaluation:
    places = place(queries)
    n = len(places.n_candidates)
    whose = np.arange(n) if groups is None else np.asarray(groups, dtype=np.int64)
    if whose.shape != (n,):
        raise ValueError(f"{whose.shape} groups for {n} queries")
    return Evaluation(MappingProxyType(metrics_of(places, cutoffs)), whose)


def _real(table: NDArray[np.generic], n_axes: int = 2) -> NDArray[np.floating]:
    """Return real numbers as floats, in single precision where they came so."""
    if table.ndim != n_axes:
        raise ValueError(f"scores must have {n_axes} axes, not the shape {table.shape}")
    if table.dtype.kind not in "fiub":
        raise ValueError(f"scores must be real numbers, not {table.dtype}")
    single = table.dtype in (np.float16, np.float32)
    return table.astype(np.float32 if single else np.float64, copy=False)


def _mean(values: Column) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def _standard_error(values: Column, groups: NDArray[np.int64]) -> float:
    known = np.isfinite(values)
    found, group = np.unique(groups[known], return_inverse=True)
    if len(found) < 2:
        return float("nan")
    sums = np.bincount(group, values[known] - values[known].mean())
    small_sample = len(found) / (len(found) - 1)
    return float(np.sqrt(small_sample * (sums @ sums)) / known.sum())
