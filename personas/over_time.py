"""Who is in the audience from month to month: the personas of every month beside each other, at one size.

A month is shown by its latest complete balanced generation. Of generations from other choices of sources, those of the
choice that has the most months count: personas of other data are not the same people a month later.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from personas.changing import sources_since
from personas.models import Generation, Persona, PersonaSet
from personas.pipeline.over_time import TOP, Report, Step, report
from sources.models import Organization

FEWEST_MONTHS = 2


@dataclass(frozen=True)
class There:
    """A person in a month: the persona, its state, and which part of its top three topics changed.

    The state is `new` for who was not in the set of the month before (who was away and comes back is new `again`),
    `stable` or `drifting` for who was, by its likeness; blank where there is nothing to compare with.
    """

    persona: Persona
    topics: tuple[str, ...]
    state: str = ""
    again: bool = False
    topic_change: float | None = None
    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()


@dataclass(frozen=True)
class Month:
    """A month's set: its people, largest first, who of the month before is gone, and the figures against that month.

    `step` is None where the set does not carry on the one of the month before: nothing is known of what became of whom.
    `other_sources` are words on the sources that came and went since.
    """

    persona_set: PersonaSet
    people: list[There]
    gone: list[Persona] = field(default_factory=list)
    step: Step | None = None
    other_sources: str = ""

    @property
    def compared(self) -> bool:
        """Whether the set carries on the one of the month before."""
        return self.step is not None

    @property
    def generation(self) -> Generation:
        return self.persona_set.generation

    @property
    def period(self) -> str:
        return self.generation.period

    @property
    def by_identity(self) -> dict[int, There]:
        return {one.persona.identity_id: one for one in self.people}

    @property
    def persistence(self) -> float | None:
        return self.step.persistence if self.step else None

    @property
    def topic_change(self) -> float | None:
        return self.step.mean_topic_change if self.step else None

    @property
    def new(self) -> list[There]:
        return [one for one in self.people if one.state == Persona.State.NEW]

    @property
    def stable(self) -> list[There]:
        return [one for one in self.people if one.state == Persona.State.STABLE]

    @property
    def drifting(self) -> list[There]:
        return [one for one in self.people if one.state == Persona.State.DRIFTING]

    @property
    def with_other_topics(self) -> list[There]:
        return [one for one in self.people if one.topic_change]


@dataclass(frozen=True)
class OverTime:
    """All months at one size, oldest first, and the figures over them; `size` is None where they have none in common.

    `periods` are the months that have personas, also where they have no size in common and `months` is empty.
    `sources` are the ids of the sources chosen for them, none for all; `elsewhere` the months made of others alone.
    """

    unit: str
    size: int | None
    sizes: list[int]
    periods: list[str]
    months: list[Month]
    report: Report
    sources: list[int]
    elsewhere: list[str]

    @property
    def enough(self) -> bool:
        return len(self.months) >= FEWEST_MONTHS

    @property
    def last(self) -> Month:
        return self.months[-1]


def over_time(organization: Organization, unit: str, size: int | None = None) -> OverTime:
    """Return the months of an organization at the size, that all of them have, which is nearest to the one asked for.

    None asked for is the one that the last month suggests.
    """
    generations, elsewhere = latest_of_each_month(organization, unit)
    stored = {one.pk: {s.size: s for s in one.sets.all()} for one in generations}
    sizes = sorted(set.intersection(*(set(by_size) for by_size in stored.values()))) if stored else []
    if sizes:
        wish = size or generations[-1].suggested_size or 0
        size = min(sizes, key=lambda one: (abs(one - wish), one))
    sets = [stored[one.pk][size] for one in generations] if sizes else []
    people = _people_of(sets)
    carried = [_carries_on(now.generation, before.generation) for before, now in pairwise(sets)]
    told, steps = report([{one.identity_id: topics_of(one) for one in there} for there in people], carried)
    return OverTime(
        unit=unit,
        size=size if sizes else None,
        sizes=sizes,
        periods=[one.period for one in generations],
        months=_months(sets, people, steps),
        report=told,
        sources=generations[-1].source_ids if generations else [],
        elsewhere=elsewhere,
    )


def latest_of_each_month(organization: Organization, unit: str) -> tuple[list[Generation], list[str]]:
    """Return the latest complete balanced generation of every month, oldest month first, with its sets.

    All are of one choice of sources; with them come the months that were made of other sources alone.
    """
    complete = Generation.objects.of(organization).complete().filter(unit=unit, method=Generation.Method.BALANCED)
    by_sources: dict[frozenset[int], dict[str, Generation]] = {}
    for one in complete.exclude(period="").select_related("continues").prefetch_related("sets"):
        by_sources.setdefault(frozenset(one.source_ids), {}).setdefault(one.period, one)
    months = max(by_sources.values(), key=len, default={})  # of as many, the ones that finished last
    elsewhere = set().union(*by_sources.values()) - set(months)
    return [months[period] for period in sorted(months)], sorted(elsewhere)


def topics_of(persona: Persona) -> tuple[str, ...]:
    return tuple(topic["label"] for topic in persona.topics[:TOP])


def _people_of(sets: Sequence[PersonaSet]) -> list[list[Persona]]:
    """Return the personas of each set, largest first, in one query and without the groups and contents behind them."""
    light = Persona.objects.filter(persona_set__in=sets).select_related("identity").order_by("position")
    found: dict[int, list[Persona]] = {one.pk: [] for one in sets}
    for persona in light.defer("group_rows", "group_shares", "contents", "description", "unavailable"):
        found[persona.persona_set_id].append(persona)
    return list(found.values())


def _months(sets: Sequence[PersonaSet], people: Sequence[list[Persona]], steps: Sequence[Step | None]) -> list[Month]:
    months = [Month(sets[0], _there(people[0]))] if sets else []
    seen = {one.identity_id for one in people[0]} if sets else set()
    for number, step in enumerate(steps, 1):
        before, now = people[number - 1], people[number]
        there = _compared(now, before, step, seen) if step else _there(now)
        gone = [one for one in before if step and one.identity_id in step.went]
        other_sources = sources_since(sets[number].generation, sets[number - 1].generation)
        months.append(Month(sets[number], there, gone, step, other_sources))
        seen |= {one.identity_id for one in now}
    return months


def _there(people: Iterable[Persona]) -> list[There]:
    return [There(one, topics=topics_of(one)) for one in people]


def _compared(now: Iterable[Persona], before: Iterable[Persona], step: Step, seen: set[int]) -> list[There]:
    then = {one.identity_id: topics_of(one) for one in before}
    found = []
    for persona in now:
        who, topics = persona.identity_id, topics_of(persona)
        if who in step.came:
            found.append(There(persona, topics, Persona.State.NEW.value, again=who in seen))
        else:
            came, went = _others(topics, then[who]), _others(then[who], topics)
            change = step.topic_change.get(who)
            found.append(There(persona, topics, persona.state_by_likeness, False, change, came, went))
    return found


def _others(topics: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    folded = {label.casefold() for label in known}
    return tuple(label for label in topics if label.casefold() not in folded)


def _carries_on(now: Generation, before: Generation) -> bool:
    """Whether a generation was made as the continuation of another one, or of an earlier run on the very same data."""
    then = now.continues
    if then is None:
        return False
    return then.pk == before.pk or ("" != then.fingerprint == before.fingerprint and then.period == before.period)
