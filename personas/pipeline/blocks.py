"""A matrix of groups by contents in blocks of contents, known only by its products: exact, flat in memory, threaded."""

from collections.abc import Iterator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from personas.pipeline.filling import Fill, Filled
from personas.pipeline.threads import Workers

WIDTH = 8192

Array = NDArray[np.float32]
Floats = NDArray[np.float64]


class Blocks(Protocol):
    """What a factorisation needs to know of a matrix X (groups x contents); `squares` is |X|^2."""

    shape: tuple[int, int]
    squares: float

    def slices(self) -> list[slice]: ...
    def left(self, block: int, W: Array) -> Array:
        """X_b' W, contents of the block x p."""
        ...

    def right(self, block: int, H: Array) -> Array:
        """X_b H_b', groups x p, for H_b as contents of the block x p."""
        ...


class SparseBlocks:
    """The matrix itself, with its fill: one copy of its cells, column by column, of which every block is a view."""

    def __init__(self, X: sparse.csr_array, width: int = WIDTH, fill: Fill | None = None) -> None:
        columns = X.tocsc()
        groups, contents = (int(n) for n in X.shape)
        self.shape = (groups, contents)
        self.fill = fill or Fill.none(self.shape)
        self._is_filled = self.fill.groups.shape[1] > 0
        self.squares = Filled(X, self.fill).square()
        self._slices = cut(contents, width)
        self._blocks = [_transposed(columns, part) for part in self._slices]

    def slices(self) -> list[slice]:
        return self._slices

    def left(self, block: int, W: Array) -> Array:
        product = np.asarray(self._blocks[block] @ W)
        if self._is_filled:
            product += self.fill.contents[self._slices[block]] @ (self.fill.groups.T @ W)
        return product

    def right(self, block: int, H: Array) -> Array:
        product = np.asarray(self._blocks[block].T @ H)
        if self._is_filled:
            product += self.fill.groups @ (self.fill.contents[self._slices[block]].T @ H)
        return product

    def dense(self) -> Floats:
        """The whole matrix, groups x contents; for small ones."""
        cells = np.hstack([block.toarray().T for block in self._blocks]).astype(np.float64)
        return np.asarray(cells + self.fill.groups @ self.fill.contents.T)

    def both_ways(self, Q: Array) -> Floats:
        """X X' Q, groups x p, reading every cell twice but holding one block at a time."""
        total = np.zeros(Q.shape)
        for part in self._each(lambda b: self.right(b, self.left(b, Q))):
            total += part
        return total

    def all_left(self, Q: Array) -> Array:
        """X' Q, contents x p."""
        found = np.empty((self.shape[1], Q.shape[1]), dtype=np.float32)
        for part, rows in zip(self._slices, self._each(lambda b: self.left(b, Q)), strict=True):
            found[part] = rows
        return found

    def _each(self, product: "Product") -> Iterator[Array]:
        """The product of every block, in order, on all cores."""
        with Workers(len(self._slices)) as workers:
            yield from workers.map(product, range(len(self._slices)))


class Product(Protocol):
    """Some product of one block."""

    def __call__(self, block: int, /) -> Array: ...


def cut(contents: int, width: int = WIDTH) -> list[slice]:
    """The contents in slices of the width."""
    return [slice(start, min(start + width, contents)) for start in range(0, contents, width)]


def _transposed(columns: sparse.csc_array, part: slice) -> sparse.csr_array:
    """Some columns as rows, without a copy of their cells."""
    pointers = columns.indptr[part.start : part.stop + 1]
    cells = slice(int(pointers[0]), int(pointers[-1]))
    shape = (part.stop - part.start, columns.shape[0])
    return sparse.csr_array((columns.data[cells], columns.indices[cells], pointers - pointers[0]), shape=shape)
