"""Shrunken lift: interactions over what independence expects, damped where groups or contents are small."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

ROW_DAMPING = 0.3  # of the mean row: small groups are pulled towards no lift
COLUMN_DAMPING = 1.0  # of the mean column: the same for small contents

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Scaled:
    """X (groups x contents) = V / (rows x columns), each source on its own.

    `source_of` gives every column its source's position 0..s-1; `rows` is s x groups, `columns` one factor a content.
    """

    X: sparse.csr_array
    source_of: NDArray[np.int64]
    rows: Floats
    columns: Floats

    def columns_of(self, source: int) -> NDArray[np.int64]:
        """Positions of the columns of one source."""
        return np.flatnonzero(self.source_of == source)


def shrunken_lift(
    V: sparse.csr_array,
    sources: NDArray[np.int64],
    row_damping: float = ROW_DAMPING,
    column_damping: float = COLUMN_DAMPING,
) -> Scaled:
    """Scale V cell by cell to V N / ((r + a mean r)(c + b mean c)) within each source: about 1 where all is average."""
    _, source_of = np.unique(sources, return_inverse=True)
    count = int(source_of.max()) + 1
    per_source = np.vstack([_row_sums(V, source_of == s) for s in range(count)])
    column_sums = np.asarray(V.sum(axis=0)).ravel()
    totals = per_source.sum(axis=1)
    rows = (per_source + row_damping * per_source.mean(axis=1, keepdims=True)) / totals[:, None]
    means = totals / np.bincount(source_of, minlength=count)
    columns = column_sums + column_damping * means[source_of]
    factor = np.repeat(np.arange(V.shape[0]), np.diff(V.indptr))
    data = V.data / (rows[source_of[V.indices], factor] * columns[V.indices])
    X = sparse.csr_array((data.astype(np.float32), V.indices, V.indptr), shape=V.shape)
    return Scaled(X=X, source_of=source_of, rows=rows, columns=columns)


def _row_sums(V: sparse.csr_array, wanted: NDArray[np.bool_]) -> Floats:
    return np.asarray(V @ wanted.astype(np.float64))
