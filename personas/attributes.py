"""Loyalty, what sets apart, audience size and estimated attributes as stored with a persona: plain data, no query."""

from collections.abc import Iterable
from typing import Any

from enrichment.attributing import difference_label
from enrichment.measures.distinguishing import Difference
from enrichment.measures.likeliest import Likely
from enrichment.measures.loyalty import Loyalty
from sources.connectors.harvests import AudienceSizeRow
from sources.models import AudienceAttribute

OVER_INDEXED = "over_indexed"  # what loyalty is measured by; a source that tells who came back is another kind


def usual_loyalty(personas: Iterable[tuple[float, Loyalty | None]]) -> float | None:
    """Return the mean of the personas of a set by their shares of the audience; None when none has a loyalty."""
    known = [(share, loyalty.share) for share, loyalty in personas if loyalty]
    whole = sum(share for share, _ in known)
    return sum(share * value for share, value in known) / whole if whole else None


def loyalty_data(loyalty: Loyalty | None, usual: float | None) -> dict[str, Any] | None:
    if loyalty is None:
        return None
    counts = {"contents": loyalty.contents, "of": loyalty.of}
    return {"kind": OVER_INDEXED, "share": loyalty.share, **counts, "usual": usual}


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
