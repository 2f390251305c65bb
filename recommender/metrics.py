"""How good an order is: where the relevant papers stand, and what that is worth.

Counts ties in expectation over all their orders, so that a constant score gets what chance gets.
Knows one query after another; means, errors and comparisons are in `recommender.evaluation`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Column", "Cutoffs", "Places", "metrics_of", "place"]

Column = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Cutoffs:
    """How far down the list each metric looks."""

    recall: tuple[int, ...] = (20, 100)
    ndcg: tuple[int, ...] = (10, 20)
    precision: tuple[int, ...] = (10,)

    def __post_init__(self) -> None:
        if min((*self.recall, *self.ndcg, *self.precision), default=1) < 1:
            raise ValueError(f"a list is cut after its first place or later, not at {self}")


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Where each relevant paper of each query stands, before ties are decided."""

    query: Rows
    """Number of the query, ascending (n_relevant_papers,)."""
    above: Rows
    """Candidates with a higher score, at least zero."""
    tied: Rows
    """Candidates with the same score, itself among them, at least one."""
    n_candidates: Rows
    """Candidates of each query (n_queries,)."""

    @property
    def n_relevant(self) -> Rows:
        """Relevant candidates of each query (n_queries,)."""
        return np.bincount(self.query, minlength=len(self.n_candidates)).astype(np.int64)


def place(queries: Iterable[tuple[NDArray[np.floating], Rows]]) -> Places:
    """Find the places of the relevant papers of every query.

    Costs one sort of the scores of a query that has a relevant paper.

    Args:
        queries: scores of the candidates (n,), where NaN stands for "cannot tell": it ranks last
            and ties with its like; and the columns of the relevant ones (n_relevant,).
    """
    numbers, above, tied, sizes = [], [], [], []
    for number, (scores, relevant) in enumerate(queries):
        sizes.append(len(scores))
        if len(relevant):
            # The sign turns the order round, which leaves NaN at the end.
            ordered = np.sort(-scores)
            wanted = -scores[relevant]
            first = np.searchsorted(ordered, wanted, side="left")
            above.append(first)
            tied.append(np.searchsorted(ordered, wanted, side="right") - first)
            numbers.append(np.full(len(relevant), number))
    return Places(_joined(numbers), _joined(above), _joined(tied), np.array(sizes, dtype=np.int64))


def metrics_of(places: Places, cutoffs: Cutoffs) -> dict[str, Column]:
    """Return every metric by name, one value a query (n_queries,); NaN without a relevant paper.

    `recall@k` is the share of the relevant papers among the first k, `precision@k` that of the
    first k places taken by relevant papers (the places of a shorter list count as wasted),
    `ndcg@k` the sum of `1 / log2(1 + rank)` over relevant papers among the first k, divided by the
    sum that the best order has, `mrr` one over the rank of the first relevant paper, `auc` the
    chance that a relevant paper stands above another one (NaN when all are relevant).
    """
    n = places.n_relevant
    found = {k: _sums(places, _within(places, k)) for k in {*cutoffs.recall, *cutoffs.precision}}
    columns = {f"recall@{k}": _ratio(found[k], n) for k in cutoffs.recall}
    columns |= {f"ndcg@{k}": _ndcg(places, k) for k in cutoffs.ndcg}
    columns |= {f"precision@{k}": np.where(n > 0, found[k] / k, np.nan) for k in cutoffs.precision}
    return columns | {"mrr": _mrr(places), "auc": _auc(places)}


def _within(places: Places, k: int) -> Column:
    """Return the chance of each relevant paper to stand among the first k."""
    return np.clip((k - places.above) / places.tied, 0.0, 1.0)


def _ndcg(places: Places, k: int) -> Column:
    # gained[r] is what relevant papers at each of the first r places are worth.
    gained = np.concatenate([[0.0], np.cumsum(1.0 / np.log2(np.arange(2, k + 2)))])  # (k + 1,)
    below = np.minimum(places.above + places.tied, k)
    mean_gain = (gained[below] - gained[np.minimum(places.above, k)]) / places.tied
    return _ratio(_sums(places, mean_gain), gained[np.minimum(places.n_relevant, k)])


def _mrr(places: Places) -> Column:
    column = np.full(len(places.n_candidates), np.nan)
    queries, starts, counts = np.unique(places.query, return_index=True, return_counts=True)
    for query, start, stop in zip(queries, starts, starts + counts, strict=True):
        above = places.above[start:stop]
        best = int(above.argmin())
        first = int((above == above[best]).sum())
        column[query] = _first_reciprocal(int(above[best]), int(places.tied[start + best]), first)
    return column


def _first_reciprocal(above: int, tied: int, relevant: int) -> float:
    """Return the mean of `1 / rank` of the first of some relevant papers among tied ones."""
    # The chance that the first stands at place j + 1 of the tie, from that for place j.
    j = np.arange(1, tied - relevant + 1)
    steps = (tied - j - relevant + 1) / (tied - j)
    chance = relevant / tied * np.concatenate([[1.0], np.cumprod(steps)])
    return float(chance @ (1.0 / np.arange(above + 1, above + len(chance) + 1)))


def _auc(places: Places) -> Column:
    n = places.n_relevant
    ahead = _sums(places, places.above + (places.tied - 1) / 2.0)
    # Of any two relevant papers one is ahead of the other: those pairs do not count.
    wrong = ahead - n * (n - 1) / 2.0
    return 1.0 - _ratio(wrong, n * (places.n_candidates - n))


def _sums(places: Places, values: Column) -> Column:
    """Add up what belongs to each query (n_queries,)."""
    sums = np.bincount(places.query, values, minlength=len(places.n_candidates))
    return sums.astype(np.float64, copy=False)  # counts are integers when nothing is weighed


def _ratio(values: Column, by: Column | Rows) -> Column:
    ratio: Column = np.divide(values, by, out=np.full(len(values), np.nan), where=by > 0)
    return ratio


def _joined(parts: Sequence[Rows]) -> Rows:
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)
