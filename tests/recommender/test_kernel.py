"""The whitened kernel: the formula of its docstring, by the long way and by the short ones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from recommender.kernel import RIDGE, SHARPNESS, KernelView
from recommender.vectors import Matrix, unit_rows

SEEDS = st.integers(0, 2**32 - 1)


def unit(n: int, seed: int, dim: int = 8) -> Matrix:
    """Return random unit rows."""
    return unit_rows(np.random.default_rng(seed).standard_normal((n, dim)))


def by_the_long_way(landmarks: Matrix, rows: Matrix, columns: Matrix) -> NDArray[np.float64]:
    """Return `a (phi(x) - m)' (C + a I)^-1 (phi(c) - m)` with features and covariance made."""
    every = np.vstack([landmarks, rows, columns]).astype(np.float64)
    values, axes = np.linalg.eigh(np.exp(SHARPNESS * (every @ every.T - 1)))
    features = axes * np.sqrt(np.maximum(values, 0))  # features @ features.T is the kernel
    m, k = len(landmarks), len(rows)
    centred = features - features[:m].mean(axis=0)
    covariance = centred[:m].T @ centred[:m] / m
    solved = np.linalg.solve(covariance + RIDGE * np.eye(len(every)), centred[m + k :].T)
    return np.asarray(RIDGE * centred[m : m + k] @ solved)


def test_likeness_is_that_of_the_formula() -> None:
    """With explicit features, mean and covariance, in double precision."""
    landmarks, rows, columns = unit(40, 1), unit(5, 2), unit(7, 3)

    found = KernelView.of(landmarks, columns).likeness(rows)

    expected = by_the_long_way(landmarks, rows, columns)
    np.testing.assert_allclose(found, expected, atol=1e-3 * np.abs(expected).max())


@given(SEEDS, st.integers(1, 6), st.integers(1, 30))
def test_the_mean_is_the_mean(seed: int, n_rows: int, n_landmarks: int) -> None:
    """Without the large product."""
    view = KernelView.of(unit(n_landmarks, seed), unit(5, seed + 1))
    rows = unit(n_rows, seed + 2)

    mean = view.look_at(rows).mean_likeness()

    np.testing.assert_allclose(mean, view.likeness(rows).mean(axis=0), atol=2e-4)


@given(SEEDS)
def test_cosines_that_are_known_need_not_be_found_again(seed: int) -> None:
    """The same likeness, and the cosines stay as they are."""
    view, some = KernelView.of(unit(20, seed), unit(5, seed + 1)), unit(6, seed + 2)
    cosines = some @ view.columns.T
    before = cosines.copy()

    near = view.likeness(some, cosines)
    mean = view.look_at(some).mean_likeness(cosines)

    np.testing.assert_array_equal(cosines, before)
    np.testing.assert_allclose(near, view.likeness(some), atol=1e-6)
    np.testing.assert_allclose(mean, view.look_at(some).mean_likeness(), atol=1e-6)


@given(SEEDS, st.integers(0, 4))
def test_likeness_to_one_is_a_column(seed: int, column: int) -> None:
    """So that a score can be split among the papers it came from."""
    view = KernelView.of(unit(20, seed), unit(5, seed + 1))
    rows = unit(6, seed + 2)

    one = view.look_at(rows).likeness_to(column)

    np.testing.assert_allclose(one, view.likeness(rows)[:, column], atol=2e-4)


@given(SEEDS)
def test_likeness_is_mutual(seed: int) -> None:
    """Whichever of two papers is the day's."""
    landmarks, some, others = unit(25, seed), unit(4, seed + 1), unit(6, seed + 2)

    there = KernelView.of(landmarks, others).likeness(some)
    back = KernelView.of(landmarks, some).likeness(others)

    np.testing.assert_allclose(back.T, there, atol=2e-4)


@given(SEEDS)
def test_likeness_is_a_kernel(seed: int) -> None:
    """Nothing is more alike than it may be: no eigenvalue is below zero but for rounding."""
    rows = unit(12, seed)

    alike = KernelView.of(unit(25, seed + 1), rows).likeness(rows).astype(np.float64)

    assert np.linalg.eigvalsh((alike + alike.T) / 2).min() > -1e-3


@given(SEEDS)
def test_the_order_of_landmarks_does_not_matter(seed: int) -> None:
    """They stand for all papers together."""
    landmarks, columns, rows = unit(25, seed), unit(6, seed + 1), unit(3, seed + 2)

    there = KernelView.of(landmarks, columns).likeness(rows)
    turned = KernelView.of(landmarks[::-1].copy(), columns).likeness(rows)

    np.testing.assert_allclose(turned, there, atol=2e-4)


def test_the_landmarks_themselves_are_alike_to_nothing_on_average() -> None:
    """The mean of the stream is taken off on both sides."""
    landmarks = unit(30, 4)

    mean = KernelView.of(landmarks, unit(6, 5)).look_at(landmarks).mean_likeness()

    np.testing.assert_allclose(mean, 0, atol=1e-4)


@pytest.mark.parametrize("n", [1, 40])
def test_landmarks_that_are_all_one_paper_do_no_harm(n: int) -> None:
    """The ridge keeps the system solvable."""
    view = KernelView.of(np.repeat(unit(1, 1), n, axis=0), unit(6, 2))

    assert np.isfinite(view.likeness(unit(3, 3))).all()


def test_an_empty_day_has_no_columns() -> None:
    """And no warning."""
    view = KernelView.of(unit(10, 1), np.empty((0, 8), dtype=np.float32))

    assert view.likeness(unit(3, 2)).shape == (3, 0)
    assert view.look_at(unit(3, 2)).mean_likeness().shape == (0,)


def test_numbers_are_in_single_precision() -> None:
    """Half the memory of a day's columns."""
    view = KernelView.of(unit(10, 1), unit(4, 2))

    assert view.solved.dtype == view.likeness(unit(3, 3)).dtype == np.float32
    assert view.look_at(unit(3, 3)).mean_likeness().dtype == np.float32
