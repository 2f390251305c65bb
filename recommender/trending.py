"""How much attention papers get: an openly defined score of observed signals.

    points     = (log2(1 + upvotes) + 1.5 * balance) * 2 ** (-age_days / 3)
    balance    = sign(likes - dislikes) * log2(1 + |likes - dislikes|)
    percentile = 100 * (papers below + half of those equal) / papers with points

Upvotes are those of the Hugging Face daily page, likes and dislikes the ratings on this
installation. A signal that is not known adds nothing; a paper of which nothing at all is known has
no points and no percentile: unknown is not zero. Nothing is forecast, and no author's fame counts.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

__all__ = ["Signals", "percentiles", "trending_percentiles", "trending_points"]

Column = NDArray[np.float64]

HALF_LIFE_DAYS = 3.0
"""Attention halves in this time."""
RATING_WEIGHT = 1.5
"""A rating by a reader of this installation says more than a vote elsewhere."""


@dataclass(frozen=True, slots=True, eq=False)
class Signals:
    """What is known of the papers of a window, each (n,)."""

    upvotes: Column
    """Votes on the Hugging Face daily page; NaN where the paper was not listed."""
    likes: Column
    """Thumbs up on this installation."""
    dislikes: Column
    """Thumbs down on this installation."""
    age_days: Column
    """Days since it was announced, 0 for today; NaN where unknown, which leaves it out."""

    def __post_init__(self) -> None:
        shapes = {self.upvotes.shape, self.likes.shape, self.dislikes.shape, self.age_days.shape}
        if len(shapes) != 1 or self.upvotes.ndim != 1:
            raise ValueError(f"signals must be columns of one length, not {sorted(shapes)}")


def trending_points(signals: Signals) -> Column:
    """Return the points of every paper (n,) by the formula above; NaN where nothing is known."""
    upvotes = np.maximum(np.nan_to_num(signals.upvotes, nan=0.0), 0.0)
    likes, dislikes = np.nan_to_num(signals.likes), np.nan_to_num(signals.dislikes)
    net = likes - dislikes
    balance = np.sign(net) * np.log2(1.0 + np.abs(net))
    fading = np.exp2(-np.maximum(signals.age_days, 0.0) / HALF_LIFE_DAYS)
    points = (np.log2(1.0 + upvotes) + RATING_WEIGHT * balance) * fading
    known = np.isfinite(signals.upvotes) | (likes > 0) | (dislikes > 0)
    return np.where(known & np.isfinite(signals.age_days), points, np.nan)


def percentiles(points: Column) -> Column:
    """Return the percentile of every paper among those with points, 0 to 100 with one decimal.

    Papers with equal points share the middle of their places; NaN stays NaN. A paper alone stands
    at 50.
    """
    known = np.isfinite(points)
    shares = np.full(points.shape, np.nan)
    n = int(known.sum())
    if n:
        shares[known] = np.round(100.0 * (rankdata(points[known]) - 0.5) / n, 1)
    return shares


def trending_percentiles(signals: Signals) -> Column:
    """Return the trending percentile of every paper (n,); NaN where nothing is known."""
    return percentiles(trending_points(signals))
