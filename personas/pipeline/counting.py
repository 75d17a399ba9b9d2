"""Factors brought back to counts: which interactions of a group and of a content belong to which pattern."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from personas.pipeline.scaling import Scaled

ROUNDS = 3

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


def unscaled_model(W: Floats, H: Floats, scaled: Scaled, V: sparse.csr_array) -> CountModel:
    """The model of factors of a scaled matrix, with the totals of groups and contents of V."""
    pieces = []
    for source in range(len(scaled.rows)):
        columns = scaled.columns_of(source)
        part = V[:, columns]
        rows_due, columns_due = np.asarray(part.sum(axis=1)).ravel(), np.asarray(part.sum(axis=0)).ravel()
        pieces.append(
            _calibrated(
                columns,
                W * scaled.rows[source][:, None],
                H[:, columns] * scaled.columns[columns],
                rows_due,
                columns_due,
            )
        )
    return CountModel(tuple(pieces))


def _calibrated(columns: NDArray[np.int64], W: Floats, H: Floats, rows_due: Floats, columns_due: Floats) -> Piece:
    """Rows and columns scaled in turn until the totals fit; what no pattern reached behaves like the average."""
    W = np.where(W.sum(axis=1, keepdims=True) > 0, W, W.mean(axis=0))
    H = np.where(H.sum(axis=0) > 0, H, H.mean(axis=1, keepdims=True))
    for _ in range(ROUNDS):
        H = H * _ratio(columns_due, W.sum(axis=0) @ H)
        W = W * _ratio(rows_due, W @ H.sum(axis=1))[:, None]
    return Piece(columns, W, H)


def _ratio(due: Floats, have: Floats) -> Floats:
    return np.divide(due, have, out=np.zeros_like(due), where=have > 0)
