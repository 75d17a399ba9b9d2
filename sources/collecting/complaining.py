"""What could not be had in a collection: kept with the checkpoints, and told once for all of them."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from sources.connectors.wording import Complaint
from sources.models import ContentUnit, Cycle, DataSource

SHOWN = 50  # kinds of complaints


def as_stored(complaints: Iterable[str]) -> list[Any]:
    """Return complaints as a checkpoint keeps them: words, or what a sentence that counts is made of."""
    return [_as_stored(one) for one in complaints]


def complaints_of(cycle: Cycle) -> tuple[list[dict], int]:
    """Return what could not be had, the most frequent first, each with in how many parts; and how many kinds there are.

    Sentences that count are one for all parts, which says by its numbers how often: they are told once. Those that
    name contents tell their ids.
    """
    parts, counting = Counter[str](), dict[str, Complaint]()
    for complaints in cycle.checkpoints.exclude(complaints=[]).values_list("complaints", flat=True).iterator():
        parts.update(list(dict.fromkeys(map(_words_of, complaints))))
        for one in complaints:
            words = _words_of(one)
            if not isinstance(one, str):
                counting[words] = _together(counting.get(words), Complaint(**one))
    kinds = parts.most_common(SHOWN)
    return [_told(counting.get(words, words), number) for words, number in kinds], len(parts)


def with_titles(source: DataSource, complaints: Iterable[dict]) -> list[dict]:
    """Return complaints as they were told, each with its words in `pieces`: (words, None), or (id, content unit)."""
    told = list(complaints)
    named = {name for one in told for name in one.get("named", ())}
    units = {unit.external_id: unit for unit in source.contents.filter(external_id__in=named).exclude(title="")}
    return [one | {"pieces": _pieces(one["words"], units)} for one in told]


def _pieces(words: str, units: Mapping[str, ContentUnit]) -> list[tuple[str, ContentUnit | None]]:
    if not units:
        return [(words, None)]
    ids = "|".join(map(re.escape, sorted(units, key=len, reverse=True)))
    pieces = re.split(rf"(?<![\w-])({ids})(?![\w-])", words)
    return [(piece, units[piece] if place % 2 else None) for place, piece in enumerate(pieces)]


def _told(complaint: str, parts: int) -> dict[str, Any]:
    if not isinstance(complaint, Complaint):
        return {"words": complaint, "count": parts}
    return {"words": str(complaint), "count": 1, "named": list(complaint.names)}


def _words_of(stored: Any) -> str:
    """Return the words of a complaint as a checkpoint keeps it."""
    words: str = stored if isinstance(stored, str) else stored["words"]
    return words


def _as_stored(complaint: str) -> Any:
    if not isinstance(complaint, Complaint):
        return complaint
    return {"words": complaint.words, "numbers": complaint.numbers, "names": list(complaint.names)}


def _together(one: Complaint | None, other: Complaint) -> Complaint:
    if one is None:
        return other
    numbers = Counter(one.numbers)
    numbers.update(other.numbers)
    return Complaint(one.words, numbers, list(dict.fromkeys((*one.names, *other.names))))
