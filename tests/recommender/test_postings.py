"""Lexical rows turned round."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array, random_array

from recommender.lexical import Sparse
from recommender.postings import COMMON, Postings


def rows(n: int, n_terms: int, seed: int) -> Sparse:
    """Return random lexical rows; the first terms are commoner than the last."""
    rng = np.random.default_rng(seed)
    table = rng.random((n, n_terms)) * (rng.random((n, n_terms)) ** 3 > np.linspace(0, 1, n_terms))
    return csr_array(table.astype(np.float32))


@given(st.integers(0, 2**32 - 1), st.integers(1, 5), st.integers(0, 20), st.sampled_from([0, 9]))
def test_cosines_are_those_of_the_sparse_product(seed: int, k: int, n: int, n_terms: int) -> None:
    """Of any shape, without any terms too."""
    papers, asked = rows(n, n_terms, seed), rows(k, n_terms, seed + 1)

    found = Postings.of(papers).cosines(asked)

    assert found.dtype == np.float32
    np.testing.assert_allclose(found, (asked @ papers.T).toarray(), rtol=1e-5)


@pytest.mark.parametrize("n_terms", [COMMON - 1, COMMON, 2 * COMMON])
def test_terms_are_common_or_rare(n_terms: int) -> None:
    """Each is done once, whichever way."""
    papers = rows(30, n_terms, 3)
    asked = csr_array(random_array((4, n_terms), density=0.2, rng=1, dtype=np.float32))

    postings = Postings.of(papers)

    np.testing.assert_allclose(
        postings.cosines(asked), (asked @ papers.T).toarray(), rtol=1e-4, atol=1e-5
    )
    assert len(postings.common) == min(n_terms, COMMON)
    assert postings.rare.nnz + np.count_nonzero(postings.common) == papers.nnz
