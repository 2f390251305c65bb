"""The pieces that scores are made of, on arrays.

Every function works along the last axis, over the papers, so that one reader (n,) and a block of
readers (n_readers, n) share the code. Knows no reader and no weight.
"""

from collections.abc import Iterable

import numpy as np

from recommender.knockout import Floats, KnockOut

__all__ = [
    "FLAT",
    "REGULARISATION",
    "Floats",
    "inverse_spread",
    "regularisation",
    "share",
    "standardise",
    "top_mean",
]

REGULARISATION = ((1, 0.07), (5, 0.022), (15, 0.006))
"""Ridge `a` of the whitening from so many liked papers on; flat within a factor of two to four."""

FLAT = 1e-6
"""A spread below this share of the values' size is rounding, not information."""

LEAST = 1e-18
"""Squares of spreads below this are lost in single precision."""


def regularisation(n_liked: int) -> float:
    """Return the ridge `a` for so many liked papers: the fewer papers, the rounder the metric."""
    chosen = REGULARISATION[0][1]
    for from_n, a in REGULARISATION:
        if n_liked >= from_n:
            chosen = a
    return chosen


def standardise(values: Floats) -> Floats:
    """Return z-scores along the last axis.

    Args:
        values: (..., n); NaN where unknown.

    Returns:
        (..., n), NaN where the value is; zero everywhere when the values do not differ.
    """
    known = np.isfinite(values)
    n = np.maximum(known.sum(axis=-1, keepdims=True), 1)
    mean = np.where(known, values, 0).sum(axis=-1, keepdims=True) / n
    centred = np.where(known, values - mean, 0)
    spread = np.sqrt((centred * centred).sum(axis=-1, keepdims=True) / n)
    z: Floats = np.where(known, centred * inverse_spread(spread, mean), np.nan)
    return z


def inverse_spread(spread: Floats, mean: Floats) -> Floats:
    """Return one over the spread of values of some mean; zero where it is mere rounding."""
    flat = spread <= np.maximum(FLAT * np.abs(mean), LEAST)
    inverse: Floats = np.where(flat, 0, 1 / np.where(flat, 1, spread))
    return inverse


def share(parts: dict[str, Floats]) -> dict[str, Floats]:
    """Scale parts (n,) so that their sum has mean 0 and spread 1 over the papers that have one."""
    total = sum(parts.values(), np.zeros(1))
    known = np.isfinite(total)
    if not known.any():
        return parts
    spread = float(total[known].std())
    flat = spread <= FLAT * float(np.abs(total[known]).max())
    return {
        name: (part - part[known].mean()) * (0.0 if flat else 1.0 / spread)
        for name, part in parts.items()
    }


def top_mean(rows: Iterable[Floats], k: int = 3) -> Floats:
    """Return the mean of the k largest along the first axis, of all when there are fewer.

    Args:
        rows: (n_liked, ..., n) similarities, as one array or as a sequence of arrays.
        k: how many, one to three.

    Returns:
        (..., n).

    Raises:
        ValueError: there are no rows, or more are wanted.
    """
    best = KnockOut(k).largest(np.array(row) for row in rows)
    mean: Floats = sum(best[1:], best[0]) / len(best)
    return mean
