"""A metric of texts learned from what readers like together.

Two papers may be alike in their texts and never be read by the same people, or the other way round.
From the pooled ratings of an installation a bilinear form over embeddings is learned that says how
likely readers share two papers. Knows no single reader.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommender.lexical import Sparse
from recommender.vectors import Matrix

__all__ = ["TASTES", "shared_taste"]

TASTES = 300
"""Directions of common taste that are kept."""
MAP_RIDGE = 3.0
"""Of the regression from embeddings to tastes, in papers."""
EVEN = 0.5
"""How far the tastes are brought to equal spread: their covariance plus so much of its mean."""
LEAST_SPREAD = 1e-12
ROUNDS = 4
OVERSAMPLED = 20

Numbers = NDArray[np.float64]


def shared_taste(rows: Sparse, vectors: Matrix, popularity: NDArray[np.floating]) -> Matrix:
    """Learn the metric: float32 (dim, dim), symmetric; `x' M y` is how alike two papers are.

    Liked papers get coordinates of taste by a truncated singular value decomposition of the
    ratings; a ridge regression tells these from embeddings, popular papers counting more; distances
    between tastes are then evened out. Closed form throughout.

    Args:
        rows: readers as unit rows over the pool, csr (n_readers, n_pool).
        vectors: of the pool, float32 (n_pool, dim), unit length.
        popularity: how many readers like each paper of the pool (n_pool,), one at least.

    Source:
        Halko, Martinsson and Tropp, Finding structure with randomness, SIAM Review 2011.
    """
    strength, tastes = _directions(rows, min(TASTES, *(side - 1 for side in rows.shape)))
    target = tastes.T * np.sqrt(strength)  # (n_pool, k)
    weight = np.sqrt(np.asarray(popularity, dtype=np.float64))[:, None]
    centred = vectors - vectors.mean(axis=0)
    weighed = centred * weight
    gram = weighed.T @ weighed + MAP_RIDGE * np.eye(vectors.shape[1])
    mapped = np.linalg.solve(gram, weighed.T @ (target * weight))  # (dim, k)
    found = centred @ mapped
    spread = found.T @ found / len(found)
    # Texts that are all the same tell no tastes apart, and leave nothing to even out.
    spread += max(EVEN * np.trace(spread) / len(spread), LEAST_SPREAD) * np.eye(len(spread))
    metric: Matrix = (mapped @ np.linalg.solve(spread, mapped.T)).astype(np.float32)
    return metric


def _directions(rows: Sparse, k: int) -> tuple[Numbers, Numbers]:
    """Return the k largest singular values (k,) and right vectors (k, n_pool)."""
    # The start does not matter to the result, only that it is the same every time.
    start = np.random.default_rng(0).standard_normal((rows.shape[1], k + OVERSAMPLED))
    matrix, other = csr_array(rows), csr_array(rows.T)
    basis = matrix @ start
    for _ in range(ROUNDS):
        basis = matrix @ (other @ np.linalg.qr(basis)[0])
    q = np.linalg.qr(basis)[0]
    _, values, right = np.linalg.svd((other @ q).T, full_matrices=False)
    return values[:k], right[:k]
