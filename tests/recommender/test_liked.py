"""What each liked paper gives to a score: shares that add up, and that are true."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.background import Background, Whitening
from recommender.blend import DEFAULT_CONFIG
from recommender.interests import InterestModel, Scores
from recommender.liked import LikedPapers, Likeness, mean_words
from recommender.papers import Candidates, Interest, Papers
from recommender.testing import TopicCorpus
from tests.recommender.worlds import (
    DIM,
    facts_of,
    lenders,
    random_papers,
    seen_day,
    seen_through,
    without_words,
)

SEEDS = st.integers(0, 2**32 - 1)
SIZES = st.sampled_from([1, 2, 3, 4, 20])


def score(seed: int, n_liked: int, *, said: bool) -> tuple[Scores, Papers]:
    """Score a day with kernel, co-readers and dislikes; return the liked papers too."""
    day = Candidates(random_papers(30, 0, seed), facts_of(30), random_papers(30, 100, seed))
    liked = random_papers(n_liked, 500, seed + 1)
    pool = liked.followed_by(random_papers(30, 600, seed + 2))
    day = seen_through(day, random_papers(40, 700, seed + 3).vectors, lenders(pool, seed))
    prose = random_papers(1, 800, seed + 4)
    interest = Interest(
        "x",
        liked,
        random_papers(2, 900, seed + 5),
        keywords=("paper",) if said else (),
        prose_vector=prose.vectors[0] if said else None,
        prose_words=prose.words if said else None,
    )
    whitening = Whitening.of(Background.empty(DIM).add(day.pool.vectors))
    return InterestModel().fit(interest, whitening).score(day), liked


@settings(max_examples=25)
@given(SEEDS, SIZES, st.booleans())
def test_contributions_add_up_to_the_parts_they_were_made_from(
    seed: int, n_liked: int, said: bool
) -> None:
    """For every candidate, whatever else the score is made of."""
    scores, liked = score(seed, n_liked, said=said)

    given_ = np.array([scores.from_liked(row) for row in range(30)])

    assert given_.shape == (30, len(liked))
    assert {"centroid", "kernel", "nearest", "words", "nearest_words"} == set(scores.likenesses)
    expected = sum(scores.parts[name] for name in scores.likenesses)
    np.testing.assert_allclose(given_.sum(axis=1), expected, atol=1e-9)


@settings(max_examples=25)
@given(SEEDS, SIZES, st.booleans())
def test_all_parts_add_up_to_the_total(seed: int, n_liked: int, said: bool) -> None:
    """With co-readers, dislikes and the reader's own words."""
    scores, _ = score(seed, n_liked, said=said)

    assert {"coreaders", "disliked"} <= set(scores.parts)
    np.testing.assert_allclose(sum(scores.parts.values()), scores.total, atol=1e-9)


@settings(max_examples=25)
@given(SEEDS)
def test_contributions_do_not_depend_on_the_rest_of_the_day(seed: int) -> None:
    """A day of one paper explains it as a day of many does, up to the spread of the scores."""
    day = Candidates(random_papers(30, 0, seed), facts_of(30))
    alone = Candidates(
        day.papers.take([4]), facts_of(1), day.papers.take([*range(4), *range(5, 30)])
    )
    liked, none = random_papers(6, 500, seed + 1), Papers.none(DIM, 12)
    whitening = Whitening.of(Background.empty(DIM).add(day.papers.vectors))
    model = InterestModel().fit(Interest("x", liked, none), whitening)

    there, here = model.score(day).from_liked(4), model.score(alone).from_liked(0)

    assert np.ptp(there) > 0
    np.testing.assert_allclose(here, there, atol=1e-4)


def test_one_more_rating_gives_what_all_of_them_would_at_once(corpus: TopicCorpus) -> None:
    """What was compared before is not compared again, and tells the same."""
    rows = [*range(15, 30), *range(45, 60)]
    interest, more = corpus.interest(range(5), [40]), corpus.interest(range(6), [40])
    day, fresh = (seen_day(corpus, corpus.candidates(rows)) for _ in range(2))
    InterestModel().fit(interest, corpus.whitening).score(day)

    again = InterestModel().fit(more, corpus.whitening).score(day)
    at_once = InterestModel().fit(more, corpus.whitening).score(fresh)

    np.testing.assert_allclose(again.total, at_once.total, atol=1e-4)
    np.testing.assert_allclose(again.from_liked(3), at_once.from_liked(3), atol=1e-4)


def test_the_copy_of_a_candidate_gives_most(corpus: TopicCorpus) -> None:
    """Among liked papers of two topics."""
    liked = [3, 7, 33, 38]
    twin = corpus.papers.take([7])
    day = Candidates(
        Papers(np.array([900]), twin.vectors, twin.words),
        facts_of(1),
        corpus.papers.take(range(60)),
    )
    model = InterestModel().fit(corpus.interest(liked), corpus.whitening)

    for_one = model.score(seen_day(corpus, day)).from_liked(0)

    assert int(np.argmax(for_one)) == 1
    assert for_one[:2].min() > for_one[2:].max()


