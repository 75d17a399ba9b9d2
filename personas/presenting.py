"""What a page shows of a persona: stored rows in, small frozen objects out; nothing is written, no query is made."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from personas.models import AudienceRows, Generation, Identity, Persona
from personas.returning import seldom_back
from sources.countries import place_name
from sources.models import AgeGroup, Gender
from sources.packing import COUNTS, IDS, SHARES, unpack
from sources.periods import period_words

PLACES_DRAWN = 6


@dataclass(frozen=True)
class Who:
    """Gender, age group and place in words; a blank part is one that the data does not have."""

    gender: str
    age_group: str
    place: str

    def __str__(self) -> str:
        return ", ".join(part for part in (self.gender, self.age_group, self.place) if part)


@dataclass(frozen=True)
class Card:
    """One line of the list of personas."""

    pk: int
    identity: Identity
    who: Who
    share: float
    position: int
    age: int | None
    topics: tuple[str, ...]
    state: str = ""
    seldom_back: bool = False


@dataclass(frozen=True)
class GroupLine:
    """A group behind a persona: part of the persona, times the whole audience's part, interactions.

    belonging: the part of the group's own interactions that this persona stands for.
    """

    who: Who
    key: tuple[str, str, str]
    share: float
    lift: float
    interactions: float
    belonging: float
    is_face: bool


@dataclass(frozen=True)
class Slice:
    """One value of a dimension, or all others in one: part of the persona and part of the whole audience."""

    label: str
    share: float
    audience_share: float
    is_rest: bool = False


@dataclass(frozen=True)
class Breakdown:
    """The persona's groups along one dimension, and the longest bar in it."""

    title: str
    slices: list[Slice]
    is_range: bool = False

    @property
    def longest(self) -> float:
        return max((max(part.share, part.audience_share) for part in self.slices if not part.is_rest), default=0) or 1


@cache
def place(code: str) -> str:
    """Return the English name of a country or region; blank for a dimension that the data lacks."""
    return place_name(code) if code else ""


def gender_label(gender: str) -> str:
    return Gender(gender).label if gender else ""


def who(gender: str, age_group: str, code: str) -> Who:
    return Who(gender_label(gender), age_group, place(code))


def generation_labels(generations: Iterable[Generation]) -> list[tuple[Generation, str]]:
    """Return each generation with its period, unit and sources in words, and its date where another has the same."""
    generations = list(generations)
    words = [_generation_words(generation) for generation in generations]
    often = Counter(words)
    dates = [f" ({g.finished_at:%-d %b %Y, %H:%M})" if g.finished_at else f" (run {g.pk})" for g in generations]
    labels = [text + (made if often[text] > 1 else "") for text, made in zip(words, dates, strict=True)]
    return list(zip(generations, labels, strict=True))


def _generation_words(generation: Generation) -> str:
    method = "" if generation.method == Generation.Method.BALANCED else f", {generation.method}"
    names = generation.source_names
    sources = f", {names[0] if len(names) == 1 else f'{len(names)} sources'}" if names else ""
    return f"{period_words(generation.period)}, by {generation.unit}{method}{sources}"


def card(persona: Persona) -> Card:
    """Return the list's line of a persona, which was read together with its identity."""
    return Card(
        pk=persona.pk,
        identity=persona.identity,
        who=who(persona.gender, persona.age_group, persona.country),
        share=persona.share,
        position=persona.position,
        age=persona.age,
        topics=tuple(topic["label"] for topic in persona.topics),
        state=persona.state,
        seldom_back=seldom_back(persona),
    )


def audience_shares(audience: AudienceRows) -> np.ndarray:
    """Return the part of the known interactions that each group of the audience has, in order of the rows."""
    totals = unpack(audience.totals, COUNTS)
    return totals / (totals.sum() or 1)


def group_parts(persona: Persona, audience: AudienceRows) -> np.ndarray:
    """Return the part of the persona that each group of the audience is, in order of the rows; they sum to 1."""
    parts = np.zeros(len(audience.groups))
    parts[unpack(persona.group_rows, IDS)] = unpack(persona.group_shares, SHARES)
    return parts


