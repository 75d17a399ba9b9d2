"""What a generation carries on: the patterns and faces of the time before, and what was told of them."""

from collections.abc import Iterable

import numpy as np
from django.db.models import Prefetch

from enrichment.enriching import Before
from personas.models import Generation, Persona
from personas.pipeline.matrix import Group
from personas.pipeline.remembering import Memory
from sources.packing import IDS, SHARES, unpack


def time_before(generation: Generation, fingerprint: str) -> Generation | None:
    """Return the complete generation that this one carries on: of the last month before its own, or of other data.

    A second run on the same data carries on what the first did, so that both come to the same.
    """
    if generation.method != Generation.Method.BALANCED:
        return None
    ours = Generation.objects.of(generation.organization).complete()
    ours = ours.filter(unit=generation.unit, method=generation.method)
    others = ours.exclude(fingerprint=fingerprint)
    if generation.period:
        others = others.filter(period__lt=generation.period).exclude(period="").order_by("-period", "-finished_at")
    else:
        others = others.filter(period="")
        first = ours.filter(fingerprint=fingerprint, period="").last()
        others = others.filter(finished_at__lt=first.finished_at) if first else others
    sources = set(generation.source_ids)
    return next((one for one in others if set(one.source_ids) == sources), None)


def memory_of(generation: Generation) -> Memory:
    """Return the sets of a complete generation as the pipeline remembers them."""
    groups = tuple(Group(*row) for row in generation.audience.groups)
    masses, faces = {}, {}
    patterns = Prefetch("personas", Persona.every.patterns())
    for persona_set in generation.sets.prefetch_related(patterns):
        personas = sorted(persona_set.personas.all(), key=lambda persona: persona.thread)
        masses[persona_set.size] = np.column_stack([_mass(persona, len(groups)) for persona in personas])
        faces = {persona.thread: groups[unpack(persona.group_rows, IDS)[0]] for persona in personas}
    return Memory(groups, masses, tuple(faces[thread] for thread in sorted(faces)))


def told_before(generation: Generation, sizes: Iterable[int]) -> dict[tuple[int, int], Before]:
    """Return by size and origin what was told of those of the time before, at the size nearest to each of these."""
    if generation.continues is None:
        return {}
    patterns = Persona.every.patterns().filter(persona_set__generation=generation.continues)
    rows = patterns.values_list("persona_set__size", "identity", "merged_from", "topics", "quotes")
    told: dict[int, dict[int, Before]] = {}
    for size, identity, merged_from, topics, quotes in rows:
        labels, comments = (topic["label"] for topic in topics), (quote["comment"] for quote in quotes)
        told.setdefault(merged_from or identity, {})[size] = Before(tuple(labels), frozenset(comments))
    return {
        (size, origin): by_size[min(by_size, key=lambda one: (abs(one - size), one))]
        for size in sizes
        for origin, by_size in told.items()
    }


def there_before(generation: Generation) -> dict[int, set[int]]:
    """Return by size the origins that stood in that set the time before; a size that it lacks is left out."""
    patterns = Persona.every.patterns().filter(persona_set__generation=generation.continues_id or 0)
    found: dict[int, set[int]] = {}
    for size, identity, merged_from in patterns.values_list("persona_set__size", "identity", "merged_from"):
        found.setdefault(size, set()).add(merged_from or identity)
    return found


def labels_before(generation: Generation) -> set[str]:
    """Return the labels of all topics that were told the time before."""
    rows = Persona.every.patterns().filter(persona_set__generation=generation.continues_id or 0)
    return {topic["label"] for topics in rows.values_list("topics", flat=True) for topic in topics}


def _mass(persona: Persona, groups: int) -> np.ndarray:
    mass = np.zeros(groups)
    mass[unpack(persona.group_rows, IDS)] = unpack(persona.group_shares, SHARES) * persona.interactions
    return mass
