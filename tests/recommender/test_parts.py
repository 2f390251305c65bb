"""The array functions that scores are made of."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from recommender.parts import regularisation, share, standardise, top_mean

Column = NDArray[np.float64]

numbers = st.floats(-1e6, 1e6)
tables = arrays(np.float64, st.tuples(st.integers(1, 4), st.integers(0, 12)), elements=numbers)
columns = arrays(np.float64, st.integers(1, 30), elements=numbers)


@pytest.mark.parametrize(("n", "a"), [(1, 0.07), (4, 0.07), (5, 0.022), (14, 0.022), (15, 0.006)])
def test_the_ridge_shrinks_with_the_profile(n: int, a: float) -> None:
    """At the profile sizes of the recipe."""
    assert regularisation(n) == a


def test_standard_scores_by_hand() -> None:
    """Mean 2 and spread one."""
    np.testing.assert_allclose(standardise(np.array([1.0, 1.0, 3.0, 3.0])), [-1, -1, 1, 1])


def test_unknown_values_stay_unknown() -> None:
    """And count for neither mean nor spread."""
    z = standardise(np.array([1.0, np.nan, 3.0]))

    np.testing.assert_allclose(z, [-1, np.nan, 1])


def test_values_that_do_not_differ_score_zero() -> None:
    """Neither do values that differ by rounding alone."""
    assert not standardise(np.full(3, 0.1)).any()
    assert not standardise(np.array([0.3, 0.1 + 0.2, 0.3])).any()


@pytest.mark.parametrize("values", [np.empty(0), np.full(3, np.nan), np.array([2.0])])
def test_too_little_to_standardise_raises_nothing(values: Column) -> None:
    """No papers, no known paper, one paper."""
    assert standardise(values).shape == values.shape


@given(tables)
def test_rows_are_standardised_by_themselves(table: Column) -> None:
    """A block of readers gives what each gives alone."""
    alone = np.array([standardise(row) for row in table]).reshape(table.shape)

    np.testing.assert_allclose(standardise(table), alone, atol=1e-9)


@given(columns)
def test_standard_scores_have_mean_zero_and_spread_one(column: Column) -> None:
    """Or are all zero."""
    z = standardise(column)

    assert abs(z.mean()) < 1e-6
    assert not z.any() or abs(z.std() - 1) < 1e-6


@given(arrays(np.float64, st.tuples(st.integers(1, 8), st.integers(1, 5)), elements=numbers))
def test_the_mean_of_the_best_three(rows: Column) -> None:
    """Against sorting; of all when there are fewer."""
    expected = np.sort(rows, axis=0)[-3:].mean(axis=0)

    np.testing.assert_allclose(top_mean(rows), expected, atol=1e-6)


def test_the_best_of_nothing_is_an_error() -> None:
    """Callers ask only where something is liked."""
    with pytest.raises(ValueError, match="no rows"):
        top_mean(np.empty((0, 3)))


def test_shared_parts_sum_to_a_standard_score() -> None:
    """Over the papers that have every part."""
    parts = share({"a": np.array([1.0, 2, 6, np.nan]), "b": np.array([0.0, 5, 1, 2])})
    total = sum(parts.values(), np.zeros(4))

    np.testing.assert_allclose([np.nanmean(total), np.nanstd(total)], [0, 1], atol=1e-12)


def test_parts_that_say_nothing_stay_as_they_are() -> None:
    """No known paper, no scale."""
    unknown = np.full(2, np.nan)

    assert share({"a": unknown})["a"] is unknown
