"""Loyalty, what sets apart, audience size and estimated attributes as stored with a persona: plain data, no query."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from enrichment.attributing import difference_label
from enrichment.measures.counted_loyalty import CountedLoyalty
from enrichment.measures.distinguishing import Difference
from enrichment.measures.likeliest import Likely
from enrichment.measures.loyalty import Loyalty
from enrichment.measures.topics import Topic
from sources.connectors.harvests import AudienceSizeRow
from sources.models import AudienceAttribute

FROM_TITLES = "titles"  # where topics of contents without category and tags come from
OVER_INDEXED = "over_indexed"  # what loyalty is measured by where no source counts who came back


def topic_data(topic: Topic) -> dict[str, Any]:
    """Return a topic, with what titles cover where it was found in these."""
    told = {"label": topic.label, "share": topic.share, "lift": topic.lift}
    return told if topic.coverage is None else told | {"origin": FROM_TITLES, "coverage": topic.coverage}


def usual_loyalty(personas: Iterable[tuple[float, Loyalty | CountedLoyalty | None]]) -> float | None:
    """Return the mean over-indexing of the personas of a set by their shares of the audience; None without any."""
    known = [(share, loyalty.share) for share, loyalty in personas if isinstance(loyalty, Loyalty)]
    whole = sum(share for share, _ in known)
    return sum(share * value for share, value in known) / whole if whole else None


def loyalty_data(loyalty: Loyalty | CountedLoyalty | None, usual: float | None) -> dict[str, Any] | None:
    """Return a loyalty with what is usual: in the whole audience where a platform counts it, else in the set."""
    if loyalty is None:
        return None
    if isinstance(loyalty, CountedLoyalty):
        return {**asdict(loyalty), "by": list(loyalty.by), "contents": None, "of": None}
    counts = {"contents": loyalty.contents, "of": loyalty.of}
    return {"kind": OVER_INDEXED, "share": loyalty.share, **counts, "usual": usual}


def united_loyalty(parts: Sequence[tuple[float, Mapping[str, Any] | None]]) -> dict[str, Any] | None:
    """Return the stored loyalty of several patterns as that of one: the means by their shares of the audience.

    Of parts with other kinds of loyalty those count whose kind tells most of the audience; None when none has any.
    """
    weight: dict[str, float] = {}
    for share, one in parts:
        if one:
            weight[one["kind"]] = weight.get(one["kind"], 0.0) + share
    if not weight:
        return None
    kind = max(weight, key=lambda name: weight[name])
    same = [(share / weight[kind], one) for share, one in parts if one and one["kind"] == kind]
    told = {"kind": kind, "share": sum(part * one["share"] for part, one in same), "contents": None, "of": None}
    told["usual"] = same[0][1]["usual"]
    if kind != OVER_INDEXED:
        told["coverage"] = sum(part * one["coverage"] for part, one in same)
        told["by"] = same[0][1]["by"]
    return told


def apart_data(differences: Iterable[Difference]) -> list[dict[str, Any]]:
    return [
        {
            "kind": one.kind,
            "value": one.value,
            "label": difference_label(one),
            "share": one.share,
            "rest": one.rest,
            "times": one.times,
        }
        for one in differences
    ]


def attributes_data(likely: Iterable[Likely]) -> list[dict[str, Any]]:
    return [
        {
            "attribute": one.attribute,
            "label": AudienceAttribute.Attribute(one.attribute).label,
            "value": one.value,
            "share": one.share,
            "coverage": one.coverage,
            "sources": list(one.sources),
            "levels": [{"by": level, "share": share} for level, share in one.levels],
        }
        for one in likely
    ]


def size_data(size: AudienceSizeRow | None) -> dict[str, Any] | None:
    if size is None:
        return None
    return {"lower": size.lower, "upper": size.upper, "month": size.month, "origin": size.origin}
