"""The same scores for many readers at once, in blocks of matrix products.

Gives each reader the order that an `InterestModel` of their liked and disliked papers would,
without parts and reasons; prose, keywords, mutes and sections belong to the one-reader path.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.background import Whitening
from recommender.blend import DEFAULT_CONFIG, InterestConfig
from recommender.block_parts import best_columns
from recommender.block_scores import Block, BlockDay, BlockReaders, BlockScorer
from recommender.coreaders import CoReaders
from recommender.cores import one_core
from recommender.errors import ModelMismatchError
from recommender.kernel import KernelView
from recommender.papers import Papers
from recommender.vectors import Matrix

__all__ = ["BlockRanking", "BlockReaders", "rank_block"]

THREADS = 2


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
    where the papers have lexical rows. Memory: `pool x candidates` float32, twice with a kernel,
    and one block a thread. Papers that a reader rated are left out; so are candidates without a
    vector.

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
    columns = candidates.take(kept)
    if reference is not None:
        columns = columns.followed_by(reference.take(reference.known))
    view = None if landmarks is None else KernelView.of(landmarks, columns.vectors)
    lent = None if view is None or coreaders is None else coreaders.lend(view)
    day = BlockDay(len(kept), columns, abstracts, whitening, view, lent)
    n_readers, width = readers.liked.shape[0], min(top, len(kept))
    rows = np.full((n_readers, top), -1, dtype=np.int64)
    totals = np.full((n_readers, top), np.nan, dtype=np.float32)

    # Whole blocks side by side keep every core busy; a product that spreads over the cores by
    # itself would leave them idle between products.
    with one_core(), ThreadPoolExecutor(THREADS) as threads:
        scorer = BlockScorer(readers, day, config, threads)

        def rank(block: Block) -> None:
            scores = scorer.scores(block)
            best = best_columns(scores, width)
            value = np.take_along_axis(scores, best, axis=1)
            there = np.isfinite(value)
            rows[block.members, :width] = np.where(there, kept[best], -1)
            totals[block.members, :width] = np.where(there, value, np.nan)

        list(threads.map(rank, scorer.blocks()))
    return BlockRanking(rows, totals)
