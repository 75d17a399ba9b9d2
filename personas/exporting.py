"""A complete generation as plain data: the JSON that other people's programs read."""

from typing import Any

from personas.models import Generation, Persona, PersonaSet
from personas.voicing import quotes_as_data
from sources.models import ContentUnit
from sources.packing import IDS, SHARES, unpack

CONTENTS = 50


def as_data(generation: Generation) -> dict[str, Any]:
    """Return the generation with its sets and personas; the keys are a contract."""
    sets = list(generation.sets.prefetch_related("personas__identity__notes", "personas__identity__merged__notes"))
    told = {content["id"] for one in sets for persona in one.personas.all() for content in persona.contents[:CONTENTS]}
    units = ContentUnit.objects.of(generation.organization).filter(pk__in=told)
    external_ids = dict(units.values_list("pk", "external_id"))
    rows = generation.audience.groups
    return {
        "method": generation.method,
        "unit": generation.unit,
        "period": generation.period,
        "threshold": generation.threshold,
        "sources": generation.chosen_sources,
        "used_sources": generation.used_sources,
        "estimated_share": generation.estimated_share,
        "seeds": generation.seeds,
        "seed": generation.seed,
        "groups": generation.group_count,
        "contents": generation.content_count,
        "interactions": _count(generation.interaction_total),
        "seconds": generation.seconds,
        "suggested_size": generation.suggested_size,
        "continues": generation.continues.period if generation.continues else None,
        "sets": [_set(persona_set, rows, external_ids) for persona_set in sets],
    }


def _set(persona_set: PersonaSet, rows: list, external_ids: dict[int, str]) -> dict[str, Any]:
    quotes = quotes_as_data(list(persona_set.personas.all()), persona_set.generation.organization)
    return {
        "size": persona_set.size,
        "measures": persona_set.measures,
        "consistency_with_next": persona_set.consistency_with_next,
        "personas": [_persona(persona, rows, external_ids, quotes) for persona in persona_set.personas.all()],
    }


def _persona(
    persona: Persona, rows: list, external_ids: dict[int, str], quotes: dict[int, list[dict[str, Any]]]
) -> dict[str, Any]:
    return {
        "identity": persona.identity_id,
        "name": persona.identity.name,
        "gender": persona.gender,
        "age_group": persona.age_group,
        "age": persona.age,
        "country": persona.country,
        "share": persona.share,
        "interactions": persona.interactions,
        "estimated_share": persona.estimated_share,
        "state": persona.state,
        "likeness": persona.likeness,
        "stability": persona.stability,
        "description": persona.told,
        "topics": persona.topics,
        "groups": [group for group in groups_of(persona, rows) if group["share"] > 0],
        "contents": [
            {"external_id": external_ids[content["id"]], "share": content["share"], "lift": content["lift"]}
            for content in persona.contents[:CONTENTS]
            if content["id"] in external_ids
        ],
        "loyalty": persona.loyalty,
        "apart": persona.apart,
        "attributes": persona.attributes,
        "audience_size": persona.audience_size,
        "notes": [
            {"kind": note.kind, "text": note.text, "author": note.author, "written_at": note.written_at.isoformat()}
            for note in persona.identity.all_notes
        ],
        "sentiment": persona.sentiment,
        "quotes": quotes[persona.pk],
        "unavailable": persona.unavailable,
    }


def _count(number: float) -> int | float:
    """Measured interactions are whole numbers, estimated ones may be fractions."""
    return int(number) if number.is_integer() else number


def groups_of(persona: Persona, rows: list) -> list[dict[str, Any]]:
    """Return the groups behind a persona, the representative one first, then by falling share."""
    shares = unpack(persona.group_shares, SHARES).tolist()
    keys = (rows[row] for row in unpack(persona.group_rows, IDS))
    return [
        {"gender": gender, "age_group": age_group, "country": country, "share": share}
        for (gender, age_group, country), share in zip(keys, shares, strict=True)
    ]
