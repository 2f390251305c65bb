"""Background statistics and whitening."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.background import (
    MIN_OWN_PAPERS,
    Background,
    Whitening,
    choose_background,
    shipped_background,
)
from recommender.embedding import DEFAULT_MODEL
from recommender.errors import BlobError, ModelMismatchError
from recommender.vectors import Matrix, unit_rows


def rows_of(n: int, dim: int = 4, seed: int = 0) -> Matrix:
    """Return random unit rows."""
    return unit_rows(np.random.default_rng(seed).standard_normal((n, dim)))


@given(st.integers(0, 30), st.integers(0, 30))
def test_adding_in_parts_equals_adding_at_once(n: int, cut: int) -> None:
    """Papers can be counted in as they are embedded."""
    rows = rows_of(n)

    whole = Background.empty(4).add(rows)
    parts = Background.empty(4).add(rows[:cut]).merge(Background.empty(4).add(rows[cut:]))

    assert parts.count == whole.count
    np.testing.assert_allclose(parts.covariance, whole.covariance, atol=1e-12)


def test_mean_and_covariance_are_those_of_the_rows() -> None:
    """Against numpy's own."""
    rows = rows_of(50)
    background = Background.empty(4).add(rows)

    np.testing.assert_allclose(background.mean, rows.mean(axis=0), atol=1e-7)
    np.testing.assert_allclose(background.covariance, np.cov(rows.T, bias=True), atol=1e-7)


def test_unknown_vectors_are_not_counted() -> None:
    """A row of NaN leaves the statistics as they were."""
    rows = np.vstack([rows_of(3), np.full((1, 4), np.nan, dtype=np.float32)])

    assert Background.empty(4).add(rows).count == 3


def test_statistics_of_nothing_are_zero() -> None:
    """No division by zero papers."""
    assert not Background.empty(3).covariance.any()


def test_statistics_survive_being_stored() -> None:
    """Bytes and back."""
    background = Background.empty(4).add(rows_of(9))
    kept = Background.from_bytes(background.to_bytes())

    assert kept.count == 9
    np.testing.assert_array_equal(kept.outer, background.outer)


@pytest.mark.parametrize("blob", [b"", b"nonsense", b"PK\x03\x04 broken"])
def test_bytes_that_are_no_statistics_are_refused(blob: bytes) -> None:
    """The error is ours and says what to do."""
    with pytest.raises(BlobError, match="background statistics"):
        Background.from_bytes(blob)


def test_vectors_of_another_width_are_refused() -> None:
    """Models are never mixed, in adding or in merging."""
    with pytest.raises(ModelMismatchError, match="4 dimensions"):
        Background.empty(4).add(rows_of(2, dim=5))
    with pytest.raises(ModelMismatchError, match="4 dimensions"):
        Background.empty(4).merge(Background.empty(5))


def test_a_profile_solves_the_ridge_equation() -> None:
    """`(Sigma + a I) profile = offset`."""
    background = Background.empty(4).add(rows_of(50))
    offset = rows_of(1, seed=3)[0]

    profile = Whitening.of(background).profile(offset, 0.07)

    ridge = background.covariance + 0.07 * np.eye(4)
    np.testing.assert_allclose(ridge @ profile, offset, rtol=1e-4)


def test_own_statistics_serve_from_300_papers_on() -> None:
    """Before that the shipped ones do."""
    shipped = Background.empty(4).add(rows_of(5))
    few = Background.empty(4).add(rows_of(MIN_OWN_PAPERS - 1))
    enough = Background.empty(4).add(rows_of(MIN_OWN_PAPERS))

    assert choose_background(few, shipped, rows_of(2)) is shipped
    assert choose_background(enough, shipped, rows_of(2)) is enough


def test_the_day_itself_serves_where_there_are_no_statistics() -> None:
    """Another model on its first day; shipped statistics of another width do not count."""
    day = rows_of(7)

    assert choose_background(None, None, day).count == 7
    assert choose_background(None, Background.empty(9), day).count == 7


def test_statistics_are_shipped_for_the_default_model() -> None:
    """A symmetric covariance without negative directions, of unit vectors."""
    shipped = shipped_background(DEFAULT_MODEL)

    assert shipped is not None
    assert shipped.dim == 384
    trace = float(np.trace(shipped.covariance) + shipped.mean @ shipped.mean)
    np.testing.assert_allclose(trace, 1.0, atol=1e-3)
    assert np.linalg.eigvalsh(shipped.covariance).min() > -1e-6


@pytest.mark.parametrize("model", ["another", "a/folder", "..\\x", ""])
def test_nothing_is_shipped_for_other_models(model: str) -> None:
    """Names that look like paths lead nowhere."""
    assert shipped_background(model) is None
