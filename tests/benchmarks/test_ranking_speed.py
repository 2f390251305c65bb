import numpy as np
import pytest

from benchmarks.ranking_speed import (
    ALONE,
    PARTS,
    all_products,
    bare_products,
    compare,
    one_reader,
    run,
)
from benchmarks.synthetic import (
    DIM,
    Day,
    Size,
    candidates_of,
    papers,
    readers_of,
    topical_rows,
    with_words,
)
from recommender.vectors import Matrix, unit_rows

SIZE = Size(readers=30, liked=6, pool=50, candidates=25, landmarks=20)
DAY = Day(candidates=30, reference=10, liked=4, disliked=2, landmarks=20, coreaders=120)


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


def test_synthetic_words_are_unit_rows() -> None:
    """With a few words that most papers share, and many that few do."""
    rng = np.random.default_rng(1)
    words = with_words(papers(200, 0, centres(), rng), rng).words

    having = np.bincount(words.indices, minlength=words.shape[1])

    np.testing.assert_allclose(np.sqrt(words.multiply(words).sum(axis=1)), 1, rtol=1e-5)
    assert having.max() > 100
    assert np.median(having[having > 0]) < 5


def test_the_day_of_one_reader_has_everything_that_a_day_can_have() -> None:
    """Else the figure would be too good."""
    day = candidates_of(DAY, centres(), np.random.default_rng(1))

    assert (len(day), len(day.pool)) == (30, 40)
    assert day.kernel is not None
    assert day.lent is not None
    assert day.have_abstracts
    assert day.papers.words.nnz > 0


def test_the_products_leave_their_arguments_alone() -> None:
    """The ranking that is timed next works on the same arrays."""
    rng = np.random.default_rng(1)
    pool, candidates = papers(50, 0, centres(), rng), topical_rows(25, centres(), rng)
    readers, stream = readers_of(pool, SIZE, rng), topical_rows(20, centres(), rng)
    before = pool.vectors.copy(), candidates.copy(), readers.liked.toarray()

    bare_products(pool.vectors, candidates, 30)
    all_products(readers, candidates)
    all_products(readers, candidates, stream)

    assert np.array_equal(pool.vectors, before[0])
    assert np.array_equal(candidates, before[1])
    assert np.array_equal(readers.liked.toarray(), before[2])


def test_all_parts_are_timed_every_round() -> None:
    """A ratio needs both."""
    spent = compare(SIZE, rounds=2)

    assert list(spent) == list(PARTS)
    assert {len(each.seconds) for each in spent.values()} == {2}
    assert {len(each.cpu_s) for each in spent.values()} == {2}
    assert min(min(each.seconds) for each in spent.values()) > 0


def test_one_part_alone_can_be_run_for_its_memory() -> None:
    """Without the other's arrays beside its own."""
    assert list(compare(SIZE, 1, (PARTS[0],))) == [PARTS[0]]


def test_one_reader_is_timed_first_on_a_day_and_again() -> None:
    """Every time after another rating."""
    spent = one_reader(DAY, rounds=3)

    assert list(spent) == list(ALONE)
    assert {len(each.seconds) for each in spent.values()} == {3}


@pytest.mark.slow
def test_a_report_has_the_multiples_of_both_kinds_of_products() -> None:
    """The bare products are one time themselves; every goal is named."""
    report = run(SIZE, DAY, rounds=1)

    assert [row[0] for row in report.rows] == [*PARTS, *ALONE]
    assert report.rows[0][4] == "1.00 x (1.00)"
    assert report.rows[3][5] == "1.00 x (1.00)"
    assert [goal.limit for goal in report.goals] == [3.0, 3.0, 3.0, 2_000, 10.0]
