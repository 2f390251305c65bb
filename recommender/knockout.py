"""The few largest of many rows, place by place, in as few comparisons as it takes.

Every two rows play, and winners play on. The second of all has lost to the first, and the third to
one of the two, in another round than the second. So the best loser of every round is enough: three
comparisons a row, and one row a round to hold. Knows no papers.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

__all__ = ["Floats", "KnockOut"]

Floats = NDArray[Any]
"""Real numbers; float64 for one reader, float32 for blocks of them."""


class KnockOut:
    """A knock-out for the k largest; keeps its room from one to the next.

    Args:
        k: how many, one to three.

    Raises:
        ValueError: more are wanted.
    """

    def __init__(self, k: int) -> None:
        if not 1 <= k <= 3:
            raise ValueError(f"the best losers of a knock-out give three at most, not {k}")
        self._k = k
        self._room: list[Floats] = []
        self._losers: list[Floats] = []

    def room(self, shape: tuple[int, ...], dtype: DTypeLike = np.float32) -> Floats:
        """Return an array to write a row to."""
        while self._room:
            room = self._room.pop()
            if room.shape == shape and room.dtype == dtype:
                return room
        return np.empty(shape, dtype=dtype)

    def largest(self, rows: Iterable[Floats]) -> list[Floats]:
        """Return the k largest of rows, falling; all when there are fewer.

        Args:
            rows: (..., n) each, all alike; they are overwritten, and so is what this returned when
                it is called again.

        Raises:
            ValueError: there are no rows.
        """
        waiting: list[tuple[int, Floats]] = []  # Winners and their round, the earliest last.
        self._room += self._losers
        self._losers = []
        for row in rows:
            number, winner = 0, row
            while waiting and waiting[-1][0] == number:
                winner = self._play(winner, waiting.pop()[1], number)
                number += 1
            waiting.append((number, winner))
        if not waiting:
            raise ValueError("the largest of no rows are not known")
        winner = waiting.pop()[1]
        while waiting:
            # Whoever had to wait plays in a round of their own.
            winner = self._play(winner, waiting.pop()[1], len(self._losers))
        best: list[Floats] = []
        for loser in self._losers:
            _insert(best, loser, self._k - 1)
        self._losers.append(winner)
        return [winner, *best]

    def _play(self, one: Floats, other: Floats, number: int) -> Floats:
        """Return the winners of a round (..., n), and keep its best losers."""
        if self._k == 1:
            np.maximum(one, other, out=other)
            self._room.append(one)
            return other
        winner: Floats = np.maximum(one, other, out=self.room(one.shape, one.dtype))
        np.minimum(one, other, out=other)
        self._room.append(one)
        if number < len(self._losers):
            np.maximum(self._losers[number], other, out=self._losers[number])
            self._room.append(other)
        else:
            self._losers.append(other)
        return winner


def _insert(best: list[Floats], row: Floats, k: int) -> None:
    """Take a row into the k largest, which fall, in place."""
    for place, value in enumerate(best):
        # What falls out of the last place is not wanted.
        low = np.minimum(value, row) if place < k - 1 else row
        np.maximum(value, row, out=value)
        row = low
    if len(best) < k:
        best.append(row)
