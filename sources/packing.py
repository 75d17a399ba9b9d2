"""Ids and numbers side by side as bytes: little-endian, the same in every database and on every machine."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

IDS = np.dtype("<i4")
COUNTS = np.dtype("<f8")
SHARES = np.dtype("<f4")


def pack(values: ArrayLike, dtype: np.dtype) -> bytes:
    """Return the values as bytes of the given little-endian type."""
    return np.ascontiguousarray(values, dtype=dtype).tobytes()


def unpack(packed: bytes | memoryview, dtype: np.dtype) -> NDArray:
    """Return the array that was packed, read-only and without a copy.

    Raises ValueError when the number of bytes fits no whole number of values.
    """
    return np.frombuffer(packed, dtype=dtype)
