"""From counted interactions in long form to the matrix V of demographic groups by content units."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from personas.errors import GenerationError
from personas.pipeline.grouping import Group as Group
from personas.pipeline.grouping import merge_groups
from sources.telling import Report

MIN_GROUPS = 10
MIN_CONTENTS = 20
ROOM = 4  # a table of all possible ids may be so many times as long as the ids that are looked up in it
AT_ONCE = 1 << 18  # cells
PROPORTIONAL = 1e-9  # relative squared distance to independence under which all groups behave alike

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Places = NDArray[np.int32]
T = TypeVar("T")


@dataclass(frozen=True)
class Cells:
    """Interactions in long form: ids of groups and content units and their counts; repeated pairs are summed."""

    group: NDArray[np.int32]
    content: Ints
    count: Floats


@dataclass(frozen=True)
class Audience:
    """The matrix V (groups x contents, raw counts) with what its rows and columns are and what was left out."""

    V: sparse.csr_array
    groups: tuple[Group, ...]
    content_ids: Ints
    sources: Ints
    unknown: float
    small: float
    small_groups: int
    total: float
    naming_countries: tuple[str, ...]

    @property
    def coverage(self) -> float:
        """Share of all interactions that the matrix holds, 0 to 1."""
        return float(self.V.sum()) / self.total


def build_audience(
    cells: Cells,
    *,
    groups: Mapping[int, Group],
    sources: Mapping[int, int],
    unknown: float,
    threshold: float,
    region_of: Mapping[str, str] | None = None,
    report: Report | None = None,
) -> Audience:
    """Build the audience from cells; groups and sources are keyed by group id and content id.

    `unknown` is mass already known to belong to no group. With `region_of` (country to region) rows are regions.
    Raises GenerationError when the data is too little or unusable, ValueError for ids that nobody described.
    """
    say = report or (lambda stage, done, total: None)
    say("matrix", 0, 3)
    _check_counts(cells.count)
    group_ids, places = _codes(cells.group)
    weights = np.bincount(places, cells.count, len(group_ids)).astype(np.float64)
    rows = merge_groups(_described(groups, group_ids, "group"), weights, region_of)
    lost = float(weights[rows.row < 0].sum())
    say("matrix", 1, 3)
    content_ids, columns = _codes(cells.content)
    V = _counted(cells.count, rows.row.astype(np.int32)[places], columns, (len(rows.groups), len(content_ids)))
    V, kept, seen, small, small_groups = _without_small(V, threshold)
    say("matrix", 2, 3)
    audience = Audience(
        V=V,
        groups=tuple(rows.groups[i] for i in kept),
        content_ids=content_ids[seen],
        sources=np.array(_described(sources, content_ids[seen], "content"), dtype=np.int64),
        unknown=unknown + lost,
        small=small,
        small_groups=small_groups,
        total=float(weights.sum()) + unknown,
        naming_countries=tuple(rows.naming_countries[i] for i in kept),
    )
    check_enough(audience, threshold)
    say("matrix", 3, 3)
    return audience


def check_enough(audience: Audience, threshold: float) -> None:
    """Raise GenerationError unless the audience has enough groups, contents and structure for personas."""
    n_groups, n_contents = audience.V.shape
    if n_groups < MIN_GROUPS:
        raise GenerationError(
            f"Demographic groups with at least {threshold:g} interactions: {n_groups}; personas need {MIN_GROUPS}. "
            f"{_left_out(audience)}Choose a longer period or more sources, lower the organization's threshold, "
            "or let regions stand for countries."
        )
    if n_contents < MIN_CONTENTS:
        raise GenerationError(
            f"Contents with interactions: {n_contents}; personas need {MIN_CONTENTS}. "
            "Choose a longer period or add sources with more contents."
        )
    if distance_to_independence(audience.V) < PROPORTIONAL:
        raise GenerationError(
            f"All {n_groups} demographic groups show the same behaviour on all {n_contents} contents: "
            "there is nothing to tell them apart. Add data in which groups differ."
        )


def _left_out(audience: Audience) -> str:
    words = []
    if audience.small_groups:
        words.append(f"Smaller groups left out: {audience.small_groups}, with {audience.small:,.0f} interactions. ")
    if audience.unknown:
        words.append(
            f"Of {audience.total:,.0f} interactions {audience.unknown:,.0f} do not say gender, age and country "
            "as the others do. "
        )
    return "".join(words)


def distance_to_independence(V: sparse.csr_array) -> float:
    """Relative squared distance of V to the product of its margins: 0 when all rows are proportional."""
    rows, columns = np.asarray(V.sum(axis=1)).ravel(), np.asarray(V.sum(axis=0)).ravel()
    total = rows.sum()
    # Sums of squares lose half the digits when the distance is small, so it is taken cell by cell where V has cells.
    inside = expected_inside = 0.0
    for start in range(0, V.nnz, AT_ONCE):
        part = slice(start, start + AT_ONCE)
        row = np.searchsorted(V.indptr, np.arange(start, min(start + AT_ONCE, V.nnz)), side="right") - 1
        expected = rows[row] / total * columns[V.indices[part]]
        inside += float(((V.data[part] - expected) ** 2).sum())
        expected_inside += float((expected**2).sum())
    outside = float((rows / total) @ (rows / total) * (columns @ columns)) - expected_inside
    squares = float(V.data @ V.data)
    return (inside + max(outside, 0.0)) / squares


def _counted(count: Floats, rows: Places, columns: Places, shape: tuple[int, int]) -> sparse.csr_array:
    """The counts at their places added up; cells of row -1 are left out."""
    placed = rows >= 0
    if not placed.all():
        count, rows, columns = count[placed], rows[placed], columns[placed]
    V = sparse.coo_array((np.asarray(count, dtype=np.float64), (rows, columns)), shape=shape).tocsr()
    V.sum_duplicates()
    return V


def _check_counts(count: Floats) -> None:
    if not len(count):
        raise GenerationError("There are no interactions in this period. Choose another period or import data.")
    if not np.isfinite(count).all():
        bad = int((~np.isfinite(count)).sum())
        raise GenerationError(f"{bad} interaction counts are not numbers. Correct the source and import it again.")
    if (count < 0).any():
        bad = int((count < 0).sum())
        raise GenerationError(f"{bad} interaction counts are negative. Correct the source and import it again.")
    if not count.any():
        raise GenerationError("All interaction counts are zero. Choose another period or import data.")


def _codes(ids: NDArray[Any]) -> tuple[Ints, Places]:
    """Sorted distinct ids, and the position of every id among them."""
    last = int(ids.max())
    if ids.min() < 0 or last > ROOM * len(ids):
        found, codes = np.unique(ids, return_inverse=True)
        return found.astype(np.int64), codes.astype(np.int32)
    there = np.zeros(last + 1, dtype=bool)
    there[ids] = True
    rank = np.cumsum(there, dtype=np.int32) - np.int32(1)
    return np.flatnonzero(there), rank[ids]


def _described(table: Mapping[int, T], keys: Ints, what: str) -> list[T]:
    try:
        return [table[key] for key in keys.tolist()]
    except KeyError as missing:
        raise ValueError(f"No {what} is described for id {missing.args[0]}.") from None


def _without_small(V: sparse.csr_array, threshold: float) -> tuple[sparse.csr_array, Ints, Ints, float, int]:
    """V without small rows and empty columns; the rows and columns kept; mass and number of the rows left out."""
    weights = np.asarray(V.sum(axis=1)).ravel()
    rows = np.flatnonzero((weights >= threshold) & (weights > 0))
    kept = V if len(rows) == V.shape[0] else sparse.csr_array(V[rows])
    seen = np.asarray(kept.sum(axis=0)).ravel() > 0
    columns = np.flatnonzero(seen)
    if len(columns) < V.shape[1]:
        kept = _without_columns(kept, seen)
    kept.sort_indices()
    small = float(weights.sum() - weights[rows].sum())
    return kept, rows, columns, small, int((weights > 0).sum() - len(rows))


def _without_columns(V: sparse.csr_array, seen: NDArray[np.bool_]) -> sparse.csr_array:
    """V with the columns seen; several times quicker than slicing where the others hold no cell."""
    if not seen[V.indices].all():
        return sparse.csr_array(V[:, np.flatnonzero(seen)])
    place = np.cumsum(seen, dtype=V.indices.dtype) - 1
    return sparse.csr_array((V.data, place[V.indices], V.indptr), shape=(V.shape[0], int(seen.sum())))
