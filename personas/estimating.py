"""A look, before a generation, at what it would work on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from personas.models import Generation
from personas.pipeline.grouping import Group, merge_groups
from personas.pipeline.matrix import MIN_CONTENTS, MIN_GROUPS
from sources.countries import region_of_countries
from sources.models import DataSource, DemographicGroup, Organization, PackedInteractions
from sources.noticing import made_of_ads, silent_sources
from sources.packing import COUNTS, IDS, unpack
from sources.querysets import InteractionsQuerySet


@dataclass(frozen=True)
class Estimate:
    """Interactions in all and in groups that are large enough, with the contents and groups that these have.

    notices: sentences on sources that give nothing, or something else than tastes.
    """

    interactions: float
    kept: float
    contents: int
    groups: int
    small_groups: int
    threshold: int
    notices: list[str]

    @property
    def coverage(self) -> float:
        return self.kept / self.interactions if self.interactions else 0.0

    @property
    def objections(self) -> list[str]:
        """Why personas cannot be made of this, with what to do; empty when they can."""
        if not self.interactions:
            return ["There are no interactions here. Choose another period or source, or upload data."]
        words = []
        if self.contents < MIN_CONTENTS:
            words.append(
                f"There are interactions with {self.contents} contents; at least {MIN_CONTENTS} are needed. "
                "Choose more periods or sources, or upload more."
            )
        if self.groups < MIN_GROUPS:
            words.append(
                f"{self.groups} groups have {self.threshold} interactions or more; at least {MIN_GROUPS} are needed. "
                "Choose more periods or sources, or lower the threshold in the settings."
            )
        return words


def estimate(
    organization: Organization, *, period: str = "", unit: str = "country", sources: Sequence[DataSource] = ()
) -> Estimate:
    """Return what a generation of this period, unit and sources would read."""
    chosen = list(sources) or list(organization.sources.order_by("name"))
    columns = PackedInteractions.objects.of(organization, period=period, sources=chosen)
    totals, interactions, contents = _read(columns)
    by_group, row_of = _merged(totals, unit)
    is_large = by_group >= organization.small_cell_threshold
    large = by_group[is_large]
    of_large = np.append(is_large, False)[row_of]  # who has no row is in no group
    contents = _usable(columns, of_large, contents)
    return Estimate(
        interactions=interactions,
        kept=float(large.sum()),
        contents=contents,
        groups=len(large),
        small_groups=int(np.count_nonzero(by_group)) - len(large),
        threshold=organization.small_cell_threshold,
        notices=silent_sources(organization, period=period, sources=chosen)
        + made_of_ads([(source.name, source.kind) for source in chosen]),
    )


def _read(columns: InteractionsQuerySet) -> tuple[np.ndarray, float, int]:
    """Return the interactions of each group by its key, all interactions, and the number of contents with some."""
    totals, interactions, contents = np.zeros(0), 0.0, set()
    rows = columns.order_by().values_list("content_id", "group_ids", "counts", "total")
    for content, packed_ids, packed_counts, total in rows.iterator(chunk_size=2000):
        interactions += total
        ids = unpack(packed_ids, IDS)
        if not len(ids):
            continue
        contents.add(content)
        if ids[-1] >= len(totals):
            totals = np.pad(totals, (0, int(ids[-1]) + 1 - len(totals)))
        totals[ids] += unpack(packed_counts, COUNTS)
    return totals, interactions, len(contents)


def _usable(columns: InteractionsQuerySet, of_large: np.ndarray, contents: int) -> int:
    """Return how many of the contents groups of enough interactions have; all of them, once these are enough."""
    found = set()
    for content, packed_ids in columns.order_by().values_list("content_id", "group_ids").iterator(chunk_size=2000):
        if of_large[unpack(packed_ids, IDS)].any():
            found.add(content)
            if len(found) == MIN_CONTENTS:
                return contents
    return len(found)


def _merged(totals: np.ndarray, unit: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the interactions of each row that the groups become, as the generation will merge them.

    Beside them stands the row of each group by its key, -1 for none.
    """
    keys = DemographicGroup.objects.filter(pk__lt=len(totals)).values_list("pk", "gender", "age_group", "country")
    known = {pk: Group(*key) for pk, *key in keys if totals[pk]}
    weights = totals[list(known)]
    region_of = region_of_countries() if unit == Generation.Unit.REGION else None
    rows = merge_groups(list(known.values()), weights, region_of)
    placed = rows.row >= 0
    row_of = np.full(len(totals), -1)
    row_of[list(known)] = rows.row
    return np.bincount(rows.row[placed], weights[placed], minlength=len(rows.groups)), row_of
