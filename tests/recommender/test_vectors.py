"""Vectors as bytes and as unit rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from recommender.errors import BlobError, ModelMismatchError
from recommender.vectors import Matrix, is_known, pack, unit_rows, unpack, unpack_rows

floats = st.floats(width=32, allow_nan=True, allow_infinity=True)
vectors = arrays(np.float32, st.integers(0, 20), elements=floats)
finite_rows = arrays(
    np.float32,
    st.tuples(st.integers(0, 6), st.integers(1, 6)),
    elements=st.floats(-(2.0**100), 2.0**100, width=32),
)


@given(vectors)
def test_unpack_undoes_pack(vector: Matrix) -> None:
    """Every float32 survives, infinities and NaN among them."""
    np.testing.assert_array_equal(unpack(pack(vector)), vector)


def test_packed_vectors_are_little_endian() -> None:
    """A database can be moved to another machine."""
    assert pack([1.0]) == b"\x00\x00\x80\x3f"


def test_half_a_number_is_refused() -> None:
    """The error names how many bytes there were."""
    with pytest.raises(BlobError, match="3 bytes"):
        unpack(b"abc")


def test_a_missing_vector_is_a_row_of_nan() -> None:
    """Unknown is not zero."""
    rows = unpack_rows([None, pack([1.0, 2.0])], 2)

    np.testing.assert_array_equal(rows, [[np.nan, np.nan], [1.0, 2.0]])


def test_no_blobs_are_no_rows() -> None:
    """The width is kept."""
    assert unpack_rows([], 5).shape == (0, 5)


def test_a_vector_of_another_model_is_refused() -> None:
    """Dimensions that differ are never mixed."""
    with pytest.raises(ModelMismatchError, match="3 dimensions"):
        unpack_rows([pack([1.0, 2.0])], 3)


@given(finite_rows)
def test_unit_rows_have_length_one_or_are_unknown(rows: Matrix) -> None:
    """Rows of zeros have no direction and become NaN."""
    units = unit_rows(rows)
    known = is_known(units)

    np.testing.assert_allclose(np.linalg.norm(units[known], axis=1), 1.0, rtol=1e-5)
    np.testing.assert_array_equal(known, rows.any(axis=1))


def test_rows_with_nan_or_infinity_become_unknown() -> None:
    """One bad number spoils its row and no other."""
    rows = np.array([[np.nan, 1], [np.inf, 1], [3, 4]], dtype=np.float32)

    np.testing.assert_array_equal(is_known(unit_rows(rows)), [False, False, True])
