"""Rows that cost a product each, kept as long as their day.

Whoever rates one more paper has had all the others compared with the day before. Rows go by the
bytes that they follow from, so that nothing stale is ever found. Computes nothing itself.
"""

from collections.abc import Callable, Sequence
from threading import Lock

import numpy as np

from recommender.vectors import Matrix

__all__ = ["Remembered"]


class Remembered:
    """Some rows; those not asked for the longest are forgotten first.

    Args:
        at_most: so many.
    """

    def __init__(self, at_most: int) -> None:
        self._at_most = at_most
        self._kept: dict[bytes, Matrix] = {}
        self._lock = Lock()

    def rows(self, names: Sequence[bytes], compute: Callable[[list[int]], Matrix]) -> Matrix:
        """Return a row for each name (k, n), in their order.

        Args:
            names: what each row follows from, one at least.
            compute: makes the rows of the names at these places, all at once.
        """
        if len(names) > self._at_most:
            return compute(list(range(len(names))))
        with self._lock:
            found = [self._kept.pop(name, None) for name in names]
        missing = [place for place, row in enumerate(found) if row is None]
        made = iter(compute(missing) if missing else ())
        # A row that is a view would keep all rows that were made with it.
        rows = [next(made).copy() if row is None else row for row in found]
        with self._lock:
            self._kept.update(zip(names, rows, strict=True))
            for name in list(self._kept)[: max(len(self._kept) - self._at_most, 0)]:
                del self._kept[name]
        return np.stack(rows)
