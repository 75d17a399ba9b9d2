"""Who the personas of a generation are: those of earlier ones known again, or new ones."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import OuterRef, Q, Subquery

from personas.models import Generation, Identity, Persona
from personas.pipeline.identity import Trace, match, similarities
from personas.pipeline.matrix import Audience, Group
from personas.pipeline.skeletons import Drawn, ThinPersona
from sources.connectors.vocabulary import AGE_GROUPS
from sources.packing import IDS, SHARES, unpack

LOOKED_BACK = 12  # generations; who was away for longer comes back as somebody new, unless pinned

GroupIds = dict[Group, int]


@dataclass(frozen=True)
class Known:
    """For each thread that is somebody known: the identity, its likeness to how it was at the time before, the origin.

    The origin is the identity that the pattern was known as: another one, where that was merged into this.
    """

    identities: dict[int, Identity]
    likeness: dict[int, float]
    origins: dict[int, int]


def recognise(generation: Generation, audience: Audience, drawn: Drawn) -> Known:
    """Tell for each thread which identity it carries on; a new one is left out.

    Looked at are those of the last generations of the same unit, and pinned or noted ones however long ago, each as
    it was last: a pattern may pause. Of identities that were merged each pattern is known again as the one that was
    kept.
    """
    ids: GroupIds = {}
    current = largest_of_each_thread(drawn)
    drawn_now = (thin for thin_set in drawn.sets for thin in thin_set.personas)
    ages = _ages_by_key((thin.thread, audience.groups[thin.representative].age_group) for thin in drawn_now)
    after = [_thin_trace(thin, audience, ids) for thin in current.values()]
    identities: list[Identity] = []
    origins: list[int] = []
    ages_then: list[set[str]] = []
    joined = _joined(generation)
    near = np.zeros((0, len(after)))
    for earlier, wanted in _where_to_look(generation).items():
        patterns = _patterns_of(earlier)
        personas = {persona.origin_id: persona for persona in patterns}
        before = [_stored_trace(persona, earlier.audience.groups, ids) for persona in personas.values()]
        rows = [row for row, origin in enumerate(personas) if origin in wanted]
        near = np.vstack([near, similarities(before, after)[rows]])
        identities += [persona.identity for origin, persona in personas.items() if origin in wanted]
        origins += [origin for origin in personas if origin in wanted]
        then = _ages_by_key((persona.origin_id, persona.age_group) for persona in patterns)
        ages_then += [then[origin] for origin in personas if origin in wanted]
    kept = [identity.is_pinned or identity.pk in joined for identity in identities]
    allowed = [
        [
            stays or (_fits(identity, trace.representative) and _are_alike(then, ages[thread]))
            for thread, trace in zip(current, after, strict=True)
        ]
        for identity, stays, then in zip(identities, kept, ages_then, strict=True)
    ]
    found = match(
        near,
        allowed=np.array(allowed, dtype=bool).reshape(near.shape),
        kept=np.array(kept, dtype=bool),
    )
    places = {thread: place for thread, place in zip(current, found, strict=True) if place is not None}
    known_as = {thread: origins[place] for thread, place in places.items()}
    likeness = _likeness(generation.continues, dict(zip(current, after, strict=True)), known_as, ids)
    return Known({thread: identities[place] for thread, place in places.items()}, likeness, known_as)


def _likeness(
    before: Generation | None, after: dict[int, Trace], known_as: dict[int, int], ids: GroupIds
) -> dict[int, float]:
    """Return how like each known thread is to the persona of its identity at the time before, where there is one."""
    if before is None:
        return {}
    personas = {persona.origin_id: persona for persona in _patterns_of(before)}
    near = similarities(
        [_stored_trace(persona, before.audience.groups, ids) for persona in personas.values()], list(after.values())
    )
    place = {origin: row for row, origin in enumerate(personas)}
    return {
        thread: float(near[place[known_as[thread]], column])
        for column, thread in enumerate(after)
        if thread in known_as and known_as[thread] in place
    }


def largest_of_each_thread(drawn: Drawn) -> dict[int, ThinPersona]:
    """Return every thread's persona in the largest set that it lives in."""
    return {thin.thread: thin for thin_set in drawn.sets for thin in thin_set.personas}


def _fits(identity: Identity, face: Group) -> bool:
    """A name and a face fit a gender and a country; only what a person decided stays when these have changed."""
    return (identity.gender, identity.country) == (face.gender, face.country)


def _ages_by_key(faces: Iterable[tuple[int, str]]) -> dict[int, set[str]]:
    """Return the ages of the faces of each thread or origin, over all sizes."""
    ages: dict[int, set[str]] = {}
    for key, age_group in faces:
        ages.setdefault(key, set()).add(age_group)
    return ages


def _are_alike(then: set[str], now: set[str]) -> bool:
    """Whether an age of then is at most two age groups from one of now: a picture of 70 is no picture of 29."""
    return any(_are_near(one, other) for one in then for other in now)


def _are_near(one: str, other: str) -> bool:
    if not one or not other:
        return one == other
    return abs(AGE_GROUPS.index(one) - AGE_GROUPS.index(other)) <= 2


def _joined(generation: Generation) -> set[int]:
    """Return the identities that others were merged into: a person decided who they are."""
    merged = Identity.objects.filter(organization=generation.organization, merged_into__isnull=False)
    return set(merged.values_list("merged_into", flat=True))


def _where_to_look(generation: Generation) -> dict[Generation, set[int]]:
    """Return the earlier generations that tell who is who, with the ids of the origins to look for in each."""
    earlier = Generation.objects.of(generation.organization).filter(unit=generation.unit).complete()
    recent = set(earlier.values_list("pk", flat=True)[:LOOKED_BACK])
    mine = earlier.filter(sets__personas__identity=OuterRef("pk"), sets__personas__merged_from__isnull=True)
    merged = earlier.filter(sets__personas__merged_from=OuterRef("pk"))
    pinned = Q(name_pinned=True) | Q(picture_pinned=True) | Q(description_pinned=True)
    decided = pinned | Q(merged__isnull=False) | Q(notes__isnull=False)
    ours = Identity.objects.filter(organization=generation.organization)
    theirs = ours.filter(decided | Q(personas__persona_set__generation__in=recent), merged_into=None).distinct()
    found = [
        *theirs.annotate(latest=Subquery(mine.values("pk")[:1])).values_list("pk", "latest"),
        *ours.exclude(merged_into=None).annotate(latest=Subquery(merged.values("pk")[:1])).values_list("pk", "latest"),
    ]
    wanted: dict[int, set[int]] = {}
    for origin, latest in found:
        wanted.setdefault(latest, set()).add(origin)
    return {one: wanted[one.pk] for one in earlier.filter(pk__in=wanted).select_related("audience")}


def _patterns_of(generation: Generation) -> list[Persona]:
    """Return the patterns of a generation: of those known as the same identity, the one in the largest set last."""
    patterns = Persona.every.patterns().filter(persona_set__generation=generation)
    return list(patterns.order_by("persona_set__size", "position").select_related("identity"))


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
