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
from recommender.blend import DEFAULT_CONFIG, InterestConfig
from recommender.block_parts import best_columns, top_mean_of_rows, with_nothing, z_scores
from recommender.coreaders import CoReaders, Lent
from recommender.dislikes import NEAR
from recommender.errors import ModelMismatchError
from recommender.kernel import KernelView
from recommender.lexical import Sparse
from recommender.liked import NEAREST
from recommender.papers import Papers
from recommender.parts import REGULARISATION, regularisation, standardise
from recommender.ratings import Ratings, columns_of, decided, ones_of, padded
from recommender.vectors import Matrix

__all__ = ["BlockRanking", "BlockReaders", "rank_block"]

BLOCK = 1024
"""Readers whose scores are held at once by a thread: 6 MB for 1,500 candidates."""
STRIP = 128
"""Readers whose nearest papers are sought at once: enough to outweigh the calls, few enough for
what is touched to stay in the cache."""
THREADS = 2


@dataclass(frozen=True, slots=True, eq=False)
class BlockReaders:
    """Readers as rows over a shared pool of rated papers."""

    pool: Papers
    """Every paper that any of them rated."""
    liked: Sparse
    """csr (n_readers, n_pool), an entry for each liked paper; its value does not matter."""
    disliked: Sparse | None = None
    """The same for disliked papers."""
    keys: NDArray[np.int64] | None = None
    """Numbers of the readers (n_readers,) as co-readers have them; None when none of them lends."""


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
    landmarks: Matrix | None = None,
    coreaders: CoReaders | None = None,
    abstracts: bool = True,
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
        landmarks: papers of the stream for the kernel part (see `recommender.kernel`), float32
            (m, dim); None leaves it out.
        coreaders: readers who lend; None leaves their part out, and so does a day without kernel.
        abstracts: whether papers have abstracts, not titles only: words weigh accordingly.
        top: how many to return for each reader.
        config: the weights of the parts.

    Raises:
        ModelMismatchError: vectors of different dimensions.
    """
    if not (readers.pool.dim == candidates.dim == len(whitening.mean)):
        raise ModelMismatchError(f"{len(whitening.mean)} dimensions", "other dimensions")
    kept = np.flatnonzero(candidates.known)
    kept = kept[np.argsort(candidates.keys[kept], kind="stable")]
    day = _DayOf(candidates.take(kept), reference, abstracts, whitening, landmarks, coreaders)
    scorer = _Scorer(readers, day, config)
    n_readers = readers.liked.shape[0]
    rows = np.full((n_readers, top), -1, dtype=np.int64)
    totals = np.full((n_readers, top), np.nan, dtype=np.float32)

    def rank(block: _Block) -> None:
        scores = scorer.scores(block)
        best = best_columns(scores, min(top, len(kept)))
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


@dataclass(frozen=True, slots=True, eq=False)
class _DayOf:
    """What is ranked, and what it is measured against."""

    candidates: Papers
    """Those with a vector."""
    reference: Papers | None
    abstracts: bool
    whitening: Whitening
    landmarks: Matrix | None
    coreaders: CoReaders | None

    def columns(self) -> Papers:
        """Return the candidates and after them the reference, as far as it has vectors."""
        if self.reference is None:
            return self.candidates
        return self.candidates.followed_by(self.reference.take(self.reference.known))


class _Scorer:
    """Everything that all readers share, and the scores of one block of them after another."""

    def __init__(self, readers: BlockReaders, day: _DayOf, config: InterestConfig) -> None:
        columns, pool = day.columns(), readers.pool
        self.n_candidates, self.config = len(day.candidates), config
        self.whitening = day.whitening
        self.by_vector = Ratings(*decided(readers.liked, readers.disliked, pool.known))
        self.by_words = Ratings(*decided(readers.liked, readers.disliked, None))
        self.pool, self.columns = pool.solid, np.ascontiguousarray(columns.solid.T)
        self.alike = with_nothing(len(pool), len(columns))
        np.matmul(self.pool, self.columns, out=self.alike[:-1])
        self.abstracts = day.abstracts
        self.alike_words: Matrix | None = None
        if pool.words.nnz and columns.words.nnz:
            self.alike_words = with_nothing(len(pool), len(columns))
            (pool.words @ columns.words.T).toarray(out=self.alike_words[:-1])
        self._see(day, readers)
        self.liked = columns_of(self.by_words.liked, pool.keys, columns.keys)
        self.rated = columns_of(self.by_words.rated, pool.keys, columns.keys)
        ever = readers.liked if readers.disliked is None else readers.liked + readers.disliked
        self.barred = columns_of(ones_of(ever), pool.keys, columns.keys)

    def _see(self, day: _DayOf, readers: BlockReaders) -> None:
        """Prepare the kernel and what co-readers lend, where the day has them."""
        self.kernel: Matrix | None = None
        self.lent: Lent | None = None
        if day.landmarks is None:
            return
        view = KernelView.of(day.landmarks, np.ascontiguousarray(self.columns.T))
        self.kernel = np.empty((len(self.pool), len(view.columns)), dtype=np.float32)
        for start in range(0, len(self.pool), BLOCK):
            strip = slice(start, start + BLOCK)
            self.kernel[strip] = view.likeness(self.pool[strip])
        if day.coreaders is not None:
            self.lent, self.keys = day.coreaders.lend(view), readers.keys
            known = self.by_vector.liked
            self.shared = columns_of(known, readers.pool.keys, day.coreaders.pool.keys)

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
        total = standardise(self._from_liked(block))
        if self.lent is not None:
            total += self._from_lent(members)
            total = standardise(total)
        self._less_disliked(members, total)
        total[self.barred[members].tocoo().coords] = np.nan
        scores: Matrix = total[:, : self.n_candidates]
        return scores

    def _from_liked(self, block: _Block) -> Matrix:
        members = block.members
        liked, own = self.by_vector.mean_liked[members], self.liked[members].tocoo().coords
        weights = self.config.liked_weights(
            self.by_vector.n_liked[members],
            kernel=self.kernel is not None,
            abstracts=self.abstracts,
        )
        offsets = liked @ self.pool - self.whitening.mean  # (b, dim)
        total = z_scores(offsets @ block.spread, own, weights["centroid"])  # (b, n)
        if self.kernel is not None:
            total += z_scores(liked @ self.kernel, own, weights["kernel"])
        nearest = self._nearest(members, self.by_vector.liked, self.alike)
        total += z_scores(nearest, own, weights["nearest"])
        if self.alike_words is not None:
            words = self.by_words.mean_liked[members] @ self.alike_words[:-1]
            total += z_scores(words, own, weights["words"])
            if weights["nearest_words"].any():
                nearest = self._nearest(members, self.by_words.liked, self.alike_words)
                total += z_scores(nearest, own, weights["nearest_words"])
        return total

    def _from_lent(self, members: NDArray[np.int64]) -> Matrix:
        assert self.lent is not None
        keys = None if self.keys is None else self.keys[members]
        found, covered = self.lent.block(self.shared[members], keys)
        n_liked = self.by_vector.n_liked[members]
        weights = self.config.lent_weight(n_liked, covered / np.maximum(n_liked, 1))
        return z_scores(found, self.liked[members].tocoo().coords, weights)

    def _less_disliked(self, members: NDArray[np.int64], total: Matrix) -> None:
        """Lower what is near a disliked paper, in place."""
        disliked = self.by_vector.disliked
        who = np.flatnonzero(np.diff(disliked.indptr)[members] > 0)
        if len(who) == 0:
            return
        some = members[who]
        nearest = self._nearest(some, disliked, self.alike, 1)
        over = np.nan_to_num(z_scores(nearest, self.rated[some].tocoo().coords)) - np.float32(NEAR)
        total[who] -= np.float32(self.config.dislike_weight) * np.maximum(over, 0)

    def _nearest(
        self, members: NDArray[np.int64], ones: Sparse, alike: Matrix, k: int = NEAREST
    ) -> Matrix:
        """Return the mean of the k largest similarities to the papers of each reader: (b, n)."""
        found = np.empty((len(members), alike.shape[1]), dtype=np.float32)

        for start in range(0, len(members), STRIP):
            strip = slice(start, start + STRIP)
            rows = padded(ones, members[strip], len(alike) - 1)
            top_mean_of_rows(alike, rows, found[strip], k)
        return found
