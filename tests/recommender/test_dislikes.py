"""Dislikes: they lower what is near them, and nothing else."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.background import Background, Whitening
from recommender.dislikes import NEAR, dislike_part
from recommender.interests import InterestConfig, InterestModel, Scores
from recommender.papers import Candidates, Interest, Papers
from recommender.vectors import unit_rows
from tests.recommender.worlds import (
    DIM,
    facts_of,
    lenders,
    random_papers,
    seen_through,
    without_words,
)

SEEDS = st.integers(0, 2**32 - 1)


def unrated(pool: Papers) -> np.ndarray:
    """Return a mask for which nothing was rated."""
    return np.zeros(len(pool), dtype=np.bool_)


@given(SEEDS, st.integers(1, 5))
def test_nothing_is_ever_added(seed: int, n: int) -> None:
    """Nor unknown."""
    pool, disliked = random_papers(50, 0, seed), random_papers(n, 100, seed + 1)
    pool.vectors[:3] = np.nan
    disliked.vectors[1:2] = 0

    part = dislike_part(disliked, pool, unrated(pool))

    assert part.shape == (50,)
    assert np.isfinite(part).all()
    assert part.max() <= 0
    assert not part[:3].any()


def test_what_lies_beyond_the_near_is_taken_off_by_hand() -> None:
    """Ninety-nine papers at right angles and a copy: it lies 9.95 standard deviations out."""
    pool = without_words(np.eye(2, DIM, dtype=np.float32)[[0] * 99 + [1]])

    part = dislike_part(without_words(np.eye(2, DIM, dtype=np.float32)[[1]]), pool, unrated(pool))

    assert not part[:99].any()
    assert part[99] == pytest.approx(-(99**0.5 - NEAR), rel=1e-6)


def test_the_nearest_disliked_paper_decides() -> None:
    """A paper far from all others is not saved by being far from most dislikes."""
    pool = random_papers(200, 0, 1, words=False)
    copies = pool.take([7, 8])

    part = dislike_part(copies, pool, unrated(pool))

    assert part[[7, 8]].max() < 0
    assert set(np.argsort(part)[:2].tolist()) == {7, 8}


def test_what_was_rated_does_not_count_in_the_spread() -> None:
    """It would hide what is near."""
    pool = random_papers(100, 0, 1, words=False)
    rated = unrated(pool)
    rated[:5] = True

    with_them = dislike_part(pool.take(range(5)), pool, unrated(pool))
    without = dislike_part(pool.take(range(5)), pool, rated)

    assert not without[:5].any()
    assert (without[5:] <= with_them[5:]).all()
    assert without.min() < 0


def test_an_empty_day_has_nothing_to_lower() -> None:
    """And no warning."""
    nobody = Papers.none(DIM)

    assert dislike_part(random_papers(2, 0, 1), nobody, unrated(nobody)).shape == (0,)


def score(seed: int, disliked: Papers, day: Candidates, config: InterestConfig) -> Scores:
    """Score for someone who likes four papers."""
    interest = Interest("x", random_papers(4, 500, seed), disliked)
    whitening = Whitening.of(Background.empty(DIM).add(day.papers.vectors))
    return InterestModel(config).fit(interest, whitening).score(day)


def day_of(seed: int) -> Candidates:
    """Return a day with reference, kernel and co-readers who share what is liked."""
    day = Candidates(random_papers(60, 0, seed), facts_of(60), random_papers(60, 100, seed + 1))
    pool = random_papers(4, 500, seed).followed_by(random_papers(30, 600, seed + 2))
    return seen_through(day, random_papers(50, 700, seed + 3).vectors, lenders(pool, seed))


@settings(max_examples=25)
@given(SEEDS, st.integers(1, 3), st.booleans())
def test_dislikes_leave_every_other_total_as_it_was(seed: int, n: int, of_the_day: bool) -> None:
    """Bit for bit, whether or not the disliked papers are of the day; and lower the near ones."""
    day, config = day_of(seed), InterestConfig()
    disliked = day.pool.take(range(58, 58 + n)) if of_the_day else random_papers(n, 900, seed + 5)
    rated = np.isin(day.papers.keys, disliked.keys)

    without = score(seed, disliked.take([]), day, config)
    lowered = score(seed, disliked, day, config)

    by = lowered.parts["disliked"]
    far = ~rated & (by == 0)
    np.testing.assert_array_equal(lowered.total[far], without.total[far])
    assert (lowered.total[~rated & ~far] < without.total[~rated & ~far]).all()
    assert np.isnan(lowered.total[rated]).all()
    for name in without.parts:
        np.testing.assert_array_equal(lowered.parts[name][~rated], without.parts[name][~rated])


def test_a_near_copy_of_a_disliked_paper_falls() -> None:
    """By half a standard deviation for each that it is nearer than near."""
    day = day_of(1)
    noise = np.random.default_rng(1).standard_normal(DIM) / 50
    copy = without_words(unit_rows(day.papers.vectors[[9]] + noise), 900)
    copy = Papers(copy.keys, copy.vectors, day.papers.words[[9]])

    parts = score(1, copy, day, InterestConfig(dislike_weight=0.5)).parts

    expected = dislike_part(copy, day.pool, unrated(day.pool))
    assert int(np.argmin(parts["disliked"])) == 9
    np.testing.assert_allclose(parts["disliked"], 0.5 * expected[:60])


def test_a_disliked_paper_without_vector_takes_off_nothing() -> None:
    """Until it is embedded."""
    day, blank = day_of(1), random_papers(1, 900, 2)
    blank.vectors[:] = np.nan

    assert "disliked" not in score(1, blank, day, InterestConfig()).parts
