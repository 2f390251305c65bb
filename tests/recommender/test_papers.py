"""Papers as rows, and the day's candidates."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from recommender.background import Background, Whitening
from recommender.errors import ModelMismatchError
from recommender.kernel import KernelView
from recommender.papers import MAX_PHRASES, Candidates, PaperFacts, Papers
from recommender.phrases import has_phrase
from recommender.testing import TopicCorpus
from recommender.uncertainty import Prior
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


def test_a_day_remembers_who_has_a_phrase(corpus: TopicCorpus) -> None:
    """The same again, and nobody can change it for the next reader."""
    candidates = corpus.candidates(range(20))
    word = corpus.facts[3].title.split()[0]

    first = candidates.having(word)
    expected = first.tolist()
    first[:] = False

    assert any(expected)
    assert candidates.having(word).tolist() == expected
    assert candidates.having(word).tolist() == has_phrase(candidates.folded_texts, word).tolist()


def test_a_plural_is_remembered_apart(corpus: TopicCorpus) -> None:
    """A keyword finds more than the same word as a mute."""
    facts = (PaperFacts("Polar codes"), PaperFacts("A polar code"))
    candidates = Candidates(corpus.papers.take([0, 1]), facts)

    assert candidates.having("polar code").tolist() == [False, True]
    assert candidates.having("polar code", plural=True).tolist() == [True, True]


def test_phrases_remembered_are_bounded(corpus: TopicCorpus) -> None:
    """Anybody may ask for anything."""
    candidates = corpus.candidates(range(2))

    for number in range(MAX_PHRASES + 1):
        candidates.having(f"word{number}")

    assert len(candidates._found) == 1


def test_directions_are_those_of_the_whitening_asked_for(corpus: TopicCorpus) -> None:
    """The same object again for the same one."""
    candidates = corpus.candidates(range(5))
    other = Whitening.of(Background.empty(corpus.papers.dim).add(corpus.papers.vectors[:20]))

    one, again = (candidates.directions(corpus.whitening) for _ in range(2))
    there = candidates.directions(other)

    assert one is again
    vectors = candidates.papers.vectors
    np.testing.assert_array_equal(one, Prior.of(corpus.whitening).directions(vectors))
    np.testing.assert_array_equal(there, Prior.of(other).directions(vectors))
