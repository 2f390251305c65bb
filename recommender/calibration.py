"""What a score means: the probability of a thumbs up, learned from ratings.

A logistic curve of two parameters over totals, which can only rise and starts from a prior; how
well it holds is measured in `recommender.reliability`.
"""

import json
from dataclasses import dataclass
from math import isfinite
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from recommender.errors import BlobError

__all__ = ["PRIOR", "PRIOR_RATINGS", "Calibration", "fit_calibration"]

Column = NDArray[np.float64]
Parameters = NDArray[np.float64]
"""Intercept and slope, (2,)."""

BEND = 3.0
"""Totals are nearly linear up to here and logarithmic beyond. The best papers of a focused interest
stand at eight to fifteen standard deviations, where one more says little."""
FAR = 1e3
"""Beyond the bent total of any finite number; keeps infinite totals countable."""

PRIOR_TOTALS = np.array([-1.0, 0.0, 1.0, 2.0, 3.0, 5.0, 8.0, 12.0])
"""Where the prior speaks: as often for the ordinary papers of a day, which are hardly ever shown
and so hardly ever rated, as for those that a digest shows."""
PRIOR_RATINGS = 40.0
"""Ratings that the prior is worth. One thumbs up at three standard deviations moves papers there
from 39 to 42 %, ten move them to 60 %; three hundred ratings leave little of the prior."""
ORDINARY = 1.0
ORDINARY_SHARE = 0.2
"""Digests show the best, so the ratings of a ledger say little about papers below `ORDINARY`, which
are most of the stream. Where less than this share of the ratings are of such papers, the prior
speaks for the rest of the share. In a simulated ledger of 463 ratings, a twelfth of them of such
papers, that takes the mean of the stream from 26 to 21 % and leaves the log loss of later ratings
where it was (.664, .665)."""
FARTHEST = 100.0
"""Standard deviations; what lies beyond is learned from as if it lay there, so that one absurd
total cannot tilt the whole curve."""

