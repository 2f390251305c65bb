"""Papers as rows, and the day's candidates."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from recommender.errors import ModelMismatchError
from recommender.kernel import KernelView
from recommender.papers import Candidates, PaperFacts, Papers
from recommender.testing import TopicCorpus
from recommender.vectors import Matrix


def plain(vectors: Matrix) -> Papers:
    """Return papers without words."""
    n = len(vectors)
    return Papers(np.arange(n), vectors, csr_array((n, 0), dtype=np.float32))


def test_zero_and_nan_vectors_are_unknown() -> None:
    """They are safe to multiply and never believed."""
    papers = plain(np.array([[1, 0], [0, 0], [np.nan, 1]], dtype=np.float32))

    assert papers.known.tolist() == [True, False, False]
    assert papers.solid.tolist() == [[1, 0], [0, 0], [0, 0]]


def test_rows_can_be_taken_by_number_and_by_mask() -> None:
    """In the order asked for."""
    papers = plain(np.eye(3, dtype=np.float32))

    assert papers.take([2, 0]).keys.tolist() == [2, 0]
    assert papers.take(np.array([True, False, True])).keys.tolist() == [0, 2]


def test_columns_of_different_length_are_refused() -> None:
    """One row per paper everywhere."""
    with pytest.raises(ValueError, match="one row per paper"):
        Papers(np.arange(2), np.eye(3, dtype=np.float32), csr_array((2, 0), dtype=np.float32))


def test_papers_of_another_model_cannot_follow() -> None:
    """Vectors of different widths never meet."""
    with pytest.raises(ModelMismatchError, match="2 dimensions"):
        Papers.none(2).followed_by(Papers.none(3))


def test_candidates_need_facts_for_every_paper() -> None:
    """A missing one would be matched with the wrong paper."""
    with pytest.raises(ValueError, match="1 candidates"):
        Candidates(plain(np.eye(1, dtype=np.float32)), ())


def test_the_pool_is_the_candidates_and_then_the_reference(corpus: TopicCorpus) -> None:
    """Scores are measured against both."""
    candidates = corpus.candidates([5, 3])

    assert candidates.pool.keys[:2].tolist() == [5, 3]
    assert len(candidates.pool) == len(corpus.papers)


def test_twins_have_nearly_one_vector_or_one_title() -> None:
    """Case and punctuation of the title do not count; empty titles are no twins."""
    vectors = np.array([[1, 0, 0], [0.999, 0.04, 0], [0, 1, 0], [0, 0, 1], [0, -1, 0]])
    titles = ["One", "Two", "Same: title", "same title", ""]
    facts = tuple(PaperFacts(title) for title in titles)

    twins = Candidates(plain(vectors.astype(np.float32)), facts).twins

    assert twins.tolist() == [[0, 1], [2, 3]]


def test_a_kernel_of_another_day_is_refused(corpus: TopicCorpus) -> None:
    """It would score the wrong papers."""
    vectors = corpus.papers.vectors
    kernel = KernelView.of(vectors[:20], vectors[:10])
    day = corpus.candidates([*range(11)])

    with pytest.raises(ValueError, match="a kernel of 10 papers does not fit a day of 60"):
        replace(day, kernel=kernel)
