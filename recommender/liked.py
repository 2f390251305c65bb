"""What liked papers say about candidates, part by part, and what each of them contributes.

Every part is a mean or a mean of the nearest over liked papers, so that
it can be split among them again. Knows no words of the reader's and no dislikes.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from recommender.background import Whitening
from recommender.blend import InterestConfig
from recommender.papers import Candidates, Papers
from recommender.parts import Floats, regularisation, top_mean
from recommender.vectors import Matrix

__all__ = ["NEAREST", "LikedPapers", "Likeness", "mean_words"]

Column = NDArray[np.float64]

NEAREST = 3
"""So many nearest liked papers count in a mean of the nearest."""


@dataclass(frozen=True, slots=True, eq=False)
class Likeness:
    """How alike liked papers and a pool are, in one respect."""

    column: Column
    """(n_pool,), NaN where unknown."""
    shares: Callable[[int], Column]
    """Of a row of the pool: what each liked paper gives to its value (n_liked,), but for
    what all share."""
    slope: float = 0.0
    """What a unit of `column` is worth in the part of a score made from it."""

    def scaled(self, part: Column) -> "Likeness":
        """Return the same with its slope.

        Args:
            part: what was made of `column` (n_pool,), an increasing linear function of it; NaN
                wherever that is. The whole pool is needed: a day may have one candidate only.
        """
        known = np.isfinite(part)
        width = float(np.ptp(self.column[known])) if known.any() else 0.0
        return replace(self, slope=float(np.ptp(part[known])) / width if width > 0 else 0.0)

    def split(self, value: float, row: int) -> Column:
        """Split a candidate's part among the liked papers (n_liked,); they add up to its value.

        What all of them share, such as the mean that is taken off, is split evenly.

        Args:
            value: the part's value for the candidate.
            row: the candidate's row in the pool.
        """
        # In double precision, or they would add up to the value in single precision only.
        gives = self.slope * self.shares(row).astype(np.float64)
        if np.isnan(self.column[row]):
            gives[:] = 0
        split: Column = gives + (value - gives.sum()) / len(gives)
        return split


class LikedPapers:
    """Scores candidates by liked papers.

    Args:
        liked: the liked papers.
        whitening: of the background.
        config: the weights.
    """

    def __init__(self, liked: Papers, whitening: Whitening, config: InterestConfig) -> None:
        self.papers, self.config = liked, config
        self.known = liked.take(liked.known)
        self.n_liked = len(self.known)
        self.words = mean_words(liked)
        self._whitening = whitening
        self._profile: Matrix | None = None
        if self.n_liked:
            offset = self.known.vectors.mean(axis=0) - whitening.mean  # (dim,)
            self._profile = whitening.profile(offset, regularisation(self.n_liked))

    def likenesses(self, candidates: Candidates) -> dict[str, Likeness]:
        """Return how alike liked papers and the pool are, by part; nothing without liked papers.

        Only parts that have a weight are there. What has no vector is unknown wherever a liked
        paper has one, so that it does not shape the scores of the others.
        """
        weights = self.weights(candidates)
        found = self._by_vector(candidates) | self._by_words(candidates)
        return {name: part for name, part in found.items() if weights[name] > 0}

    def weights(self, candidates: Candidates) -> dict[str, float]:
        """Return the weight of each part for these candidates."""
        weights = self.config.liked_weights(
            self.n_liked,
            kernel=candidates.kernel is not None,
            abstracts=candidates.have_abstracts,
        )
        return {name: float(weight) for name, weight in weights.items()}

    def _by_vector(self, candidates: Candidates) -> dict[str, Likeness]:
        if self._profile is None:
            return {}
        pool, liked = candidates.pool, self.known.vectors
        cosines = candidates.compared.cosines(liked)  # (n_known, n_pool)
        parts = {
            "centroid": Likeness(_known(pool, pool.solid @ self._profile), self._along(pool)),
            "nearest": Likeness(
                _known(pool, top_mean(cosines, NEAREST)),
                lambda row: self._spread_out(_nearest_shares(cosines[:, row])),
            ),
        }
        looked = candidates.compared.looked(liked)
        if looked is not None:
            parts["kernel"] = Likeness(
                _known(pool, looked.mean_likeness(cosines)),
                lambda row: self._spread_out(looked.likeness_to(row) / len(liked)),
            )
        return parts

    def _along(self, pool: Papers) -> Callable[[int], Column]:
        def shares(row: int) -> Column:
            ridge = regularisation(self.n_liked)
            direction = self._whitening.profile(pool.solid[row], ridge)  # (dim,)
            return self._spread_out(self.known.vectors @ direction / self.n_liked)

        return shares

    def _by_words(self, candidates: Candidates) -> dict[str, Likeness]:
        if self.words is None:
            return {}
        pool = candidates.pool
        shared = candidates.compared.shared_words(self.papers.words)  # (n_liked, n_pool)
        columns = {
            "words": shared.mean(axis=0).astype(np.float64),
            "nearest_words": top_mean(shared, NEAREST).astype(np.float64),
        }
        if self._profile is not None:
            # What has no vector gets no score, so it should not shape those of the others.
            columns = {name: _known(pool, column) for name, column in columns.items()}
        return {
            "words": Likeness(columns["words"], lambda row: shared[:, row] / len(shared)),
            "nearest_words": Likeness(
                columns["nearest_words"], lambda row: _nearest_shares(shared[:, row])
            ),
        }

    def _spread_out(self, of_known: Floats) -> Column:
        """Return values of the liked papers with a vector among all of them, zero for the rest."""
        values = np.zeros(len(self.papers))
        values[self.papers.known] = of_known
        return values


def mean_words(papers: Papers) -> NDArray[np.float32] | None:
    """Return the mean lexical row (n_terms,); None when there is not one word."""
    if papers.words.nnz == 0:
        return None
    words = papers.words
    total = np.bincount(words.indices, words.data, minlength=words.shape[1])  # (n_terms,)
    mean: NDArray[np.float32] = (total / len(papers)).astype(np.float32)
    return mean


def _nearest_shares(values: Floats) -> Column:
    """Return what each liked paper gives to the mean of the nearest: (n_liked,)."""
    best = np.argsort(-values, kind="stable")[:NEAREST]
    shares = np.zeros(len(values))
    shares[best] = values[best] / len(best)
    return shares


def _known(papers: Papers, values: Floats) -> Column:
    """Return values (n,) as float64, NaN for papers without a vector."""
    return np.where(papers.known, values.astype(np.float64), np.nan)