RIDGE = 1e-9
"""Keeps the curvature invertible where all chances are as good as certain."""
STEPS, HALVINGS = 30, 40
"""Newton's method needs less than ten steps; more for ratings that contradict the prior utterly."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """The curve from totals to percent: `100 / (1 + exp(-intercept - slope asinh(total / 3)))`."""

    intercept: float
    """Log odds of a thumbs up for a paper at the mean of the stream."""
    slope: float
    """Log odds per bent standard deviation; never negative."""
    ratings: int = 0
    """How many ratings it was learned from."""

    def __post_init__(self) -> None:
        if not (isfinite(self.intercept) and isfinite(self.slope) and self.slope >= 0):
            raise ValueError(
                f"a calibration rises: the slope cannot be {self.slope}, "
                f"nor the intercept {self.intercept}"
            )

    def percent(self, total: ArrayLike) -> Column:
        """Return the chance of a thumbs up, 0 to 100, of totals in standard deviations.

        It never falls as totals rise; NaN stays NaN.
        """
        odds = self.intercept + self.slope * bent(total)
        percent: Column = 100.0 * expit(odds)
        return percent

    def to_bytes(self) -> bytes:
        """Return the calibration as JSON."""
        fields = {"intercept": self.intercept, "slope": self.slope, "ratings": self.ratings}
        return json.dumps(fields).encode()

    @classmethod
    def from_bytes(cls, blob: bytes) -> Self:
        """Return the calibration that `to_bytes` wrote.

        Raises:
            BlobError: the bytes are something else.
        """
        try:
            kept = json.loads(blob)
            return cls(float(kept["intercept"]), float(kept["slope"]), int(kept["ratings"]))
        except (ValueError, KeyError, TypeError, OverflowError) as error:
            raise BlobError("calibration", len(blob)) from error


PRIOR = Calibration(intercept=-3.1, slope=3.0)
"""Of a new installation: 4 at the mean of the stream, 23 at two standard deviations above it, 39
at three, 68 at five, 93 at ten."""


def bent(total: ArrayLike) -> Column:
    """Return `asinh(total / 3)`, in which calibrations are linear; NaN stays NaN."""
    curve = np.arcsinh(np.asarray(total, dtype=np.float64) / BEND)
    held: Column = np.clip(curve, -FAR, FAR)
    return held


def fit_calibration(
    totals: ArrayLike,
    liked: ArrayLike,
    prior: Calibration = PRIOR,
    *,
    prior_ratings: float = PRIOR_RATINGS,
) -> Calibration:
    """Learn a calibration from rated papers: the most probable curve given the prior.

    The prior takes part as `prior_ratings` ratings spread over `PRIOR_TOTALS`, each thumbs up by
    as much as the prior says, and with more of them where ordinary papers lack ratings. So without
    ratings the prior comes back, and few ratings move it little. Where more thumbs up come with
    lower totals, the curve is level.

    Args:
        totals: standard deviations above the stream's mean (n,); those that are not finite do not
            count.
        liked: thumbs up or not (n,).
        prior: what is believed beforehand.
        prior_ratings: ratings that this belief is worth, more than zero.

    Raises:
        ValueError: totals and verdicts differ in length, or the prior is worth nothing.
    """
    x, y = np.atleast_1d(np.asarray(totals, dtype=np.float64)), np.atleast_1d(np.asarray(liked))
    if x.shape != y.shape or x.ndim != 1:
        raise ValueError(f"{x.shape} totals for {y.shape} verdicts")
    if not prior_ratings > 0:
        raise ValueError(f"a prior worth {prior_ratings} ratings cannot hold the curve")
    rated = np.isfinite(x)
    believed = prior_ratings / len(PRIOR_TOTALS) + _ordinary_weight(x[rated])
    loss = _Loss(
        x=bent(np.concatenate([np.clip(x[rated], -FARTHEST, FARTHEST), PRIOR_TOTALS])),
        share=np.concatenate([y[rated] != 0, prior.percent(PRIOR_TOTALS) / 100.0]),
        weight=np.concatenate([np.ones(int(rated.sum())), believed]),
    )
    found = _minimise(loss, np.array([prior.intercept, prior.slope]), free=2)
    if found[1] < 0:
        # The loss is convex: what is best among curves that do not fall lies on the edge.
        found = _minimise(loss, np.array([found[0], 0.0]), free=1)
    return Calibration(float(found[0]), float(found[1]), int(rated.sum()))


def _ordinary_weight(totals: Column) -> Column:
    """Return the prior's additional ratings at each of `PRIOR_TOTALS`."""
    ordinary = PRIOR_TOTALS <= ORDINARY
    missing = ORDINARY_SHARE * len(totals) - (totals <= ORDINARY).sum()
    return np.where(ordinary, max(0.0, missing) / ordinary.sum(), 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class _Loss:
    """Weighted log loss of a curve over some observations."""

    x: Column
    """Bent totals (n,)."""
    share: Column
    """Thumbs up, 0 to 1 (n,)."""
    weight: Column
    """(n,)."""

    def value(self, parameters: Parameters) -> float:
        odds = parameters[0] + parameters[1] * self.x
        return float(self.weight @ (np.logaddexp(0.0, odds) - self.share * odds))

    def step(self, parameters: Parameters, free: int) -> Parameters:
        """Return Newton's step (2,) in the first `free` parameters."""
        design = np.stack([np.ones_like(self.x), self.x])[:free]  # (free, n)
        chance = expit(parameters[0] + parameters[1] * self.x)
        slope = design @ (self.weight * (chance - self.share))
        curvature = (design * (self.weight * chance * (1.0 - chance))) @ design.T  # (free, free)
        step = np.zeros(2)
        step[:free] = np.linalg.solve(curvature + RIDGE * np.eye(free), slope)
        return step


def _minimise(loss: _Loss, start: Parameters, free: int) -> Parameters:
    """Return the parameters (2,) of the least loss, by Newton's method with halved steps."""
    best, least = start, loss.value(start)
    for _ in range(STEPS):
        step = loss.step(best, free)
        tries = (best - step / 2.0**halvings for halvings in range(HALVINGS))
        best = next((there for there in tries if loss.value(there) <= least), best)
        least = loss.value(best)
    return best
