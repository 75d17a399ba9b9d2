"""What could not be had in a collection: kept with the checkpoints, and told once for all of them."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sources.connectors.wording import Complaint
from sources.models import Cycle

SHOWN = 50  # kinds of complaints


def as_stored(complaints: Iterable[str]) -> list[Any]:
    """Return complaints as a checkpoint keeps them: words, or what a sentence that counts is made of."""
    return [_as_stored(one) for one in complaints]


def complaints_of(cycle: Cycle) -> tuple[list[dict], int]:
    """Return what could not be had, the most frequent first, each with how often; and how many kinds there are.

    Sentences that count are one for all parts, which says by its numbers how often: they are told once.
    """
    times, counting = Counter[str](), dict[str, Complaint]()
    for complaints in cycle.checkpoints.exclude(complaints=[]).values_list("complaints", flat=True).iterator():
        for one in complaints:
            words = one if isinstance(one, str) else one["words"]
            times[words] += 1
            if not isinstance(one, str):
                counting[words] = _together(counting.get(words), Complaint(**one))
    told = [
        {"words": str(counting.get(words, words)), "count": 1 if words in counting else number}
        for words, number in times.most_common(SHOWN)
    ]
    return told, len(times)


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
