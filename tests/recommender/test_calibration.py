"""The curve from totals to percent, and how it is learned."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from recommender.calibration import PRIOR, Calibration, fit_calibration
from recommender.errors import BlobError

Column = NDArray[np.float64]

LADDER = np.linspace(-30.0, 60.0, 400)
ABSURD = [np.nan, np.inf, -np.inf, 1e308, -1e308, 5e-324]

totals = st.floats(-20, 40) | st.sampled_from(ABSURD)
rated = st.lists(st.tuples(totals, st.booleans()), max_size=40)


@pytest.mark.parametrize(("total", "percent"), [(0, 4), (2, 23), (3, 39), (5, 68), (10, 93)])
def test_the_prior_by_hand(total: float, percent: int) -> None:
    """As its docstring says."""
    assert round(float(PRIOR.percent(total))) == percent


def test_the_formula_by_hand() -> None:
    """At the mean only the intercept counts; 3 sinh(1) is bent to one."""
    curve = Calibration(intercept=-1.0, slope=2.0)

    np.testing.assert_allclose(curve.percent(0.0), 100 / (1 + np.exp(1)))
    np.testing.assert_allclose(curve.percent(3 * np.sinh(1)), 100 / (1 + np.exp(-1)))


def test_totals_without_end_have_a_percentage() -> None:
    """And unknown ones have none; a level curve is level everywhere."""
    np.testing.assert_allclose(PRIOR.percent([np.inf, -np.inf, np.nan]), [100, 0, np.nan])
    np.testing.assert_allclose(Calibration(0.0, 0.0).percent([np.inf, -np.inf]), [50, 50])


def test_without_ratings_the_prior_comes_back() -> None:
    """Its pseudo-observations say what it says."""
    found = fit_calibration([], [])

    assert (found.intercept, found.slope) == pytest.approx((PRIOR.intercept, PRIOR.slope))
    assert found.ratings == 0


def test_few_ratings_move_little_and_many_move_much() -> None:
    """Thumbs up only, at three standard deviations, where the prior says 39 percent."""
    reached = [
        float(fit_calibration(np.full(n, 3.0), np.ones(n)).percent(3.0)) for n in (1, 10, 300)
    ]

    np.testing.assert_allclose(reached, [42, 60, 97], atol=0.5)


def test_many_ratings_bring_out_the_truth() -> None:
    """The curve by which thumbs were drawn, whatever the prior."""
    truth = Calibration(intercept=-1.0, slope=1.5)
    rng = np.random.default_rng(4)
    seen = rng.normal(3.0, 3.0, size=20_000)
    found = fit_calibration(seen, rng.random(len(seen)) < truth.percent(seen) / 100)

    np.testing.assert_allclose(found.percent(LADDER), truth.percent(LADDER), atol=2.0)
    assert found.ratings == 20_000


def test_the_fit_is_where_the_slope_of_the_loss_is_zero() -> None:
    """Residuals of ratings and of the prior's pseudo-ratings balance, also weighed by the total."""
    seen, up = np.array([0.5, 4.0, 9.0]), np.array([1.0, 0.0, 1.0])
    found = fit_calibration(seen, up, prior_ratings=8.0)
    grid = np.array([-1.0, 0.0, 1.0, 2.0, 3.0, 5.0, 8.0, 12.0])
    x = np.arcsinh(np.concatenate([seen, grid]) / 3)
    target = np.concatenate([up, PRIOR.percent(grid) / 100])
    residual = found.percent(np.concatenate([seen, grid])) / 100 - target

    np.testing.assert_allclose([residual.sum(), residual @ x], 0.0, atol=1e-8)


def test_ordinary_papers_stay_ordinary_when_only_the_best_are_rated() -> None:
    """Thumbs up for half of what digests show says nothing about the rest of the stream.

    The curve has two parameters only, so what is shown is off by some percent then.
    """
    found = fit_calibration(np.repeat([3.0, 8.0], 2_000), np.tile([0, 1], 2_000))

    assert float(found.percent(0.0)) < 25.0
    np.testing.assert_allclose(found.percent([3.0, 8.0]), 50.0, atol=15.0)


