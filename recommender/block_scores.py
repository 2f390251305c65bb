"""What a day's papers score for whole blocks of readers.

Compares the pool of rated papers with the day once and scores one block after another; orders
nothing.
"""

from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.background import Whitening
from recommender.blend import InterestConfig
from recommender.block_parts import Places, top_mean_of_rows, with_nothing, z_scores
from recommender.coreaders import Lent
from recommender.dislikes import NEAR
from recommender.kernel import KernelView
from recommender.knockout import KnockOut
from recommender.lexical import Sparse
from recommender.liked import NEAREST
from recommender.papers import Papers
from recommender.parts import REGULARISATION
from recommender.ratings import Ratings, columns_of, decided, ones_of, padded
from recommender.vectors import Matrix

__all__ = ["BLOCK", "Block", "BlockDay", "BlockReaders", "BlockScorer"]

BLOCK = 512
"""Readers whose scores are held at once by a thread: 3 MB for 1,500 candidates."""
STRIP = 192_000
"""Similarities compared at once when nearest papers are sought: with fewer the threads wait for the
interpreter, with more for memory."""


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
class BlockDay:
    """What is ranked, and what it is measured against."""

    n_candidates: int
    columns: Papers
    """The candidates and after them the reference, all of them with a vector."""
    abstracts: bool
    whitening: Whitening
    kernel: KernelView | None = None
    """The columns before the stream."""
    lent: Lent | None = None
    """What co-readers make of the columns."""


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Some readers whose profiles are whitened alike."""

    members: NDArray[np.int64]
    """Numbers of the readers (b,)."""
    spread: Matrix
    """Whitened columns (dim, n): profiles times this are the first part of the scores."""


class BlockScorer:
    """Everything that all readers share, and the scores of one block of them after another.

    Args:
        readers: who rated what.
        day: what is ranked.
        config: the weights of the parts.
        threads: share the comparison of the pool with the day.
    """

    def __init__(
        self, readers: BlockReaders, day: BlockDay, config: InterestConfig, threads: Executor
    ) -> None:
        columns, pool = day.columns, readers.pool
        self.day, self.config, self.keys = day, config, readers.keys
        self.by_vector = Ratings(*decided(readers.liked, readers.disliked, pool.known))
        self.by_words = self.by_vector
        if not pool.known.all():
            self.by_words = Ratings(*decided(readers.liked, readers.disliked, None))
        self.pool, self.columns = pool.solid, np.ascontiguousarray(columns.solid.T)
        self.alike, self.kernel = _compare(self.pool, self.columns, day.kernel, threads)
        self.alike_words = _compare_words(pool, columns)
        if day.lent is not None:
            lenders = day.lent.readers.pool.keys
            self.shared = columns_of(self.by_vector.liked, pool.keys, lenders)
        self.liked = columns_of(self.by_words.liked, pool.keys, columns.keys)
        self.rated = columns_of(self.by_words.rated, pool.keys, columns.keys)
        ever = readers.liked if readers.disliked is None else readers.liked + readers.disliked
        self.barred = columns_of(ones_of(ever), pool.keys, columns.keys)

    def blocks(self) -> Iterator[Block]:
        """Yield all readers that like a paper with a vector, block by block."""
        n_liked = self.by_vector.n_liked
        ends = [*(least for least, _ in REGULARISATION[1:]), np.inf]
        for (least, a), end in zip(REGULARISATION, ends, strict=True):
            spread = np.ascontiguousarray(self.day.whitening.profile(self.columns.T, a).T)
            group = np.flatnonzero((least <= n_liked) & (n_liked < end))
            # Neighbours in a strip should have equally many liked papers.
            group = group[np.argsort(n_liked[group], kind="stable")]
            for start in range(0, len(group), BLOCK):
                yield Block(group[start : start + BLOCK], spread)

    def scores(self, block: Block) -> Matrix:
        """Return the totals of a block of readers (b, n_candidates), -inf for what they rated."""
        members = block.members
        own = _coordinates(self.liked, members)
        total = z_scores(self._from_liked(block, own), own)
        if self.day.lent is not None:
            total += self._from_lent(self.day.lent, members, own)
            z_scores(total, own)
        self._less_disliked(members, total)
        total[_coordinates(self.barred, members)] = -np.inf
        scores: Matrix = total[:, : self.day.n_candidates]
        return scores

    def _from_liked(self, block: Block, own: Places) -> Matrix:
        members = block.members
        liked = self.by_vector.mean_liked[members]
        weights = self.config.liked_weights(
            self.by_vector.n_liked[members],
            kernel=self.kernel is not None,
            abstracts=self.day.abstracts,
        )
        offsets = liked @ self.pool - self.day.whitening.mean  # (b, dim)
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

    def _from_lent(self, lent: Lent, members: NDArray[np.int64], own: Places) -> Matrix:
        keys = None if self.keys is None else self.keys[members]
        found, covered = lent.block(self.shared[members], keys)
        n_liked = self.by_vector.n_liked[members]
        weights = self.config.lent_weight(n_liked, covered / np.maximum(n_liked, 1))
        return z_scores(found, own, weights)

    def _less_disliked(self, members: NDArray[np.int64], total: Matrix) -> None:
        """Lower what is near a disliked paper, in place."""
        disliked = self.by_vector.disliked
        who = np.flatnonzero(np.diff(disliked.indptr)[members] > 0)
        if len(who) == 0:
            return
        some = members[who]
        nearest = self._nearest(some, disliked, self.alike, 1)
        over = z_scores(nearest, _coordinates(self.rated, some))
        over -= np.float32(NEAR)
        total[who] -= np.float32(self.config.dislike_weight) * np.maximum(over, 0)

    def _nearest(
        self, members: NDArray[np.int64], ones: Sparse, alike: Matrix, k: int = NEAREST
    ) -> Matrix:
        """Return the mean of the k largest similarities to the papers of each reader: (b, n)."""
        n = alike.shape[1]
        found = np.empty((len(members), n), dtype=np.float32)
        step, game = max(STRIP // max(n, 1), 1), KnockOut(k)
        for start in range(0, len(members), step):
            strip = slice(start, start + step)
            rows = padded(ones, members[strip], len(alike) - 1)
            top_mean_of_rows(alike, rows, found[strip], k, game)
        return found


def _compare(
    pool: Matrix, columns: Matrix, view: KernelView | None, threads: Executor
) -> tuple[Matrix, Matrix | None]:
    """Return how alike a pool (n_pool, dim) and columns (dim, n) are: cosines and kernel.

    Cosines (n_pool + 1, n) end with the row of nothing; the kernel is (n_pool, n).
    """
    alike = with_nothing(len(pool), columns.shape[1])
    kernel = None if view is None else np.empty((len(pool), columns.shape[1]), dtype=np.float32)

    def compare(start: int) -> None:
        end = min(start + BLOCK, len(pool))
        np.matmul(pool[start:end], columns, out=alike[start:end])
        if view is not None and kernel is not None:
            kernel[start:end] = view.likeness(pool[start:end], alike[start:end])

    list(threads.map(compare, range(0, len(pool), BLOCK)))
    return alike, kernel


def _compare_words(pool: Papers, columns: Papers) -> Matrix | None:
    """Return lexical cosines (n_pool + 1, n) with the row of nothing; None without any words."""
    if not (pool.words.nnz and columns.words.nnz):
        return None
    alike = with_nothing(len(pool), len(columns))
    (pool.words @ columns.words.T).toarray(out=alike[:-1])
    return alike


def _coordinates(ones: Sparse, members: NDArray[np.int64]) -> Places:
    """Return where the rows of some readers have an entry, counted among them."""
    if ones.nnz == 0:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    places: Places = ones[members].tocoo().coords
    return places
