"""How little is known of what a reader thinks of a paper: the spread of a Bayesian linear model.

The whitened centroid is the mean of a linear model whose weights have the inverse covariance of the
stream as their prior; this is the spread of the same model. It depends on which papers were rated,
never on how, so that what an answer would teach is known before it is given. Scores nothing.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular

from recommender.background import Whitening
from recommender.errors import ModelMismatchError, NotFittedError
from recommender.parts import REGULARISATION
from recommender.vectors import Matrix

__all__ = ["Doubts", "Prior", "Uncertainty", "UncertaintyConfig"]

Column = NDArray[np.float64]

LEAST = 1e-6
"""Prior variance, of the stream's mean, below which a paper is the mean itself: nothing to ask."""


@dataclass(frozen=True, slots=True)
class UncertaintyConfig:
    """The prior's shape and how much an answer tells."""

    ridge: float = REGULARISATION[1][1]
    """`a` of the prior covariance `(Sigma + a I)^-1`, as for a profile of a few liked papers."""
    noise: float = 1.0
    """Variance of an answer, where what the stream's papers are worth varies by one: an answer
    halves the variance of the paper it is about."""


DEFAULT_CONFIG = UncertaintyConfig()


@dataclass(frozen=True, slots=True, eq=False)
class Prior:
    """Coordinates in which the prior covariance of what papers are worth is the identity."""

    mean: Matrix
    """Of the stream (dim,)."""
    axes: Matrix
    """(dim, dim), one direction a column."""

    @classmethod
    def of(cls, whitening: Whitening, config: UncertaintyConfig = DEFAULT_CONFIG) -> Self:
        """Return the prior whose covariance is the inverse of the stream's."""
        ridge = np.float32(config.ridge)
        scale = whitening.spectrum / (whitening.spectrum + ridge)
        # Without any spread in the background the directions keep the length they have.
        total = float(scale.sum()) or 1.0 / config.ridge
        along = np.sqrt((whitening.spectrum + ridge) * np.float32(total))
        return cls(whitening.mean, whitening.axes / along)

    def directions(self, vectors: Matrix) -> Matrix:
        """Return papers (n, dim) in these coordinates; NaN for those without a vector."""
        usable = np.asarray(np.isfinite(vectors).all(axis=1) & vectors.any(axis=1))
        rows = vectors if usable.all() else np.where(usable[:, None], vectors, self.mean)
        directions = np.asarray((rows - self.mean) @ self.axes, dtype=np.float32)
        directions[~usable] = np.nan
        return directions


@dataclass(frozen=True, slots=True, eq=False)
class Doubts:
    """The posterior covariance of some papers, in factors: `P P' - V' V`."""

    directions: Matrix
    """P (n, dim): papers where the prior covariance is the identity; zero where unknown."""
    explained: Matrix
    """V (n_answers, n): what answers explain of them."""
    prior: Column
    """Variance of every paper (n,) before any answer; NaN where it has no vector."""
    noise: float

    def __len__(self) -> int:
        return len(self.prior)

    @property
    def variance(self) -> Column:
        """What is left of the prior variance (n,); NaN for papers without a vector."""
        left = (self.directions**2).sum(axis=1) - (self.explained**2).sum(axis=0)
        return np.where(np.isfinite(self.prior), np.maximum(left.astype(np.float64), 0.0), np.nan)

    @property
    def share(self) -> Column:
        """Standard deviation left, of that before any answer: (n,) from 0 to 1, NaN if unknown.

        Zero for a paper that is the stream's mean: of that the model has no doubt from the start.
        """
        prior = np.where(self.prior > LEAST, self.prior, np.inf)
        share: Column = np.sqrt(np.minimum(self.variance / prior, 1.0))
        return share

    @property
    def telling(self) -> Column:
        """How far an answer on each paper would lower the mean variance of all of them: (n,).

        Zero where a paper has no vector. With the posterior covariance C this is the sum of the
        squares of its column over the paper's variance and the noise, taken without ever making
        C itself (n, n): `C = A B'` with narrow A and B.
        """
        known = np.isfinite(self.prior)
        left = np.hstack([self.directions, -self.explained.T])  # (n, dim + n_answers)
        right = np.hstack([self.directions, self.explained.T])
        squares = ((right @ (left.T @ left)) * right).sum(axis=1).astype(np.float64)
        lowered = np.maximum(squares, 0.0) / max(int(known.sum()), 1)
        return np.where(known, lowered / (np.where(known, self.variance, 0.0) + self.noise), 0.0)

    def after(self, row: int) -> "Doubts":
        """Return what is left in doubt once the reader has answered on one of these papers."""
        if not np.isfinite(self.prior[row]):
            return self
        shared = self.directions @ self.directions[row] - self.explained.T @ self.explained[:, row]
        scale = np.sqrt(self.variance[row] + self.noise)
        explained = np.vstack([self.explained, (shared / scale).astype(np.float32)])
        return Doubts(self.directions, explained, self.prior, self.noise)


