"""A sparse matrix with what stands in for the groups that a source does not tell of."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Array = NDArray[np.float32]
Floats = NDArray[np.float64]


class Fill(NamedTuple):
    """What is added to a matrix: `groups` (groups x s) times `contents` (contents x s) transposed; s may be 0."""

    groups: Array
    contents: Array

    @classmethod
    def none(cls, shape: tuple[int, int]) -> "Fill":
        """Nothing to add to a matrix of that shape."""
        return cls(np.zeros((shape[0], 0), dtype=np.float32), np.zeros((shape[1], 0), dtype=np.float32))


@dataclass(frozen=True)
class Filled:
    """The matrix cells + fill (groups x contents), never made dense: every group may lack something somewhere."""

    cells: sparse.csr_array
    fill: Fill

    @classmethod
    def bare(cls, cells: sparse.csr_array) -> "Filled":
        """A matrix to which nothing is added."""
        return cls(cells, Fill.none(cells.shape))

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.fill.groups), len(self.fill.contents)

    def of_groups(self, rows: NDArray[np.bool_]) -> "Filled":
        """Some rows of it."""
        return Filled(sparse.csr_array(self.cells[rows]), self.fill._replace(groups=self.fill.groups[rows]))

    def left(self, W: NDArray[Any]) -> NDArray[Any]:
        """X' W, contents x p."""
        return np.asarray(self.cells.T @ W + self.fill.contents @ (self.fill.groups.T @ W))

    def right(self, H: NDArray[Any]) -> NDArray[Any]:
        """X H', groups x p, for H as contents x p."""
        return np.asarray(self.cells @ H + self.fill.groups @ (self.fill.contents.T @ H))

    def squares(self) -> Floats:
        """Sums of squares of the contents (contents,)."""
        own = np.bincount(self.cells.indices, np.square(self.cells.data, dtype=np.float64), self.shape[1])
        return np.asarray(own + self._squares_added())

    def square(self) -> float:
        """The sum of all squares, with no copy of the cells."""
        own = np.einsum("i,i->", self.cells.data, self.cells.data, dtype=np.float64)
        return float(own + self._squares_added().sum())

    def _squares_added(self) -> Floats:
        """What the fill adds to the sums of squares (contents,)."""
        groups, contents = self.fill
        if not groups.shape[1]:
            return np.zeros(self.shape[1])
        cross = 2 * (self.cells.T @ groups) + contents @ (groups.T @ groups)
        return np.asarray((cross * contents).sum(axis=1, dtype=np.float64))
