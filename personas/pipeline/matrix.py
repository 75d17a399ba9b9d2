"""From counted interactions in long form to the matrix V of demographic groups by content units."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from personas.errors import GenerationError
from personas.pipeline.grouping import Group as Group
from personas.pipeline.grouping import Rows, merge_groups
from sources.telling import Report

MIN_GROUPS = 10
MIN_CONTENTS = 20
PROPORTIONAL = 1e-9  # relative squared distance to independence under which all groups behave alike

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
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
    counts, group_ids, content_ids = _counted(cells)
    say("matrix", 1, 3)
    known = [_described(groups, int(i), "group") for i in group_ids]
    V, rows, lost = _merge_rows(counts, known, region_of)
    V, kept, columns, small, small_groups = _without_small(V, threshold)
    say("matrix", 2, 3)
    audience = Audience(
        V=V,
        groups=tuple(rows.groups[i] for i in kept),
        content_ids=content_ids[columns],
        sources=np.array([_described(sources, int(i), "content") for i in content_ids[columns]], dtype=np.int64),
        unknown=unknown + lost,
        small=small,
        small_groups=small_groups,
        total=float(counts.sum()) + unknown,
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
    expected = np.repeat(rows / total, np.diff(V.indptr)) * columns[V.indices]
    inside = float(((V.data - expected) ** 2).sum())
    outside = float((rows / total) @ (rows / total) * (columns @ columns)) - float((expected**2).sum())
    squares = float((V.data**2).sum())
    return (inside + max(outside, 0.0)) / squares


def _counted(cells: Cells) -> tuple[sparse.csr_array, Ints, Ints]:
    """Known groups x contents with their counts, and the ids of both."""
    _check_counts(cells.count)
    group_ids, rows = _codes(cells.group)
    content_ids, columns = _codes(cells.content)
    counts = sparse.coo_array(
        (np.asarray(cells.count, dtype=np.float64), (rows, columns)), shape=(len(group_ids), len(content_ids))
    ).tocsr()
    counts.sum_duplicates()
    return counts, group_ids, content_ids


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


def _codes(ids: NDArray[Any]) -> tuple[Ints, NDArray[np.int32]]:
    """Sorted distinct ids, and the position of every id among them."""
    codes, found = pd.factorize(ids)
    order = np.argsort(found, kind="stable")
    rank = np.empty(len(found), dtype=np.int32)
    rank[order] = np.arange(len(found), dtype=np.int32)
    return np.asarray(found[order], dtype=np.int64), rank[codes]


def _described(table: Mapping[int, T], key: int, what: str) -> T:
    try:
        return table[key]
    except KeyError:
        raise ValueError(f"No {what} is described for id {key}.") from None


def _merge_rows(
    counts: sparse.csr_array, known: list[Group], region_of: Mapping[str, str] | None
) -> tuple[sparse.csr_array, Rows, float]:
    """The rows of the merged groups, what they are, and the mass of groups that go to none."""
    weights = np.asarray(counts.sum(axis=1)).ravel()
    rows = merge_groups(known, weights, region_of)
    old = np.flatnonzero(rows.row >= 0)
    merge = sparse.csr_array((np.ones(len(old)), (rows.row[old], old)), shape=(len(rows.groups), len(known)))
    return sparse.csr_array(merge @ counts), rows, float(weights.sum() - weights[old].sum())


def _without_small(V: sparse.csr_array, threshold: float) -> tuple[sparse.csr_array, Ints, Ints, float, int]:
    """V without small rows and empty columns; the rows and columns kept; mass and number of the rows left out."""
    weights = np.asarray(V.sum(axis=1)).ravel()
    rows = np.flatnonzero((weights >= threshold) & (weights > 0))
    kept = V[rows]
    columns = np.flatnonzero(np.asarray(kept.sum(axis=0)).ravel() > 0)
    kept = sparse.csr_array(kept[:, columns])
    kept.sort_indices()
    small = float(weights.sum() - weights[rows].sum())
    return kept, rows, columns, small, int((weights > 0).sum() - len(rows))
