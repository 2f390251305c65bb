"""Choosing among scored papers."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recommender.selection import best_first, diversify, explore, lesser_twins, most_telling
from recommender.testing import TopicCorpus
from recommender.uncertainty import Doubts, Uncertainty

totals_of = st.lists(st.sampled_from([0.0, 0.5, 1.0, 2.0]), max_size=12)


@given(totals_of)
def test_the_order_does_not_depend_on_how_papers_come(
    totals: list[float],
) -> None:
    """Equal totals are ordered by key."""
    keys = np.arange(len(totals)) * 7 % 31
    turned = np.arange(len(totals))[::-1]

    one = keys[best_first(np.array(totals), keys)]
    other = keys[turned][best_first(np.array(totals)[turned], keys[turned])]

    np.testing.assert_array_equal(one, other)


def test_unknown_totals_come_last() -> None:
    """Whatever their keys."""
    order = best_first(np.array([np.nan, 1.0, 2.0]), np.array([0, 1, 2]))

    assert order.tolist() == [2, 1, 0]


def test_the_better_twin_stays() -> None:
    """Of a chain of three the middle one's twins go only if it stays."""
    pairs = np.array([[0, 1], [1, 2]])

    best_outside = lesser_twins(pairs, np.array([3.0, 2.0, 1.0]), np.arange(3))
    best_inside = lesser_twins(pairs, np.array([1.0, 2.0, 1.0]), np.arange(3))

    assert best_outside.tolist() == [False, True, False]
    assert best_inside.tolist() == [True, False, True]


def test_a_twin_that_cannot_be_judged_displaces_nothing() -> None:
    """Nobody would see it."""
    lesser = lesser_twins(np.array([[0, 1]]), np.array([np.nan, 1.0]), np.arange(2))

    assert not lesser[1]


def test_a_repetition_waits_for_something_else() -> None:
    """A near copy of the best loses its place to a weaker paper of another kind."""
    vectors = np.array([[1, 0], [0.9, 0.436], [0, 1]], dtype=np.float32)
    totals = np.array([3.0, 2.9, 2.5])

    chosen = diversify(np.arange(3), totals, vectors, size=3, strength=1.5)

    assert chosen.tolist() == [0, 2, 1]


def test_without_strength_the_order_stays() -> None:
    """Even among copies."""
    vectors = np.ones((3, 1), dtype=np.float32)

    chosen = diversify(np.array([2, 0, 1]), np.array([2.0, 1.0, 3.0]), vectors, size=2, strength=0)

    assert chosen.tolist() == [2, 0]


def test_nothing_to_choose_from_gives_nothing() -> None:
    """No rows, or no room."""
    vectors = np.ones((1, 1), dtype=np.float32)
    none = np.empty(0, dtype=np.int64)

    assert diversify(none, np.empty(0), vectors[:0], size=3, strength=1).tolist() == []
    assert diversify(np.array([0]), np.ones(1), vectors, size=0, strength=1).tolist() == []


def in_doubt(corpus: TopicCorpus, rated: int = 8) -> Doubts:
    """Return the doubts of all papers once some on parsing are rated."""
    vectors = corpus.papers.vectors
    told = vectors[corpus.rows("parsing")[:rated]]
    return Uncertainty().fit(told, corpus.whitening).doubts(vectors)


def rng(seed: int = 4) -> np.random.Generator:
    """Return the generator of one reader's day."""
    return np.random.default_rng(seed)


def test_of_equally_good_papers_the_least_known_is_explored(corpus: TopicCorpus) -> None:
    """One on the topic of which nothing was rated."""
    chosen = explore(np.zeros(60), in_doubt(corpus), size=2, weight=12, rng=rng())

    assert set(corpus.topic[chosen]) == {"coding"}


def test_without_weight_the_best_papers_are_explored(corpus: TopicCorpus) -> None:
    """Doubt counts as much as it is told to."""
    worth = np.arange(60.0)

    chosen = explore(worth, in_doubt(corpus), size=3, weight=0, rng=rng())

    assert chosen.tolist() == [59, 58, 57]


def test_a_copy_of_an_explored_paper_is_in_doubt_no_more(corpus: TopicCorpus) -> None:
    """The second of two alike has to wait, though it is the second best."""
    vectors = corpus.papers.vectors.copy()
    vectors[1] = vectors[0]
    doubts = Uncertainty().fit(vectors[:0], corpus.whitening).doubts(vectors)
    worth = np.where(np.arange(60) < 2, 1.0, 0.5)

    plain = explore(worth, doubts, size=2, weight=0, rng=rng())
    wary = explore(worth, doubts, size=2, weight=12, rng=rng())

    assert sorted(plain.tolist()) == [0, 1]
    assert len({0, 1} & set(wary.tolist())) == 1


def test_the_seed_decides_only_between_equals(corpus: TopicCorpus) -> None:
    """Papers that differ are chosen whatever the seed."""
    doubts, worth = in_doubt(corpus), np.random.default_rng(0).standard_normal(60)

    chosen = {tuple(explore(worth, doubts, size=2, weight=12, rng=rng(n))) for n in range(9)}
    equals = {tuple(explore(np.zeros(60), doubts, size=2, weight=0, rng=rng(n))) for n in range(9)}

    assert len(chosen) == 1
    assert len(equals) > 1


def test_what_cannot_be_judged_is_neither_explored_nor_asked_about(corpus: TopicCorpus) -> None:
    """Neither without a score nor without a vector."""
    vectors = corpus.papers.vectors.copy()
    vectors[1:30] = np.nan
    doubts = Uncertainty().fit(vectors[:1], corpus.whitening).doubts(vectors)
    worth = np.where(np.arange(60) < 31, 1.0, np.nan)
    nothing = np.full(60, np.nan)

    assert sorted(explore(worth, doubts, size=9, weight=1, rng=rng()).tolist()) == [0, 30]
    assert most_telling(worth, doubts, weight=1, rng=rng()) in {0, 30}
    assert explore(nothing, doubts, size=9, weight=1, rng=rng()).tolist() == []
    assert most_telling(nothing, doubts, weight=1, rng=rng()) is None


def test_with_nothing_expected_the_most_telling_paper_is_asked_about(corpus: TopicCorpus) -> None:
    """The one whose answer leaves least in doubt, of the topic that nothing is known of."""
    doubts = in_doubt(corpus)

    row = most_telling(np.zeros(60), doubts, weight=0.5, rng=rng())

    assert row == int(np.argmax(doubts.telling))
    assert row is not None
    assert corpus.topic[row] == "coding"


def test_a_good_paper_is_asked_about_before_a_telling_one(corpus: TopicCorpus) -> None:
    """An answer that is no surprise still tunes the profile."""
    worth = np.where(np.arange(60) == 20, 9.0, 0.0)

    assert most_telling(worth, in_doubt(corpus), weight=0.5, rng=rng()) == 20
