"""The pieces that scores are made of, on arrays.

Every function works along the last axis, over the papers, so that one reader (n,) and a block of
readers (n_readers, n) share the code. Knows no reader and no weight.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "FLAT",
    "REGULARISATION",
    "Floats",
    "regularisation",
    "share",
    "standardise",
    "top_mean",
]

Floats = NDArray[Any]
"""Real numbers; float64 for one reader, float32 for blocks of them."""

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
    # A block of readers is large: one sum tells whether anything is unknown, and no copy is made.
    n = max(values.shape[-1], 1)
    total = values.sum(axis=-1, keepdims=True)
    if not np.isfinite(total).all():
        return _standardise_known(values)
    centred = values - total / n
    spread = np.sqrt(np.einsum("...i,...i->...", centred, centred)[..., None] / n)
    return _scaled(centred, spread, values)


def _standardise_known(values: Floats) -> Floats:
    known = np.isfinite(values)
    n = np.maximum(known.sum(axis=-1, keepdims=True), 1)
    sure = np.where(known, values, 0)
    centred = np.where(known, values - sure.sum(axis=-1, keepdims=True) / n, 0)
    spread = np.sqrt((centred * centred).sum(axis=-1, keepdims=True) / n)
    z: Floats = np.where(known, _scaled(centred, spread, sure), np.nan)
    return z


def _scaled(centred: Floats, spread: Floats, values: Floats) -> Floats:
    """Divide by the spread, in place; a spread that is mere rounding makes everything zero."""
    low = values.min(axis=-1, keepdims=True, initial=0)
    high = values.max(axis=-1, keepdims=True, initial=0)
    flat = spread <= np.maximum(FLAT * np.maximum(high, -low), LEAST)
    centred *= np.where(flat, 0, 1 / np.where(flat, 1, spread)).astype(centred.dtype)
    return centred


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


def top_mean(rows: Sequence[Floats] | Floats, k: int = 3) -> Floats:
    """Return the mean of the k largest along the first axis, of all when there are fewer.

    Args:
        rows: (n_liked, ..., n) similarities, as one array or as a sequence of arrays.
        k: how many; the sorted k best are kept while the rows pass by, so memory stays small.

    Returns:
        (..., n).

    Raises:
        ValueError: there are no rows.
    """
    if len(rows) == 0:
        raise ValueError("the mean of the nearest liked papers needs at least one")
    best = [np.array(rows[0])]
    for row in rows[1:]:
        low = row
        for place, value in enumerate(best):
            best[place], low = np.maximum(value, low), np.minimum(value, low)
        if len(best) < k:
            best.append(low)
    mean: Floats = sum(best[1:], best[0]) / len(best)
    return mean
