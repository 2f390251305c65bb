"""Whether a reader's liked papers are several interests rather than one, and what to call them.

Finds clear clusters only: a coherent interest stays whole, and so does one that merely frays. Does
not change any interest.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommender.lexical import Lexicon
from recommender.papers import PaperFacts, Papers
from recommender.terms import telling_words
from recommender.vectors import Matrix, unit_rows

__all__ = ["ClusterConfig", "Clusters", "cluster_words", "find_clusters", "silhouette"]

Rows = NDArray[np.int64]
Column = NDArray[np.float64]

STARTS = 8
"""First papers that k-means is started from, spread evenly over all that may be one."""
DENSE_SHARE = 0.75
"""Share of the papers that may start a cluster: not those that are far from all others."""
NEIGHBOURS = 3
MAX_PAPERS = 1_500
"""Papers that are compared with each other; of more, as many spread evenly over all."""


@dataclass(frozen=True, slots=True)
class ClusterConfig:
    """When papers count as several interests."""

    least: int = 6
    """Papers that every cluster has at the least."""
    most: int = 5
    """Clusters at the most."""
    clearness: float = 0.2
    """Mean silhouette from which on clusters are clear."""
    alike: float = 0.3
    """Highest cosine of the means of two clusters, once the stream's mean is taken off: parts of
    one interest differ from all other papers in the same way.

    Both were chosen on the papers of 1,009 authors with 12 to 30 each (arXiv, 2025 and 2026): 7 %
    of them would be divided, namesakes among them; of the 63 whose papers all hang together by
    their coauthors four. Of 44 pairs of authors of fields apart (cosine of their means below -0.3)
    48 % are told apart, with 93 % of the papers right."""
    rounds: int = 50
    """Of k-means at the most; a few hundred papers settle in about ten."""


DEFAULT_CONFIG = ClusterConfig()


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """What was found."""

    of: Rows
    """Cluster of each paper (n,), the largest first from 0 on; -1 for papers without a vector. All
    0 where the papers are one interest."""
    clearness: float
    """Mean silhouette of the best division, -1 to 1; NaN where there are too few papers."""

    def __len__(self) -> int:
        return int(self.of.max(initial=-1)) + 1


def find_clusters(
    vectors: Matrix, mean: Matrix, config: ClusterConfig = DEFAULT_CONFIG
) -> Clusters:
    """Divide papers into the clear clusters that they fall into, or leave them together.

    Spherical k-means on what distinguishes the papers from the stream's mean, for every number of
    clusters, from several fixed starts; the division with the best silhouette is taken if it is
    clear. Nothing is drawn at random, and the order of the papers does not matter.

    Args:
        vectors: (n, dim) unit rows, NaN where unknown.
        mean: the stream's mean (dim,), see `recommender.background.Whitening`.
        config: when clusters count.
    """
    there = np.asarray(vectors.any(axis=1), dtype=np.bool_)
    units = unit_rows(np.where(there[:, None], vectors - mean, np.nan))
    known = np.flatnonzero(np.isfinite(units).all(axis=1))
    spread = np.linspace(0, len(known) - 1, num=min(len(known), MAX_PAPERS))
    few = units[known[spread.round().astype(np.int64)]]
    best, clearest = _clearest(few, config)
    of = np.full(len(units), -1, dtype=np.int64)
    of[known] = 0
    if clearest >= config.clearness:
        best = _largest_first(best)
        of[known] = best if len(few) == len(known) else _nearest(units[known], _means(few, best))
    return Clusters(of, clearest)


def _clearest(units: Matrix, config: ClusterConfig) -> tuple[Rows, float]:
    """Return the division of unit rows (n, dim) with the best silhouette, and this; NaN if none."""
    best, clearest = np.zeros(len(units), dtype=np.int64), float("nan")
    cosines = np.clip(units @ units.T, -1.0, 1.0)
    for k in range(2, min(config.most, len(units) // config.least) + 1):
        for start in _starts(cosines):
            found = _k_means(units, _seeds(cosines, start, k), config.rounds)
            if not _are_apart(units, found, k, config):
                continue
            clearness = float(silhouette(1.0 - cosines, found).mean())
            if not clearness <= clearest:
                best, clearest = found, clearness
    return best, clearest


def silhouette(distances: NDArray[np.floating], of: Rows) -> Column:
    """Return how much nearer each paper is to its own cluster than to the next: (n,), -1 to 1.

    `(b - a) / max(a, b)`, where a is the mean distance to the others of its cluster and b the least
    mean distance to another cluster; 0 for a cluster's only paper, and where all are in one.

    Args:
        distances: (n, n), not negative, zero from a paper to itself.
        of: number of each paper's cluster (n,), from 0 on.

    Source: Rousseeuw, Journal of Computational and Applied Mathematics 20 (1987).
    """
    n, sizes = len(of), np.bincount(of)
    member = (of[:, None] == np.arange(len(sizes))).astype(np.float64)  # (n, n_clusters)
    sums = distances.astype(np.float64) @ member
    own = sums[np.arange(n), of] / np.maximum(sizes[of] - 1, 1)
    # An empty cluster is next to nothing.
    means = np.where(sizes > 0, sums / np.maximum(sizes, 1), np.inf)
    means[np.arange(n), of] = np.inf
    other = means.min(axis=1, initial=np.inf)
    scale = np.maximum(own, other)
    single = (sizes[of] == 1) | ~np.isfinite(other) | (scale <= 0)
    width: Column = np.where(
        single, 0.0, (np.where(single, 0.0, other) - own) / np.where(single, 1.0, scale)
    )
    return width


def cluster_words(
    papers: Papers, of: Rows, facts: Sequence[PaperFacts], lexicon: Lexicon
) -> tuple[tuple[str, ...], ...]:
    """Return for each cluster up to four terms that set it apart, weightiest first.

    Those that its papers have more of, and more of its papers have, than is so in any other
    cluster, spelt as its papers spell them; none where its papers share no word.

    Args:
        papers: the papers that were divided.
        of: the cluster of each (n,), -1 for none.
        facts: one per paper.
        lexicon: the one that made the lexical rows.
    """
    weights = [
        _common_words(papers.take(of == number)) for number in range(int(of.max(initial=-1)) + 1)
    ]
    found = []
    for number, weight in enumerate(weights):
        others = [other for place, other in enumerate(weights) if place != number]
        apart = np.maximum(weight - np.max(others, axis=0, initial=0.0), 0.0)
        members = [facts[row] for row in np.flatnonzero(of == number).tolist()]
        found.append(telling_words(csr_array(weight[None]), apart, _all_of(members), lexicon))
    return tuple(found)


def _common_words(papers: Papers) -> NDArray[np.float32]:
    """Return the mean weight of each term (n_terms,), times the share of papers that have it.

    By the mean alone a rare word of one paper would outweigh what all of them speak of.
    """
    n = max(len(papers), 1)
    share = np.bincount(papers.words.indices, minlength=papers.n_terms) / n
    mean = np.asarray(papers.words.sum(axis=0)) / n
    return np.asarray(mean * share, dtype=np.float32)


def _all_of(facts: Sequence[PaperFacts]) -> PaperFacts:
    """Return several papers as one, whose spelling is that of most of them."""
    return PaperFacts(
        " . ".join(fact.title for fact in facts), " . ".join(fact.abstract for fact in facts)
    )


def _starts(cosines: NDArray[np.floating]) -> list[int]:
    """Return papers to start from, the loneliest left out, spread from the densest on."""
    order = _densest_first(cosines)
    places = np.linspace(0, len(order) - 1, num=min(STARTS, len(order)))
    return [int(order[place]) for place in np.unique(places.round().astype(np.int64))]


def _densest_first(cosines: NDArray[np.floating]) -> Rows:
    """Return the papers that may start a cluster, those with the nearest neighbours first."""
    near = min(NEIGHBOURS + 1, len(cosines))
    density = np.sort(cosines, axis=1)[:, -near:].sum(axis=1)
    dense = np.argsort(-density, kind="stable")[: max(1, round(DENSE_SHARE * len(cosines)))]
    return np.asarray(dense, dtype=np.int64)


def _seeds(cosines: NDArray[np.floating], start: int, k: int) -> Rows:
    """Return k papers, each of them the farthest from those before it."""
    dense = _densest_first(cosines)
    seeds = [start]
    while len(seeds) < k:
        seeds.append(int(dense[np.argmin(cosines[dense][:, seeds].max(axis=1))]))
    return np.array(seeds, dtype=np.int64)


def _k_means(units: Matrix, seeds: Rows, rounds: int) -> Rows:
    """Return the cluster of each unit row (n,), started from some of the rows."""
    of = _nearest(units, units[seeds])
    for _ in range(rounds):
        if np.bincount(of, minlength=len(seeds)).min() == 0:
            # A cluster that lost all its papers comes to nothing; another start will do better.
            return of
        moved = _nearest(units, _means(units, of))
        if np.array_equal(moved, of):
            break
        of = moved
    return of


def _means(units: Matrix, of: Rows) -> Matrix:
    """Return the direction of every cluster (n_clusters, dim), none of which is empty."""
    sums = [units[of == number].sum(axis=0) for number in range(int(of.max()) + 1)]
    return unit_rows(np.stack(sums))


def _nearest(units: Matrix, centres: Matrix) -> Rows:
    """Return the nearest of the centres (n_clusters, dim) for each unit row: (n,)."""
    return np.asarray(np.argmax(units @ centres.T, axis=1), dtype=np.int64)


def _are_apart(units: Matrix, of: Rows, k: int, config: ClusterConfig) -> bool:
    """Tell whether k clusters are large enough, and no two of them alike."""
    if np.bincount(of, minlength=k).min() < config.least:
        return False
    means = _means(units, of)
    return bool((means @ means.T)[np.triu_indices(k, 1)].max() <= config.alike)


def _largest_first(of: Rows) -> Rows:
    """Renumber clusters by falling size, equal ones in the order of their numbers."""
    order = np.argsort(-np.bincount(of), kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return np.asarray(place[of], dtype=np.int64)
