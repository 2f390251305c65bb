"""Rated papers before the papers of a day, each compared once.

The same few papers are behind every ranking that a reader gets on a day, and popular ones behind
those of many readers. Says how alike papers are; scores nothing.
"""

from typing import TYPE_CHECKING

import numpy as np

from recommender.kernel import KernelView, Looked
from recommender.lexical import Sparse
from recommender.postings import Postings
from recommender.remembered import Remembered
from recommender.vectors import Matrix

if TYPE_CHECKING:
    from recommender.papers import Papers

__all__ = ["Compared"]

AT_MOST = 1_000
"""Papers that are remembered: 32 MB for 3,000 columns and 2,000 landmarks."""


class Compared:
    """How alike any papers and those of a day are.

    Args:
        columns: the papers of the day.
        kernel: the same before a stream; None where too little is known of it.
    """

    def __init__(self, columns: "Papers", kernel: KernelView | None) -> None:
        self._columns, self._kernel = columns, kernel
        self._postings = Postings.of(columns.words)
        self._by_vector, self._by_words, self._landmarks = (Remembered(AT_MOST) for _ in range(3))

    def cosines(self, vectors: Matrix) -> Matrix:
        """Return the cosines of papers (k, dim), one at least, to the day's: (k, n)."""
        return self._by_vector.rows(
            [vector.tobytes() for vector in vectors],
            lambda missing: vectors[missing] @ self._columns.solid.T,
        )

    def shared_words(self, words: Sparse) -> Matrix:
        """Return the lexical cosines of papers, csr (k, n_terms), k at least one: (k, n)."""
        ends = zip(words.indptr, words.indptr[1:], strict=False)
        return self._by_words.rows(
            [words.indices[a:b].tobytes() + words.data[a:b].tobytes() for a, b in ends],
            lambda missing: self._postings.cosines(words[missing]),
        )

    def looked(self, vectors: Matrix) -> Looked | None:
        """Return papers (k, dim), one at least, in the eyes of the kernel; None without one."""
        view = self._kernel
        if view is None:
            return None

        def look(missing: list[int]) -> Matrix:
            seen = view.look_at(vectors[missing])
            return np.hstack([seen.centred, seen.level[:, None]])

        rows = self._landmarks.rows([vector.tobytes() for vector in vectors], look)
        return Looked(view, vectors, rows[:, :-1], rows[:, -1])
