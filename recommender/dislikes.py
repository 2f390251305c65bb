"""What disliked papers take off: only from what is near them.

A mean of disliked papers that is subtracted from a profile would also raise whatever lies on the
other side; a penalty of the near does not.
"""

import numpy as np
from numpy.typing import NDArray

from recommender.papers import Papers
from recommender.parts import standardise
from recommender.vectors import Matrix

__all__ = ["NEAR", "dislike_part"]

Column = NDArray[np.float64]

NEAR = 2.0
"""Standard deviations above the stream's mean likeness to disliked papers from which on a paper is
near: about one in twenty-five, for likenesses have a long upper tail."""


def dislike_part(
    disliked: Papers, pool: Papers, rated: NDArray[np.bool_], cosines: Matrix | None = None
) -> Column:
    """Return what is to be taken off each paper: (n_pool,), zero or less, never NaN.

    It is how many standard deviations beyond `NEAR` the cosine to the nearest disliked paper is.

    Args:
        disliked: the disliked papers, one at least with a vector.
        pool: the candidates and what they are measured against.
        rated: which of the pool the reader rated (n_pool,); those do not count in the spread.
        cosines: of the disliked papers with a vector to the pool (k, n_pool), where known already.
    """
    if cosines is None:
        cosines = disliked.vectors[disliked.known] @ pool.solid.T
    nearest = cosines.max(axis=0).astype(np.float64)
    column = np.where(pool.known & ~rated, nearest, np.nan)
    over = np.nan_to_num(np.asarray(standardise(column), dtype=np.float64)) - NEAR
    part: Column = -np.maximum(over, 0.0)
    return part
