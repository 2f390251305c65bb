"""Odd profiles and odd days: defined scores and rankings, and no warning from numpy.

Every case is scored and ranked with a kernel and co-readers too.
"""

import warnings
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommender.explain import explain_day
from recommender.interests import InterestModel, Scores
from recommender.papers import Candidates, Interest, PaperFacts, Papers
from recommender.ranked import DayRanking
from recommender.ranking import rank_day
from recommender.testing import TopicCorpus
from recommender.vectors import Matrix
from tests.recommender.worlds import broad_stream, seen_through, topical_lenders

DAYS = ["plain", "seen"]
"""Without and with a kernel and co-readers."""


@pytest.fixture(autouse=True)
def _no_warnings() -> Iterator[None]:
    """Turn every warning and every floating point event into an error."""
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        yield


def day_of(corpus: TopicCorpus, kind: str, rows: list[int] | None = None) -> Candidates:
    """Return some papers of both topics as candidates, the rest as reference."""
    chosen = [*range(20, 30), *range(50, 60)] if rows is None else rows
    day = corpus.candidates(chosen)
    if kind == "plain":
        return day
    return seen_through(day, broad_stream(corpus.papers.dim), topical_lenders(corpus))


def with_vectors(papers: Papers, vectors: Matrix) -> Papers:
    """Return the papers with other vectors."""
    return Papers(papers.keys, vectors, papers.words)


def judged(
    corpus: TopicCorpus, interest: Interest, day: Candidates
) -> tuple[Scores, DayRanking, NDArray[np.float64]]:
    """Score, rank and explain; check what has to hold for every profile on every day."""
    model = InterestModel().fit(replace(interest, threshold=10.0), corpus.whitening)
    scores = model.score(day)
    ranking = rank_day([model], day, rng=np.random.default_rng(1), whitening=corpus.whitening)
    explained = explain_day(ranking, [model], day, corpus.lexicon)
    gives = np.array([scores.from_liked(row) for row in range(len(day))])
    assert scores.total.shape == (len(day),)
    assert not np.isinf(scores.total).any()
    summed = sum(scores.parts.values(), np.zeros(len(day)))
    if scores.parts:
        np.testing.assert_allclose(summed, scores.total, atol=1e-9)
    shown = [*explained.sections[0].entries, *explained.outside]
    assert np.isfinite([entry.total for entry in shown]).all()
    assert all(entry.reasons is not None for entry in shown)
    return scores, explained, gives


@pytest.mark.parametrize("kind", DAYS)
@pytest.mark.parametrize("n", [1, 2])
def test_one_paper_or_two_identical_ones(corpus: TopicCorpus, kind: str, n: int) -> None:
    """Two papers that say the same give half of the score each."""
    twin = corpus.papers.take([3] * n)
    interest = replace(corpus.interest(), liked=Papers(np.arange(n), twin.vectors, twin.words))

    scores, ranking, gives = judged(corpus, interest, day_of(corpus, kind))

    assert scores.total[:10].mean() > scores.total[10:].mean()
    assert ranking.shown
    np.testing.assert_allclose(np.ptp(gives, axis=1), 0, atol=1e-5)


@pytest.mark.parametrize("kind", DAYS)
def test_only_dislikes(corpus: TopicCorpus, kind: str) -> None:
    """Nothing can be scored, so nothing is sent, and the counts tell why."""
    scores, ranking, gives = judged(corpus, corpus.interest((), [0, 1, 2]), day_of(corpus, kind))

    assert np.isnan(scores.total).all()
    assert ranking.shown == frozenset()
    assert ranking.best_score is None
    assert gives.shape == (20, 0)


@pytest.mark.parametrize("kind", DAYS)
def test_only_dislikes_and_a_sentence(corpus: TopicCorpus, kind: str) -> None:
    """The sentence is scored, and what is disliked has no score."""
    interest = corpus.interest((), [20], prose="a treebank parser and its grammar")

    scores, ranking, _ = judged(corpus, interest, day_of(corpus, kind))

    assert np.flatnonzero(np.isnan(scores.total)).tolist() == [0]
    assert 20 not in ranking.shown


