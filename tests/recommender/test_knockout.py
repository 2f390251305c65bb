"""The few largest of many rows, by playing them against each other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from recommender.knockout import KnockOut

# Few different values: equals must not lose each other's places.
tables = arrays(
    np.float64, st.tuples(st.integers(1, 40), st.integers(1, 4)), elements=st.integers(-3, 3)
)


def sorted_out(table: NDArray[np.float64], k: int) -> NDArray[np.float64]:
    """Return the k largest of every column by sorting, falling."""
    return np.sort(table, axis=0)[::-1][:k]


@given(tables, st.integers(1, 3))
def test_they_are_what_sorting_gives(table: NDArray[np.float64], k: int) -> None:
    """Of any number of rows, equals among them."""
    found = KnockOut(k).largest(row.copy() for row in table)

    np.testing.assert_array_equal(np.array(found), sorted_out(table, k))


@given(tables, tables, st.integers(1, 3))
def test_one_may_follow_another(
    table: NDArray[np.float64], other: NDArray[np.float64], k: int
) -> None:
    """Also when the rows are longer or shorter; nothing is left of the first."""
    game = KnockOut(k)
    game.largest(row.copy() for row in table)

    found = game.largest(row.copy() for row in other)

    np.testing.assert_array_equal(np.array(found), sorted_out(other, k))


def test_room_is_made_once() -> None:
    """Whoever writes rows to it finds that of earlier rows again."""
    game = KnockOut(3)
    rooms = [game.room((5,)) for _ in range(8)]
    game.largest(np.full_like(room, place) for place, room in enumerate(rooms))
    game.largest(np.zeros(5, dtype=np.float32) for _ in range(2))

    room = game.room((5,))

    assert room.shape == (5,)
    assert room.dtype == np.float32
    assert game.room((6,)).shape == (6,)


def test_the_largest_of_nothing_are_an_error() -> None:
    """Callers ask only where something is liked."""
    with pytest.raises(ValueError, match="no rows"):
        KnockOut(3).largest(iter(()))


@pytest.mark.parametrize("k", [0, 4])
def test_best_losers_give_three_at_most(k: int) -> None:
    """The fourth may have lost in the same round as the third."""
    with pytest.raises(ValueError, match=f"not {k}"):
        KnockOut(k)
