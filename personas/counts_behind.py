"""The interactions behind a number: one content unit, the groups of one persona, every period."""

from dataclasses import dataclass

from personas.models import Persona
from personas.presenting import GroupLine, groups_behind
from sources.countries import region_of_countries
from sources.models import ContentUnit, DemographicGroup, PackedInteractions
from sources.packing import COUNTS, IDS, unpack

PERIODS_SHOWN = 12


@dataclass(frozen=True)
class CountLine:
    """A group's counts in the periods shown, oldest first; None where nothing was counted: missing is not zero."""

    group: GroupLine
    counts: list[float | None]
    total: float


@dataclass(frozen=True)
class Counts:
    """The table, and what stands around it; totals are interactions of all periods that the generation read."""

    periods: list[str]
    lines: list[CountLine]
    earlier: int
    total: float
    unknown: float
    estimated: bool
    all_estimated: bool

    @property
    def longest(self) -> float:
        return max((line.total for line in self.lines), default=1.0)


def counts_behind(persona: Persona, unit: ContentUnit) -> Counts:
    """Return what the groups behind a persona did with one content unit, in the periods that its generation read."""
    generation = persona.persona_set.generation
    columns = PackedInteractions.objects.filter(content=unit)
    if generation.period:
        columns = columns.filter(period=generation.period)
    columns = list(columns.order_by("-period"))
    estimated = [column.estimated for column in columns if column.group_ids]
    known = _group_keys(generation)
    by_key: dict[tuple[str, str, str], dict[str, float]] = {}
    for column in columns:
        for group, count in zip(
            unpack(column.group_ids, IDS).tolist(), unpack(column.counts, COUNTS).tolist(), strict=True
        ):
            periods = by_key.setdefault(known[group], {})
            periods[column.period] = periods.get(column.period, 0.0) + count
    shown = [column.period for column in columns[:PERIODS_SHOWN]][::-1]
    lines = [
        _line(group, by_key[group.key], shown)
        for group in groups_behind(persona, generation.audience)
        if group.key in by_key
    ]
    return Counts(
        periods=shown,
        lines=lines,
        earlier=max(len(columns) - PERIODS_SHOWN, 0),
        total=sum(column.total for column in columns),
        unknown=sum(column.unknown for column in columns),
        estimated=any(estimated),
        all_estimated=bool(estimated) and all(estimated),
    )


def _line(group: GroupLine, by_period: dict[str, float], shown: list[str]) -> CountLine:
    return CountLine(group, [by_period.get(period) for period in shown], sum(by_period.values()))


def _group_keys(generation) -> dict[int, tuple[str, str, str]]:
    """Every stored group's id -> its row in this generation: regions instead of countries, absent dimensions blank."""
    regional = generation.unit == generation.Unit.REGION
    absent = generation.absent_dimensions
    keys = {}
    for pk, gender, age_group, country in DemographicGroup.objects.values_list("pk", "gender", "age_group", "country"):
        place = region_of_countries().get(country, country) if regional else country
        keys[pk] = (
            "" if "gender" in absent else gender,
            "" if "age_group" in absent else age_group,
            "" if "country" in absent else place,
        )
    return keys