def groups_behind(persona: Persona, audience: AudienceRows) -> list[GroupLine]:
    """Return the groups of a persona as they are stored: the representative one first, then by falling share."""
    whole = audience_shares(audience)
    rows, shares = unpack(persona.group_rows, IDS), unpack(persona.group_shares, SHARES)
    lines = []
    for row, share in zip(rows.tolist(), shares.tolist(), strict=True):
        key = tuple(audience.groups[row])
        lift = float(share / whole[row]) if whole[row] else 0.0
        belonging = min(lift * persona.share, 1.0)
        lines.append(GroupLine(who(*key), key, share, lift, share * persona.interactions, belonging, is_face=not lines))
    return lines


def breakdowns(persona: Persona, audience: AudienceRows) -> list[Breakdown]:
    """Return gender, age and place of the groups behind a persona; a dimension that the data lacks is left out."""
    whole, mine = audience_shares(audience), group_parts(persona, audience)
    by_place = _slices(audience.groups, 2, mine, whole)
    regional = any(len(key[2]) > 2 for key in audience.groups)
    found = [
        Breakdown(
            "Gender", [_named(s, gender_label) for s in _in_order(_slices(audience.groups, 0, mine, whole), Gender)]
        ),
        Breakdown("Age", _in_order(_slices(audience.groups, 1, mine, whole), AgeGroup), is_range=True),
        Breakdown("Region" if regional else "Country", [_named(s, place) for s in _longest(by_place)]),
    ]
    return [breakdown for breakdown in found if breakdown.slices]


def _slices(groups: list[list[str]], dimension: int, mine: np.ndarray, whole: np.ndarray) -> list[Slice]:
    sums: dict[str, list[float]] = {}
    for key, own, all_of_it in zip(groups, mine.tolist(), whole.tolist(), strict=True):
        part = sums.setdefault(key[dimension], [0.0, 0.0])
        part[0] += own
        part[1] += all_of_it
    return [Slice(value, own, all_of_it) for value, (own, all_of_it) in sums.items() if value]


def _named(part: Slice, name) -> Slice:
    return replace(part, label=part.label if part.is_rest else name(part.label))


def _in_order(slices: list[Slice], choices) -> list[Slice]:
    return sorted(slices, key=lambda part: choices.values.index(part.label))


def _longest(slices: list[Slice]) -> list[Slice]:
    """The places with the largest share in the persona, the others in one line."""
    ranked = sorted(slices, key=lambda part: (-part.share, -part.audience_share))
    if len(ranked) <= PLACES_DRAWN + 1:
        return ranked
    rest = ranked[PLACES_DRAWN:]
    share, audience_share = sum(part.share for part in rest), sum(part.audience_share for part in rest)
    return [*ranked[:PLACES_DRAWN], Slice(f"{len(rest)} others", share, audience_share, is_rest=True)]


def narrowed(cards: Iterable[Card], wish) -> list[Card]:
    """Return the cards that a ListWish asks for, in the order it asks for."""
    orders = {
        "name": lambda one: one.identity.name.casefold(),
        "age": lambda one: (one.age or 0, one.position),
        "place": lambda one: (one.who.place, one.position),
    }
    kept = [one for one in cards if wish.wants(one)]
    return sorted(kept, key=orders.get(wish.sort, lambda one: one.position))


@dataclass(frozen=True)
class ListWish:
    """What the reader asked of the list: words to find, values to keep, an order."""

    words: str = ""
    gender: str = ""
    age: str = ""
    place: str = ""
    sort: str = ""

    @classmethod
    def read(cls, query) -> "ListWish":
        fields = {"words": "q", "gender": "gender", "age": "age", "place": "place", "sort": "sort"}
        return cls(**{field: query.get(name, "").strip()[:100] for field, name in fields.items()})

    @property
    def is_open(self) -> bool:
        return bool(self.gender or self.age or self.place or self.sort)

    def as_query(self) -> dict[str, str]:
        given = {"q": self.words, "gender": self.gender, "age": self.age, "place": self.place, "sort": self.sort}
        return {name: value for name, value in given.items() if value}

    def wants(self, one: Card) -> bool:
        text = " ".join((one.identity.name, str(one.who), *one.topics)).casefold()
        return (
            all(word in text for word in self.words.casefold().split())
            and self.gender in ("", one.who.gender)
            and self.age in ("", one.who.age_group)
            and self.place in ("", one.who.place)
        )
