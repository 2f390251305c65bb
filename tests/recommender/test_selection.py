"""Choosing among scored papers."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recommender.selection import best_first, diversify, draw, lesser_twins

totals_of = st.lists(st.sampled_from([0.0, 0.5, 1.0, 2.0]), max_size=12)


@given(totals_of)
def test_the_order_does_not_depend_on_how_papers_come(
    totals: list[float],
) -> None:
    """Equal totals are ordered by key."""
    keys = np.arange(len(totals)) * 7 % 31
    turned = np.arange(len(totals))[::-1]

    one = keys[best_first(np.array(totals), keys)]
    other = keys[turned][best_first(np.array(totals)[turned], keys[turned])]

    np.testing.assert_array_equal(one, other)


def test_unknown_totals_come_last() -> None:
    """Whatever their keys."""
    order = best_first(np.array([np.nan, 1.0, 2.0]), np.array([0, 1, 2]))

    assert order.tolist() == [2, 1, 0]


def test_the_better_twin_stays() -> None:
    """Of a chain of three the middle one's twins go only if it stays."""
    pairs = np.array([[0, 1], [1, 2]])

    best_outside = lesser_twins(pairs, np.array([3.0, 2.0, 1.0]), np.arange(3))
    best_inside = lesser_twins(pairs, np.array([1.0, 2.0, 1.0]), np.arange(3))

    assert best_outside.tolist() == [False, True, False]
    assert best_inside.tolist() == [True, False, True]


def test_a_twin_that_cannot_be_judged_displaces_nothing() -> None:
    """Nobody would see it."""
    lesser = lesser_twins(np.array([[0, 1]]), np.array([np.nan, 1.0]), np.arange(2))

    assert not lesser[1]


def test_a_repetition_waits_for_something_else() -> None:
    """A near copy of the best loses its place to a weaker paper of another kind."""
    vectors = np.array([[1, 0], [0.9, 0.436], [0, 1]], dtype=np.float32)
    totals = np.array([3.0, 2.9, 2.5])

    chosen = diversify(np.arange(3), totals, vectors, size=3, strength=1.5)

    assert chosen.tolist() == [0, 2, 1]


def test_without_strength_the_order_stays() -> None:
    """Even among copies."""
    vectors = np.ones((3, 1), dtype=np.float32)

    chosen = diversify(np.array([2, 0, 1]), np.array([2.0, 1.0, 3.0]), vectors, size=2, strength=0)

    assert chosen.tolist() == [2, 0]


def test_nothing_to_choose_from_gives_nothing() -> None:
    """No rows, or no room."""
    vectors = np.ones((1, 1), dtype=np.float32)
    none = np.empty(0, dtype=np.int64)

    assert diversify(none, np.empty(0), vectors[:0], size=3, strength=1).tolist() == []
    assert diversify(np.array([0]), np.ones(1), vectors, size=0, strength=1).tolist() == []
    assert draw([], np.empty(0), np.random.default_rng(0), 2).tolist() == []


def test_a_draw_repeats_with_its_seed() -> None:
    """And takes no row twice."""
    first = draw(range(9), np.ones(9), np.random.default_rng(4), 5)
    again = draw(range(9), np.ones(9), np.random.default_rng(4), 5)

    assert first.tolist() == again.tolist()
    assert len(set(first.tolist())) == 5