class Uncertainty:
    """Learns which papers a reader has rated; says how unsure that leaves it of others.

    With `z = (Sigma + a I)^-1/2 (x - mu)`, scaled so that the stream's mean `z'z` is one, and `Z`
    the rated papers in rows, the variance of a paper's worth is `z'z - z'Z' (Z Z' + s I)^-1 Z z`.
    Cost: one Cholesky factor of size n_rated (of size dim when more are rated), and
    `dim * (dim + n_rated)` multiplications a paper.

    Source: Rasmussen and Williams, Gaussian Processes for Machine Learning (2006), section 2.1.

    Learned:
        n_rated_: rated papers with a vector.
    """

    def __init__(self, config: UncertaintyConfig = DEFAULT_CONFIG) -> None:
        self.config = config

    def fit(self, rated: Matrix, whitening: Whitening) -> Self:
        """Learn from the vectors (n_rated, dim) of all papers rated, liked or not.

        Rows of NaN and of zeros are left out.

        Raises:
            ModelMismatchError: vectors and whitening have different dimensions.
        """
        self._prior = Prior.of(whitening, self.config)
        self._require_dim(rated)
        rows = self._prior.directions(rated)
        rows = rows[_told(rows)]  # (n_rated_, dim)
        self.n_rated_ = len(rows)
        self._rows: Matrix | None = None
        if len(rows) <= rows.shape[1]:
            # In the dual: few answers, a small system.
            self._rows, system = rows, rows @ rows.T
        else:
            system = rows.T @ rows
        noise = np.float32(self.config.noise)
        self._factor = np.linalg.cholesky(system + noise * np.eye(len(system), dtype=np.float32))
        return self

    def of(self, vectors: Matrix) -> Column:
        """Return how unsure the model is of papers (n, dim): see `Doubts.share`.

        Raises:
            NotFittedError: `fit` has not been called.
            ModelMismatchError: the vectors have another dimension.
        """
        return self.doubts(vectors).share

    def doubts(self, vectors: Matrix) -> Doubts:
        """Return what is in doubt of papers (n, dim), ready for further answers.

        Raises:
            NotFittedError: `fit` has not been called.
            ModelMismatchError: the vectors have another dimension.
        """
        self._require_fitted()
        self._require_dim(vectors)
        return self.doubts_along(self._prior.directions(vectors))

    def doubts_along(self, directions: Matrix) -> Doubts:
        """Return the same of papers of which the prior's `directions` (n, dim) are known.

        Raises:
            NotFittedError: `fit` has not been called.
        """
        self._require_fitted()
        usable = _told(directions)
        rows = directions if usable.all() else np.where(usable[:, None], directions, np.float32(0))
        prior = np.where(usable, (rows**2).sum(axis=1), np.nan).astype(np.float64)
        none = np.empty((0, len(rows)), dtype=np.float32)
        if self._rows is None:
            solved: Matrix = solve_triangular(self._factor, rows.T, lower=True)  # (dim, n)
            left = np.ascontiguousarray(solved.T)
            left *= np.float32(self.config.noise**0.5)
            return Doubts(left, none, prior, self.config.noise)
        explained = none
        if self.n_rated_:
            explained = solve_triangular(self._factor, self._rows @ rows.T, lower=True)
        return Doubts(rows, explained, prior, self.config.noise)

    def _require_fitted(self) -> None:
        if not hasattr(self, "_factor"):
            raise NotFittedError("Uncertainty")

    def _require_dim(self, vectors: Matrix) -> None:
        dim = len(self._prior.mean)
        if vectors.shape[1] != dim:
            raise ModelMismatchError(f"{dim} dimensions", f"{vectors.shape[1]} dimensions")


def _told(directions: Matrix) -> NDArray[np.bool_]:
    """Tell of which papers there is a direction (n,)."""
    return np.asarray(~np.isnan(directions[:, 0]), dtype=np.bool_)
