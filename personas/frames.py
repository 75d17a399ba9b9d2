"""Stored interactions as the audience of a generation."""

from dataclasses import dataclass

import numpy as np
from django.utils.text import get_text_list
from numpy.typing import NDArray

from enrichment.enriching import SOURCE_DELETED
from personas.errors import GenerationError
from personas.models import Generation
from personas.pipeline.matrix import Audience, Cells, Group, build_audience
from sources.countries import region_of_countries
from sources.frames import StoredInteractions, read_interactions, sources_of
from sources.models import DataSource, DemographicGroup, PackedInteractions
from sources.noticing import silent_sources
from sources.telling import Report


@dataclass(frozen=True)
class Estimates:
    """What of the interactions read was estimated: by seed, and the part of each column of V (contents,)."""

    by_seed: dict[str, float]
    parts: NDArray[np.float64]

    @property
    def total(self) -> float:
        return sum(self.by_seed.values())


def read_audience(generation: Generation, report: Report | None = None) -> tuple[Audience, str, Estimates]:
    """Return the audience that the generation asks for, the fingerprint of what was read, and what was estimated.

    Raises GenerationError when there is nothing, or too little, to make personas of, and when a source is gone.
    """
    sources = _sources(generation)
    columns = PackedInteractions.objects.from_sources(sources)
    if generation.period:
        columns = columns.filter(period=generation.period)
    stored = read_interactions(columns, report)
    if not stored.contents:
        raise GenerationError(_nothing(generation, sources))
    groups = {
        pk: Group(*key) for pk, *key in DemographicGroup.objects.values_list("pk", "gender", "age_group", "country")
    }
    units = sources_of(stored.contents, sources)
    if len(units) < len(stored.contents):
        raise GenerationError(SOURCE_DELETED)
    audience = build_audience(
        Cells(stored.group, stored.content, stored.count),
        groups=groups,
        sources=units,
        unknown=stored.unknown,
        threshold=generation.threshold,
        region_of=region_of_countries() if generation.unit == Generation.Unit.REGION else None,
        report=report,
    )
    return audience, stored.fingerprint, _estimates(stored, audience)


def _estimates(stored: StoredInteractions, audience: Audience) -> Estimates:
    by_seed = {seed: sum(found.values()) for seed, found in stored.estimated.items()}
    if not by_seed:
        return Estimates({}, np.zeros(len(audience.content_ids)))
    width = int(audience.content_ids.max()) + 1
    estimated, whole = np.zeros(width), np.zeros(width)
    seen = stored.content < width
    np.add.at(whole, stored.content[seen], stored.count[seen])
    for found in stored.estimated.values():
        for content, count in found.items():
            if content < width:
                estimated[content] += count
    ids = audience.content_ids
    return Estimates(by_seed, np.minimum(estimated[ids] / np.maximum(whole[ids], 1e-9), 1.0))


def _nothing(generation: Generation, sources: list[int]) -> str:
    """Return the words for an audience without interactions."""
    told, why = "There are no interactions", []
    if generation.period:
        told += f" in {generation.period}"
        chosen = DataSource.objects.filter(pk__in=sources).order_by("name")
        why = silent_sources(generation.organization, period=generation.period, sources=list(chosen))
    return " ".join([f"{told}.", *why, "Upload a CSV, or choose another period or source."])


def sources_used(audience: Audience) -> list[dict[str, int | str]]:
    """Return id, name and kind of the sources that the contents of an audience are of, by name."""
    used = DataSource.objects.filter(pk__in=np.unique(audience.sources).tolist()).order_by("name", "pk")
    return list(used.values("id", "name", "kind"))


def refuse_deleted_sources(audience: Audience) -> None:
    """Raise GenerationError when a source of the audience was deleted after it was read."""
    ids = np.unique(audience.sources).tolist()
    if DataSource.objects.filter(pk__in=ids).count() < len(ids):
        raise GenerationError(SOURCE_DELETED)


def _sources(generation: Generation) -> list[int]:
    """Return the ids of the sources that the generation is of; GenerationError when a chosen one is gone."""
    if not generation.chosen_sources:
        return list(DataSource.objects.of(generation.organization).values_list("pk", flat=True))
    present = DataSource.objects.of(generation.organization).in_bulk(generation.source_ids)
    gone = [f"“{source['name']}”" for source in generation.chosen_sources if source["id"] not in present]
    if gone:
        raise GenerationError(
            f"{get_text_list(gone, 'and')} {'was' if len(gone) == 1 else 'were'} deleted since this was asked for. "
            "Start a new generation with the sources that are there."
        )
    return list(present)


def sources_read(generation: Generation) -> list[int]:
    """Return the ids of the data sources that a generation was made of, as far as they are there still."""
    ours = DataSource.objects.of(generation.organization)
    chosen = ours.filter(pk__in=generation.source_ids) if generation.chosen_sources else ours
    return list(chosen.values_list("pk", flat=True))
