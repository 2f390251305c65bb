"""What blocks of readers are scored and cut with: z-scores, nearest papers, the best of a row.

Works on arrays of many readers at once and, where it can, in place; knows no weights.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recommender.parts import standardise
from recommender.vectors import Matrix

__all__ = ["best_columns", "top_mean_of_rows", "with_nothing", "z_scores"]


def z_scores(
    values: Matrix, rated: tuple[NDArray[np.int64], ...], weights: ArrayLike = 1.0
) -> Matrix:
    """Return z-scores (b, n) times the readers' weights (b,).

    What a reader rated is unknown and does not count.
    """
    if len(rated[0]):
        values[rated] = np.nan
    z: Matrix = standardise(values)
    z *= np.asarray(weights, dtype=np.float32).reshape(-1, 1)
    return z


def top_mean_of_rows(alike: Matrix, rows: NDArray[np.int64], out: Matrix, k: int) -> None:
    """Write to `out` (b, n) the mean of the k largest of the given rows, for each reader.

    Args:
        alike: (n_pool + 1, n) similarities; the last row is -inf throughout.
        rows: (b, most) rows of each reader, filled up with the last.
        out: (b, n).
        k: how many, one at least.
    """
    columns = iter(rows.T)
    best = [np.take(alike, next(columns), axis=0)]
    row, low = np.empty_like(out), np.empty_like(out)
    for column in columns:
        np.take(alike, column, axis=0, out=row, mode="clip")
        for level in best[: k - 1]:
            np.minimum(level, row, out=low)
            np.maximum(level, row, out=level)
            row, low = low, row
        if len(best) < k:
            best.append(row.copy())
        else:
            np.maximum(best[-1], row, out=best[-1])
    counts = np.minimum((rows < len(alike) - 1).sum(axis=1), k)[:, None]
    for place, level in enumerate(best[1:], start=1):
        # Whoever rated fewer papers than k has nothing in the other places.
        if counts.min() <= place:
            level[counts[:, 0] <= place] = 0
        best[0] += level
    np.divide(best[0], counts.astype(np.float32), out=out)


def best_columns(scores: Matrix, top: int) -> NDArray[np.int64]:
    """Return the `top` columns of every row (b, top), best first, equal ones by column."""
    if top == 0:
        return np.empty((len(scores), 0), dtype=np.int64)
    if not np.isfinite(scores.sum()):
        scores = np.nan_to_num(scores, nan=-np.inf)
    part = np.argpartition(scores, -top, axis=1)[:, -top:]
    part.sort(axis=1)
    value = np.take_along_axis(scores, part, axis=1)
    # A partition takes any of several equal scores at its edge; those few rows are sorted in full.
    edge = value.min(axis=1, keepdims=True)
    torn = np.flatnonzero((scores >= edge).sum(axis=1) > top)
    part[torn] = np.argsort(-scores[torn], axis=1, kind="stable")[:, :top]
    value[torn] = np.take_along_axis(scores[torn], part[torn], axis=1)
    order = np.argsort(-value, axis=1, kind="stable")
    best: NDArray[np.int64] = np.take_along_axis(part, order, axis=1)
    return best


def with_nothing(n_pool: int, n: int) -> Matrix:
    """Make room for similarities (n_pool + 1, n); the last row, -inf, stands for no paper."""
    alike = np.empty((n_pool + 1, n), dtype=np.float32)
    alike[-1] = -np.inf
    return alike
