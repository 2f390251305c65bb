"""Choosing among scored papers: no twins, no monotony, now and then something else.

Takes numbers and rows and returns rows; knows nothing of interests or of what is printed. Every
choice depends on the papers' keys and scores, never on the order they came in.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from recommender.vectors import Matrix

__all__ = ["best_first", "diversify", "draw", "lesser_twins"]

Rows = NDArray[np.int64]

ALIKE_COSINE = 0.6
"""Papers of one topic lie about here with MiniLM; only what is closer counts as repetition."""


def best_first(totals: NDArray[np.float64], keys: Rows) -> Rows:
    """Return all rows ordered by falling total (n,), equal ones by rising key; NaN comes last."""
    order: Rows = np.lexsort((keys, -totals)).astype(np.int64)
    return order


def lesser_twins(pairs: Rows, totals: NDArray[np.float64], keys: Rows) -> NDArray[np.bool_]:
    """Tell which rows (n,) repeat a better one.

    Args:
        pairs: (n_pairs, 2) rows that are twins.
        totals: (n,); NaN rows are not looked at.
        keys: (n,), break ties.
    """
    twins: dict[int, list[int]] = {}
    for left, right in pairs.tolist():
        twins.setdefault(left, []).append(right)
        twins.setdefault(right, []).append(left)
    lesser = np.zeros(len(totals), dtype=np.bool_)
    for row in best_first(totals, keys).tolist():
        if row in twins and np.isfinite(totals[row]) and not lesser[row]:
            lesser[twins[row]] = True
    return lesser


def diversify(
    rows: Rows, totals: NDArray[np.float64], vectors: Matrix, *, size: int, strength: float
) -> Rows:
    """Choose rows one by one, each the best after a penalty for what it repeats.

    The penalty is `strength` standard deviations for a copy of a paper already chosen, falling to
    none at `ALIKE_COSINE`. The order of choice is the order of the result.

    Args:
        rows: (m,) rows to choose from, best first.
        totals: (n,) scores of all rows, in standard deviations.
        vectors: (n, dim) unit rows, zero where unknown.
        size: how many to choose at most.
        strength: zero leaves the order as it is.
    """
    worth = totals[rows].astype(np.float64)
    closest = np.zeros(len(rows))
    chosen: list[int] = []
    for _ in range(min(size, len(rows))):
        repeated = np.maximum(closest - ALIKE_COSINE, 0.0) / (1.0 - ALIKE_COSINE)
        place = int(np.argmax(worth - strength * repeated))
        chosen.append(int(rows[place]))
        worth[place] = -np.inf
        closest = np.maximum(closest, vectors[rows] @ vectors[rows[place]])
    return np.array(chosen, dtype=np.int64)


def draw(
    rows: Iterable[int], weights: NDArray[np.float64], rng: np.random.Generator, size: int
) -> Rows:
    """Draw rows without replacement, each by its weight.

    Args:
        rows: (m,) in an order that does not depend on the input's.
        weights: (m,), positive.
        rng: the reader's generator for the day.
        size: how many to draw at most.
    """
    urn = np.fromiter(rows, dtype=np.int64)
    if len(urn) == 0 or size <= 0:
        return np.empty(0, dtype=np.int64)
    drawn: Rows = rng.choice(
        urn, size=min(size, len(urn)), replace=False, p=weights / weights.sum()
    )
    return drawn
