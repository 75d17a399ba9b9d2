"""Who the personas of a generation are: those of the last one known again, or new ones."""

from collections.abc import Iterable

import numpy as np

from personas.models import Generation, Identity, Persona
from personas.pipeline.identity import Trace, match
from personas.pipeline.matrix import Audience, Group
from personas.pipeline.skeletons import Drawn, ThinPersona
from sources.packing import IDS, SHARES, unpack

GroupIds = dict[Group, int]


def recognise(generation: Generation, audience: Audience, drawn: Drawn) -> dict[int, Identity]:
    """Return for each thread the identity of the last generation that it carries on; a new one is left out."""
    previous = _last_personas(generation)
    if not previous:
        return {}
    ids: GroupIds = {}
    before = [_stored_trace(persona, ids) for persona in previous]
    current = largest_of_each_thread(drawn)
    after = [_thin_trace(thin, audience, ids) for thin in current.values()]
    found = zip(current, match(before, after), strict=True)
    known = {thread: previous[place].identity for thread, place in found if place is not None}
    faces = {thread: audience.groups[thin.representative] for thread, thin in current.items()}
    return {thread: identity for thread, identity in known.items() if _may_stay(identity, faces[thread])}


def largest_of_each_thread(drawn: Drawn) -> dict[int, ThinPersona]:
    """Return every thread's persona in the largest set that it lives in."""
    return {thin.thread: thin for thin_set in drawn.sets for thin in thin_set.personas}


def _may_stay(identity: Identity, face: Group) -> bool:
    """A name and a face fit a gender and a country; only a pinned one stays when these have changed."""
    pinned = identity.name_pinned or identity.picture_pinned
    return pinned or (identity.gender, identity.country) == (face.gender, face.country)


def _last_personas(generation: Generation) -> list[Persona]:
    last = Generation.objects.of(generation.organization).filter(unit=generation.unit).complete().first()
    if last is None:
        return []
    personas = Persona.objects.filter(persona_set__generation=last).order_by("persona_set__size", "position")
    personas = personas.select_related("identity", "persona_set__generation__audience")
    return list({persona.identity_id: persona for persona in personas}.values())


def _stored_trace(persona: Persona, ids: GroupIds) -> Trace:
    rows = persona.persona_set.generation.audience.groups
    groups = [Group(*rows[row]) for row in unpack(persona.group_rows, IDS)]
    return Trace(
        group_ids=_ids(groups, ids),
        group_shares=unpack(persona.group_shares, SHARES).astype(float),
        content_ids=np.array([content["id"] for content in persona.contents], dtype=np.int64),
        content_shares=np.array([content["share"] for content in persona.contents], dtype=float),
        representative=groups[0],
    )


def _thin_trace(thin: ThinPersona, audience: Audience, ids: GroupIds) -> Trace:
    behind = np.flatnonzero(thin.group_shares)
    return Trace(
        group_ids=_ids((audience.groups[row] for row in behind), ids),
        group_shares=thin.group_shares[behind].astype(float),
        content_ids=audience.content_ids[thin.content_columns],
        content_shares=thin.content_shares,
        representative=audience.groups[thin.representative],
    )


def _ids(groups: Iterable[Group], ids: GroupIds) -> np.ndarray:
    return np.array([ids.setdefault(group, len(ids)) for group in groups], dtype=np.int64)
