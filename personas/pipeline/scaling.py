"""Shrunken lift: interactions over what independence expects, damped where groups or contents are small."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from personas.pipeline.filling import Fill

ROW_DAMPING = 0.2  # of the mean row: small groups are pulled towards no lift
COLUMN_DAMPING = 1.0  # of the mean column: the same for small contents
FULL = 0.1  # part of the groups that a content should reach: where it is less, contents are damped as much more

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Scaled:
    """X (groups x contents) = V / (rows x columns), each source on its own.

    `source_of` gives every column its source's position 0..s-1; `rows` is s x groups, `columns` one factor a content.
    `kept` is what the damping leaves of each group, by its shares in all sources (groups,), 0 to 1: how it stands in W.
    The `fill` brings it to that in every source.
    """

    X: sparse.csr_array
    source_of: Ints
    rows: Floats
    columns: Floats
    kept: Floats
    fill: Fill

    def columns_of(self, source: int) -> Ints:
        """Positions of the columns of one source."""
        return np.flatnonzero(self.source_of == source)

    def only(self, columns: Ints) -> "Scaled":
        """The same scaling, of some columns."""
        return replace(
            self,
            X=sparse.csr_array(self.X[:, columns]),
            source_of=self.source_of[columns],
            columns=self.columns[columns],
            fill=self.fill._replace(contents=self.fill.contents[columns]),
        )


def shrunken_lift(
    V: sparse.csr_array, sources: Ints, row_damping: float = ROW_DAMPING, column_damping: float = COLUMN_DAMPING
) -> Scaled:
    """Scale V cell by cell to V N / ((r + a mean r)(c + b mean c)) within each source: about 1 where all is average.

    a and b are the dampings, b more where a source has few cells for its groups and contents: there nearly every lift
    is the chance of a single interaction. A group stands in no source for more than its shares in all of them warrant.

    A source may tell nothing, or little, of a group that others know: platforms do not report the same countries.
    Nothing told is not nothing viewed, or the first patterns would be who is reported where. The fill has such a group
    like there what the groups that the source tells of like on the average.
    """
    _, source_of = np.unique(sources, return_inverse=True)
    count = int(source_of.max()) + 1
    per_source = np.vstack([np.asarray(V @ (source_of == s).astype(np.float64)) for s in range(count)])
    totals = per_source.sum(axis=1)
    shares = per_source / totals[:, None]  # however loud a source is, it has its say in how large a group is
    own, whole = _kept(shares, row_damping), _kept(shares.sum(axis=0, keepdims=True), row_damping)[0]
    kept = np.minimum(own, whole)
    above = np.divide(own, kept, out=np.ones(own.shape), where=kept > 0)
    rows = above * (per_source + row_damping * per_source.mean(axis=1, keepdims=True)) / totals[:, None]
    contents = np.bincount(source_of, minlength=count)
    filled = np.bincount(source_of, np.bincount(V.indices, minlength=V.shape[1]), count) / (contents * V.shape[0])
    damping = column_damping * np.maximum(1.0, FULL / filled) * totals / contents
    columns = np.asarray(V.sum(axis=0)).ravel() + damping[source_of]
    X = sparse.csr_array((_scaled_cells(V, source_of, rows, columns), V.indices, V.indptr), shape=V.shape)
    return Scaled(X, source_of, rows, columns, whole, _fill(X, source_of, kept, whole))


def _kept(weights: Floats, damping: float) -> Floats:
    """What the damping leaves of each group, 0 to 1, by its weight (sources, groups)."""
    return np.asarray(weights / (weights + damping * weights.mean(axis=1, keepdims=True)))


def _fill(X: sparse.csr_array, source_of: Ints, kept: Floats, whole: Floats) -> Fill:
    """What each group lacks in each source, times what is average there for the contents of the source."""
    lacking = whole - kept
    average = (X.T @ np.ones(X.shape[0], dtype=X.dtype)) / kept.sum(axis=1)[source_of]  # with no copy of the cells
    sources = np.flatnonzero(lacking.any(axis=1))
    contents = np.where(source_of[:, None] == sources, average[:, None], 0.0)
    return Fill(lacking[sources].T.astype(np.float32), contents.astype(np.float32))


def _scaled_cells(V: sparse.csr_array, source_of: Ints, rows: Floats, columns: Floats) -> NDArray[np.float32]:
    """Cell by cell, row by row, so that no more than one row is held beside the matrix."""
    data = np.empty(V.nnz, dtype=np.float32)
    for i in range(V.shape[0]):
        part = slice(V.indptr[i], V.indptr[i + 1])
        where = V.indices[part]
        data[part] = V.data[part] / (rows[source_of[where], i] * columns[where])
    return data
