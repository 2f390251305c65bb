"""Novelty: what lies far from everything before it, by known answers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.errors import ModelMismatchError
from recommender.newness import NoveltyConfig, novelty
from recommender.vectors import Matrix, unit_rows

DIM = 8
SMALL = NoveltyConfig(nearest=2, evidence=2, least=8)


def stream(n: int, seed: int = 0) -> Matrix:
    """Return papers of four fields in turns, each near one axis."""
    rows = np.random.default_rng(seed).normal(scale=0.2, size=(n, DIM))
    rows[np.arange(n), np.arange(n) % 4] += 1.0
    return unit_rows(rows)


def axis(number: int) -> Matrix:
    """Return one paper in the middle of a field."""
    row = np.zeros((1, DIM), dtype=np.float32)
    row[0, number] = 1.0
    return row


def test_the_distance_is_the_mean_of_the_nearest() -> None:
    """Cosines 1 and 0.6, so the distance is 0.2; the nearest come with their keys."""
    near = 0.6 * axis(0) + 0.8 * axis(1)
    # Each with its opposite: the mean is nothing.
    earlier = np.vstack([near, axis(0), -near, -axis(0), axis(7), -axis(7), axis(6), -axis(6)])

    found = novelty(axis(0), earlier, np.arange(10, 18), SMALL)

    np.testing.assert_allclose(found.distance, [0.2], atol=1e-6)
    assert found.keys.tolist() == [[11, 10]]
    np.testing.assert_allclose(found.cosines, [[1.0, 0.6]], atol=1e-6)


def test_what_all_papers_share_makes_none_of_them_less_new() -> None:
    """The distance is measured about the mean of the stream."""
    near = 0.6 * axis(0) + 0.8 * axis(1)
    apart = np.vstack([near, axis(0), -near, -axis(0), axis(7), -axis(7), axis(6), -axis(6)])
    shared = 2 * axis(5)

    found = novelty(unit_rows(axis(0) + shared), unit_rows(apart + shared), np.arange(8), SMALL)

    np.testing.assert_allclose(found.distance, [0.2], atol=1e-6)


def test_another_field_is_new_and_the_middle_of_a_field_is_not() -> None:
    """At the ends of the scale."""
    found = novelty(np.vstack([axis(7), axis(0)]), stream(400), np.arange(400))

    assert found.percentile[0] > 98
    assert found.percentile[1] < 5


def test_too_short_a_stream_says_nothing() -> None:
    """A hundred papers are no scale."""
    found = novelty(axis(0), stream(100), np.arange(100))

    assert np.isnan(found.percentile).all()
    assert np.isnan(found.distance).all()


def test_an_ordinary_day_is_spread_evenly() -> None:
    """Its papers come from the stream, so their percentiles do too, whatever the store's size."""
    for m in (400, 2_000):
        found = novelty(stream(500, seed=1), stream(m), np.arange(m))
        np.testing.assert_allclose(
            np.quantile(found.percentile, [0.1, 0.5, 0.9]), [10, 50, 90], atol=8
        )


def test_a_paper_that_was_there_before_is_not_new() -> None:
    """It is its own nearest."""
    earlier = stream(400)

    found = novelty(earlier[5:6], earlier, np.arange(400))

    assert found.keys[0, 0] == 5
    np.testing.assert_allclose(found.cosines[0, 0], 1.0, atol=1e-6)


def test_what_has_no_vector_is_unknown() -> None:
    """NaN, zero and infinite rows, among the papers and among the earlier ones."""
    papers = np.zeros((4, DIM), dtype=np.float32)
    papers[0, 0], papers[1], papers[3, 0] = 1.0, np.nan, np.inf
    earlier = np.vstack([np.full((5, DIM), np.nan, dtype=np.float32), stream(400)])

    found = novelty(papers, earlier, np.arange(405))

    np.testing.assert_array_equal(np.isnan(found.percentile), [False, True, True, True])
    np.testing.assert_array_equal(np.isnan(found.distance), [False, True, True, True])
    assert (found.keys[1:] == -1).all()
    assert np.isnan(found.cosines[1:]).all()
    assert (found.keys[0] >= 5).all()


def test_no_papers_and_no_stream_say_nothing() -> None:
    """An empty day, and an empty store."""
    nothing = np.empty((0, DIM), dtype=np.float32)

    assert novelty(nothing, stream(400), np.arange(400)).percentile.shape == (0,)
    assert np.isnan(novelty(axis(0), nothing, np.arange(0)).percentile).all()


def test_vectors_of_two_models_are_refused() -> None:
    """And keys that are not as many as papers."""
    with pytest.raises(ModelMismatchError, match="8 dimensions"):
        novelty(axis(0)[:, :4], stream(400), np.arange(400))
    with pytest.raises(ValueError, match="3 keys for 400"):
        novelty(axis(0), stream(400), np.arange(3))


@pytest.mark.parametrize(
    "wrong", [{"nearest": 0}, {"evidence": 11}, {"compared": 0.0}, {"compared": 1.0}, {"least": 3}]
)
def test_a_configuration_that_cannot_be_is_refused(wrong: dict[str, float]) -> None:
    """Where it is made."""
    with pytest.raises(ValueError, match="not"):
        NoveltyConfig(**wrong)  # type: ignore[arg-type]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(8, 60))
def test_percentiles_keep_the_order_of_distances(seed: int, n: int, m: int) -> None:
    """They are in range, and do not depend on the length of vectors or the company."""
    rng = np.random.default_rng(seed)
    papers = rng.normal(size=(n, DIM)).astype(np.float32)
    earlier = rng.normal(size=(m, DIM)).astype(np.float32)

    found = novelty(papers, earlier, np.arange(m), SMALL)
    alone = novelty(3 * papers[:1], 0.5 * earlier, np.arange(m), SMALL)

    assert ((found.percentile >= 0) & (found.percentile <= 100)).all()
    assert (np.diff(found.percentile[np.argsort(found.distance)]) >= 0).all()
    assert (np.diff(found.cosines, axis=1) <= 0).all()
    np.testing.assert_allclose(alone.distance, found.distance[:1], atol=1e-5)
