"""Co-readers: what they lend, to whom, and when they do not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from recommender.coreaders import MIN_READERS, NOBODY, CoReaders, Lent
from recommender.kernel import KernelView
from recommender.lexical import Sparse
from recommender.papers import Papers
from recommender.testing import TopicCorpus
from recommender.vectors import Matrix, unit_rows
from tests.recommender.worlds import (
    DIM,
    N_READERS,
    broad_stream,
    lenders,
    random_papers,
    ratings_of,
    topical_lenders,
    without_words,
)

SEEDS = st.integers(0, 2**32 - 1)


def view_of(columns: Papers, seed: int = 9) -> KernelView:
    """Return columns before a random stream."""
    return KernelView.of(random_papers(40, 0, seed).vectors, columns.solid)


def scores_of(coreaders: CoReaders | None, columns: Papers, liked: list[int]) -> np.ndarray:
    """Return what is lent to whoever likes these keys."""
    assert coreaders is not None
    return coreaders.lend(view_of(columns)).score(np.array(liked))[0]


def test_the_topic_of_the_co_readers_is_lent(corpus: TopicCorpus) -> None:
    """To someone with five papers that they like too."""
    day = corpus.papers.take([*range(20, 30), *range(50, 60)])
    view = KernelView.of(broad_stream(day.dim), day.vectors)

    found, covered = topical_lenders(corpus).lend(view).score(np.arange(5))

    assert found[:10].min() > found[10:].max()
    assert covered == 1


def kinds() -> tuple[Papers, CoReaders]:
    """Return papers of three kinds at right angles in turn; readers of one like the next one too.

    Whoever likes the third kind likes nothing else.
    """
    kind = np.arange(60) % 3
    noise = np.random.default_rng(1).standard_normal((60, DIM)) / 20
    papers = without_words(unit_rows(np.eye(DIM)[kind] + noise))
    table = np.zeros((N_READERS, 60), dtype=np.float32)
    rng = np.random.default_rng(2)
    for number, row in enumerate(table):
        wanted = (0, 1) if number % 2 else (2,)
        row[rng.choice(np.flatnonzero(np.isin(kind[:48], wanted)), 6, replace=False)] = 1
    found = CoReaders.of(csr_array(table), papers)
    assert found is not None
    return papers, found


def test_what_no_text_could_tell_is_lent() -> None:
    """Two kinds are equally far from what is liked; co-readers like one of them too."""
    papers, coreaders = kinds()
    view = KernelView.of(broad_stream(DIM), papers.vectors[48:])

    found, covered = coreaders.lend(view).score(np.array([0]))

    first, second, third = (found[kind::3] for kind in range(3))
    assert covered == 1
    assert second.min() > third.max()
    assert first.min() > third.max()


def test_who_shares_nothing_is_lent_nothing() -> None:
    """Zero for every paper, and nothing of what is liked is covered."""
    lent = lenders(random_papers(30, 0, 1), 1).lend(view_of(random_papers(8, 100, 2)))

    found, covered = lent.score(np.array([500, 501]))

    assert found.shape == (8,)
    assert not found.any()
    assert covered == 0


def test_covered_is_the_share_that_a_co_reader_likes_too() -> None:
    """In whatever order the keys come."""
    lent = lenders(random_papers(30, 10, 1), 1).lend(view_of(random_papers(8, 100, 2)))

    assert lent.score(np.array([500, 12, 4, 11]))[1] == 0.5
    assert lent.score(np.empty(0, dtype=np.int64))[1] == 0


def test_a_paper_that_no_lender_likes_is_not_covered() -> None:
    """Though it came with the pool: whoever likes one paper only does not lend."""
    likes = np.zeros((N_READERS + 1, 20), dtype=np.float32)
    likes[:N_READERS, :5] = 1
    likes[-1, 9] = 1
    coreaders = CoReaders.of(csr_array(likes), random_papers(20, 0, 1))
    assert coreaders is not None

    found, covered = coreaders.lend(view_of(random_papers(8, 100, 2))).score(np.array([9, 15]))

    assert coreaders.pool.keys.tolist() == [0, 1, 2, 3, 4]
    assert covered == 0
    assert not found.any()


@pytest.mark.parametrize("n", [0, MIN_READERS - 1])
def test_few_readers_do_not_lend(n: int) -> None:
    """Nothing would be said that text does not say better."""
    pool = random_papers(30, 0, 1)

    assert CoReaders.of(ratings_of([3] * n, 30, 1), pool) is None
    assert CoReaders.of(ratings_of([3] * MIN_READERS, 30, 1), pool) is not None


def test_who_likes_a_single_paper_does_not_count() -> None:
    """Nor does a liked paper without a vector."""
    pool = random_papers(30, 0, 1)
    pool.vectors[0] = np.nan
    single = np.eye(1, 30, 1, dtype=np.float32).repeat(MIN_READERS, axis=0)
    blank = single.copy()
    blank[:, 0] = 1

    assert CoReaders.of(csr_array(single), pool) is None
    assert CoReaders.of(csr_array(blank), pool) is None


def test_those_with_the_most_liked_papers_lend() -> None:
    """As many as are allowed."""
    sizes = [2] * 50 + [6] * MIN_READERS + [3] * 50
    found = CoReaders.of(ratings_of(sizes, 40, 1), random_papers(40, 0, 1), at_most=MIN_READERS)

    assert found is not None
    assert np.diff(found.rows.indptr).tolist() == [6] * MIN_READERS


def test_rare_papers_say_more() -> None:
    """A paper weighs by the root of how few like it, and readers are unit rows."""
    likes = np.zeros((N_READERS, 4), dtype=np.float32)
    likes[:, 0] = 1
    likes[:30, 1] = likes[30:, 2] = 1
    found = CoReaders.of(csr_array(likes), random_papers(4, 0, 1))
    assert found is not None

    np.testing.assert_allclose(found.rarity, np.array([120, 30, 90]) ** -0.5, rtol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(found.rows.toarray(), axis=1), 1, rtol=1e-6)


def world(seed: int) -> tuple[Sparse, Papers, Papers]:
    """Return who likes what, the papers, and a day."""
    sizes = np.random.default_rng(seed).integers(2, 8, size=N_READERS).tolist()
    return ratings_of(sizes, 40, seed), random_papers(40, 0, seed), random_papers(9, 100, seed + 1)


@settings(max_examples=25)
@given(SEEDS)
def test_the_order_of_readers_and_papers_does_not_matter(seed: int) -> None:
    """But for rounding."""
    likes, pool, day = world(seed)
    rng = np.random.default_rng(seed)
    readers, papers = rng.permutation(N_READERS), rng.permutation(40)
    turned = CoReaders.of(csr_array(likes[readers][:, papers]), pool.take(papers))

    there = scores_of(CoReaders.of(likes, pool), day, [1, 5, 30])
    back = scores_of(turned, day, [30, 5, 1])

    np.testing.assert_allclose(back, there, atol=1e-3 * np.abs(there).max())


@settings(max_examples=25)
@given(SEEDS)
def test_a_block_is_scored_as_one_by_one(seed: int) -> None:
    """Sizes from none to many."""
    likes, pool, day = world(seed)
    coreaders = CoReaders.of(likes, pool)
    assert coreaders is not None
    lent = coreaders.lend(view_of(day))
    place = np.isin(pool.keys, coreaders.pool.keys)
    asking = csr_array(ratings_of([0, 1, 2, 20], 40, seed + 2)[:, np.flatnonzero(place)])

    found, covered = lent.block(asking)

    one_by_one = [lent.score(coreaders.pool.keys[asking[[row]].indices]) for row in range(4)]
    np.testing.assert_allclose(found, [one for one, _ in one_by_one], atol=1e-5)
    assert covered.tolist() == np.diff(asking.indptr).tolist()
    assert all(share in (0, 1) for _, share in one_by_one)


def test_what_has_no_vector_does_not_shape_the_others() -> None:
    """Columns of zeros change no other column."""
    likes, pool, day = world(3)
    blank: Matrix = np.zeros((5, DIM), dtype=np.float32)
    more = day.followed_by(Papers(np.arange(5) + 900, blank, random_papers(5, 900, 1).words))

    alone = scores_of(CoReaders.of(likes, pool), day, [1, 2, 3])
    with_blank = scores_of(CoReaders.of(likes, pool), more, [1, 2, 3])

    np.testing.assert_allclose(with_blank[:9], alone, rtol=1e-4)


@pytest.mark.parametrize("n_blank", [0, 2])
def test_a_day_without_a_vector_is_lent_nothing(n_blank: int) -> None:
    """Empty or not embedded: no warning."""
    likes, pool, _ = world(3)
    coreaders = CoReaders.of(likes, pool)
    assert coreaders is not None
    view = KernelView.of(pool.vectors, np.zeros((n_blank, DIM), dtype=np.float32))

    with np.errstate(all="raise"):
        lent = coreaders.lend(view)

    assert isinstance(lent, Lent)
    assert lent.score(np.array([1]))[0].shape == (n_blank,)


def test_nobody_lends_to_themselves() -> None:
    """A member with likes that nobody shares gets nothing, and none of their other interests."""
    pool = random_papers(40, 0, 1)
    likes = np.zeros((MIN_READERS + 1, 40), dtype=np.float32)
    likes[np.arange(1, MIN_READERS + 1), np.arange(MIN_READERS) % 30] = 1
    likes[np.arange(1, MIN_READERS + 1), (np.arange(MIN_READERS) + 1) % 30] = 1
    likes[0, 30:33] = 1
    coreaders = CoReaders.of(csr_array(likes), pool, np.arange(MIN_READERS + 1) + 500)
    assert coreaders is not None
    lent = coreaders.lend(view_of(random_papers(10, 100, 2)))

    scores, covered = lent.score(np.array([30, 31]), 500)
    as_a_stranger = lent.score(np.array([30, 31]))

    np.testing.assert_allclose(scores, 0, atol=1e-6)
    assert covered == 0
    assert as_a_stranger[1] == 1


def test_a_member_still_borrows_from_the_others() -> None:
    """What another reader shares counts as before."""
    pool = random_papers(30, 0, 1)
    likes = ratings_of([3] * (MIN_READERS + 20), 30, 1)
    coreaders = CoReaders.of(likes, pool, np.arange(MIN_READERS + 20))
    assert coreaders is not None
    lent = coreaders.lend(view_of(random_papers(10, 100, 2)))
    liked = pool.keys[np.flatnonzero(likes[[7]].toarray()[0])]

    scores, covered = lent.score(liked, 7)

    assert np.abs(scores).max() > 0
    assert covered == 1


@settings(max_examples=25)
@given(SEEDS)
def test_members_in_a_block_borrow_as_one_by_one(seed: int) -> None:
    """Each from the others only; a stranger among them from all."""
    pool = random_papers(30, 0, seed)
    likes = ratings_of([3] * (MIN_READERS + 20), 30, seed)
    coreaders = CoReaders.of(likes, pool, np.arange(MIN_READERS + 20) + 500)
    assert coreaders is not None
    lent = coreaders.lend(view_of(random_papers(10, 100, seed + 1)))
    asking, keys = csr_array(likes[[7, 8, 9]]), np.array([507, NOBODY, 509])
    asking = csr_array(asking[:, np.flatnonzero(np.isin(pool.keys, coreaders.pool.keys))])

    found, covered = lent.block(asking, keys)

    liked = [coreaders.pool.keys[asking[[row]].indices] for row in range(3)]
    one_by_one = [lent.score(mine, key) for mine, key in zip(liked, keys.tolist(), strict=True)]
    np.testing.assert_allclose(found, [one for one, _ in one_by_one], atol=1e-5)
    np.testing.assert_allclose(covered / 3, [share for _, share in one_by_one])
