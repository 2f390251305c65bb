"""The trending score."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from recommender.trending import Signals, percentiles, trending_percentiles, trending_points

Column = NDArray[np.float64]
NOTHING = float("nan")


def signals(
    upvotes: list[float],
    likes: list[float] | None = None,
    dislikes: list[float] | None = None,
    age_days: list[float] | None = None,
) -> Signals:
    """Return signals that are zero where not given."""
    n = len(upvotes)
    columns = [upvotes, likes or [0.0] * n, dislikes or [0.0] * n, age_days or [0.0] * n]
    return Signals(*(np.array(column) for column in columns))


def test_points_by_the_formula() -> None:
    """Upvotes count by their logarithm, ratings half as much again, dislikes against."""
    points = trending_points(signals([7, 0, 0, 7], [0, 3, 0, 1], [0, 0, 1, 1]))

    np.testing.assert_allclose(points, [3.0, 3.0, -1.5, 3.0])


def test_points_halve_in_three_days() -> None:
    """And are not raised by a date in the future."""
    points = trending_points(signals([7, 7, 7], age_days=[3, 6, -1]))

    np.testing.assert_allclose(points, [1.5, 0.75, 3.0])


def test_a_paper_of_which_nothing_is_known_has_no_points() -> None:
    """Unknown is not zero; listed without votes is known."""
    points = trending_points(signals([NOTHING, 0, NOTHING], [0, 0, 1]))

    np.testing.assert_allclose(points, [np.nan, 0.0, 1.5])


def test_a_paper_of_unknown_age_has_no_points() -> None:
    """Its attention cannot be placed in time."""
    assert np.isnan(trending_points(signals([5], age_days=[NOTHING]))).all()


def test_percentiles_share_the_middle_of_ties() -> None:
    """Two of four at the bottom share 25; unknown stays unknown."""
    shares = percentiles(np.array([1.0, 1.0, 5.0, 9.0, np.nan]))

    np.testing.assert_allclose(shares, [25.0, 25.0, 62.5, 87.5, np.nan])


def test_one_paper_stands_in_the_middle() -> None:
    """There is nothing to compare it with."""
    assert trending_percentiles(signals([3])).tolist() == [50.0]


def test_no_papers_have_no_percentiles() -> None:
    """An empty window is no error."""
    assert trending_percentiles(signals([])).shape == (0,)


@given(arrays(np.float64, st.integers(0, 30), elements=st.floats(-9, 9)))
def test_percentiles_keep_the_order(points: Column) -> None:
    """They rise with the points and stay within 0 and 100."""
    shares = percentiles(points)

    assert (np.diff(shares[np.argsort(points)]) >= 0).all()
    assert ((shares > 0) & (shares < 100)).all()


def test_columns_of_different_length_are_refused() -> None:
    """The message shows the lengths."""
    with pytest.raises(ValueError, match="one length"):
        Signals(np.zeros(2), np.zeros(1), np.zeros(2), np.zeros(2))
