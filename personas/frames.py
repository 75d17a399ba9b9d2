"""Stored interactions as the audience of a generation."""

from personas.errors import GenerationError
from personas.models import Generation
from personas.pipeline.matrix import Audience, Cells, Group, build_audience
from sources.countries import region_of_countries
from sources.frames import Report, read_interactions
from sources.models import ContentUnit, DemographicGroup, PackedInteractions


def read_audience(generation: Generation, report: Report | None = None) -> tuple[Audience, str]:
    """Return the audience that the generation asks for, with the fingerprint of the interactions read.

    Raises GenerationError when there is nothing, or too little, to make personas of.
    """
    chosen = list(generation.sources.all())
    columns = PackedInteractions.objects.of(generation.organization, period=generation.period, sources=chosen or None)
    if not columns.exists():
        when = f" in {generation.period}" if generation.period else ""
        raise GenerationError(f"There are no interactions{when}. Upload a CSV, or choose another period or source.")
    stored = read_interactions(columns, report)
    groups = {
        pk: Group(*key) for pk, *key in DemographicGroup.objects.values_list("pk", "gender", "age_group", "country")
    }
    units = ContentUnit.objects.of(generation.organization)
    audience = build_audience(
        Cells(stored.group, stored.content, stored.count),
        groups=groups,
        sources=dict(units.values_list("pk", "source_id")),
        unknown=stored.unknown,
        threshold=generation.threshold,
        region_of=region_of_countries() if generation.unit == Generation.Unit.REGION else None,
        report=report,
    )
    return audience, stored.fingerprint
