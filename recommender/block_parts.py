"""What blocks of readers are scored and cut with: z-scores, nearest papers, the best of a row.

Works on arrays of many readers at once and, where it can, in place; knows no weights.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recommender.knockout import KnockOut
from recommender.parts import inverse_spread
from recommender.vectors import Matrix

__all__ = ["best_columns", "top_mean_of_rows", "with_nothing", "z_scores"]

Places = tuple[NDArray[np.int64], ...]
"""Rows and columns."""


def z_scores(values: Matrix, rated: Places, weights: ArrayLike = 1.0) -> Matrix:
    """Turn values (b, n) into z-scores times the readers' weights (b,), in place.

    What a reader rated does not count in mean and spread, and gets zero.
    """
    b, n = values.shape
    count = np.maximum(n - np.bincount(rated[0], minlength=b), 1).astype(np.float32)
    values[rated] = 0
    mean = values.sum(axis=1) / count  # (b,)
    values -= mean[:, None]
    values[rated] = 0
    spread = np.sqrt(np.einsum("bn,bn->b", values, values) / count)
    scale = np.asarray(weights, dtype=np.float32) * inverse_spread(spread, mean)
    values *= scale[:, None]
    return values


def top_mean_of_rows(
    alike: Matrix, rows: NDArray[np.int64], out: Matrix, k: int, game: KnockOut
) -> None:
    """Write to `out` (b, n) the mean of the k largest of the given rows, for each reader.

    Args:
        alike: (n_pool + 1, n) similarities; the last row is -inf throughout.
        rows: (b, most) rows of each reader, filled up with the last.
        out: (b, n).
        k: how many.
        game: for the k largest; the same for many blocks, so that room is made once.
    """
    best = game.largest(
        alike.take(column, axis=0, mode="clip", out=game.room(out.shape)) for column in rows.T
    )
    counts = np.minimum((rows < len(alike) - 1).sum(axis=1), k)
    for place, level in enumerate(best[1:], start=1):
        # Whoever rated fewer papers than k has nothing in the other places.
        if counts.min() <= place:
            level[counts <= place] = 0
        best[0] += level
    np.divide(best[0], counts[:, None].astype(np.float32), out=out)


def best_columns(scores: Matrix, top: int) -> NDArray[np.int64]:
    """Return the `top` columns of every row (b, top), best first, equal ones by column.

    Args:
        scores: (b, n), -inf for what is left out.
        top: how many, n at most.
    """
    b, n = scores.shape
    if top == 0 or b == 0:
        return np.empty((b, top), dtype=np.int64)
    edge = np.partition(scores, n - top, axis=1)[:, n - top, None]
    chosen = scores >= edge
    found = np.flatnonzero(chosen)
    if len(found) > b * top:
        # Several equal scores lie at the edge; the first of them are taken.
        for row in np.flatnonzero(np.bincount(found // n) > top):
            chosen[row] = False
            chosen[row, np.argsort(-scores[row], kind="stable")[:top]] = True
        found = np.flatnonzero(chosen)
    columns = (found % n).reshape(b, top)
    order = np.argsort(-np.take_along_axis(scores, columns, axis=1), axis=1, kind="stable")
    best: NDArray[np.int64] = np.take_along_axis(columns, order, axis=1)
    return best


def with_nothing(n_pool: int, n: int) -> Matrix:
    """Make room for similarities (n_pool + 1, n); the last row, -inf, stands for no paper."""
    alike = np.empty((n_pool + 1, n), dtype=np.float32)
    alike[-1] = -np.inf
    return alike
