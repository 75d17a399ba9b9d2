"""Who the personas of a generation are: those of earlier ones known again, or new ones."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import OuterRef, Q, Subquery

from personas.models import Generation, Identity, Persona
from personas.pipeline.identity import Trace, match, similarities
from personas.pipeline.matrix import Audience, Group
from personas.pipeline.skeletons import Drawn, ThinPersona
from sources.packing import IDS, SHARES, unpack

LOOKED_BACK = 12  # generations; who was away for longer comes back as somebody new, unless pinned

GroupIds = dict[Group, int]


@dataclass(frozen=True)
class Known:
    """For each thread that is somebody known: the identity, and its likeness to how it was at the time before."""

    identities: dict[int, Identity]
    likeness: dict[int, float]


def recognise(generation: Generation, audience: Audience, drawn: Drawn) -> Known:
    """Tell for each thread which identity it carries on; a new one is left out.

    Looked at are those of the last generations of the same unit, and pinned or noted ones however long ago, each as it
    was last: a pattern may pause.
    """
    ids: GroupIds = {}
    current = largest_of_each_thread(drawn)
    after = [_thin_trace(thin, audience, ids) for thin in current.values()]
    identities: list[Identity] = []
    near = np.zeros((0, len(after)))
    for earlier, wanted in _where_to_look(generation).items():
        personas = _personas_by_identity(earlier)
        before = [_stored_trace(persona, earlier.audience.groups, ids) for persona in personas.values()]
        rows = [row for row, identity in enumerate(personas) if identity in wanted]
        near = np.vstack([near, similarities(before, after)[rows]])
        identities += [persona.identity for persona in personas.values() if persona.identity_id in wanted]
    allowed = [[_may_stay(identity, trace.representative) for trace in after] for identity in identities]
    found = match(
        near,
        allowed=np.array(allowed, dtype=bool).reshape(near.shape),
        kept=np.array([_is_pinned(identity) for identity in identities], dtype=bool),
    )
    known = {thread: identities[place] for thread, place in zip(current, found, strict=True) if place is not None}
    return Known(known, _likeness(generation.continues, dict(zip(current, after, strict=True)), known, ids))


def _likeness(
    before: Generation | None, after: dict[int, Trace], known: dict[int, Identity], ids: GroupIds
) -> dict[int, float]:
    """Return how like each known thread is to the persona of its identity at the time before, where there is one."""
    if before is None:
        return {}
    personas = _personas_by_identity(before)
    near = similarities(
        [_stored_trace(persona, before.audience.groups, ids) for persona in personas.values()], list(after.values())
    )
    place = {identity: row for row, identity in enumerate(personas)}
    return {
        thread: float(near[place[known[thread].pk], column])
        for column, thread in enumerate(after)
        if thread in known and known[thread].pk in place
    }


def largest_of_each_thread(drawn: Drawn) -> dict[int, ThinPersona]:
    """Return every thread's persona in the largest set that it lives in."""
    return {thin.thread: thin for thin_set in drawn.sets for thin in thin_set.personas}


def _is_pinned(identity: Identity) -> bool:
    return identity.name_pinned or identity.picture_pinned


def _may_stay(identity: Identity, face: Group) -> bool:
    """A name and a face fit a gender and a country; only a pinned one stays when these have changed."""
    return _is_pinned(identity) or (identity.gender, identity.country) == (face.gender, face.country)


def _where_to_look(generation: Generation) -> dict[Generation, set[int]]:
    """Return the earlier generations that tell who is who, with the ids of the identities to look for in each."""
    earlier = Generation.objects.of(generation.organization).filter(unit=generation.unit).complete()
    recent = set(earlier.values_list("pk", flat=True)[:LOOKED_BACK])
    mine = earlier.filter(sets__personas__identity=OuterRef("pk"))
    pinned = Q(name_pinned=True) | Q(picture_pinned=True) | Q(notes__isnull=False)
    theirs = Identity.objects.filter(pinned | Q(personas__persona_set__generation__in=recent))
    theirs = theirs.filter(organization=generation.organization).distinct()
    wanted: dict[int, set[int]] = {}
    for identity, latest in theirs.annotate(latest=Subquery(mine.values("pk")[:1])).values_list("pk", "latest"):
        wanted.setdefault(latest, set()).add(identity)
    return {one: wanted[one.pk] for one in earlier.filter(pk__in=wanted).select_related("audience")}


def _personas_by_identity(generation: Generation) -> dict[int, Persona]:
    """Return the personas of a generation by identity, each from its largest set."""
    personas = Persona.objects.filter(persona_set__generation=generation).order_by("persona_set__size", "position")
    return {persona.identity_id: persona for persona in personas.select_related("identity")}


def _stored_trace(persona: Persona, rows: Sequence[Sequence[str]], ids: GroupIds) -> Trace:
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
