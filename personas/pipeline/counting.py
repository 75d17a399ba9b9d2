"""Factors brought back to counts: which interactions of a group and of a content belong to which pattern."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from personas.pipeline.scaling import Scaled
from personas.pipeline.threads import Workers

ROUNDS = 3
FLOOR = 1e-12  # a count that the model calls impossible would make its likelihood infinite
CHUNK = 1 << 19  # cells at a time: memory stays flat, and few whole tables of contents are added up

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Piece:
    """The counts of one source: V[:, columns] is about W (groups x p) times H (p x columns)."""

    columns: NDArray[np.int64]
    W: Floats
    H: Floats


@dataclass(frozen=True)
class CountModel:
    """All pieces of one factorisation, in counts."""

    pieces: tuple[Piece, ...]

    @property
    def size(self) -> int:
        """Number of patterns."""
        return int(self.pieces[0].W.shape[1])

    def alone(self, piece: Piece) -> "CountModel":
        """One source's piece as a model of that source's own columns."""
        return raw_model(piece.W, piece.H)

    def group_mass(self) -> Floats:
        """Modelled interactions of every group in every pattern, groups x p."""
        return np.asarray(sum(piece.W * piece.H.sum(axis=1) for piece in self.pieces))

    def content_mass(self, contents: int) -> Floats:
        """Modelled interactions with every content in every pattern, p x contents."""
        mass = np.zeros((self.size, contents))
        for piece in self.pieces:
            mass[:, piece.columns] = piece.H * piece.W.sum(axis=0)[:, None]
        return mass


def raw_model(W: Floats, H: Floats) -> CountModel:
    """The model of factors that were fitted to counts themselves."""
    return CountModel((Piece(np.arange(H.shape[1]), W, H),))


def unscaled_model(
    W: NDArray[np.floating], H: NDArray[np.floating], scaled: Scaled, V: sparse.csr_array, refits: int = 0
) -> CountModel:
    """The model in counts of factors of a scaled matrix, with the totals of groups and contents of V.

    With refits, the contents of the patterns are made likelier for V as often, for groups that mix as they do.
    """
    pieces = []
    for source in range(len(scaled.rows)):
        columns = scaled.columns_of(source)
        if not len(columns):
            continue
        part = V if len(columns) == V.shape[1] else sparse.csr_array(V[:, columns])
        piece = _calibrated(columns, W * scaled.rows[source][:, None], H[:, columns] * scaled.columns[columns], part)
        for _ in range(refits):
            piece = _likelier(piece, part)
        pieces.append(piece)
    return CountModel(tuple(pieces))


def column_parts(V: sparse.csr_array, piece: Piece) -> sparse.csr_array:
    """The counts that a piece models."""
    return V if len(piece.columns) == V.shape[1] else sparse.csr_array(V[:, piece.columns])


def log_likelihood(V: sparse.csr_array, W: Floats, H: Floats) -> float:
    """Sum of V log(W H) over the cells of V, groups x contents."""

    def of_rows(part: tuple[slice, slice]) -> float:
        cells, _ = part
        return float((V.data[cells] * np.log(_expected(V, weights, contents, part)[1])).sum())

    weights, contents = W.astype(np.float32), np.ascontiguousarray(H.T, dtype=np.float32)
    parts = list(_row_parts(V))
    with Workers(len(parts)) as workers:
        return sum(workers.map(of_rows, parts))


def _calibrated(columns: NDArray[np.int64], W: Floats, H: Floats, V: sparse.csr_array) -> Piece:
    """Rows and columns scaled in turn until the totals fit; what no pattern reached behaves like the average."""
    rows_due, columns_due = np.asarray(V.sum(axis=1)).ravel(), np.asarray(V.sum(axis=0)).ravel()
    W = np.where(W.sum(axis=1, keepdims=True) > 0, W, W.mean(axis=0))
    H = np.where(H.sum(axis=0) > 0, H, H.mean(axis=1, keepdims=True))
    for _ in range(ROUNDS):
        H = H * _ratio(columns_due, W.sum(axis=0) @ H)
        W = W * _ratio(rows_due, W @ H.sum(axis=1))[:, None]
    return Piece(columns, W, H)


def _likelier(piece: Piece, V: sparse.csr_array) -> Piece:
    """One step of expectation and maximisation on the contents of the patterns, the groups' mixtures as they are."""
    # In parts of all interactions, so that single precision rounds a source alike however loud it is.
    total = float(V.sum())
    W, H = piece.W.astype(np.float32), np.ascontiguousarray(piece.H.T / total, dtype=np.float32)

    def of_rows(part: tuple[slice, slice]) -> NDArray[np.float32]:
        cells, rows = part
        mine, expected = _expected(V, W, H, part)
        pointers = V.indptr[rows.start : rows.stop + 1] - V.indptr[rows.start]
        ratio = (V.data[cells] / (total * expected)).astype(np.float32)
        shape = (rows.stop - rows.start, V.shape[1])
        return np.asarray(sparse.csr_array((ratio, V.indices[cells], pointers), shape=shape).T @ mine)

    pull = np.zeros(H.shape)
    parts = list(_row_parts(V))
    with Workers(len(parts)) as workers:
        for share in workers.map(of_rows, parts):
            pull += share
    weights = np.maximum(piece.W.sum(axis=0), FLOOR)[:, None]
    return Piece(piece.columns, piece.W, piece.H * pull.T / weights)


def _row_parts(V: sparse.csr_array) -> Iterator[tuple[slice, slice]]:
    """Whole rows in parts of about CHUNK cells: the slice of the cells and that of the rows."""
    start = 0
    while start < V.shape[0]:
        stop = int(np.searchsorted(V.indptr, V.indptr[start] + CHUNK, side="right")) - 1
        stop = min(max(stop, start + 1), V.shape[0])
        yield slice(int(V.indptr[start]), int(V.indptr[stop])), slice(start, stop)
        start = stop


def _expected(
    V: sparse.csr_array, W: NDArray[np.float32], H: NDArray[np.float32], part: tuple[slice, slice]
) -> tuple[NDArray[np.float32], Floats]:
    """Rows of W of a part, and what the model (H as contents x p) expects in each of its cells."""
    cells, rows = part
    found = np.empty(cells.stop - cells.start)
    # OpenBLAS's narrow products flag lanes that they do not use as invalid; all that goes in and comes out is finite.
    with np.errstate(invalid="ignore"):
        for row in range(rows.start, rows.stop):
            mine = slice(V.indptr[row], V.indptr[row + 1])
            # A take and a product for each row are twice as quick as one over all cells: nothing is repeated.
            found[mine.start - cells.start : mine.stop - cells.start] = np.take(H, V.indices[mine], axis=0) @ W[row]
    return W[rows], np.maximum(found, FLOOR)


def _ratio(due: Floats, have: Floats) -> Floats:
    return np.divide(due, have, out=np.zeros_like(due), where=have > 0)
