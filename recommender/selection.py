"""Choosing among scored papers: no twins, no monotony, now and then something else.

Takes numbers and rows and returns rows; knows nothing of interests or of what is printed. Every
choice depends on the papers' keys and scores, never on the order they came in.
"""

import numpy as np
from numpy.typing import NDArray

from recommender.parts import standardise
from recommender.uncertainty import Doubts
from recommender.vectors import Matrix

__all__ = ["best_first", "diversify", "explore", "lesser_twins", "most_telling"]

Rows = NDArray[np.int64]

ALIKE_COSINE = 0.6
"""Papers of one topic lie about here with MiniLM; only what is closer counts as repetition."""

ROUNDING = 1e-5
"""Bounds that differ by less are equal: the doubts are in single precision."""


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
    rows = np.array(sorted(twins), dtype=np.int64)
    for row in rows[best_first(totals[rows], keys[rows])].tolist():
        if np.isfinite(totals[row]) and not lesser[row]:
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
    worth, some = totals[rows].astype(np.float64), vectors[rows]
    closest = np.zeros(len(rows))
    chosen: list[int] = []
    for _ in range(min(size, len(rows))):
        repeated = np.maximum(closest - ALIKE_COSINE, 0.0) / (1.0 - ALIKE_COSINE)
        place = int(np.argmax(worth - strength * repeated))
        chosen.append(int(rows[place]))
        worth[place] = -np.inf
        closest = np.maximum(closest, some @ some[place])
    return np.array(chosen, dtype=np.int64)


def explore(
    worth: NDArray[np.float64],
    doubts: Doubts,
    *,
    size: int,
    weight: float,
    rng: np.random.Generator,
) -> Rows:
    """Choose papers to ask about one by one: worth much, and much in doubt.

    Each is the best by `worth + weight * share of the prior standard deviation left` (an upper
    confidence bound) after those chosen before it have been answered, whatever the answers: near
    copies of them are in doubt no more.

    Args:
        worth: expected score of every paper (n,), in standard deviations; NaN is never chosen, nor
            is a paper whose doubt is unknown.
        doubts: of the same papers.
        size: how many to choose at most.
        weight: standard deviations that a paper gains of which nothing at all is known.
        rng: decides between equals; the papers have to come in an order of their own.

    Source: Desautels, Krause and Burdick, Journal of Machine Learning Research 15 (2014).
    """
    among_equals = rng.permutation(len(worth))
    chosen: list[int] = []
    for _ in range(size):
        bound = worth + weight * doubts.share
        bound[chosen] = np.nan
        if not np.isfinite(bound).any():
            break
        best = np.flatnonzero(bound >= np.nanmax(bound) - ROUNDING)
        row = int(best[np.argmin(among_equals[best])])
        chosen.append(row)
        doubts = doubts.after(row)
    return np.array(chosen, dtype=np.int64)


def most_telling(
    worth: NDArray[np.float64], doubts: Doubts, *, weight: float, rng: np.random.Generator
) -> int | None:
    """Choose the paper to ask a reader about next; None when there is none to ask about.

    The best by `worth + weight * z(sqrt(telling))`: one that the reader may like, and whose answer
    tells most about all the others. With nothing known of the reader `worth` is zero throughout
    and the paper is the most telling one.

    Args:
        worth: expected score of every paper (n,), in standard deviations; NaN is never chosen.
        doubts: of the same papers.
        weight: of what an answer tells, against what it is expected to be.
        rng: decides between equals.
    """
    value = worth + weight * standardise(np.sqrt(doubts.telling))
    value = np.where(np.isfinite(doubts.prior), value, np.nan)
    if not np.isfinite(value).any():
        return None
    best = np.flatnonzero(value >= np.nanmax(value) - ROUNDING)
    return int(rng.permutation(best)[0])