@pytest.mark.parametrize("kind", DAYS)
def test_contradictory_ratings(corpus: TopicCorpus, kind: str) -> None:
    """Liked and disliked is neither, and is not sent again."""
    plain, _, _ = judged(corpus, corpus.interest([0, 1, 2]), day_of(corpus, kind))
    torn, ranking, _ = judged(corpus, corpus.interest([0, 1, 2, 21], [21]), day_of(corpus, kind))
    all_torn, _, _ = judged(corpus, corpus.interest([0, 1], [0, 1]), day_of(corpus, kind))

    np.testing.assert_allclose(torn.total, plain.total)
    assert 21 not in ranking.shown
    assert np.isnan(all_torn.total).all()


@pytest.mark.parametrize("kind", DAYS)
def test_rated_papers_of_the_day_by_a_followed_author(corpus: TopicCorpus, kind: str) -> None:
    """No bonus makes up for a dislike: what was rated has no score."""
    authors = (*corpus.facts[20].authors, *corpus.facts[50].authors, *corpus.facts[51].authors)
    interest = replace(corpus.interest([20, 1], [50]), followed_authors=authors)

    scores, ranking, _ = judged(corpus, interest, day_of(corpus, kind))

    assert np.flatnonzero(np.isnan(scores.total)).tolist() == [0, 10]
    assert 51 in ranking.shown


@pytest.mark.parametrize("kind", DAYS)
@pytest.mark.parametrize("bad", [np.nan, np.inf, 0.0])
def test_liked_and_disliked_papers_without_vector(
    corpus: TopicCorpus, kind: str, bad: float
) -> None:
    """Those that have one speak; the others by their words."""
    vectors = corpus.papers.vectors.copy()
    vectors[[1, 2, 40]] = bad
    library = with_vectors(corpus.papers, vectors)
    plain = corpus.interest()
    interest = replace(plain, liked=library.take([0, 1, 2]), disliked=library.take([40]))
    blank = replace(plain, liked=library.take([1, 2]), disliked=library.take([40]))

    scores, _, gives = judged(corpus, interest, day_of(corpus, kind))
    by_words, _, _ = judged(corpus, blank, day_of(corpus, kind))

    assert "disliked" not in scores.parts
    assert np.isfinite(gives).all()
    assert set(by_words.parts) == {"words", "nearest_words"}
    assert by_words.total[:10].mean() > by_words.total[10:].mean()


@pytest.mark.parametrize("kind", DAYS)
@pytest.mark.parametrize("bad", [np.nan, np.inf, 0.0])
def test_candidates_without_vector(corpus: TopicCorpus, kind: str, bad: float) -> None:
    """They have no score, are counted, and leave the others as they are."""
    plain = day_of(corpus, "plain")
    vectors = plain.papers.vectors.copy()
    vectors[[4, 15]] = bad
    broken = replace(plain, papers=with_vectors(plain.papers, vectors))
    if kind == "seen":
        broken = seen_through(broken, broad_stream(64), topical_lenders(corpus))

    scores, ranking, _ = judged(corpus, corpus.interest(range(5), [40]), broken)

    assert np.flatnonzero(np.isnan(scores.total)).tolist() == [4, 15]
    assert ranking.counts.not_embedded == 2
    assert ranking.shown


@pytest.mark.parametrize("kind", DAYS)
def test_a_day_of_which_nothing_is_embedded(corpus: TopicCorpus, kind: str) -> None:
    """No scores, no papers."""
    papers = with_vectors(corpus.papers, np.full_like(corpus.papers.vectors, np.nan))
    day = Candidates(papers.take(range(20)), corpus.facts[:20], papers.take(range(20, 40)))
    if kind == "seen":
        day = seen_through(day, broad_stream(64), topical_lenders(corpus))

    scores, ranking, _ = judged(corpus, corpus.interest([50, 51], [52]), day)

    assert np.isnan(scores.total).all()
    assert ranking.shown == frozenset()


