"""Thin personas dressed and written down: identities, pictures, sets and personas."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace

import numpy as np
from django.core.files.base import ContentFile

from enrichment.enriching import NOBODY, Before, Enricher, Face, Profile, Subject
from enrichment.measures.topic_rules import TopicRules
from personas.attributes import apart_data, attributes_data, loyalty_data, size_data, topic_data, usual_loyalty
from personas.identifying import Known, largest_of_each_thread
from personas.merging import combine_doubles
from personas.models import AudienceRows, Generation, Identity, Persona, PersonaSet
from personas.photos import hold_photos, library_of
from personas.pipeline.matrix import Audience
from personas.pipeline.skeletons import Drawn, ThinPersona, ThinSet
from personas.recalling import there_before, told_before
from personas.topics import apply_rules, locked_rules
from sources.countries import place_name
from sources.errors import DataError
from sources.packing import COUNTS, IDS, SHARES, pack

MERGED_MEANWHILE = "Personas were merged, or a merge was reverted, while this ran. Please start it again."


@dataclass(frozen=True)
class Made:
    """All that is to be stored: for each thread its identity and, where it is new, a face; profiles by size."""

    identities: dict[int, Identity]
    origins: dict[int, int]
    likeness: dict[int, float]
    faces: dict[int, Face]
    profiles: dict[tuple[int, int], Profile]
    rules: TopicRules


def enrich(generation: Generation, audience: Audience, drawn: Drawn, known: Known, enricher: Enricher) -> Made:
    """Give every thread its identity and every persona its profile; nothing is written yet."""
    identities, faces = dict(known.identities), {}
    taken = set(Identity.objects.filter(organization=generation.organization).values_list("name", flat=True))
    library = library_of(generation.organization)
    threads = largest_of_each_thread(drawn)
    total = len(threads) + sum(len(thin_set.personas) for thin_set in drawn.sets)
    for thread, thin in threads.items():
        group = audience.groups[thin.representative]
        if thread not in identities:
            key = f"{generation.organization.slug} {thread} {group.gender} {group.age_group} {group.country}"
            faces[thread] = enricher.face(_subject(audience, thin, key, thread), taken, library)
            taken.add(faces[thread].name)
            identities[thread] = Identity(organization=generation.organization, key=key, name=faces[thread].name)
        if known.origins.get(thread, identities[thread].pk) == identities[thread].pk:
            _take_group(identities[thread], group)
        generation.report("enrich", len(faces), total)
    profiles, before = {}, told_before(generation, generation.sizes)
    for thin_set in drawn.sets:
        for thin in thin_set.personas:
            identity = identities[thin.thread]
            # The form of the description goes by the thread: it differs inside a set and stays from size to size.
            then = before.get((thin_set.size, known.origins.get(thin.thread)), NOBODY)
            subject = _subject(audience, thin, identity.key, thin.thread, then)
            profiles[thin_set.size, thin.thread] = enricher.profile(subject, identity.name)
            generation.report("enrich", len(threads) + len(profiles), total)
    return Made(identities, known.origins, known.likeness, faces, profiles, enricher.rules)


@contextmanager
def pictures_only_if_stored(made: Made) -> Iterator[None]:
    """Take the files of the new faces away again when the block fails: no transaction does that."""
    try:
        yield
    except BaseException:
        for identity in (made.identities[thread] for thread in made.faces):
            if identity.picture:
                identity.picture.storage.delete(identity.picture.name)
        raise


def store(generation: Generation, audience: Audience, drawn: Drawn, made: Made, estimated: np.ndarray) -> None:
    """Write the whole generation; to be called in a transaction. estimated: of each content (columns of V) the part."""
    hold_photos(generation.organization, [face.photo for face in made.faces.values() if face.photo])
    made = _with_names_of_now(made)
    AudienceRows.objects.create(
        generation=generation,
        groups=[[group.gender, group.age_group, group.country] for group in audience.groups],
        totals=pack(np.asarray(audience.V.sum(axis=1)).ravel(), COUNTS),
    )
    for thread, identity in made.identities.items():
        if thread in made.faces:
            _dress(identity, made.faces[thread])
            identity.save()
        else:
            # The name or the picture may have been changed and pinned since this run read it.
            identity.save(update_fields=["gender", "age_group", "country"])
    then = there_before(generation)
    sets = [
        _store_set(generation, audience, thin_set, made, estimated, then.get(thin_set.size)) for thin_set in drawn.sets
    ]
    for identity in {identity.pk: identity for identity in made.identities.values()}.values():
        if identity.merged.exists():
            combine_doubles(identity, sets)
    rules = locked_rules(generation.organization)
    if rules != made.rules:  # somebody decided about a topic while this ran
        apply_rules(Persona.every.filter(persona_set__in=sets), rules)


def _with_names_of_now(made: Made) -> Made:
    """Lock the identities that were there before, and tell their profiles by the names that they have now."""
    before = {identity.pk for identity in made.identities.values() if identity.pk}
    stored = Identity.objects.select_for_update().order_by("pk").in_bulk(before)
    merged = Identity.objects.filter(pk__in=made.origins.values(), merged_into__isnull=False)
    now = dict.fromkeys(made.origins.values()) | dict(merged.values_list("pk", "merged_into"))
    for thread, origin in made.origins.items():
        if (now[origin] or origin) != made.identities[thread].pk:
            raise DataError(MERGED_MEANWHILE)
    profiles = dict(made.profiles)
    for (size, thread), profile in made.profiles.items():
        identity = made.identities[thread]
        if identity.pk and stored[identity.pk].name != identity.name:
            # A description tells the name once.
            told = profile.description.replace(identity.name, stored[identity.pk].name, 1)
            profiles[size, thread] = replace(profile, description=told)
    return replace(made, profiles=profiles)


def _dress(identity: Identity, face: Face) -> None:
    identity.name_origin, identity.picture_origin = face.name_origin, face.picture_origin
    identity.photo_id = face.photo
    identity.picture.save("face.jpg" if face.photo else "face.png", ContentFile(face.picture), save=False)


def _take_group(identity: Identity, group) -> None:
    identity.gender, identity.age_group, identity.country = group.gender, group.age_group, group.country


def _subject(audience: Audience, thin: ThinPersona, key: str, position: int, before: Before = NOBODY) -> Subject:
    group = audience.groups[thin.representative]
    ages: dict[str, float] = {}
    for row in np.flatnonzero(thin.group_shares):
        age = audience.groups[row].age_group
        ages[age] = ages.get(age, 0.0) + float(thin.group_shares[row])
    return Subject(
        key=key,
        gender=group.gender,
        age_group=group.age_group,
        country=audience.naming_countries[thin.representative],
        place=place_name(group.country) if group.country else "",
        ages=ages,
        share=thin.share,
        groups=int(np.count_nonzero(thin.group_shares)),
        group_share=float(thin.group_shares[thin.representative]),
        weights=thin.content_weights,
        position=position,
        group_weights=thin.group_shares,
        face=(group.gender, group.age_group, group.country),
        before=before,
    )


def _store_set(
    generation: Generation,
    audience: Audience,
    thin_set: ThinSet,
    made: Made,
    estimated: np.ndarray,
    then: set[int] | None,
) -> PersonaSet:
    """Write one set; `then` is who stood in the set of this size the time before, None where it had no such set."""
    persona_set = PersonaSet.objects.create(
        generation=generation,
        size=thin_set.size,
        measures=thin_set.measures | ({"estimated": generation.estimated_share} if generation.seeds else {}),
        consistency_with_next=thin_set.consistency_with_next,
    )
    known = float(audience.V.sum())
    usual = usual_loyalty((thin.share, made.profiles[thin_set.size, thin.thread].loyalty) for thin in thin_set.personas)
    Persona.objects.bulk_create(
        _persona(
            audience,
            thin,
            made.profiles[thin_set.size, thin.thread],
            persona_set=persona_set,
            position=position,
            identity=made.identities[thin.thread],
            merged_from_id=_merged_from(made, thin.thread),
            interactions=thin.share * known,
            estimated_share=float(thin.content_weights @ estimated),
            likeness=_likeness(made, thin.thread, then),
            loyalty=loyalty_data(made.profiles[thin_set.size, thin.thread].loyalty, usual),
        )
        for position, thin in enumerate(thin_set.personas, start=1)
    )
    return persona_set


def _likeness(made: Made, thread: int, then: set[int] | None) -> float | None:
    """Who was not in the set of the same size is new in this one, whatever the other sizes had."""
    was_there = then is None or made.origins.get(thread) in then
    return made.likeness.get(thread) if was_there else None


def _merged_from(made: Made, thread: int) -> int | None:
    origin = made.origins.get(thread)
    return origin if origin != made.identities[thread].pk else None


def _persona(audience: Audience, thin: ThinPersona, profile: Profile, **fields) -> Persona:
    group = audience.groups[thin.representative]
    rows = _ranked_rows(thin)
    contents = zip(
        audience.content_ids[thin.content_columns].tolist(),
        thin.content_shares.tolist(),
        thin.content_lifts.tolist(),
        strict=True,
    )
    return Persona(
        **fields,
        thread=thin.thread,
        gender=group.gender,
        age_group=group.age_group,
        country=group.country,
        age=profile.age,
        share=thin.share,
        stability=None if np.isnan(thin.stability) else thin.stability,
        group_rows=pack(rows, IDS),
        group_shares=pack(thin.group_shares[rows], SHARES),
        contents=[{"id": pk, "share": share, "lift": lift} for pk, share, lift in contents],
        topics=[topic_data(topic) for topic in profile.topics],
        description=profile.description,
        apart=apart_data(profile.apart),
        attributes=attributes_data(profile.likely),
        audience_size=size_data(profile.size),
        sentiment=profile.sentiment and profile.sentiment.as_data(),
        quotes=[asdict(quote) for quote in profile.quotes],
        unavailable=[{"attribute": attribute, "why": why} for attribute, why in profile.unavailable],
    )


def _ranked_rows(thin: ThinPersona) -> np.ndarray:
    """Return the rows behind the persona: the representative first, then by falling share."""
    order = np.argsort(-thin.group_shares, kind="stable")
    order = order[thin.group_shares[order] > 0]
    return np.concatenate([[thin.representative], order[order != thin.representative]])
