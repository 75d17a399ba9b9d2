"""A randomised truncated SVD: one small stand-in for the matrix that serves every size and seed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from personas.pipeline.blocks import WIDTH, Array, SparseBlocks, cut

PASSES = 2  # power iterations, two products with the matrix each
OVERSAMPLING = 10


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


class CompressedBlocks:
    """The stand-in U Z' of the matrix: products cost (groups + contents) x rank, not the number of cells."""

    def __init__(self, small: Compressed, width: int = WIDTH) -> None:
        self.U, self.Z = small.U, small.Z
        self.shape = (small.U.shape[0], small.Z.shape[0])
        self.squares = small.squares
        self._slices = cut(self.shape[1], width)

    def slices(self) -> list[slice]:
        return self._slices

    def left(self, block: int, W: Array) -> Array:
        return self.Z[self._slices[block]] @ (self.U.T @ W)

    def right(self, block: int, H: Array) -> Array:
        return self.U @ (self.Z[self._slices[block]].T @ H)


def compress(X: SparseBlocks, rank: int, seed: int) -> Compressed:
    """The best U Z' of at most the given rank; exact up to rounding when rank reaches the number of groups."""
    if rank + OVERSAMPLING >= min(X.shape):
        U, Z, singular = _exact(X)
    else:
        U, Z, singular = _randomised(X, rank, seed)
    signs = np.where(U.sum(axis=0) < 0, np.float32(-1), np.float32(1))
    return Compressed(
        U=np.ascontiguousarray(U * signs), Z=np.ascontiguousarray(Z * signs), singular=singular, squares=X.squares
    )


def _exact(X: SparseBlocks) -> tuple[Array, Array, NDArray[np.float64]]:
    U, S, Vt = linalg.svd(X.dense(), full_matrices=False)
    return U.astype(np.float32), (Vt.T * S).astype(np.float32), S


def _randomised(X: SparseBlocks, rank: int, seed: int) -> tuple[Array, Array, NDArray[np.float64]]:
    rng = np.random.default_rng(seed)
    # Drawn on the side of the groups, so that the order and number of contents change nothing but rounding.
    Q = rng.standard_normal((X.shape[0], rank + OVERSAMPLING)).astype(np.float32)
    for _ in range(PASSES):
        Q = linalg.qr(X.both_ways(Q), mode="economic", check_finite=False)[0].astype(np.float32)
    B = X.all_left(Q)
    gram = np.zeros((B.shape[1], B.shape[1]))
    for part in cut(len(B)):
        gram += B[part].T.astype(np.float64) @ B[part].astype(np.float64)
    values, vectors = linalg.eigh(gram)
    order = np.argsort(values)[::-1][:rank]
    rotation = vectors[:, order].astype(np.float32)
    return Q @ rotation, B @ rotation, np.sqrt(np.maximum(values[order], 0.0))
