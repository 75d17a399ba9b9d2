"""A randomised truncated SVD: one small stand-in for the matrix that serves every size and seed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

PASSES = 2  # power iterations, two products with the matrix each
OVERSAMPLING = 10

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Compressed:
    """X is about U @ Z.T with U (groups x r) orthonormal and Z (contents x r); `squares` is |X|^2 of the full X."""

    U: Array
    Z: Array
    singular: NDArray[np.float64]
    squares: float

    def only(self, columns: NDArray[np.int64]) -> "Compressed":
        """The same stand-in, of some contents; the squares are those that it holds itself."""
        Z = np.ascontiguousarray(self.Z[columns])
        return Compressed(self.U, Z, self.singular, float(np.square(Z, dtype=np.float64).sum()))


def compress(X: sparse.csr_array, rank: int, seed: int) -> Compressed:
    """The best U Z' of at most the given rank; exact up to rounding when rank reaches the number of groups."""
    g, c = X.shape
    squares = float(np.square(X.data, dtype=np.float64).sum())
    if rank + OVERSAMPLING >= min(g, c):
        U, Z, singular = _exact(X)
    else:
        U, Z, singular = _randomised(X, rank, seed)
    signs = np.where(U.sum(axis=0) < 0, np.float32(-1), np.float32(1))
    return Compressed(
        U=np.ascontiguousarray(U * signs), Z=np.ascontiguousarray(Z * signs), singular=singular, squares=squares
    )


def _exact(X: sparse.csr_array) -> tuple[Array, Array, NDArray[np.float64]]:
    U, S, Vt = linalg.svd(X.toarray().astype(np.float64), full_matrices=False)
    return U.astype(np.float32), (Vt.T * S).astype(np.float32), S


def _randomised(X: sparse.csr_array, rank: int, seed: int) -> tuple[Array, Array, NDArray[np.float64]]:
    rng = np.random.default_rng(seed)
    # Drawn on the side of the groups, so that the order and number of contents change nothing but rounding.
    Q = rng.standard_normal((X.shape[0], rank + OVERSAMPLING)).astype(np.float32)
    for _ in range(PASSES):
        Q, _ = linalg.qr(X @ (X.T @ Q), mode="economic", check_finite=False)
    B = X.T @ Q
    values, vectors = linalg.eigh(B.astype(np.float64).T @ B)
    order = np.argsort(values)[::-1][:rank]
    rotation = vectors[:, order].astype(np.float32)
    return Q @ rotation, B @ rotation, np.sqrt(np.maximum(values[order], 0.0))