@pytest.mark.parametrize("kind", DAYS)
@pytest.mark.parametrize("reference", [False, True])
def test_an_empty_day(corpus: TopicCorpus, kind: str, reference: bool) -> None:
    """Nothing to choose from, with and without a stream to measure against."""
    stream = corpus.papers if reference else None
    day = Candidates(corpus.nothing(), (), stream)
    if kind == "seen":
        day = seen_through(day, broad_stream(64), topical_lenders(corpus))
    interest = corpus.interest(range(5), [40], prose="a parser", keywords=("treebank",))

    scores, ranking, _ = judged(corpus, interest, day)

    assert scores.total.shape == (0,)
    assert ranking.shown == frozenset()


@pytest.mark.parametrize("kind", DAYS)
@pytest.mark.parametrize("reference", [False, True])
def test_one_candidate(corpus: TopicCorpus, kind: str, reference: bool) -> None:
    """Compared with the stream it is good; without one it is neither good nor bad."""
    day = corpus.candidates([22])
    day = day if reference else replace(day, reference=None)
    if kind == "seen":
        day = seen_through(day, broad_stream(64), topical_lenders(corpus))

    scores, _, gives = judged(corpus, corpus.interest(range(5)), day)

    assert (scores.total[0] > 0) == reference
    assert (np.ptp(gives[0]) > 0) == reference


@pytest.mark.parametrize("kind", DAYS)
def test_a_day_of_one_paper_many_times(corpus: TopicCorpus, kind: str) -> None:
    """Nothing tells them apart, and one of them is sent at most."""
    same = corpus.papers.take([22] * 12)
    papers = Papers(np.arange(900, 912), same.vectors, same.words)
    day = Candidates(papers, (corpus.facts[22],) * 12)
    if kind == "seen":
        day = seen_through(day, broad_stream(64), topical_lenders(corpus))

    scores, ranking, _ = judged(corpus, corpus.interest(range(5), [40]), day)

    assert not scores.total.any()
    assert ranking.counts.duplicates == 11


@pytest.mark.parametrize("kind", DAYS)
def test_papers_without_a_word(corpus: TopicCorpus, kind: str) -> None:
    """Vectors alone are enough."""
    day = day_of(corpus, kind)
    bare = csr_array(day.papers.words.shape, dtype=np.float32)
    papers = Papers(day.papers.keys, day.papers.vectors, bare)
    facts = (PaperFacts("", ""),) * len(day)

    scores, _, _ = judged(
        corpus, corpus.interest(range(5)), replace(day, papers=papers, facts=facts)
    )

    assert scores.total[:10].mean() > scores.total[10:].mean()


@pytest.mark.parametrize("kind", DAYS)
def test_a_co_reader_of_everything_and_a_reader_of_nothing_known(
    corpus: TopicCorpus, kind: str
) -> None:
    """Liked papers that no co-reader has ever met."""
    liked = corpus.papers.take([30, 31])
    stranger = Papers(np.array([5000, 5001]), liked.vectors, liked.words)

    scores, _, _ = judged(corpus, replace(corpus.interest(), liked=stranger), day_of(corpus, kind))

    assert "coreaders" not in scores.parts
    assert scores.total[:10].mean() < scores.total[10:].mean()


@pytest.mark.parametrize("kind", DAYS)
def test_ten_thousand_liked_papers(corpus: TopicCorpus, kind: str) -> None:
    """Large libraries are brought in whole."""
    liked = corpus.papers.take(np.resize(corpus.rows("parsing")[:15], 10_000))
    many = Papers(np.arange(1_000, 11_000), liked.vectors, liked.words)

    # With so much known, what is left in doubt are squares of rounding; those may well be zero.
    with np.errstate(under="ignore"):
        scores, ranking, gives = judged(
            corpus, replace(corpus.interest(), liked=many), day_of(corpus, kind)
        )

    assert scores.total[:10].min() > scores.total[10:].max()
    assert ranking.shown
    assert gives.shape == (20, 10_000)
