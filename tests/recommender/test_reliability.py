"""The reliability table, by hand and by law."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss, log_loss

from recommender.reliability import Bin, reliability, wilson

cases = st.lists(st.tuples(st.floats(0, 100), st.booleans()), min_size=1, max_size=50)


def test_a_table_by_hand() -> None:
    """Two ratings at 20 and 30 percent, one of them up; two at 80 percent, both up."""
    found = reliability([20, 30, 80, 80], [0, 1, 1, 1], n_bins=2)

    low, high = found.bins
    assert (low.low, low.high, low.count, low.predicted, low.observed) == (0, 50, 2, 25, 50)
    assert (high.low, high.high, high.count, high.predicted, high.observed) == (50, 100, 2, 80, 100)
    assert found.brier == pytest.approx((0.2**2 + 0.7**2 + 2 * 0.2**2) / 4)
    assert found.log_loss == pytest.approx(-np.log([0.8, 0.3, 0.8, 0.8]).mean())
    assert found.expected_error == pytest.approx((2 * 0.25 + 2 * 0.2) / 4)
    assert found.base_rate == 75.0
    assert found.count == 4


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(0, 10, 0.0, 0.2775), (1, 2, 0.0945, 0.9055), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0)],
)
def test_intervals_by_hand(successes: int, trials: int, low: float, high: float) -> None:
    """Wilson's, as tables have it."""
    assert wilson(successes, trials) == pytest.approx((low, high), abs=1e-4)


@given(st.integers(1, 10_000), st.data())
def test_an_interval_holds_the_share(trials: int, data: st.DataObject) -> None:
    """And never leaves the range."""
    successes = data.draw(st.integers(0, trials))
    low, high = wilson(successes, trials)

    assert 0 <= low <= successes / trials <= high <= 1


def test_bins_without_ratings_are_left_out() -> None:
    """And the last bin holds a hundred percent."""
    found = reliability([0, 100], [0, 1])

    assert [(each.low, each.high) for each in found.bins] == [(0, 10), (90, 100)]
    assert found.expected_error == 0.0


def test_without_ratings_there_is_nothing_to_say() -> None:
    """Unknown is not zero; and unknown percentages do not count."""
    found = reliability([np.nan], [1])

    assert (found.bins, found.count) == ((), 0)
    figures = [found.brier, found.log_loss, found.expected_error, found.base_rate]
    assert np.isnan(figures).all()


def test_a_sure_error_costs_much_but_not_everything() -> None:
    """One of them must not hide all others."""
    assert 20 < reliability([0.0], [1]).log_loss < 30


@given(cases)
def test_scikit_learn_agrees(ratings: list[tuple[float, bool]]) -> None:
    """On both scores of probabilities."""
    stated, up = np.array([p for p, _ in ratings]), np.array([v for _, v in ratings])
    found = reliability(stated, up)
    held = np.clip(stated / 100, 1e-12, 1 - 1e-12)

    assert found.brier == pytest.approx(brier_score_loss(up, stated / 100, pos_label=True))
    assert found.log_loss == pytest.approx(log_loss(up, held, labels=[False, True]), abs=1e-9)


@given(cases, st.integers(1, 12))
def test_every_rating_is_in_one_bin(ratings: list[tuple[float, bool]], n_bins: int) -> None:
    """Whose borders hold what is stated there."""
    found = reliability([p for p, _ in ratings], [v for _, v in ratings], n_bins=n_bins)

    def fits(each: Bin) -> bool:
        inside = each.low - 1e-9 <= each.predicted <= each.high + 1e-9
        return inside and each.interval[0] <= each.observed <= each.interval[1]

    assert sum(each.count for each in found.bins) == found.count == len(ratings)
    assert all(map(fits, found.bins))
    assert 0 <= found.expected_error <= 1


@pytest.mark.parametrize(
    ("percent", "liked", "n_bins"),
    [([1, 2], [1], 10), ([101], [1], 10), ([-1], [1], 10), ([1], [1], 0)],
)
def test_what_makes_no_table_is_refused(percent: list[int], liked: list[int], n_bins: int) -> None:
    """Lengths that differ, percentages out of range, no bins."""
    with pytest.raises(ValueError, match="percentages"):
        reliability(percent, liked, n_bins=n_bins)
