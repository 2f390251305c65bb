"""The metric of shared taste."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommender.lexical import Sparse
from recommender.metric import shared_taste
from recommender.vectors import Matrix, unit_rows
from tests.recommender.worlds import DIM, ratings_of

Counts = NDArray[np.floating]


def world(seed: int = 1, n_papers: int = 40, n_readers: int = 120) -> tuple[Sparse, Matrix, Counts]:
    """Return readers as unit rows, vectors of papers, and how many like each."""
    vectors = unit_rows(np.random.default_rng(seed).standard_normal((n_papers, DIM)))
    likes = ratings_of([4] * n_readers, n_papers, seed)
    rows = csr_array(likes / np.float32(2))
    return rows, vectors, np.maximum(likes.sum(axis=0), 1)


@pytest.mark.parametrize("seed", range(5))
def test_the_metric_is_mutual_and_never_negative(seed: int) -> None:
    """As a likeness has to be."""
    metric = shared_taste(*world(seed))

    assert metric.shape == (DIM, DIM)
    assert metric.dtype == np.float32
    np.testing.assert_allclose(metric, metric.T, atol=1e-5 * np.abs(metric).max())
    assert np.linalg.eigvalsh(metric).min() > -1e-5 * np.abs(metric).max()


def test_the_metric_is_the_same_every_time() -> None:
    """The random start is always the same."""
    np.testing.assert_array_equal(shared_taste(*world()), shared_taste(*world()))


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_readers_does_not_matter(seed: int) -> None:
    """But for rounding."""
    rows, vectors, popularity = world(seed)
    turned = csr_array(rows[np.random.default_rng(seed).permutation(rows.shape[0])])

    found, again = (shared_taste(r, vectors, popularity) for r in (rows, turned))

    np.testing.assert_allclose(again, found, atol=1e-3 * np.abs(found).max())


def test_papers_read_together_are_alike_whatever_their_texts() -> None:
    """Of four kinds of texts at right angles the first two are always read by the same people."""
    kind = np.arange(40) % 4
    noise = np.random.default_rng(1).standard_normal((40, DIM)) / 20
    vectors = unit_rows(np.eye(DIM)[kind] + noise)
    likes = np.zeros((120, 40), dtype=np.float32)
    for number, row in enumerate(likes):
        wanted = [(0, 1), (2,), (3,)][number % 3]
        row[np.flatnonzero(np.isin(kind, wanted))] = 1
    rows = csr_array(likes / np.linalg.norm(likes, axis=1, keepdims=True))
    centred = vectors - vectors.mean(axis=0)

    alike = centred @ shared_taste(rows, vectors, likes.sum(axis=0)) @ centred.T

    between = [[alike[np.ix_(kind == a, kind == b)].mean() for b in range(4)] for a in range(4)]
    assert between[0][1] > 0.5 * between[0][0]
    assert max(between[0][2], between[0][3], between[1][2], between[1][3]) < 0


def test_two_papers_are_enough() -> None:
    """One taste is all they tell apart."""
    vectors = unit_rows(np.random.default_rng(1).standard_normal((2, DIM)))
    rows = csr_array(np.full((100, 2), 0.5**0.5, dtype=np.float32))

    assert np.isfinite(shared_taste(rows, vectors, np.array([100.0, 100.0]))).all()


def test_papers_that_are_all_alike_teach_nothing() -> None:
    """A metric of zeros, not an error."""
    rows, _, popularity = world()
    vectors: Matrix = np.repeat(np.eye(1, DIM, dtype=np.float32), 40, axis=0)

    assert not shared_taste(rows, vectors, popularity).any()
