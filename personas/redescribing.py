"""Descriptions of stored personas told anew, from what is stored of them."""

from collections.abc import Collection, Sequence

from enrichment.attributing import contrasts
from enrichment.measures.describing import Facts, describe
from enrichment.measures.distinguishing import Difference
from enrichment.measures.remarking import Contrast
from enrichment.measures.topics import Topic
from personas.models import Persona
from sources.countries import place_name
from sources.models import ContentUnit
from sources.packing import IDS, SHARES, unpack


def describe_anew(personas: Sequence[Persona]) -> None:
    """Write the descriptions into the rows, which are not saved here; those of several patterns keep theirs.

    A description that somebody pinned belongs to the identity and is shown in place of this one: it stays.
    """
    rows = [persona for persona in personas if not persona.combined]
    best = {persona.pk: persona.contents[0]["id"] for persona in rows if persona.contents}
    titles = dict(ContentUnit.objects.filter(pk__in=best.values()).values_list("pk", "title"))
    packed = {
        one.pk: one for one in Persona.every.filter(pk__in=[row.pk for row in rows]).only("group_rows", "group_shares")
    }
    found = {topic["label"] for persona in rows for topic in persona.topics if topic.get("origin")}
    for persona in rows:
        groups = packed[persona.pk]
        persona.description = describe(_facts(persona, groups, titles.get(best.get(persona.pk), ""), found))


def _facts(persona: Persona, groups: Persona, title: str, found: Collection[str]) -> Facts:
    """Return what is stored of a persona; `found` are the labels of topics that were found in texts."""
    shares = unpack(groups.group_shares, SHARES)
    return Facts(
        name=persona.identity.name,
        gender=persona.gender,
        age=persona.age,
        age_group=persona.age_group,
        country=place_name(persona.country) if persona.country else "",
        share=persona.share,
        topics=tuple(Topic(one["label"], one["share"], one["lift"], one.get("coverage")) for one in persona.topics),
        title=title,
        title_lift=(persona.contents[0]["lift"] or None) if title else None,
        groups=len(unpack(groups.group_rows, IDS)),
        group_share=float(shares[0]) if len(shares) else None,
        apart=_contrasts(persona, found),
        likely=tuple((one["attribute"], one["value"]) for one in persona.attributes),
        key=persona.identity.key,
        place=persona.thread,
    )


def _contrasts(persona: Persona, found: Collection[str]) -> tuple[Contrast, ...]:
    """Return what sets the persona apart, as a generation orders it for a sentence: found in texts last."""
    stored = [Difference(one["kind"], one["value"], one["share"], one["rest"], one["times"]) for one in persona.apart]
    face = persona.gender, persona.age_group, persona.country
    return contrasts(sorted(stored, key=lambda one: one.value in found), face)
