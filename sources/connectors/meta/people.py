"""Who saw a content, from what Meta tells apart: age and gender in one list, countries in another, never both."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import numpy as np

from sources.connectors.harvests import ContentCounts, GroupKey
from sources.connectors.vocabulary import vocabulary
from sources.raking import RakedColumn, RakingError, rake_demographics

INDEPENDENCE = "independence"  # the seed that knows nothing of how age and gender go with countries
TOO_MANY = 1.1  # a list may add up to a little more than the total: both are still being counted
Key = TypeVar("Key")
Pair = tuple[str, str]


@dataclass
class Margin(Generic[Key]):
    """Counts by our keys; `unknown` are of people whom Meta does not know, `strange` its keys that we do not know."""

    counts: dict[Key, float] = field(default_factory=dict)
    unknown: float = 0.0
    strange: list[str] = field(default_factory=list)

    @property
    def known(self) -> float:
        return sum(self.counts.values())

    @property
    def total(self) -> float:
        return self.known + self.unknown

    def add(self, key: Key, count: float) -> None:
        self.counts[key] = self.counts.get(key, 0.0) + count


@dataclass(frozen=True)
class Audience:
    """What Meta tells of one content: the interactions in all (None: not told) and their two margins."""

    content_id: str
    total: float | None
    people: Margin[Pair]
    countries: Margin[str]


def people_of(value: Any) -> Margin[Pair]:
    """Read `{"F.18-24": 3, "U.65+": 1}` into counts of (gender, age group)."""
    margin = Margin[Pair]()
    for name, count in _items(value):
        gender, _, age = name.partition(".")
        codes = vocabulary("gender").code(gender), vocabulary("age_group").code(age)
        if all(codes):
            margin.add(
                (vocabulary("gender").values[codes[0] or 0], vocabulary("age_group").values[codes[1] or 0]), count
            )
            continue
        margin.unknown += count
        if None in codes:
            margin.strange.append(name)
    return margin


def countries_of(value: Any) -> Margin[str]:
    """Read `{"QA": 3}`, or regions like `{"Doha - Qatar": 3}`, into counts of countries."""
    margin, known = Margin[str](), vocabulary("country")
    for name, count in _items(value):
        code = known.code(name)
        if code is None:
            code = known.code(name.rpartition(" - ")[2])
        if code:
            margin.add(known.values[code], count)
            continue
        margin.unknown += count
        if code is None:
            margin.strange.append(name)
    return margin


def counted(
    audiences: Sequence[Audience], joint: Mapping[GroupKey, float] | None, seed: str
) -> tuple[list[ContentCounts], list[str]]:
    """Return the counts of each content with its margins raked, and what there is to complain of, in words.

    joint: interactions by group that say how the dimensions go together; without it they are taken as independent.
    Known are of the total the parts with a known age and gender, and of those the part with a known country. What is
    neither known nor of unknown people is suppressed: small contents as a whole, small cells, countries after the 45th.
    """
    complaints = [words for audience in audiences for words in _oddities(audience)]
    shares = [_shares(audience) for audience in audiences]
    people = [_scaled(audience.people.counts, known) for audience, (known, *_) in zip(audiences, shares, strict=True)]
    places = [
        _scaled(audience.countries.counts, known) for audience, (known, *_) in zip(audiences, shares, strict=True)
    ]
    columns, seed, problem = _raked(people, places, joint, seed)
    counts = []
    for audience, column, (known, unknown, suppressed) in zip(audiences, columns, shares, strict=True):
        lost = known if column.refusal else 0.0
        complaints += [f"{audience.content_id}: {column.refusal}"] if column.refusal else []
        total = unknown + lost
        estimated = len(column.counts) > 0
        name = seed if estimated else ""
        counts.append(
            ContentCounts(audience.content_id, "", column.groups, column.counts, total, suppressed, estimated, name)
        )
    return counts, complaints + problem


def uncounted(content_id: str, total: float) -> ContentCounts:
    """The counts of a content of which nothing but the total is told."""
    return ContentCounts(content_id, "", (), np.zeros(0), unknown=total)


def _shares(audience: Audience) -> tuple[float, float, float]:
    """Split the total into known, unknown and suppressed interactions."""
    people, countries = audience.people, audience.countries
    total = max(audience.total or 0.0, people.total, countries.total)
    if not total:
        return 0.0, 0.0, 0.0
    known = people.known * countries.known / total
    unknown = total * (1 - (1 - people.unknown / total) * (1 - countries.unknown / total))
    unknown = min(unknown, total - known)
    return known, unknown, max(total - known - unknown, 0.0)


def _scaled(counts: Mapping[Key, float], total: float) -> dict[Key, float]:
    whole = sum(counts.values())
    return {key: count * total / whole for key, count in counts.items() if count} if total and whole else {}


def _raked(
    people: list[dict[Pair, float]],
    places: list[dict[str, float]],
    joint: Mapping[GroupKey, float] | None,
    seed: str,
) -> tuple[Sequence[RakedColumn], str, list[str]]:
    problem = []
    if joint:
        try:
            return rake_demographics(people, places, joint), seed, []
        except RakingError as error:
            problem = [f"The joint of {seed} could not be used; independence was: {error}"]
    rows, columns = {key for one in people for key in one}, {key for one in places for key in one}
    flat = {(*row, column): 1.0 for row in rows for column in columns}
    return rake_demographics(people, places, flat), INDEPENDENCE, problem


def _oddities(audience: Audience) -> Iterator[str]:
    for name in sorted({*audience.people.strange, *audience.countries.strange}):
        yield f"Facebook names a group that is not known here, “{name}”; it counts as unknown."
    most = max(audience.people.total, audience.countries.total)
    if audience.total is not None and most > TOO_MANY * audience.total:
        yield f"{audience.content_id}: its groups add up to {most:,.0f}, its total is {audience.total:,.0f}."


def _items(value: Any) -> Iterator[tuple[str, float]]:
    if isinstance(value, Mapping):
        yield from ((str(name), float(count)) for name, count in value.items() if count)
