"""One core for small products."""

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from recommender.cores import one_core

MATRIX = np.ones((2, 2), dtype=np.float32)


def threads() -> set[int]:
    """Return how many threads the libraries for matrix products use."""
    MATRIX @ MATRIX
    return {lib["num_threads"] for lib in threadpool_info() if lib["user_api"] == "blas"}


def test_products_keep_to_one_core_inside() -> None:
    """And to as many as before afterwards, also when one is inside another."""
    with threadpool_limits(2, user_api="blas"):
        with one_core():
            with one_core():
                pass
            inside = threads()
        after = threads()

    assert inside == {1}
    assert after == {2}


def test_an_error_inside_leaves_everything_as_it_was() -> None:
    """It is passed on."""
    with threadpool_limits(2, user_api="blas"):
        with pytest.raises(KeyError), one_core():
            raise KeyError
        after = threads()

    assert after == {2}
