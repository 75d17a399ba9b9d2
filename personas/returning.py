"""Personas that hardly come back when their set is drawn again: which they are, and what can help."""

from personas.generation import SMALLEST
from personas.models import Persona, PersonaSet
from sources.models import DataSource

HALF = 0.5


def seldom_back(persona: Persona) -> bool:
    """Whether a persona comes back in fewer than half of the redraws; older ones do not say."""
    return persona.stability is not None and persona.stability < HALF


def is_unsteady(persona_set: PersonaSet) -> bool:
    """Whether the personas of a set come back in fewer than half of the redraws on average; older sets do not say."""
    stability = persona_set.measures.get("stability")
    return stability is not None and stability < HALF


def remedies(persona_set: PersonaSet) -> list[str]:
    """Return what can make the personas of a set come back more often, in words; what cannot be done is left out."""
    generation = persona_set.generation
    regional = generation.unit == generation.Unit.REGION or "country" in generation.absent_dimensions
    ads = [source["kind"] == DataSource.Kind.FACEBOOK_ADS for source in generation.used_sources]
    found = {
        "leaving out the ads, which tell whom they aimed at": any(ads) and not all(ads),
        "fewer personas": persona_set.size > SMALLEST,
        "a longer period": bool(generation.period),
        "more data": True,
        "fewer sources at once": len(generation.used_names) != 1,
        "regions instead of countries": not regional,
    }
    return [words for words, can_be in found.items() if can_be]
