"""Weights of the parts: within their ranges, and going one way with the size of a profile."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.blend import DEFAULT_CONFIG, InterestConfig

SIZES = np.arange(0, 400)


@pytest.mark.parametrize("abstracts", [False, True])
@pytest.mark.parametrize("kernel", [False, True])
def test_weights_stay_between_none_and_one(kernel: bool, abstracts: bool) -> None:
    """For profiles of every size."""
    weights = DEFAULT_CONFIG.liked_weights(SIZES, kernel=kernel, abstracts=abstracts)

    assert set(weights) == {"centroid", "kernel", "nearest", "words", "nearest_words"}
    assert {weight.shape for weight in weights.values()} == {SIZES.shape}
    assert min(weight.min() for weight in weights.values()) >= 0
    assert max(weight.max() for weight in weights.values()) <= 1


def test_the_kernel_comes_in_and_the_centroid_goes_as_more_is_liked() -> None:
    """The centroid keeps half of its weight and more."""
    weights = DEFAULT_CONFIG.liked_weights(SIZES, kernel=True, abstracts=True)

    assert weights["kernel"][0] == 0
    assert (np.diff(weights["kernel"]) > 0).all()
    assert (np.diff(weights["centroid"]) < 0).all()
    assert weights["centroid"].min() > 0.5


def test_the_kernel_has_half_its_weight_at_ten_liked_papers() -> None:
    """By n / (n + 10)."""
    weights = DEFAULT_CONFIG.liked_weights(10, kernel=True, abstracts=True)

    assert (float(weights["kernel"]), float(weights["centroid"])) == (0.5, 0.75)


def test_without_a_kernel_the_centroid_has_all_its_weight() -> None:
    """At every size."""
    weights = DEFAULT_CONFIG.liked_weights(SIZES, kernel=False, abstracts=True)

    assert not weights["kernel"].any()
    assert (weights["centroid"] == 1).all()


def test_titles_tell_little_by_their_words() -> None:
    """And the nearest by words nothing."""
    titles, abstracts = (
        DEFAULT_CONFIG.liked_weights(5, kernel=True, abstracts=known) for known in (False, True)
    )

    assert 0 < titles["words"] < abstracts["words"]
    assert titles["nearest_words"] == 0 < abstracts["nearest_words"]


@given(st.floats(0, 1), st.floats(0, 1), st.integers(1, 500), st.integers(1, 500))
def test_co_readers_weigh_more_the_more_is_shared_and_the_less_is_liked(
    some: float, other: float, few: int, many: int
) -> None:
    """And nothing where nothing is shared."""
    low, high = sorted((some, other))
    less, more = sorted((few, many))
    weigh = DEFAULT_CONFIG.lent_weight

    assert weigh(few, 0.0) == 0
    assert weigh(few, low) <= weigh(few, high)
    assert weigh(more, high) <= weigh(less, high)
    assert 0 <= weigh(few, some) <= DEFAULT_CONFIG.coreaders_weight / 2.5


def test_co_readers_by_hand() -> None:
    """At one, three and five liked papers, half of them shared."""
    weights = InterestConfig(coreaders_weight=10).lent_weight(np.array([1, 3, 5]), 0.5)

    np.testing.assert_allclose(weights, [2.0, 5 / 4.5, 5 / 6.5])


@given(st.integers(0, 1000), st.booleans(), st.booleans())
def test_one_reader_weighs_as_in_a_block(n: int, kernel: bool, abstracts: bool) -> None:
    """A number is a block of one."""
    one = DEFAULT_CONFIG.liked_weights(n, kernel=kernel, abstracts=abstracts)
    block = DEFAULT_CONFIG.liked_weights(np.array([n]), kernel=kernel, abstracts=abstracts)

    assert {name: float(weight) for name, weight in one.items()} == {
        name: float(weight[0]) for name, weight in block.items()
    }
