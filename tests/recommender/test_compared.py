"""Rated papers before those of a day."""

import numpy as np

from recommender.compared import Compared
from recommender.kernel import KernelView
from recommender.papers import Papers
from tests.recommender.worlds import random_papers


def day_of(n: int = 20) -> tuple[Papers, KernelView]:
    """Return papers of a day, one without a vector, and the same before a random stream."""
    columns = random_papers(n, 0, 1)
    columns.vectors[3] = np.nan
    return columns, KernelView.of(random_papers(30, 500, 2).vectors, columns.solid)


def test_papers_are_as_alike_as_their_products_say() -> None:
    """Asked together or one after another, again or for the first time."""
    columns, view = day_of()
    compared, some = Compared(columns, view), random_papers(6, 100, 3)
    for asked in (some.take([4]), some.take([2, 5]), some):
        cosines = compared.cosines(asked.vectors)
        words = compared.shared_words(asked.words)
        looked = compared.looked(asked.vectors)

    assert looked is not None
    np.testing.assert_allclose(cosines, some.vectors @ columns.solid.T, atol=1e-6)
    np.testing.assert_allclose(words, (some.words @ columns.words.T).toarray(), atol=1e-6)
    np.testing.assert_allclose(
        looked.mean_likeness(), view.look_at(some.vectors).mean_likeness(), atol=1e-5
    )
    np.testing.assert_allclose(looked.likeness_to(7), view.likeness(some.vectors)[:, 7], atol=1e-5)


def test_a_paper_with_another_vector_is_another_paper() -> None:
    """Whatever its key: nothing stale is found after a change of text or model."""
    columns, view = day_of()
    compared, paper = Compared(columns, view), random_papers(1, 100, 3)
    compared.cosines(paper.vectors)
    changed = random_papers(1, 100, 4)

    cosines = compared.cosines(changed.vectors)

    np.testing.assert_allclose(cosines, changed.vectors @ columns.solid.T, atol=1e-6)


def test_without_a_kernel_nothing_is_looked_at() -> None:
    """None, not zeros."""
    columns, _ = day_of()

    assert Compared(columns, None).looked(columns.vectors[:1]) is None
