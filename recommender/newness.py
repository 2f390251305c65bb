"""How far a paper lies from everything announced before it, as a percentile of the stream's own.

    distance   = 1 - mean cosine to the 10 nearest of the earlier papers, about their mean
    percentile = 100 * (papers of the stream less far + half of those as far) / papers compared

The stream's own papers are measured in the same way, each block against as many papers before it,
so that half of an ordinary day stands above 50 whatever the store's size. Cosines are of vectors
less the mean of the earlier papers: plain ones make every paper of a small field look new.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.errors import ModelMismatchError
from recommender.vectors import Matrix, is_known, unit_rows

__all__ = ["Novelty", "NoveltyConfig", "novelty"]

Column = NDArray[np.float64]

BLOCK = 512
"""Papers that are compared with all earlier ones at a time; bounds the memory."""


@dataclass(frozen=True, slots=True)
class NoveltyConfig:
    """What counts as near, and what is compared."""

    nearest: int = 10
    """Earlier papers that the distance is a mean of. Against two random halves of the stream before
    it, a paper's places correlate at .59 with one, .86 with ten and .90 with twenty."""
    evidence: int = 3
    """Nearest earlier papers that are named."""
    least: int = 200
    """Earlier papers with vectors below which nothing is said."""
    compared: float = 0.25
    """Share of the earlier papers, the newest, whose distances make the scale."""

    def __post_init__(self) -> None:
        n_compared = int(self.least * self.compared)
        places = 1 <= self.evidence <= self.nearest <= self.least - n_compared
        if not (0 < self.compared < 1 and n_compared >= 1 and places):
            raise ValueError(
                f"a scale of at least one paper, more earlier papers than nearest, and no fewer "
                f"nearest than named, not {self}"
            )


DEFAULT_CONFIG = NoveltyConfig()


@dataclass(frozen=True, slots=True, eq=False)
class Novelty:
    """How new some papers are, and which earlier ones are nearest."""

    distance: Column
    """Mean cosine distance to the nearest earlier papers (n,), 0 to 2; NaN where unknown."""
    percentile: Column
    """Share of the stream's papers that were less far from what came before them (n,), 0 to 100
    with one decimal; NaN where unknown."""
    keys: NDArray[np.int64]
    """Nearest earlier papers, nearest first (n, evidence); -1 where unknown."""
    cosines: Column
    """Their cosines about the mean (n, evidence), -1 to 1; NaN where unknown."""


def novelty(
    vectors: Matrix,
    earlier: Matrix,
    keys: NDArray[np.int64],
    config: NoveltyConfig = DEFAULT_CONFIG,
) -> Novelty:
    """Measure papers against those announced before them.

    Args:
        vectors: rows of the papers, float32 (n, dim); NaN where unknown.
        earlier: rows of the earlier papers, newest first, (m, dim); NaN rows are passed over.
        keys: of the earlier papers (m,).
        config: what counts as near.

    Raises:
        ModelMismatchError: the two kinds of vectors differ in dimension.
        ValueError: there is not one key for each earlier paper.
    """
    if vectors.shape[1] != earlier.shape[1]:
        raise ModelMismatchError(f"{earlier.shape[1]} dimensions", f"{vectors.shape[1]} dimensions")
    if len(keys) != len(earlier):
        raise ValueError(f"{len(keys)} keys for {len(earlier)} earlier papers")
    before = unit_rows(earlier)
    usable = is_known(before)
    before, keys = before[usable], np.asarray(keys, dtype=np.int64)[usable]
    found = _unknown(len(vectors), config.evidence)
    if len(before) < config.least:
        return found
    centre = before.mean(axis=0)
    # A paper that is the mean itself points nowhere: among the papers it is unknown, among the
    # earlier ones it is near nothing.
    papers = unit_rows(unit_rows(vectors) - centre)
    before = np.nan_to_num(unit_rows(before - centre))
    known = is_known(papers)
    n_compared = int(len(before) * config.compared)
    # As many earlier papers for those as for these: with more of them everything is nearer.
    n_history = len(before) - n_compared
    scale = _nearest(before[:n_compared], before[n_compared:], config.nearest)[1]
    rows, cosines = _nearest(papers[known], before[:n_history], config.nearest)
    found.distance[known] = _distance(cosines)
    found.percentile[known] = _percentile(found.distance[known], _distance(scale))
    found.keys[known] = keys[rows[:, : config.evidence]]
    found.cosines[known] = cosines[:, : config.evidence]
    return found


def _unknown(n: int, evidence: int) -> Novelty:
    return Novelty(
        distance=np.full(n, np.nan),
        percentile=np.full(n, np.nan),
        keys=np.full((n, evidence), -1, dtype=np.int64),
        cosines=np.full((n, evidence), np.nan),
    )


def _nearest(papers: Matrix, before: Matrix, k: int) -> tuple[NDArray[np.int64], Column]:
    """Return rows and cosines of the nearest earlier papers (n, k), nearest first."""
    rows = np.empty((len(papers), k), dtype=np.int64)
    cosines = np.empty((len(papers), k))
    for start in range(0, len(papers), BLOCK):
        here = slice(start, start + BLOCK)
        block = papers[here] @ before.T
        some = np.argpartition(-block, k - 1, axis=1)[:, :k]
        near = np.take_along_axis(block, some, axis=1)
        order = np.lexsort((some, -near), axis=1)
        rows[here] = np.take_along_axis(some, order, axis=1)
        cosines[here] = np.take_along_axis(near, order, axis=1)
    return rows, np.clip(cosines, -1.0, 1.0)


def _distance(cosines: Column) -> Column:
    distance: Column = 1.0 - cosines.mean(axis=1)
    return distance


def _percentile(distance: Column, scale: Column) -> Column:
    ordered = np.sort(scale)
    below = np.searchsorted(ordered, distance, side="left")
    up_to = np.searchsorted(ordered, distance, side="right")
    shares: Column = np.round(50.0 * (below + up_to) / len(ordered), 1)
    return shares
