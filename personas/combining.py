"""Several patterns of one set told as one persona: stored rows in, one unsaved row out; no query is made."""

from collections.abc import Callable, Sequence
from math import log

import numpy as np

from enrichment.measures.describing import percent
from enrichment.measures.topics import MAX_TOPICS
from personas.models import Identity, Persona
from sources.packing import IDS, SHARES, pack, unpack

NOT_TOLD = ("Stability",)
WHY_NOT = "Several patterns were merged into this persona; each has its own."
MOST_QUOTES = 5


def combine(parts: Sequence[Persona], identity: Identity) -> Persona:
    """Return the persona that shows these rows of one set together, under the name and the face of the identity.

    Shares and interactions add up; groups, contents and topics are weighted by the shares. What only one of the parts
    names among its heaviest counts as nothing in the others, so a share or a lift here is at least that. Gender, age
    and place are those of the identity's own pattern, or else of the largest. What does not add up is left out here.
    """
    face = min(parts, key=lambda part: (part.merged_from_id is not None, -part.share))
    share = sum(part.share for part in parts)
    rows, shares = _groups(parts, int(unpack(face.group_rows, IDS)[0]))
    topics = _marked(_measured(parts, lambda part: part.topics, "label"), parts)
    return Persona(
        persona_set=face.persona_set,
        identity=identity,
        combined=True,
        position=face.position,
        thread=face.thread,
        gender=face.gender,
        age_group=face.age_group,
        age=face.age,
        country=face.country,
        share=share,
        interactions=sum(part.interactions for part in parts),
        estimated_share=sum(part.estimated_share * part.share for part in parts) / (share or 1.0),
        likeness=_likeness(parts),
        group_rows=pack(rows, IDS),
        group_shares=pack(shares, SHARES),
        contents=sorted(_measured(parts, lambda part: part.contents, "id"), key=lambda one: -one["share"]),
        topics=sorted(topics, key=lambda one: -one["share"] * log(max(one["lift"], 1e-9)))[:MAX_TOPICS],
        description=tell_combined(identity.name, share, len(parts)),
        quotes=_quotes(parts),
        audience_size=face.audience_size,
        unavailable=_unavailable(parts, face),
    )


def tell_combined(name: str, share: float, count: int) -> str:
    """Return the description of a persona of several patterns, which tells the name once."""
    return (
        f"{name} stands for {percent(share)} of the audience's interactions. "
        f"An administrator merged {count} patterns of the audience into one person."
    )


def _groups(parts: Sequence[Persona], face: int) -> tuple[np.ndarray, np.ndarray]:
    """Return rows and shares: the representative first, then by falling share."""
    mass: dict[int, float] = {}
    for part in parts:
        shares = unpack(part.group_shares, SHARES).astype(float) * part.share
        for row, share in zip(unpack(part.group_rows, IDS).tolist(), shares.tolist(), strict=True):
            mass[row] = mass.get(row, 0.0) + share
    rows = sorted(mass, key=lambda row: (row != face, -mass[row], row))
    shares = np.array([mass[row] for row in rows])
    return np.array(rows), shares / (shares.sum() or 1.0)


def _measured(parts: Sequence[Persona], lines_of: Callable[[Persona], list[dict]], key: str) -> list[dict]:
    """Weight shares by the parts' own; a lift is over the share of the whole audience, which is the same for all."""
    whole = sum(part.share for part in parts) or 1.0
    found: dict[object, dict] = {}
    for part in parts:
        for line in lines_of(part):
            name = str(line[key]).casefold()
            usual = line["share"] / line["lift"] if line["lift"] else 0.0
            one = found.setdefault(name, {key: line[key], "share": 0.0, "usual": 0.0})
            one["share"] += line["share"] * part.share / whole
            one["usual"] = max(one["usual"], usual)
    return [
        {key: one[key], "share": one["share"], "lift": one["share"] / one["usual"] if one["usual"] else 0.0}
        for one in found.values()
    ]


def _marked(topics: Sequence[dict], parts: Sequence[Persona]) -> list[dict]:
    """Return the topics, with origin and coverage those that every part which names them found in texts.

    A part has one coverage for all topics that were found; here it is the mean by the shares of those that tell it.
    """
    found = [[topic for topic in part.topics if topic.get("origin")] for part in parts]
    given = {topic["label"].casefold() for part in parts for topic in part.topics if not topic.get("origin")}
    origins = {topic["label"].casefold(): topic["origin"] for mine in found for topic in mine}
    told = [(part.share, mine[0]["coverage"]) for part, mine in zip(parts, found, strict=True) if mine]
    coverage = sum(share * one for share, one in told) / (sum(share for share, _ in told) or 1.0)
    marks = {key: {"origin": origin, "coverage": coverage} for key, origin in origins.items() if key not in given}
    return [topic | marks.get(topic["label"].casefold(), {}) for topic in topics]


def _likeness(parts: Sequence[Persona]) -> float | None:
    known = [(part.likeness, part.share) for part in parts if part.likeness is not None]
    weight = sum(share for _, share in known)
    return sum(likeness * share for likeness, share in known) / weight if weight else None


def _quotes(parts: Sequence[Persona]) -> list[dict]:
    """Return the best of each part in turn, the larger part first, one of a content."""
    ranked = [(place, -part.share, quote) for part in parts for place, quote in enumerate(part.quotes)]
    found = {}
    for _, _, quote in sorted(ranked, key=lambda one: one[:2]):
        found.setdefault(quote["content"], quote)
    return list(found.values())[:MOST_QUOTES]


def _unavailable(parts: Sequence[Persona], face: Persona) -> list[dict]:
    lacking = {one["attribute"]: one for part in parts for one in part.unavailable}
    lacking |= {name: {"attribute": name, "why": WHY_NOT} for name in NOT_TOLD}
    if any(part.quotes for part in parts):
        lacking.pop("Quotes", None)
    if face.audience_size:
        lacking.pop("Audience size", None)
    return list(lacking.values())
