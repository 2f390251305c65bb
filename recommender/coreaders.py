"""What other readers lend: whoever liked the same papers tells what else one may like.

A reader's few liked papers are extended by what co-readers of these papers liked besides, and a
day's papers are compared with the extended profile. Never tells who liked what.
"""

import functools
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_array, diags_array

from recommender.kernel import KernelView
from recommender.lexical import Sparse
from recommender.metric import shared_taste
from recommender.papers import Papers
from recommender.ratings import ones_of
from recommender.vectors import Matrix

__all__ = ["MAX_READERS", "MIN_READERS", "NOBODY", "CoReaders", "Lent"]

Keys = NDArray[np.int64]

NOBODY = -1
"""The key of a reader who is none of the co-readers."""
MIN_READERS = 100
"""Fewer lend too little to be heard."""
MAX_READERS = 4_000
"""Those with the most liked papers lend; the solution is cubic in their number."""
MIN_LIKES = 2
RARITY_POWER = 0.5
"""A paper that many liked says less: it weighs `popularity ** -0.5`."""
RIDGE = 1.0
"""Of the regression over readers; 3 is a little better for one liked paper, worse from ten on."""
TASTE_WEIGHT = 0.5
"""Of the metric of shared taste beside the kernel, both at equal spread."""
TINY = np.float32(1e-30)
STRIP = 2_048
"""Papers compared with the day's at once: 16 MB for 2,000 columns."""


@dataclass(frozen=True, eq=False)
class CoReaders:
    """Readers as unit rows over the papers that they liked."""

    pool: Papers
    """Every paper that one of them liked, by ascending key."""
    rarity: Matrix
    """Weight of each paper of the pool (n_pool,)."""
    rows: Sparse
    """csr float32 (n_readers, n_pool), unit length."""
    keys: Keys
    """The caller's own numbers for the readers (n_readers,); nobody lends to themselves."""
    metric: Matrix
    """What they like together, as a metric of embeddings (dim, dim), see `recommender.metric`."""

    @classmethod
    def of(
        cls, likes: Sparse, pool: Papers, keys: Keys | None = None, *, at_most: int = MAX_READERS
    ) -> Self | None:
        """Return the readers who can lend; None when they are too few.

        Args:
            likes: csr (n_readers, n_pool), an entry for each liked paper.
            pool: those papers; what has no vector is left out.
            keys: of the readers (n_readers,), zero or more; None where none of them is going to be
                scored.
            at_most: so many readers, those with the most liked papers.
        """
        kept = np.flatnonzero(pool.known)
        kept = kept[np.argsort(pool.keys[kept], kind="stable")]
        ones = ones_of(csr_array(likes)[:, kept])
        n_liked = np.diff(ones.indptr)
        chosen = np.argsort(-n_liked, kind="stable")[:at_most]
        chosen = np.sort(chosen[n_liked[chosen] >= MIN_LIKES])
        if len(chosen) < MIN_READERS:
            return None
        ones = csr_array(ones[chosen])
        popularity = ones.sum(axis=0)
        # What only others liked is shared with nobody.
        liked = np.flatnonzero(popularity)
        ones, popularity, kept = csr_array(ones[:, liked]), popularity[liked], kept[liked]
        rarity = (popularity**-RARITY_POWER).astype(np.float32)
        weighed = csr_array(ones @ diags_array(rarity))
        length = np.sqrt(weighed.multiply(weighed).sum(axis=1)).astype(np.float32)
        rows = csr_array(diags_array(1 / length) @ weighed)
        papers = pool.take(kept)
        names = np.full(len(chosen), NOBODY) if keys is None else np.asarray(keys)[chosen]
        metric = shared_taste(rows, papers.vectors, popularity)
        return cls(papers, rarity, rows, names, metric)

    @property
    def unshared(self) -> NDArray[np.bool_]:
        """Which papers of the pool (n_pool,) one reader alone likes."""
        return np.asarray(self.rarity == 1, dtype=np.bool_)

    @functools.cached_property
    def by_paper(self) -> Sparse:
        """Who likes each paper: csr (n_pool, n_readers), the rows turned round."""
        return csr_array(self.rows.T)

    def shared(self, places: NDArray[np.int64]) -> Matrix:
        """Return how much each of them shares with who likes some papers of the pool: (n_readers,).

        What `rows` gives times the papers' rarities, by their entries alone.
        """
        starts = self.by_paper.indptr[places]
        counts = self.by_paper.indptr[places + 1] - starts
        first = np.repeat(starts - np.cumsum(counts) + counts, counts)
        entries = first + np.arange(len(first))
        weights = self.by_paper.data[entries] * np.repeat(self.rarity[places], counts)
        who = self.by_paper.indices[entries]
        return np.bincount(who, weights, minlength=len(self.keys)).astype(np.float32)

    def lend(self, view: KernelView) -> "Lent":
        """Return what they lend to the columns of a day; once a day, O(n_readers^3)."""
        seen = self._seen(view)
        alike = (self.rows @ self.rows.T).toarray()
        alike[np.diag_indices(len(alike))] += np.float32(RIDGE)
        factor = cho_factor(alike, lower=True, overwrite_a=True, check_finite=False)
        scores = cho_solve(factor, seen, overwrite_b=True, check_finite=False)
        return Lent(self, np.ascontiguousarray(scores, dtype=np.float32))

    def _seen(self, view: KernelView) -> Matrix:
        """Return how alike the columns and what each reader liked are: (n_readers, n)."""
        by_text = np.zeros((self.rows.shape[0], len(view.columns)), dtype=np.float32)
        for start in range(0, len(self.pool), STRIP):
            strip = slice(start, start + STRIP)
            by_text += csr_array(self.by_paper[strip].T) @ view.likeness(self.pool.vectors[strip])
        mean = self.pool.vectors.mean(axis=0)
        profiles = self.rows @ (self.pool.vectors - mean)
        by_taste = profiles @ self.metric @ (view.columns - mean).T
        known = view.columns.any(axis=1)
        if known.any():
            # What has no vector gets no score, so it should not shape those of the others.
            evened = by_text[:, known].std() / max(by_taste[:, known].std(), TINY)
            by_text += np.float32(TASTE_WEIGHT) * evened * by_taste
        return by_text


