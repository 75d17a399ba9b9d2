"""The few comments that speak for a persona: from what it watches most, liked most, unlike each other."""

import math
from collections import Counter
from collections.abc import Collection, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from enrichment.measures.privacy import without_names
from enrichment.measures.screening import SAME_SHINGLES, shingles, similarity
from enrichment.measures.sentiment import LEAST, LONGEST
from enrichment.measures.wordlists import UNSPACED
from enrichment.measures.words import normalise, tokens

Id = TypeVar("Id", int, str)
Marks = tuple[frozenset[str], frozenset[int]]

MOST_QUOTES = 5
CANDIDATES = 400
"""So many of the best are compared with each other."""
BEST_LENGTH = (50, 170)
"""Characters: shorter ones say little, longer ones are not read."""
OUTSIDE_BEST = 0.5
ASKING = 0.6
"""A question says less about who asks than a statement does."""
SAME_MOOD = 0.7
"""Each quote of one sentiment makes the next of the same count so much less: praise alone is no picture."""
QUOTED_BEFORE = 2.0
"""Another quote takes the place of one of the time before when it is worth more than so many times as much."""
ABOUT_THE_SAME = 0.25
"""Quotes that share this part of their words are about the same, and the lesser of them is left out."""


@dataclass(frozen=True)
class Candidate(Generic[Id]):
    """A comment that may be quoted: `screening.Screen.reasons` gave None for it.

    Weight is what its content weighs for the persona (0 or more), likes what the platform counts, score its
    sentiment (-1 to 1, NaN when not scored).
    """

    comment: Id
    content: Id
    text: str
    language: str
    weight: float
    likes: int = 0
    score: float = math.nan


@dataclass(frozen=True)
class Quote(Generic[Id]):
    """A chosen comment, by its id, its content's id, and its text in one line without @names; it has no author."""

    comment: Id
    content: Id
    text: str
    language: str
    likes: int
    score: float


def choose_quotes(
    candidates: Sequence[Candidate[Id]],
    *,
    hidden: Collection[Id] = (),
    before: Collection[Id] = (),
    most: int = MOST_QUOTES,
    marks: MutableMapping[Id, Marks] | None = None,
) -> tuple[Quote[Id], ...]:
    """Choose quotes, the best first: at most one a content, none that is hidden, none nearly the same as another.

    A candidate's value is weight x log(2 + likes), less when it is very short or long or a question; each choice lowers
    the value of what has the same sentiment. What was quoted `before` is worth twice as much as it would be: people
    find again whom they know. In `marks` words once taken are kept for the next call. The same candidates give the
    same quotes, in whatever order they come.
    """
    left = [item for item in candidates if item.comment not in hidden and item.weight > 0]
    worth = {item.comment: value(item) * (QUOTED_BEFORE if item.comment in before else 1.0) for item in left}
    left.sort(key=lambda item: (-worth[item.comment], str(item.comment)))
    del left[CANDIDATES:]
    marks = {} if marks is None else marks
    for item in left:
        if item.comment not in marks:
            marks[item.comment] = words_of(item)
    moods = {item.comment: _mood(item.score) for item in left}
    often = Counter[int]()
    chosen: list[Candidate[Id]] = []
    while left and len(chosen) < most:
        best = max(left, key=lambda item: worth[item.comment] * SAME_MOOD ** often[moods[item.comment]])
        chosen.append(best)
        often[moods[best.comment]] += 1
        left = [item for item in left if item.content != best.content and not _alike(marks, item, best)]
    return tuple(_quote(item) for item in chosen)


def value(candidate: Candidate[Id]) -> float:
    """Return what a candidate is worth before it is compared with others, 0 or more."""
    length = len(candidate.text.strip())
    dense = 2 if candidate.language in UNSPACED else 1
    shortest, longest = BEST_LENGTH
    good_length = 1.0 if shortest <= length * dense <= longest else OUTSIDE_BEST
    says = ASKING if candidate.text.rstrip().endswith(("?", "？", "؟")) else 1.0
    return candidate.weight * math.log(2 + max(candidate.likes, 0)) * good_length * says


def words_of(candidate: Candidate[Id]) -> Marks:
    """Return the words of a candidate (for a language without spaces its characters) and their pairs."""
    normalised = normalise(candidate.text[:LONGEST])
    found = list(normalised) if candidate.language in UNSPACED else tokens(normalised)
    return frozenset(word for word in found if len(word) > 3 or candidate.language in UNSPACED), shingles(found)


def _alike(marks: Mapping[Id, Marks], item: Candidate[Id], other: Candidate[Id]) -> bool:
    one, two = marks[item.comment], marks[other.comment]
    if similarity(one[1], two[1]) >= SAME_SHINGLES:
        return True
    shared = len(one[0] & two[0]) / max(len(one[0] | two[0]), 1)
    return item.language not in UNSPACED and shared >= ABOUT_THE_SAME


def _mood(score: float) -> int:
    """Return 1 for positive, -1 for negative, 0 for neutral and for what is not scored."""
    return int(score > LEAST) - int(score < -LEAST)


def _quote(item: Candidate[Id]) -> Quote[Id]:
    return Quote(item.comment, item.content, without_names(item.text), item.language, item.likes, item.score)
