"""The same scores for many readers at once, in blocks of matrix products.

Gives each reader the order that an `InterestModel` of their liked and disliked papers would,
without parts and reasons; prose, keywords, mutes and sections belong to the one-reader path.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from recommender.background import Whitening
from recommender.errors import ModelMismatchError
from recommender.interests import InterestConfig
from recommender.lexical import Sparse
from recommender.papers import Papers
from recommender.parts import REGULARISATION, regularisation, standardise
from recommender.ratings import Ratings, columns_of, decided, ones_of
from recommender.vectors import Matrix

__all__ = ["BlockRanking", "BlockReaders", "rank_block"]

BLOCK = 1024
"""Readers whose scores are held at once by a thread: 6 MB for 1,500 candidates."""
STRIP = 128
"""Readers whose nearest papers are sought at once: enough to outweigh the calls, few enough for
what is touched to stay in the cache."""
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

    def rank(block: _Block) -> None:
        scores = scorer.scores(block)
        best = _best(scores, min(top, len(kept)))
        value = np.take_along_axis(scores, best, axis=1)
        there, width = np.isfinite(value), best.shape[1]
        rows[block.members, :width] = np.where(there, kept[best], -1)
        totals[block.members, :width] = np.where(there, value, np.nan)

    # Whole blocks side by side keep every core busy; a product that spreads over the cores by
    # itself would leave them idle between products.
    with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(rank, scorer.blocks()))
    return BlockRanking(rows, totals)


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """Some readers whose profiles are whitened alike."""

    members: NDArray[np.int64]
    """Numbers of the readers (b,)."""
    spread: Matrix
    """Whitened columns (dim, n): profiles times this are the first part of the scores."""


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
        self.by_vector = Ratings(
            *decided(readers.liked, readers.disliked, pool.known), config.dislike_weight
        )
        self.by_words = Ratings(
            *decided(readers.liked, readers.disliked, None), config.dislike_weight
        )
        self.pool, self.columns = pool.solid, np.ascontiguousarray(columns.solid.T)
        self.alike = _with_nothing(len(pool), len(columns))
        np.matmul(self.pool, self.columns, out=self.alike[:-1])
        self.alike_words: Matrix | None = None
        if pool.words.nnz and columns.words.nnz and config.words_weight:
            self.alike_words = _with_nothing(len(pool), len(columns))
            (pool.words @ columns.words.T).toarray(out=self.alike_words[:-1])
        self.rated = columns_of(self.by_words.rated, pool.keys, columns.keys)
        ever = readers.liked if readers.disliked is None else readers.liked + readers.disliked
        self.barred = columns_of(ones_of(ever), pool.keys, columns.keys)

    def blocks(self) -> Iterator[_Block]:
        """Yield all readers that like a paper with a vector, block by block."""
        n_liked = self.by_vector.n_liked
        ridge = np.array([regularisation(int(n)) for n in n_liked])
        for _, a in REGULARISATION:
            spread = np.ascontiguousarray(self.whitening.profile(self.columns.T, a).T)
            group = np.flatnonzero((ridge == a) & (n_liked > 0))
            # Neighbours in a strip should have equally many liked papers.
            group = group[np.argsort(n_liked[group], kind="stable")]
            for start in range(0, len(group), BLOCK):
                yield _Block(group[start : start + BLOCK], spread)

    def scores(self, block: _Block) -> Matrix:
        """Return the totals of a block of readers (b, n_candidates), NaN for what they rated."""
        members = block.members
        weights = self.by_vector.weights[members]
        share = np.asarray(weights.sum(axis=1), dtype=np.float32)[:, None]
        offsets = weights @ self.pool - share * self.whitening.mean  # (b, dim)
        config, rated = self.config, self.rated[members].tocoo().coords
        total = _z(offsets @ block.spread, rated)  # (b, n)
        nearest = self._nearest(members, self.by_vector, self.alike)
        total += _z(nearest, rated, config.nearest_weight)
        if self.alike_words is not None:
            words = self.by_words.weights[members] @ self.alike_words[:-1]
            total += _z(words, rated, config.words_weight)
            nearest = self._nearest(members, self.by_words, self.alike_words)
            total += _z(nearest, rated, config.nearest_words_weight)
        scores: Matrix = standardise(total)
        scores[self.barred[members].tocoo().coords] = np.nan
        return scores[:, : self.n_candidates]

    def _nearest(self, members: NDArray[np.int64], ratings: Ratings, alike: Matrix) -> Matrix:
        """Return the mean of the three largest similarities to liked papers: (b, n)."""
        found = np.empty((len(members), alike.shape[1]), dtype=np.float32)

        for start in range(0, len(members), STRIP):
            strip = slice(start, start + STRIP)
            rows = ratings.padded(members[strip], len(alike) - 1)
            _top_mean_of_rows(alike, rows, found[strip])
        return found


def _z(values: Matrix, rated: tuple[NDArray[np.int64], ...], weight: float = 1.0) -> Matrix:
    """Return weighted z-scores (b, n); what a reader rated is unknown and does not count."""
    if len(rated[0]):
        values[rated] = np.nan
    z: Matrix = standardise(values)
    z *= np.float32(weight)
    return z


def _top_mean_of_rows(alike: Matrix, rows: NDArray[np.int64], out: Matrix) -> None:
    """Write to `out` (b, n) the mean of the three largest of the given rows, for each reader.

    Args:
        alike: (n_pool + 1, n) similarities; the last row is -inf throughout.
        rows: (b, most) rows of each reader, filled up with the last.
        out: (b, n).
    """
    columns = iter(rows.T)
    best = [np.take(alike, next(columns), axis=0)]
    row, low = np.empty_like(out), np.empty_like(out)
    for column in columns:
        np.take(alike, column, axis=0, out=row, mode="clip")
        for level in best[: NEAREST - 1]:
            np.minimum(level, row, out=low)
            np.maximum(level, row, out=level)
            row, low = low, row
        if len(best) < NEAREST:
            best.append(row.copy())
        else:
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


def _with_nothing(n_pool: int, n: int) -> Matrix:
    """Make room for similarities (n_pool + 1, n); the last row, -inf, stands for no paper."""
    alike = np.empty((n_pool + 1, n), dtype=np.float32)
    alike[-1] = -np.inf
    return alike
