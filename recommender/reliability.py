"""Whether a stated chance comes true: the reliability table and scores of probabilities.

Judges any percentages against what happened; learns nothing.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Bin", "Reliability", "reliability", "wilson"]

Z95 = 1.959963984540054
"""Standard deviations that hold 95 % of a normal distribution."""
SURE = 1e-12
"""No verdict is beyond doubt: a chance of exactly nothing that comes true costs 28, not infinity.
"""


@dataclass(frozen=True, slots=True)
class Bin:
    """Papers with about the same stated chance."""

    low: float
    """Lowest stated percent of the bin."""
    high: float
    """The next bin begins here."""
    count: int
    """Ratings in it, at least one."""
    predicted: float
    """Mean stated percent."""
    observed: float
    """Percent of thumbs up."""
    interval: tuple[float, float]
    """Wilson's 95 % interval of `observed`, in percent."""


@dataclass(frozen=True, slots=True)
class Reliability:
    """How stated chances compare with what happened."""

    bins: tuple[Bin, ...]
    """In ascending order; without those that hold nothing."""
    count: int
    """Ratings in all."""
    brier: float
    """Mean squared difference of chance and verdict, 0 to 1; the lower the better."""
    log_loss: float
    """Mean of `-ln` of the chance given to what happened; the lower the better."""
    expected_error: float
    """Expected calibration error: mean difference of stated and observed share over the bins, each
    weighed by its ratings; 0 to 1."""
    base_rate: float
    """Percent of thumbs up in all."""


def reliability(percent: ArrayLike, liked: ArrayLike, *, n_bins: int = 10) -> Reliability:
    """Compare stated percentages with verdicts, in bins of equal width.

    Without ratings every figure is NaN.

    Args:
        percent: stated chance of a thumbs up, 0 to 100 (n,); NaN does not count.
        liked: thumbs up or not (n,).
        n_bins: how many bins share the range.

    Raises:
        ValueError: the lengths differ, a percentage is out of range, or there are no bins.
    """
    stated, verdict = np.asarray(percent, dtype=np.float64), np.asarray(liked) != 0
    if stated.shape != verdict.shape or stated.ndim != 1:
        raise ValueError(f"{stated.shape} percentages for {verdict.shape} verdicts")
    known = ~np.isnan(stated)
    chance, up = stated[known] / 100.0, verdict[known].astype(np.float64)
    if n_bins < 1 or np.any((chance < 0) | (chance > 1)):
        raise ValueError("percentages lie between 0 and 100, in at least one bin")
    bins = _bins(chance, up, n_bins)
    apart = sum(each.count * abs(each.predicted - each.observed) / 100.0 for each in bins)
    held = np.clip(chance, SURE, 1.0 - SURE)
    return Reliability(
        bins=bins,
        count=len(up),
        brier=_mean((chance - up) ** 2),
        log_loss=_mean(-np.log(np.where(up > 0, held, 1.0 - held))),
        expected_error=apart / len(up) if len(up) else float("nan"),
        base_rate=100.0 * _mean(up),
    )


def wilson(successes: int, trials: int, z: float = Z95) -> tuple[float, float]:
    """Return Wilson's interval of a share, both ends in [0, 1].

    It stays inside the range and keeps its width where all or none succeed. Source: E. B. Wilson,
    Journal of the American Statistical Association 22 (1927).

    Args:
        successes: how often it happened, at most `trials`.
        trials: how often it could have happened, at least one.
        z: standard deviations to either side.
    """
    share, spread = successes / trials, z * z / trials
    middle = (share + spread / 2.0) / (1.0 + spread)
    reach = z * sqrt(share * (1.0 - share) / trials + spread / (4.0 * trials)) / (1.0 + spread)
    # Rounding must not push an end past the share itself, least of all past nothing or all.
    return max(0.0, min(middle - reach, share)), min(1.0, max(middle + reach, share))


def _bins(chance: NDArray[np.float64], up: NDArray[np.float64], n_bins: int) -> tuple[Bin, ...]:
    number = np.minimum((chance * n_bins).astype(np.int64), n_bins - 1)
    width = 100.0 / n_bins
    return tuple(
        _bin(each * width, (each + 1) * width, chance[number == each], up[number == each])
        for each in np.unique(number).tolist()
    )


def _bin(low: float, high: float, chance: NDArray[np.float64], up: NDArray[np.float64]) -> Bin:
    ends = wilson(int(up.sum()), len(up))
    return Bin(
        low=low,
        high=high,
        count=len(up),
        predicted=100.0 * float(chance.mean()),
        observed=100.0 * float(up.mean()),
        interval=(100.0 * ends[0], 100.0 * ends[1]),
    )


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean()) if len(values) else float("nan")
