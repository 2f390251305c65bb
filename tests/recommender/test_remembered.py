"""Rows that are made once."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recommender.remembered import Remembered
from recommender.vectors import Matrix


class Maker:
    """Makes rows of the number in a name, and keeps count."""

    def __init__(self, kept: Remembered) -> None:
        self.kept = kept
        self.made: list[bytes] = []

    def rows(self, *names: bytes) -> list[float]:
        """Ask for rows by name; return their first numbers."""

        def compute(missing: list[int]) -> Matrix:
            self.made += [names[place] for place in missing]
            return np.array([[float(names[place])] * 3 for place in missing], dtype=np.float32)

        return [float(number) for number in self.kept.rows(names, compute)[:, 0]]


def test_a_row_is_made_once() -> None:
    """Also beside others that are new."""
    maker = Maker(Remembered(5))

    found = [maker.rows(b"1", b"2"), maker.rows(b"3", b"1"), maker.rows(b"2")]

    assert found == [[1, 2], [3, 1], [2]]
    assert maker.made == [b"1", b"2", b"3"]


def test_what_was_not_asked_for_the_longest_is_forgotten() -> None:
    """Not what came first."""
    maker = Maker(Remembered(2))

    for name in (b"1", b"2", b"1", b"3", b"1", b"2"):
        maker.rows(name)

    assert maker.made == [b"1", b"2", b"3", b"2"]


def test_more_than_there_is_room_for_is_made_every_time() -> None:
    """And takes nobody's place."""
    maker = Maker(Remembered(2))
    maker.rows(b"1")

    found = maker.rows(b"4", b"5", b"1")
    maker.rows(b"1")

    assert found == [4, 5, 1]
    assert maker.made == [b"1", b"4", b"5", b"1"]


@given(st.lists(st.lists(st.sampled_from([b"1", b"2", b"3"]), min_size=1, max_size=4), max_size=6))
def test_rows_come_in_the_order_of_their_names(asked: list[list[bytes]]) -> None:
    """A name may stand there twice."""
    maker = Maker(Remembered(3))

    found = [maker.rows(*names) for names in asked]

    assert found == [[float(name) for name in names] for names in asked]


def test_a_row_can_be_asked_for_by_many_at_once() -> None:
    """Each gets its own numbers."""
    maker = Maker(Remembered(3))
    names = [b"%d" % (number % 5) for number in range(200)]

    with ThreadPoolExecutor(4) as readers:
        found = list(readers.map(lambda name: maker.rows(name, b"7"), names))

    assert found == [[float(name), 7.0] for name in names]
