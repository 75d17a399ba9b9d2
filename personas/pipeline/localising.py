"""Each country's own taste for a content, beyond what its groups' behaviour explains: found, and taken out."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from personas.pipeline.scaling import Scaled
from personas.pipeline.withholding import FOLDS, directions_of

DIRECTIONS = 15  # along which groups of a country may differ as those of other countries do
LEAST_PART = 0.1  # of what is average for a content is expected at least
LEAST_TASTE = 0.05
LEAST_SPREAD = 0.05

Array = NDArray[np.float32]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class _Part:
    """The rows of some countries: which they are, counts and what other countries lead to expect (rows x contents)."""

    rows: Ints
    codes: Ints
    counts: Array
    expected: Array

    def by_country(self, values: Array) -> Array:
        """Sums over the rows of each country, countries x contents."""
        return np.asarray(_members(self.codes) @ values)


def own_taste(V: sparse.csr_array, scaled: Scaled, codes: Ints, folds: Ints, seed: int) -> Array:
    """For every cell of V, by how much its country likes the content more (above 1) or less than expected.

    V is groups x contents, `scaled` its scaled form, `codes` the country of every group, `folds` those left out
    together. A group's cell is judged by the *other* groups of its country against what the directions of other
    countries lead to expect, shrunk towards 1 by the spread of tastes and of counts that all countries show: where
    countries do not agree within themselves, or have one group only, it is 1.
    """
    parts = list(_parts(V, scaled, codes, folds, seed))
    local, single = _spreads(parts)
    tastes = np.ones(V.nnz, dtype=np.float32)
    if local <= 0:
        return tastes
    for part in parts:
        likings = _likings(part, local, single)
        for position, row in enumerate(part.rows):
            cells = slice(V.indptr[row], V.indptr[row + 1])
            tastes[cells] = likings[position, V.indices[cells]]
    return tastes


def _parts(V: sparse.csr_array, scaled: Scaled, codes: Ints, folds: Ints, seed: int) -> Iterator[_Part]:
    least = (LEAST_PART * np.asarray(scaled.X.sum(axis=0)).ravel() / V.shape[0]).astype(np.float32)
    for fold in range(FOLDS):
        rows = np.flatnonzero(folds == fold)
        if not len(rows) or len(rows) == len(folds):
            continue
        others = sparse.csr_array(scaled.X[folds != fold])
        directions = directions_of(others, min(DIRECTIONS, *others.shape), seed)
        expected = np.maximum((scaled.X[rows] @ directions) @ directions.T, least)
        for source in range(len(scaled.rows)):
            columns = scaled.columns_of(source)
            expected[:, columns] *= (scaled.rows[source][rows, None] * scaled.columns[columns]).astype(np.float32)
        yield _Part(rows, codes[rows], V[rows].toarray().astype(np.float32), expected)


def _spreads(parts: list[_Part]) -> tuple[float, float]:
    """Variance of the countries' tastes, and of single cells beside it and beside the chance of counts."""
    shared, pairs, squares, cells = 0.0, 0.0, 0.0, 0.0
    for part in parts:
        weights = part.expected / (1 + part.expected)
        surplus = (part.counts - part.expected) / (1 + part.expected)
        own, total = float(np.square(surplus).sum(dtype=np.float64)), float(np.square(weights).sum(dtype=np.float64))
        shared += float(np.square(part.by_country(surplus)).sum(dtype=np.float64)) - own
        pairs += float(np.square(part.by_country(weights)).sum(dtype=np.float64)) - total
        squares += own - float((weights / (1 + part.expected)).sum(dtype=np.float64))
        cells += total
    local = shared / pairs if pairs > 0 else 0.0
    return local, max(squares / max(cells, 1e-12) - local, LEAST_SPREAD)


def _likings(part: _Part, local: float, single: float) -> Array:
    """Best linear guess of every cell's taste from the other groups of its country, rows x contents."""
    _, countries = np.unique(part.codes, return_inverse=True)
    spread = 1 + np.float32(single) * part.expected
    surplus, weight = (part.counts - part.expected) / spread, part.expected / spread
    others = part.by_country(surplus)[countries] - surplus
    certain = part.by_country(weight)[countries] - weight
    return np.asarray(np.maximum(1 + others / (np.float32(1 / local) + certain), LEAST_TASTE), dtype=np.float32)


def _members(codes: Ints) -> sparse.csr_array:
    """Countries x rows, 1 where the row belongs to the country."""
    _, countries = np.unique(codes, return_inverse=True)
    ones = np.ones(len(codes), dtype=np.float32)
    return sparse.csr_array((ones, (countries, np.arange(len(codes)))))