@dataclass(frozen=True, slots=True, eq=False)
class Lent:
    """What co-readers make of a day's papers."""

    readers: CoReaders
    scores: Matrix
    """Of each of them on each column, float32 (n_readers, n)."""

    def score(
        self, liked: NDArray[np.int64], reader: int = NOBODY
    ) -> tuple[NDArray[np.float64], float]:
        """Score the columns for whoever likes the papers of these keys.

        Args:
            liked: keys of papers.
            reader: key of who likes them, if that can be one of the co-readers.

        Returns:
            Scores (n,), zero where nobody shares a paper; and the share of the liked papers that a
            co-reader likes too, 0 to 1.
        """
        known = self.readers
        place = _places(liked, known.pool.keys)
        shared, covered = known.shared(place), len(place)
        if reader != NOBODY and (known.keys == reader).any():
            shared[known.keys == reader] = 0
            covered -= int(known.unshared[place].sum())
        who = np.flatnonzero(shared)
        row = csr_array((shared[who], who, [0, len(who)]), shape=(1, len(shared)))
        return (row @ self.scores)[0].astype(np.float64), covered / max(len(liked), 1)

    def block(self, liked: Sparse, readers: Keys | None = None) -> tuple[Matrix, Keys]:
        """Score the columns for many readers at once.

        Args:
            liked: csr (b, n_pool), ones over the co-readers' pool.
            readers: their keys (b,), `NOBODY` for who is no co-reader; None when nobody is.

        Returns:
            Scores float32 (b, n), and how many liked papers of each have a co-reader (b,).
        """
        known = self.readers
        shared = csr_array(liked @ diags_array(known.rarity)) @ known.by_paper
        found: Matrix = shared @ self.scores
        covered = np.diff(liked.indptr).astype(np.int64)
        if readers is None:
            return found, covered
        # Nobody lends to themselves: it would echo, and carry one interest into another.
        who, self_ = np.nonzero((readers[:, None] == known.keys) & (readers != NOBODY)[:, None])
        own = shared[who].toarray()[np.arange(len(who)), self_]
        found[who] -= own[:, None] * self.scores[self_]
        covered[who] -= (liked[who] @ known.unshared.astype(np.float32)).astype(np.int64)
        return found, covered


def _places(keys: Keys, pool: Keys) -> NDArray[np.int64]:
    """Return where these keys are in an ascending pool, those that are, each once."""
    places = np.searchsorted(pool, keys)
    places = places[places < len(pool)]
    return np.unique(places[np.isin(pool[places], keys)])