def test_a_followed_paper_without_vector_spoils_no_other_explanation(corpus: TopicCorpus) -> None:
    """It has parts of zero, which no likeness stands behind."""
    day = corpus.candidates([20, 21, 50])
    vectors = day.papers.vectors.copy()
    vectors[2] = np.nan
    papers = Papers(day.papers.keys, vectors, day.papers.words)
    interest = corpus.interest(range(5))
    follower = replace(interest, followed_authors=corpus.facts[50].authors)

    plain, followed = (
        InterestModel().fit(i, corpus.whitening).score(replace(day, papers=papers))
        for i in (interest, follower)
    )

    assert np.isfinite(followed.total[2])
    np.testing.assert_allclose(followed.from_liked(0), plain.from_liked(0))
    assert not followed.from_liked(2).any()


def test_a_liked_paper_without_vector_gives_by_its_words(corpus: TopicCorpus) -> None:
    """And nothing to the parts that need a vector."""
    liked = corpus.papers.take(range(3))
    liked.vectors[1] = np.nan
    day = corpus.candidates([20, 21, 50])

    found = LikedPapers(liked, corpus.whitening, DEFAULT_CONFIG).likenesses(day)

    assert found["centroid"].shares(0)[1] == found["nearest"].shares(0)[1] == 0
    assert found["words"].shares(0)[1] > 0


def test_only_the_three_nearest_give_to_the_mean_of_the_nearest(corpus: TopicCorpus) -> None:
    """A third of their cosine each."""
    day = corpus.candidates([20, 50])
    found = LikedPapers(corpus.papers.take(range(8)), corpus.whitening, DEFAULT_CONFIG)
    cosines = corpus.papers.vectors[:8] @ corpus.papers.vectors[20]

    shares = found.likenesses(day)["nearest"].shares(0)

    best = np.argsort(-cosines)[:3]
    np.testing.assert_allclose(shares[best], cosines[best] / 3, rtol=1e-5)
    assert np.count_nonzero(shares) == 3


@pytest.mark.parametrize("name", ["kernel", "nearest", "words", "nearest_words"])
def test_shares_make_up_the_column(corpus: TopicCorpus, name: str) -> None:
    """For every paper of the pool."""
    day = seen_day(corpus, corpus.candidates([20, 21, 50, 51]))
    found = LikedPapers(corpus.papers.take(range(8)), corpus.whitening, DEFAULT_CONFIG)

    likeness = found.likenesses(day)[name]

    sums = [likeness.shares(row).sum() for row in range(60)]
    np.testing.assert_allclose(sums, likeness.column, atol=1e-4)


def test_shares_of_the_centroid_make_it_up_but_for_the_mean(corpus: TopicCorpus) -> None:
    """Which is taken off the liked papers as a whole."""
    whitening = corpus.whitening
    found = LikedPapers(corpus.papers.take(range(8)), whitening, DEFAULT_CONFIG)

    likeness = found.likenesses(corpus.candidates([20, 21, 50, 51]))["centroid"]

    sums = [likeness.shares(row).sum() for row in range(4)]
    taken_off = corpus.papers.vectors[[20, 21, 50, 51]] @ whitening.profile(whitening.mean, 0.022)
    np.testing.assert_allclose(sums - taken_off, likeness.column[:4], atol=1e-3)


def test_a_split_by_hand() -> None:
    """A slope of two; what is not from the papers is split evenly."""
    likeness = Likeness(np.array([0.0, 1.0, np.nan]), lambda row: np.array([0.25, 0.75]) * row)

    scaled = likeness.scaled(np.array([5.0, 7.0, np.nan]))

    assert scaled.slope == 2
    assert scaled.split(7.0, 1).tolist() == [3.0, 4.0]
    assert scaled.split(5.0, 0).tolist() == [2.5, 2.5]


def test_a_part_without_any_spread_is_split_evenly() -> None:
    """All papers are equally alike."""
    likeness = Likeness(np.full(3, 0.4), lambda row: np.array([0.1, 0.3]))

    assert likeness.scaled(np.zeros(3)).split(0.0, 1).tolist() == [0.0, 0.0]
    assert likeness.scaled(np.full(3, np.nan)).slope == 0


def test_without_liked_papers_there_is_nothing_to_split(corpus: TopicCorpus) -> None:
    """A reader who only spoke."""
    model = InterestModel().fit(corpus.interest(prose="a parser"), corpus.whitening)

    assert model.score(corpus.candidates([20])).from_liked(0).shape == (0,)


def test_no_words_have_no_mean() -> None:
    """None, not zeros."""
    assert mean_words(without_words(np.eye(2, DIM, dtype=np.float32))) is None
