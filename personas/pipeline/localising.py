"""What of the counts is noise: each country's own taste for a content, and how uncertain the lifts are beside it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from personas.pipeline.filling import Fill, Filled
from personas.pipeline.scaling import Scaled
from personas.pipeline.withholding import FOLDS, directions_of

DIRECTIONS = 15  # along which groups of a country may differ as those of other countries do
LEAST_PART = 0.1  # of what is average for a content is expected at least
LEAST_TASTE = 0.05
LEAST_SPREAD = 0.05
LEAST_VARIANCE = 1e-12  # that of contents without any interaction is none
OWN_SPREAD = 0.65  # part of the spread of single cells that is theirs, not the expectation's error
EVENING = 5

Array = NDArray[np.float32]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Noise:
    """Noise of a scaled matrix: the own taste behind each of its cells, and deviations by group and by content.

    The lift of group i for content j deviates by about `rows[i]` times `columns[j]`; a taste is above 1 where a
    country likes a content more than expected.
    """

    tastes: Array
    rows: Floats
    columns: Floats

    def taken_out(self, X: sparse.csr_array) -> sparse.csr_array:
        """X with each cell divided by the taste behind it; X has the cells of the counts."""
        return sparse.csr_array((X.data / self.tastes, X.indices, X.indptr), shape=X.shape)

    def evened(self, X: sparse.csr_array, fill: Fill) -> Filled:
        """The same, and in units of what is left of the noise: it is then about as strong everywhere."""
        rows, columns = (1 / self.rows).astype(np.float32), (1 / self.columns).astype(np.float32)
        data = X.data / self.tastes * np.repeat(rows, np.diff(X.indptr)) * columns[X.indices]
        cells = sparse.csr_array((data, X.indices, X.indptr), shape=X.shape)
        return Filled(cells, Fill(fill.groups * rows[:, None], fill.contents * columns[:, None]))


@dataclass(frozen=True)
class _Part:
    """Rows of some countries: their counts, what others lead to expect, counts in a lift of 1 (rows x contents)."""

    rows: Ints
    countries: sparse.csr_array
    country_of: Ints
    counts: Array
    expected: Array
    unit: Array

    def of_others(self, values: Array) -> Array:
        """For every row, the sum over the other rows of its country."""
        return np.asarray((self.countries @ values)[self.country_of] - values)


def noise_of(V: sparse.csr_array, scaled: Scaled, codes: Ints, folds: Ints, seed: int) -> Noise:
    """Find the noise in V (groups x contents); `codes` is the country of every group, `folds` those left out together.

    A group's taste for a content is judged by the *other* groups of its country against what the directions of other
    countries lead to expect, shrunk towards 1 by the spread of tastes and of counts that all countries show: where a
    country's groups do not agree, or it has one only, the taste is 1. Deviations are those of over-dispersed counts,
    made even over groups and over contents in turn.
    """
    parts = list(_parts(V, scaled, codes, folds, seed))
    local, single = _spreads(parts)
    tastes = np.ones(V.nnz, dtype=np.float32)
    if local > 0:
        for part in parts:
            likings = _likings(part, local, single)
            for position, row in enumerate(part.rows):
                cells = slice(V.indptr[row], V.indptr[row + 1])
                tastes[cells] = likings[position, V.indices[cells]]
    rows, columns = _deviations(parts, V.shape, OWN_SPREAD * single)
    return Noise(tastes, rows, columns)


def _parts(V: sparse.csr_array, scaled: Scaled, codes: Ints, folds: Ints, seed: int) -> Iterator[_Part]:
    least = (LEAST_PART * np.asarray(scaled.X.sum(axis=0)).ravel() / V.shape[0]).astype(np.float32)
    for fold in range(FOLDS):
        rows = np.flatnonzero(folds == fold)
        if not len(rows) or len(rows) == len(folds):
            continue
        # What is counted is held against this, and nothing is counted of whom a source does not tell: no fill.
        others = sparse.csr_array(scaled.X[folds != fold])
        directions = directions_of(Filled.bare(others), min(DIRECTIONS, *others.shape), seed)
        expected = np.maximum((scaled.X[rows] @ directions) @ directions.T, least)
        unit = (scaled.rows[:, rows][scaled.source_of].T * scaled.columns).astype(np.float32)
        _, country_of = np.unique(codes[rows], return_inverse=True)
        ones = np.ones(len(rows), dtype=np.float32)
        countries = sparse.csr_array((ones, (country_of, np.arange(len(rows)))))
        yield _Part(rows, countries, country_of, V[rows].toarray().astype(np.float32), expected * unit, unit)


def _spreads(parts: list[_Part]) -> tuple[float, float]:
    """Variance of the countries' tastes, and of single cells beside it and beside the chance of counts."""
    shared, pairs, squares, cells = 0.0, 0.0, 0.0, 0.0
    for part in parts:
        weights = part.expected / (1 + part.expected)
        surplus = (part.counts - part.expected) / (1 + part.expected)
        own, total = _squares(surplus), _squares(weights)
        shared += _squares(part.countries @ surplus) - own
        pairs += _squares(part.countries @ weights) - total
        squares += own - float((weights / (1 + part.expected)).sum(dtype=np.float64))
        cells += total
    local = shared / pairs if pairs > 0 else 0.0
    return local, max(squares / max(cells, 1e-12) - local, LEAST_SPREAD)


def _likings(part: _Part, local: float, single: float) -> Array:
    """Best linear guess of every cell's taste from the other groups of its country, rows x contents."""
    spread = 1 + np.float32(single) * part.expected
    surplus, certain = part.of_others((part.counts - part.expected) / spread), part.of_others(part.expected / spread)
    return np.asarray(np.maximum(1 + surplus / (np.float32(1 / local) + certain), LEAST_TASTE), dtype=np.float32)


def _deviations(parts: list[_Part], shape: tuple[int, int], single: float) -> tuple[Floats, Floats]:
    """Deviation of the lifts by group and by content."""
    rows, columns = np.ones(shape[0]), np.ones(shape[1])
    variances = [(part.rows, (1 + np.float32(single) * part.expected) * part.expected / part.unit**2) for part in parts]
    for _ in range(EVENING if parts else 0):
        columns = np.sum([(1 / rows[mine]) @ variance for mine, variance in variances], axis=0) / shape[0]
        columns = np.maximum(columns, LEAST_VARIANCE)
        for mine, variance in variances:
            rows[mine] = np.maximum(variance @ (1 / columns) / shape[1], LEAST_VARIANCE)
    return np.sqrt(rows), np.sqrt(columns)


def _squares(values: Array) -> float:
    return float(np.square(values).sum(dtype=np.float64))
