"""The same scores for many readers at once, in blocks of matrix products.

Gives each reader the order that an `InterestModel` of their liked and disliked papers would,
without parts and reasons; prose, keywords, mutes and sections belong to the one-reader path.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array

from recommender.background import Whitening
from recommender.errors import ModelMismatchError
from recommender.interests import InterestConfig
from recommender.lexical import Sparse
from recommender.papers import Papers
from recommender.parts import REGULARISATION, Floats, regularisation, standardise
from recommender.vectors import Matrix

__all__ = ["BlockRanking", "BlockReaders", "rank_block"]

BLOCK = 512
"""Readers whose scores are held at once: 3 MB for 1,500 candidates."""
STRIP = 128
"""Readers whose nearest papers are sought at once: enough for two threads not to get in each
other's way, few enough for the last cache."""
NEAREST = 3
THREADS = 2
DEFAULT_CONFIG = InterestConfig()


@dataclass(frozen=True, slots=True, eq=False)
class BlockReaders:
    """Readers as rows over a shared pool of rated papers."""

    pool: Papers
    """Every paper that any of them rated."""
    liked: Sparse
    """csr (n_readers, n_pool), an entry for each liked paper; its value does not matter."""
    disliked: Sparse | None = None
    """The same for disliked papers."""


@dataclass(frozen=True, slots=True, eq=False)
class BlockRanking:
    """The best candidates of every reader."""

    rows: NDArray[np.int64]
    """Rows of the candidates, best first (n_readers, top); -1 where there are no more."""
    totals: Matrix
    """Their totals in standard deviations, float32 (n_readers, top); NaN where there is none."""


def rank_block(
    readers: BlockReaders,
    candidates: Papers,
    whitening: Whitening,
    *,
    reference: Papers | None = None,
    top: int = 20,
    config: InterestConfig = DEFAULT_CONFIG,
) -> BlockRanking:
    """Rank candidates for many readers by the papers they liked and disliked.

    Costs two matrix products, `pool x candidates` once and `readers x candidates` block by block,
    and for each reader one pass over the rows of their liked papers. Lexical parts are computed
    where the papers have lexical rows. Memory: `pool x candidates` float32 and one block. Papers
    that a reader rated are left out; so are candidates without a vector.

    Args:
        readers: who liked what.
        candidates: the papers of the day.
        whitening: of the background.
        reference: papers that count for mean and spread only.
        top: how many to return for each reader.
        config: the weights of the parts.

    Raises:
        ModelMismatchError: vectors of different dimensions.
    """
    if not (readers.pool.dim == candidates.dim == len(whitening.mean)):
        raise ModelMismatchError(f"{len(whitening.mean)} dimensions", "other dimensions")
    kept = np.flatnonzero(candidates.known)
    kept = kept[np.argsort(candidates.keys[kept], kind="stable")]
    scorer = _Scorer(readers, candidates.take(kept), reference, whitening, config)
    n_readers = readers.liked.shape[0]
    rows = np.full((n_readers, top), -1, dtype=np.int64)
    totals = np.full((n_readers, top), np.nan, dtype=np.float32)
    for members, scores in scorer.blocks():
        best = _best(scores, min(top, len(kept)))
        width = best.shape[1]
        value = np.take_along_axis(scores, best, axis=1)
        there = np.isfinite(value)
        rows[members, :width] = np.where(there, kept[best], -1)
        totals[members, :width] = np.where(there, value, np.nan)
    return BlockRanking(rows, totals)


