import numpy as np

from benchmarks.ranking_speed import (
    DIM,
    Size,
    bare_products,
    compare,
    papers,
    readers_of,
    topical_rows,
)
from recommender.vectors import Matrix, unit_rows

SIZE = Size(readers=30, liked=6, pool=50, candidates=25)


def centres() -> Matrix:
    """Return three unit rows."""
    return unit_rows(np.random.default_rng(2).standard_normal((3, DIM)))


def test_synthetic_vectors_are_unit_rows() -> None:
    """As those of a model are."""
    rows = topical_rows(20, centres(), np.random.default_rng(1))

    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, rtol=1e-5)


def test_every_synthetic_reader_likes_papers_of_the_pool() -> None:
    """From half to one and a half of the usual number."""
    rng = np.random.default_rng(1)
    pool = papers(SIZE.pool, 0, centres(), rng)

    counts = np.diff(readers_of(pool, SIZE, rng).liked.indptr)

    assert len(counts) == SIZE.readers
    assert 3 <= counts.min() <= counts.max() <= 9


def test_the_bare_products_leave_their_arguments_alone() -> None:
    """The ranking that is timed next works on the same arrays."""
    rng = np.random.default_rng(1)
    pool, candidates = topical_rows(50, centres(), rng), topical_rows(25, centres(), rng)
    before = pool.copy(), candidates.copy()

    bare_products(pool, candidates, 30)

    assert np.array_equal(pool, before[0])
    assert np.array_equal(candidates, before[1])


def test_both_parts_are_timed_every_round() -> None:
    """A ratio needs both."""
    seconds = compare(SIZE, rounds=2)

    assert {name: len(rounds) for name, rounds in seconds.items()} == {"bare": 2, "ranking": 2}
    assert min(map(min, seconds.values())) > 0


def test_one_part_alone_can_be_run_for_its_memory() -> None:
    """Without the other's arrays beside its own."""
    assert list(compare(SIZE, 1, ("bare",))) == ["bare"]