def test_ratings_of_ordinary_papers_are_believed() -> None:
    """Where they are a fifth of all, the prior has no more to say."""
    seen = np.repeat([0.0, 5.0], [1_000, 4_000])
    found = fit_calibration(seen, np.tile([0, 1], 2_500))

    np.testing.assert_allclose(found.percent([0.0, 5.0]), 50.0, atol=2.0)


def test_a_ranking_turned_upside_down_gives_a_level_curve() -> None:
    """Never one that falls: the number shown would contradict the order."""
    found = fit_calibration(np.repeat([0.0, 8.0], 500), np.repeat([1, 0], 500))

    assert found.slope == 0.0
    np.testing.assert_allclose(found.percent([0.0, 8.0]), 50.0, atol=2.0)


def test_one_absurd_total_does_not_tilt_the_curve() -> None:
    """A bug elsewhere must not make every paper alike."""
    found = fit_calibration([1e300], [0])

    assert float(found.percent(5.0)) > 2 * float(found.percent(1.0))


@given(rated)
def test_the_curve_never_falls(ratings: list[tuple[float, bool]]) -> None:
    """Whatever the ratings are, and stays between nothing and a hundred."""
    found = fit_calibration([total for total, _ in ratings], [up for _, up in ratings])
    curve = found.percent(LADDER)

    assert np.all(np.diff(curve) >= 0)
    assert 0 <= curve[0] <= curve[-1] <= 100
    assert found.ratings == sum(np.isfinite(total) for total, _ in ratings)


@given(rated, st.integers(0, 39))
def test_the_order_of_the_ratings_does_not_matter(
    ratings: list[tuple[float, bool]], turn: int
) -> None:
    """They are a set."""
    turned = ratings[turn:] + ratings[:turn]
    found = fit_calibration([total for total, _ in ratings], [up for _, up in ratings])
    again = fit_calibration([total for total, _ in turned], [up for _, up in turned])

    np.testing.assert_allclose(found.percent(LADDER), again.percent(LADDER), atol=1e-4)


@given(st.lists(st.tuples(st.floats(0, 12), st.booleans()), min_size=1, max_size=30))
def test_another_thumbs_up_raises_the_chance_where_it_was_given(
    ratings: list[tuple[float, bool]],
) -> None:
    """Learning goes towards what was said."""
    seen, up = [total for total, _ in ratings], [said for _, said in ratings]
    before, after = fit_calibration(seen, up), fit_calibration([*seen, 4.0], [*up, True])

    assert float(after.percent(4.0)) > float(before.percent(4.0)) - 1e-6


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.integers(0, 10**9))
def test_what_is_kept_comes_back(intercept: float, slope: float, ratings: int) -> None:
    """Bit by bit."""
    curve = Calibration(intercept, slope, ratings)

    assert Calibration.from_bytes(curve.to_bytes()) == curve


@pytest.mark.parametrize(
    "blob",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b'{"intercept": 0, "slope": -1, "ratings": 0}',
        b'{"intercept": null, "slope": 1, "ratings": 0}',
        b'{"intercept": NaN, "slope": 1, "ratings": 0}',
        b'{"intercept": 0, "slope": 1, "ratings": Infinity}',
    ],
)
def test_other_bytes_are_no_calibration(blob: bytes) -> None:
    """Nor is a curve that falls."""
    with pytest.raises(BlobError, match="no calibration"):
        Calibration.from_bytes(blob)


@pytest.mark.parametrize(("intercept", "slope"), [(0, -0.1), (np.nan, 1), (0, np.inf)])
def test_a_calibration_rises(intercept: float, slope: float) -> None:
    """By finite numbers."""
    with pytest.raises(ValueError, match="rises"):
        Calibration(intercept, slope)


def test_what_cannot_be_learned_from_is_refused() -> None:
    """Verdicts without totals, and a prior without weight."""
    with pytest.raises(ValueError, match="verdicts"):
        fit_calibration([1.0, 2.0], [True])
    with pytest.raises(ValueError, match="cannot hold"):
        fit_calibration([1.0], [True], prior_ratings=0.0)
