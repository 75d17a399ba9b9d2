"""Shrunken lift: interactions over what independence expects, damped where groups or contents are small."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

ROW_DAMPING = 0.2  # of the mean row: small groups are pulled towards no lift
COLUMN_DAMPING = 1.0  # of the mean column: the same for small contents
FULL = 0.1  # part of the groups that a content should reach: where it is less, contents are damped as much more

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Scaled:
    """X (groups x contents) = V / (rows x columns), each source on its own.

    `source_of` gives every column its source's position 0..s-1; `rows` is s x groups, `columns` one factor a content.
    """

    X: sparse.csr_array
    source_of: Ints
    rows: Floats
    columns: Floats

    def columns_of(self, source: int) -> Ints:
        """Positions of the columns of one source."""
        return np.flatnonzero(self.source_of == source)

    def only(self, columns: Ints) -> "Scaled":
        """The same scaling, of some columns."""
        return Scaled(sparse.csr_array(self.X[:, columns]), self.source_of[columns], self.rows, self.columns[columns])


def shrunken_lift(
    V: sparse.csr_array, sources: Ints, row_damping: float = ROW_DAMPING, column_damping: float = COLUMN_DAMPING
) -> Scaled:
    """Scale V cell by cell to V N / ((r + a mean r)(c + b mean c)) within each source: about 1 where all is average.

    a and b are the dampings, b more where a source has few cells for its groups and contents: there nearly every lift
    is the chance of a single interaction.
    """
    _, source_of = np.unique(sources, return_inverse=True)
    count = int(source_of.max()) + 1
    per_source = np.vstack([np.asarray(V @ (source_of == s).astype(np.float64)) for s in range(count)])
    totals = per_source.sum(axis=1)
    rows = (per_source + row_damping * per_source.mean(axis=1, keepdims=True)) / totals[:, None]
    contents = np.bincount(source_of, minlength=count)
    filled = np.bincount(source_of, np.bincount(V.indices, minlength=V.shape[1]), count) / (contents * V.shape[0])
    damping = column_damping * np.maximum(1.0, FULL / filled) * totals / contents
    columns = np.asarray(V.sum(axis=0)).ravel() + damping[source_of]
    X = sparse.csr_array((_scaled_cells(V, source_of, rows, columns), V.indices, V.indptr), shape=V.shape)
    return Scaled(X=X, source_of=source_of, rows=rows, columns=columns)


def kept_of_rows(V: sparse.csr_array, row_damping: float = ROW_DAMPING) -> Floats:
    """What the damping leaves of each row, (groups,), 0 to 1: how a part of a group stands in W."""
    rows = np.asarray(V.sum(axis=1)).ravel()
    return np.asarray(rows / (rows + row_damping * rows.mean()))


def _scaled_cells(V: sparse.csr_array, source_of: Ints, rows: Floats, columns: Floats) -> NDArray[np.float32]:
    """Cell by cell, row by row, so that no more than one row is held beside the matrix."""
    data = np.empty(V.nnz, dtype=np.float32)
    for i in range(V.shape[0]):
        part = slice(V.indptr[i], V.indptr[i + 1])
        where = V.indices[part]
        data[part] = V.data[part] / (rows[source_of[where], i] * columns[where])
    return data
