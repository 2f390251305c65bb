"""Many readers at once: the same orders as one by one."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommender.background import Background, Whitening
from recommender.blocks import BlockReaders, rank_block
from recommender.errors import ModelMismatchError
from recommender.interests import InterestModel
from recommender.papers import Candidates, Interest, PaperFacts, Papers
from recommender.testing import TopicCorpus
from recommender.vectors import Matrix, unit_rows

DIM = 16


def papers(n: int, first_key: int, *, words: bool, seed: int) -> Papers:
    """Return random papers, with sparse random words or without any."""
    rng = np.random.default_rng(seed)
    vectors = unit_rows(rng.standard_normal((n, DIM)))
    width = 12 if words else 0
    counts = rng.random((n, width)) * (rng.random((n, width)) < 0.4)
    rows = np.nan_to_num(unit_rows(counts)) if words else counts.astype(np.float32)
    return Papers(np.arange(first_key, first_key + n), vectors, csr_array(rows))


def ratings(n_readers: int, n_pool: int, most: int, seed: int) -> csr_array:
    """Return up to `most` rated papers for each reader, none for some."""
    rng = np.random.default_rng(seed)
    table = np.zeros((n_readers, n_pool), dtype=np.float32)
    for row in table:
        row[rng.choice(n_pool, size=rng.integers(most + 1), replace=False)] = 1
    return csr_array(table)


def one_by_one(
    readers: BlockReaders, day: Papers, reference: Papers | None, whitening: Whitening
) -> NDArray[np.int64]:
    """Rank for each reader with an interest model."""
    pool, none = readers.pool, Papers.none(DIM, readers.pool.n_terms)
    candidates = Candidates(day, (PaperFacts("x"),) * len(day), reference)
    ranked = np.full((readers.liked.shape[0], 5), -1)
    for number in range(len(ranked)):
        liked = pool.take(readers.liked[[number]].indices)
        disliked = none
        if readers.disliked is not None:
            disliked = pool.take(readers.disliked[[number]].indices)
        interest = Interest("x", liked, disliked)
        total = InterestModel().fit(interest, whitening).score(candidates).total
        rated = np.isin(day.keys, [*liked.keys, *disliked.keys])
        best = np.argsort(np.where(rated | np.isnan(total), np.inf, -total), kind="stable")[:5]
        ranked[number] = np.where(np.isfinite(total[best]), best, -1)
    return ranked


@pytest.mark.parametrize("words", [False, True])
@pytest.mark.parametrize("disliked", [False, True])
@pytest.mark.parametrize("with_reference", [False, True])
def test_blocks_give_the_order_of_one_reader(
    words: bool, disliked: bool, with_reference: bool
) -> None:
    """Profiles of every size, rated candidates and unknown vectors among them."""
    pool, day = papers(80, 0, words=words, seed=1), papers(60, 70, words=words, seed=2)
    pool.vectors[3] = np.nan
    day.vectors[[5, 50]] = np.nan
    reference = papers(40, 500, words=words, seed=3) if with_reference else None
    liked, opposed = ratings(200, 80, 24, 4), ratings(200, 80, 5, 5)
    readers = BlockReaders(pool, liked, opposed if disliked else None)
    whitening = Whitening.of(Background.empty(DIM).add(day.vectors))

    block = rank_block(readers, day, whitening, reference=reference, top=5)

    known = np.asarray((liked @ pool.known.astype(np.float32)) > 0)
    expected = one_by_one(readers, day, reference, whitening)
    np.testing.assert_array_equal(block.rows[known], expected[known])


def test_totals_are_those_of_one_reader(corpus: TopicCorpus) -> None:
    """In single precision."""
    day = corpus.papers.take(np.arange(20, 60))
    ones = np.zeros((1, 60), dtype=np.float32)
    ones[0, :7] = 1
    none = corpus.nothing()
    model = InterestModel().fit(corpus.interest(range(7)), corpus.whitening)
    total = model.score(Candidates(day, (PaperFacts("x"),) * 40)).total

    block = rank_block(BlockReaders(corpus.papers, csr_array(ones)), day, corpus.whitening, top=3)

    assert len(none) == 0
    np.testing.assert_allclose(block.totals[0], np.sort(total)[::-1][:3], rtol=1e-3)


def test_readers_without_liked_papers_get_nothing(corpus: TopicCorpus) -> None:
    """Their rows hold no candidate and no score."""
    nobody = csr_array((2, 60), dtype=np.float32)

    block = rank_block(BlockReaders(corpus.papers, nobody), corpus.papers, corpus.whitening)

    assert (block.rows == -1).all()
    assert np.isnan(block.totals).all()


@pytest.mark.parametrize("n", [0, 3])
def test_a_day_shorter_than_the_list_is_filled_up(corpus: TopicCorpus, n: int) -> None:
    """With rows that name no paper."""
    day = corpus.papers.take(np.arange(40, 40 + n))
    likes = csr_array(np.eye(1, 60, dtype=np.float32))

    block = rank_block(BlockReaders(corpus.papers, likes), day, corpus.whitening, top=5)

    assert sorted(block.rows[0].tolist()) == [-1] * (5 - n) + list(range(n))


def test_equal_scores_are_ordered_by_key() -> None:
    """Also where the list is cut among equals."""
    vectors: Matrix = np.repeat(np.eye(2, DIM, dtype=np.float32), [2, 30], axis=0)
    keys = np.concatenate([[90, 91], np.arange(30)[::-1]])
    day = Papers(keys, vectors, csr_array((32, 0), dtype=np.float32))
    pool = Papers(np.array([999]), vectors[:1], csr_array((1, 0), dtype=np.float32))
    whitening = Whitening.of(Background.empty(DIM).add(vectors))
    readers = BlockReaders(pool, csr_array(np.ones((1, 1), dtype=np.float32)))

    rows = rank_block(readers, day, whitening, top=5).rows[0]

    assert keys[rows].tolist() == [90, 91, 0, 1, 2]


def test_vectors_of_another_model_are_refused(corpus: TopicCorpus) -> None:
    """Models are never mixed."""
    readers = BlockReaders(corpus.papers, csr_array((1, 60), dtype=np.float32))

    with pytest.raises(ModelMismatchError):
        rank_block(readers, Papers.none(8), corpus.whitening)
