"""Estimates told by the personas that are shown: those that came after a generation need no new one."""

from collections.abc import Mapping

import numpy as np
from django.db import transaction

from enrichment.attributing import likely_of
from enrichment.enriching import why_no_size
from enrichment.measures.likeliest import Estimates
from personas.attributes import attributes_data, size_data
from personas.frames import sources_read
from personas.models import Generation, Persona
from personas.redescribing import describe_anew
from sources.attributing import read_attributes, read_sizes, telling_of
from sources.connectors.harvests import AudienceSizeRow
from sources.models import Organization
from sources.packing import IDS, SHARES, unpack

TOLD = ["audience_size", "attributes", "unavailable", "description"]
SIZE = "Audience size"


def tell_estimates(organization: Organization) -> int:
    """Have the latest personas by country tell the newest size of their groups, and their likely job and the like.

    The latest of each period and choice of sources, for people look at any of them; each is a transaction of its own.
    A description of which that changes a word is told anew. Everything else of them stays as it was generated.
    Returns how many personas were written.
    """
    return sum(map(_tell_generation, _latest_of_each(organization)))


def _latest_of_each(organization: Organization) -> list[Generation]:
    """Return the latest complete generation by country of every period and choice of sources, latest first."""
    latest: dict[tuple[str, frozenset[int]], Generation] = {}
    for one in Generation.objects.of(organization).complete().filter(unit=Generation.Unit.COUNTRY):
        latest.setdefault((one.period, frozenset(one.source_ids)), one)
    return list(latest.values())


@transaction.atomic
def _tell_generation(generation: Generation) -> int:
    sources = telling_of(sources_read(generation))
    groups = [(gender, age, country) for gender, age, country in generation.audience.groups]
    estimates, sizes = Estimates(read_attributes(sources), groups), read_sizes(sources)
    rows = Persona.every.filter(persona_set__generation=generation).select_related("identity")
    personas = list(rows.select_for_update(of=("self",)))
    before = {persona.pk: _values(persona) for persona in personas}
    for persona in personas:
        _tell(persona, estimates, sizes, len(groups))
    describe_anew([persona for persona in personas if _values(persona) != before[persona.pk]])
    return Persona.every.bulk_update(personas, TOLD, batch_size=200)


def _values(persona: Persona) -> list[tuple[str, str]]:
    return [(one["attribute"], one["value"]) for one in persona.attributes]


def _tell(
    persona: Persona, estimates: Estimates, sizes: Mapping[tuple[str, str, str], AudienceSizeRow], count: int
) -> None:
    rows, shares = unpack(persona.group_rows, IDS), np.zeros(count)
    shares[rows] = unpack(persona.group_shares, SHARES)
    face = persona.gender, persona.age_group, persona.country
    size = sizes.get(face)
    likely, lacking = likely_of(estimates, shares, int(rows[0]))
    if not size:
        lacking = ((SIZE, why_no_size(face, any_told=bool(sizes))), *lacking)
    outdated = {SIZE, *(label for label, _ in lacking), *(one["label"] for one in attributes_data(likely))}
    persona.audience_size, persona.attributes = size_data(size), attributes_data(likely)
    kept = [one for one in persona.unavailable if one["attribute"] not in outdated]
    persona.unavailable = [*kept, *({"attribute": name, "why": why} for name, why in lacking)]