class _Scorer:
    """Everything that all readers share, and the scores of one block of them after another."""

    def __init__(
        self,
        readers: BlockReaders,
        candidates: Papers,
        reference: Papers | None,
        whitening: Whitening,
        config: InterestConfig,
    ) -> None:
        columns = candidates
        if reference is not None:
            columns = candidates.followed_by(reference.take(reference.known))
        pool = readers.pool
        self.n_candidates, self.config, self.whitening = len(candidates), config, whitening
        self.liked, disliked = _rated(readers)
        self.n_liked = np.diff(self.liked.indptr)
        self.threads = ThreadPoolExecutor(THREADS)
        self.weights = _mean_rows(self.liked) - config.dislike_weight * _mean_rows(disliked)
        self.pool, self.columns = pool.solid, np.ascontiguousarray(columns.solid.T)
        self.alike = _with_nothing(len(pool), len(columns))
        np.matmul(self.pool, self.columns, out=self.alike[:-1])
        self.alike_words: Matrix | None = None
        if pool.words.nnz and columns.words.nnz and config.words_weight:
            self.alike_words = _with_nothing(len(pool), len(columns))
            (pool.words @ columns.words.T).toarray(out=self.alike_words[:-1])
        same = np.isin(pool.keys, candidates.keys)
        self.place = np.where(same, np.searchsorted(candidates.keys, pool.keys), -1)
        self.rated = _rated_columns(readers, self.place, len(candidates))

    def blocks(self) -> Iterator[tuple[NDArray[np.int64], Matrix]]:
        """Yield numbers of readers (b,) and their scores (b, n_candidates), -inf when rated."""
        ridge = np.array([regularisation(int(n)) for n in self.n_liked])
        for _, a in REGULARISATION:
            spread = self.whitening.profile(self.columns.T, a).T  # (dim, n)
            spread = np.ascontiguousarray(spread)
            group = np.flatnonzero((ridge == a) & (self.n_liked > 0))
            # Neighbours in a strip should have equally many liked papers.
            group = group[np.argsort(self.n_liked[group], kind="stable")]
            for start in range(0, len(group), BLOCK):
                members = group[start : start + BLOCK]
                yield members, self._scores(members, spread)

    def _scores(self, members: NDArray[np.int64], spread: Matrix) -> Matrix:
        weights = self.weights[members]
        share = np.asarray(weights.sum(axis=1), dtype=np.float32)[:, None]
        offsets = weights @ self.pool - share * self.whitening.mean  # (b, dim)
        total = standardise(offsets @ spread)  # (b, n)
        config = self.config
        _add(total, config.nearest_weight, self._nearest(members, self.alike))
        if self.alike_words is not None:
            _add(total, config.words_weight, weights @ self.alike_words[:-1])
            _add(total, config.nearest_words_weight, self._nearest(members, self.alike_words))
        total = standardise(total)[:, : self.n_candidates]
        rated = self.rated[members].tocoo()
        total[rated.coords] = -np.inf
        return total

    def _nearest(self, members: NDArray[np.int64], alike: Matrix) -> Matrix:
        """Return the mean of the three largest similarities to liked papers: (b, n)."""
        found = np.empty((len(members), alike.shape[1]), dtype=np.float32)

        def seek(start: int) -> None:
            strip = slice(start, start + STRIP)
            _top_mean_of_rows(alike, self._padded(members[strip]), found[strip])

        # numpy lets go of the interpreter here, so strips run side by side.
        list(self.threads.map(seek, range(0, len(members), STRIP)))
        return found

    def _padded(self, members: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return pool rows of liked papers (b, most), filled up with the row of nothing."""
        starts, counts = self.liked.indptr[members], self.n_liked[members]
        offset = np.arange(int(counts.max()))
        there = offset < counts[:, None]
        place = np.where(there, starts[:, None] + offset, 0)
        rows: NDArray[np.int64] = np.where(there, self.liked.indices[place], len(self.pool))
        return rows


def _add(total: Floats, weight: float, values: Floats) -> None:
    """Add weighted z-scores to a total, in place."""
    z = standardise(values)
    z *= np.float32(weight)
    total += z


def _top_mean_of_rows(alike: Matrix, rows: NDArray[np.int64], out: Matrix) -> None:
    """Write to `out` (b, n) the mean of the three largest of the given rows, for each reader.

    Args:
        alike: (n_pool + 1, n) similarities; the last row is -inf throughout.
        rows: (b, most) rows of each reader, filled up with the last.
        out: (b, n).
    """
    best = [np.full(out.shape, -np.inf, dtype=np.float32) for _ in range(NEAREST)]
    row, low = np.empty_like(out), np.empty_like(out)
    for column in rows.T:
        np.take(alike, column, axis=0, out=row, mode="clip")
        for level in best[:-1]:
            np.minimum(level, row, out=low)
            np.maximum(level, row, out=level)
            row, low = low, row
        np.maximum(best[-1], row, out=best[-1])
    counts = np.minimum((rows < len(alike) - 1).sum(axis=1), NEAREST)[:, None]
    for place, level in enumerate(best[1:], start=1):
        # Whoever likes one or two papers has nothing in the other places.
        if counts.min() <= place:
            level[counts[:, 0] <= place] = 0
        best[0] += level
    np.divide(best[0], counts.astype(np.float32), out=out)


def _best(scores: Matrix, top: int) -> NDArray[np.int64]:
    """Return the `top` columns of every row (b, top), best first, equal ones by column."""
    if top == 0:
        return np.empty((len(scores), 0), dtype=np.int64)
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


def _rated(readers: BlockReaders) -> tuple[Sparse, Sparse]:
    """Return liked and disliked papers as ones, without contradictions and unknown vectors."""
    liked = _ones(readers.liked)
    disliked = csr_array(liked.shape, dtype=np.float32)
    if readers.disliked is not None:
        disliked = _ones(readers.disliked)
        both = liked.multiply(disliked)
        liked, disliked = liked - both, disliked - both
    known = diags_array(readers.pool.known.astype(np.float32))
    return _ones(liked @ known), _ones(disliked @ known)


def _ones(entries: Sparse) -> Sparse:
    """Return the entries that are not zero, as ones with sorted columns."""
    ones = csr_array(entries, dtype=np.float32, copy=True)
    ones.eliminate_zeros()
    ones.sum_duplicates()
    ones.data[:] = 1
    return ones


def _mean_rows(ones: Sparse) -> Sparse:
    """Scale each row to sum to one; empty rows stay empty."""
    counts = np.maximum(np.diff(ones.indptr), 1).astype(np.float32)
    return csr_array(diags_array(1 / counts) @ ones)


def _rated_columns(readers: BlockReaders, place: NDArray[np.int64], n: int) -> Sparse:
    """Return which candidates each reader has rated: csr (n_readers, n)."""
    rated = readers.liked if readers.disliked is None else readers.liked + readers.disliked
    here = np.flatnonzero(place >= 0)
    ones = np.ones(len(here), dtype=np.float32)
    moved = csr_array((ones, (here, place[here])), shape=(len(place), n))
    return _ones(_ones(rated) @ moved)


def _with_nothing(n_pool: int, n: int) -> Matrix:
    """Make room for similarities (n_pool + 1, n); the last row, -inf, stands for no paper."""
    alike = np.empty((n_pool + 1, n), dtype=np.float32)
    alike[-1] = -np.inf
    return alike
