"""Who rated what: many readers' ratings as sparse rows over a shared pool of papers.

Prepares ratings for matrix products; scores nothing.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array

from recommender.lexical import Sparse

__all__ = ["Ratings", "columns_of", "decided", "ones_of", "padded"]


class Ratings:
    """Who liked and disliked what, as ones, and the liked papers as means."""

    def __init__(self, liked: Sparse, disliked: Sparse) -> None:
        self.liked, self.disliked = liked, disliked
        self.rated = liked + disliked
        self.n_liked = np.diff(liked.indptr)
        self.mean_liked = _mean_rows(liked)


def padded(ones: Sparse, members: NDArray[np.int64], nothing: int) -> NDArray[np.int64]:
    """Return the columns of some rows (b, most), filled up with the column of nothing."""
    starts = ones.indptr[members]
    counts = ones.indptr[members + 1] - starts
    offset = np.arange(int(counts.max(initial=0)))
    there = offset < counts[:, None]
    place = np.where(there, starts[:, None] + offset, 0)
    rows: NDArray[np.int64] = np.where(there, ones.indices[place], nothing)
    return rows


def decided(
    liked: Sparse, disliked: Sparse | None, known: NDArray[np.bool_] | None
) -> tuple[Sparse, Sparse]:
    """Return liked and disliked papers as ones, without contradictions.

    With `known` (n_pool,) only the papers for which it is true.
    """
    liked = ones_of(liked)
    disliked = ones_of(csr_array(liked.shape) if disliked is None else disliked)
    if disliked.nnz:
        both = liked.multiply(disliked)
        liked, disliked = ones_of(liked - both), ones_of(disliked - both)
    if known is not None and not known.all():
        kept = diags_array(known.astype(np.float32))
        liked, disliked = ones_of(liked @ kept), ones_of(disliked @ kept)
    return liked, disliked


def ones_of(entries: Sparse) -> Sparse:
    """Return the entries that are not zero, as ones with sorted columns."""
    ones = csr_array(entries, dtype=np.float32, copy=True)
    ones.eliminate_zeros()
    ones.sum_duplicates()
    ones.data[:] = 1
    return ones


def _mean_rows(ones: Sparse) -> Sparse:
    """Scale each row to sum to one; empty rows stay empty."""
    counts = np.diff(ones.indptr)
    shares = np.repeat(1 / np.maximum(counts, 1).astype(np.float32), counts)
    return csr_array((shares, ones.indices, ones.indptr), shape=ones.shape)


def columns_of(rated: Sparse, pool: NDArray[np.int64], keys: NDArray[np.int64]) -> Sparse:
    """Turn papers of the pool into the columns of the same keys: csr (n_readers, n)."""
    _, rows, columns = np.intersect1d(pool, keys, return_indices=True)
    ones = np.ones(len(columns), dtype=np.float32)
    moved = csr_array((ones, (rows, columns)), shape=(len(pool), len(keys)))
    return ones_of(rated @ moved)
