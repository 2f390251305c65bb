"""Likeness beyond straight lines: a whitened Gaussian kernel over a day's papers.

Whitening takes out what all papers share; with a kernel it does so in a space where "near" counts
for more than "in the same direction". Knows no reader.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from recommender.vectors import Matrix

__all__ = ["LANDMARKS", "MIN_LANDMARKS", "KernelView", "Looked"]

SHARPNESS = 2.0
"""The kernel of unit vectors is `exp(2 (cosine - 1))`; 1 is worse (CiteULike validation, nDCG@20 of
this part alone with 2,000 landmarks: .3875 against .3841, the whitened centroid .3712)."""
RIDGE = 0.001
"""Of the whitening; flat within a factor of two."""
LANDMARKS = 2_000
"""Papers of the stream that stand for all: 1,000 give .3801 and 4,000 give .3886."""
MIN_LANDMARKS = 500
"""With fewer the straight whitening is better."""


@dataclass(frozen=True, slots=True, eq=False)
class KernelView:
    """A day's papers as columns, ready to be compared with any paper.

    The likeness of `x` to a column `c` is `(phi(x) - m)' (C + a I)^-1 (phi(c) - m)`, up to the
    factor `a`, where `phi` is the feature map of the kernel and `m` and `C` are mean and covariance
    of the landmarks: `k(x, c) - k(x, B) (K_BB + n a I)^-1 k(B, c)` with everything centred on the
    landmarks (kernel ridge regression; Rasmussen and Williams, Gaussian Processes, 2006,
    chapter 2).
    """

    columns: Matrix
    """Vectors of the day's papers, float32 (n, dim), zero where unknown."""
    landmarks: Matrix
    """(m, dim)."""
    landmark_means: Matrix
    """Mean kernel of each landmark with all of them (m,)."""
    column_means: Matrix
    """Mean kernel of each column with the landmarks (n,)."""
    solved: Matrix
    """`(K_BB + m a I)^-1 k(B, c)` for each column, float32 (m, n)."""

    @classmethod
    def of(cls, landmarks: Matrix, columns: Matrix) -> Self:
        """Prepare columns (n, dim) against landmarks (m, dim); O(m^3 + m^2 n), once a day."""
        among = _kernel(landmarks, landmarks)
        means = among.mean(axis=1)
        among -= means[:, None] + means[None, :] - means.mean()
        among[np.diag_indices(len(among))] += np.float32(RIDGE * len(landmarks))
        towards = _kernel(landmarks, columns)  # (m, n)
        column_means = towards.mean(axis=0)
        towards -= means[:, None] + column_means[None, :] - means.mean()
        factor = cho_factor(among, lower=True, overwrite_a=True, check_finite=False)
        solved = cho_solve(factor, towards, overwrite_b=True, check_finite=False)
        return cls(columns, landmarks, means, column_means, np.ascontiguousarray(solved))

    def likeness(self, rows: Matrix, cosines: Matrix | None = None) -> Matrix:
        """Return how alike each paper (k, dim) and each column are: float32 (k, n).

        Args:
            rows: unit vectors of papers.
            cosines: of the papers to all columns (k, n), where they are known already.
        """
        seen = self.look_at(rows)
        near = seen.near(self.columns, self.column_means, cosines)
        near -= seen.centred @ self.solved
        return near

    def look_at(self, rows: Matrix) -> "Looked":
        """Compare papers (k, dim) with the landmarks, once for all that is asked of them."""
        towards = _kernel(rows, self.landmarks)  # (k, m)
        means = towards.mean(axis=1)
        grand = self.landmark_means.mean()
        towards -= means[:, None] + self.landmark_means[None, :] - grand
        return Looked(self, rows, towards, means - grand)


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """Some papers in the eyes of a view."""

    view: KernelView
    rows: Matrix
    """(k, dim)."""
    centred: Matrix
    """Centred kernels with the landmarks (k, m)."""
    level: Matrix
    """Mean kernel of each with the landmarks, above that of the landmarks themselves (k,)."""

    def near(self, columns: Matrix, column_means: Matrix, cosines: Matrix | None = None) -> Matrix:
        """Return centred kernels with columns (n, dim) of these means (n,): (k, n)."""
        near = _sharpened((self.rows @ columns.T if cosines is None else cosines) - 1)
        near -= self.level[:, None] + column_means[None, :]
        return near

    def mean_likeness(self, cosines: Matrix | None = None) -> Matrix:
        """Return the mean over the papers of `likeness`, without its product: (n,).

        Args:
            cosines: of the papers to all columns (k, n), where they are known already.
        """
        view = self.view
        near = _sharpened((self.rows @ view.columns.T if cosines is None else cosines) - 1)
        shared = self.level.mean() + view.column_means
        mean: Matrix = near.mean(axis=0) - shared - self.centred.mean(axis=0) @ view.solved
        return mean

    def likeness_to(self, column: int) -> Matrix:
        """Return how alike each of the papers and one column are: (k,)."""
        view = self.view
        near = self.near(view.columns[[column]], view.column_means[[column]])[:, 0]
        alike: Matrix = near - self.centred @ view.solved[:, column]
        return alike


def _kernel(rows: Matrix, columns: Matrix) -> Matrix:
    """Return `exp(s (cosine - 1))` of unit vectors (k, dim) and (n, dim): (k, n)."""
    product = rows @ columns.T
    product -= 1
    return _sharpened(product)


def _sharpened(lack: Matrix) -> Matrix:
    """Return the kernel of cosines less one, in place."""
    lack *= np.float32(SHARPNESS)
    kernel: Matrix = np.exp(lack, out=lack)
    return kernel
