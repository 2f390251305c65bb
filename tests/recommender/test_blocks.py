"""Many readers at once: the same orders and totals as one by one."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommender.background import Background, Whitening
from recommender.blend import DEFAULT_CONFIG, InterestConfig
from recommender.blocks import BlockRanking, BlockReaders, rank_block
from recommender.coreaders import CoReaders
from recommender.errors import ModelMismatchError
from recommender.interests import InterestModel
from recommender.papers import Candidates, Interest, Papers
from recommender.testing import TopicCorpus
from recommender.vectors import Matrix
from tests.recommender.worlds import (
    DIM,
    facts_of,
    lenders,
    random_papers,
    ratings_of,
    seen_through,
    without_words,
)

SIZES = (0, 1, 2, 3, 20)
SEEDS = st.integers(0, 2**32 - 1)


@dataclass(frozen=True, slots=True)
class World:
    """Readers and a day, ready to be ranked in both ways."""

    readers: BlockReaders
    day: Papers
    reference: Papers | None
    whitening: Whitening
    landmarks: Matrix | None = None
    coreaders: CoReaders | None = None
    abstracts: bool = True

    def in_a_block(self, config: InterestConfig = DEFAULT_CONFIG) -> BlockRanking:
        """Rank all readers, every candidate of the day."""
        return rank_block(
            self.readers,
            self.day,
            self.whitening,
            reference=self.reference,
            landmarks=self.landmarks,
            coreaders=self.coreaders,
            abstracts=self.abstracts,
            top=len(self.day),
            config=config,
        )

    def one_by_one(self, config: InterestConfig = DEFAULT_CONFIG) -> NDArray[np.float64]:
        """Score each reader with an interest model: (n_readers, n_day), NaN for what they rated."""
        facts = facts_of(len(self.day), abstracts=self.abstracts)
        candidates = Candidates(self.day, facts, self.reference)
        if self.landmarks is not None:
            candidates = seen_through(candidates, self.landmarks, self.coreaders)
        return np.array(
            [
                self._scored(candidates, number, config)
                for number in range(self.readers.liked.shape[0])
            ]
        )

    def _scored(
        self, candidates: Candidates, number: int, config: InterestConfig
    ) -> NDArray[np.float64]:
        pool = self.readers.pool
        liked, disliked = (
            pool.take([] if table is None else np.flatnonzero(table[[number]].toarray()[0]))
            for table in (self.readers.liked, self.readers.disliked)
        )
        interest = Interest("x", liked, disliked)
        total = InterestModel(config).fit(interest, self.whitening).score(candidates).total
        rated = np.isin(self.day.keys, [*liked.keys, *disliked.keys])
        return np.where(rated, np.nan, total)


def world(
    seed: int,
    *,
    words: bool = True,
    disliked: bool = True,
    reference: bool = True,
    kernel: bool = True,
    coreaders: bool = True,
    abstracts: bool = True,
) -> World:
    """Return random readers of all sizes; some rated papers are of the day, some have no vector."""
    pool = random_papers(80, 0, seed, words=words)
    day = random_papers(40, 70, seed + 1, words=words)
    day = Papers(day.keys, np.vstack([pool.vectors[70:], day.vectors[10:]]), day.words)
    pool.vectors[3] = np.nan
    day.vectors[[15, 30]] = np.nan
    sizes = [size for size in SIZES for _ in range(4)]
    opposed = [n % 4 for n in range(len(sizes))]
    lending = random_papers(90, 0, seed, words=False)
    return World(
        BlockReaders(
            pool,
            ratings_of(sizes, 80, seed + 2),
            ratings_of(opposed, 80, seed + 3) if disliked else None,
        ),
        day,
        random_papers(40, 500, seed + 4, words=words) if reference else None,
        Whitening.of(Background.empty(DIM).add(day.vectors)),
        random_papers(50, 900, seed + 5).vectors if kernel else None,
        lenders(lending, seed) if coreaders else None,
        abstracts,
    )


def table_of(block: BlockRanking, n: int) -> NDArray[np.float64]:
    """Return totals by candidate (n_readers, n), NaN where a candidate was left out."""
    table = np.full((len(block.rows), n + 1), np.nan)
    np.put_along_axis(table, block.rows, block.totals.astype(np.float64), axis=1)
    return table[:, :n]


def agree(world: World) -> None:
    """Compare both ways; profiles that a block does not serve are left out."""
    vectors = world.readers.pool.known.astype(np.float32)
    disliked = world.readers.disliked
    likes = world.readers.liked.toarray()
    decided = likes if disliked is None else likes * (disliked.toarray() == 0)
    served = decided @ vectors > 0

    block, expected = world.in_a_block(), world.one_by_one()

    found = table_of(block, len(world.day))
    np.testing.assert_allclose(found[served], expected[served], atol=2e-3)
    assert np.isnan(found[~served]).all()
    ordered = np.take_along_axis(expected, np.maximum(block.rows, 0), axis=1)
    ordered = np.where(block.rows >= 0, ordered, np.nan)[served]
    # Neighbours may change places where they differ by rounding only.
    assert np.nanmax(np.diff(ordered, axis=1)) < 4e-3


@settings(max_examples=12)
@given(SEEDS, st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_blocks_give_the_totals_and_the_order_of_one_reader(
    seed: int, words: bool, disliked: bool, reference: bool, abstracts: bool
) -> None:
    """Profiles of every size, rated candidates and unknown vectors among them."""
    chosen = {"words": words, "disliked": disliked, "reference": reference, "abstracts": abstracts}

    agree(world(seed, kernel=False, coreaders=False, **chosen))


@settings(max_examples=12)
@given(SEEDS, st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_so_they_do_with_a_kernel_and_co_readers(
    seed: int, words: bool, disliked: bool, reference: bool, coreaders: bool
) -> None:
    """Which only look at what has a vector."""
    chosen = {"words": words, "disliked": disliked, "reference": reference, "coreaders": coreaders}

    agree(world(seed, **chosen))


def test_dislikes_of_a_block_lower_what_is_near_and_nothing_else() -> None:
    """Bit for bit, as for one reader; only what is disliked is left out."""
    given_ = world(4)
    readers = given_.readers
    liked_only = BlockReaders(
        readers.pool, readers.liked - readers.liked.multiply(readers.disliked)
    )
    plain = World(liked_only, given_.day, given_.reference, given_.whitening)
    lowering = World(
        BlockReaders(readers.pool, liked_only.liked, readers.disliked),
        given_.day,
        given_.reference,
        given_.whitening,
    )

    without, lowered = (table_of(w.in_a_block(), 40) for w in (plain, lowering))

    both = np.isfinite(without) & np.isfinite(lowered)
    assert (lowered <= without)[both].all()
    assert 0.8 < (lowered == without)[both].mean() < 1


def test_many_dislikes_take_no_more_room_than_few() -> None:
    """They pass by one after another."""
    pool, day = random_papers(2_000, 0, 1, words=False), random_papers(50, 5_000, 2, words=False)
    liked, disliked = ratings_of([3] * 8, 2_000, 3), ratings_of([1_000] * 8, 2_000, 4)
    whitening = Whitening.of(Background.empty(DIM).add(day.vectors))
    asking = World(
        BlockReaders(pool, liked - liked.multiply(disliked), disliked), day, None, whitening
    )

    agree(asking)


def test_readers_without_liked_papers_get_nothing(corpus: TopicCorpus) -> None:
    """Their rows hold no candidate and no score."""
    nobody = csr_array((2, 60), dtype=np.float32)
    opposed = csr_array(np.eye(2, 60, dtype=np.float32))

    block = rank_block(
        BlockReaders(corpus.papers, nobody, opposed), corpus.papers, corpus.whitening
    )

    assert (block.rows == -1).all()
    assert np.isnan(block.totals).all()


@pytest.mark.parametrize("n", [0, 1, 3])
@pytest.mark.parametrize("kernel", [False, True])
def test_a_day_shorter_than_the_list_is_filled_up(
    corpus: TopicCorpus, n: int, kernel: bool
) -> None:
    """With rows that name no paper."""
    day = corpus.papers.take(np.arange(40, 40 + n))
    likes = csr_array(np.eye(1, 60, dtype=np.float32))
    readers, landmarks = BlockReaders(corpus.papers, likes), corpus.papers.vectors
    coreaders = lenders(corpus.papers, 1)

    block = rank_block(
        readers,
        day,
        corpus.whitening,
        landmarks=landmarks if kernel else None,
        coreaders=coreaders if kernel else None,
        top=5,
    )

    assert sorted(block.rows[0].tolist()) == [-1] * (5 - n) + list(range(n))


def test_equal_scores_are_ordered_by_key() -> None:
    """Also where the list is cut among equals."""
    vectors: Matrix = np.repeat(np.eye(2, DIM, dtype=np.float32), [2, 30], axis=0)
    keys = np.concatenate([[90, 91], np.arange(30)[::-1]])
    day = Papers(keys, vectors, csr_array((32, 0), dtype=np.float32))
    whitening = Whitening.of(Background.empty(DIM).add(vectors))
    one = csr_array(np.ones((1, 1), dtype=np.float32))

    rows = rank_block(
        BlockReaders(without_words(vectors[:1], 999), one), day, whitening, top=5
    ).rows

    assert keys[rows[0]].tolist() == [90, 91, 0, 1, 2]


def test_vectors_of_another_model_are_refused(corpus: TopicCorpus) -> None:
    """Models are never mixed."""
    readers = BlockReaders(corpus.papers, csr_array((1, 60), dtype=np.float32))

    with pytest.raises(ModelMismatchError):
        rank_block(readers, Papers.none(8), corpus.whitening)
