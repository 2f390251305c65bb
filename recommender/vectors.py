"""Vectors as bytes and as unit rows.

Knows shapes and lengths, not models. A paper without a vector is a row of NaN: unknown is not
zero.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recommender.errors import BlobError, ModelMismatchError

__all__ = ["Matrix", "is_known", "pack", "unit_rows", "unpack", "unpack_rows"]

Matrix = NDArray[np.float32]
"""Vectors in rows, float32 (n, dim)."""

_STORED = np.dtype("<f4")
"""Little-endian on every machine, so that databases can be moved."""


def pack(vector: ArrayLike) -> bytes:
    """Return a vector (dim,) as 4 * dim little-endian bytes."""
    return np.asarray(vector, dtype=_STORED).tobytes()


def unpack(blob: bytes) -> Matrix:
    """Return the float32 vector (dim,) that `pack` wrote.

    Raises:
        BlobError: the bytes are not a whole number of float32.
    """
    if len(blob) % _STORED.itemsize:
        raise BlobError("float32 vector", len(blob))
    return np.frombuffer(blob, dtype=_STORED).astype(np.float32)


def unpack_rows(blobs: Sequence[bytes | None], dim: int) -> Matrix:
    """Return stored vectors as rows float32 (n, dim); None becomes a row of NaN.

    Raises:
        ModelMismatchError: a vector has another dimension.
    """
    rows = np.full((len(blobs), dim), np.nan, dtype=np.float32)
    for row, blob in zip(rows, blobs, strict=True):
        if blob is not None:
            if len(blob) != dim * _STORED.itemsize:
                raise ModelMismatchError(f"{dim} dimensions", f"{len(blob)} bytes")
            row[:] = np.frombuffer(blob, dtype=_STORED)
    return rows


def unit_rows(rows: ArrayLike) -> Matrix:
    """Return rows (..., dim) scaled to length one; zero and not finite rows become NaN."""
    wide = np.asarray(rows, dtype=np.float64)
    finite = np.isfinite(wide).all(axis=-1, keepdims=True)
    wide = np.where(finite, wide, 0.0)
    # Scaling by the largest entry first keeps the squares of tiny and huge rows representable.
    peak = np.abs(wide).max(axis=-1, keepdims=True, initial=0.0)
    wide = np.divide(wide, peak, out=np.full_like(wide, np.nan), where=peak > 0)
    length = np.sqrt((wide * wide).sum(axis=-1, keepdims=True))
    units: Matrix = (wide / length).astype(np.float32)
    return units


def is_known(rows: Matrix) -> NDArray[np.bool_]:
    """Tell which rows (n, dim) hold a usable vector: (n,), neither NaN nor infinite."""
    return np.asarray(np.isfinite(rows).all(axis=-1), dtype=np.bool_)
