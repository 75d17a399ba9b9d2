"""The profile of one persona: what the right pane and the print show."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from personas.changing import Change, change_since
from personas.drawing import Columns, columns
from personas.models import Generation, Identity, Persona
from personas.presenting import Breakdown, GroupLine, Who, breakdowns, groups_behind, who
from sources.models import ContentUnit

CONTENTS_SHOWN = 6
GROUPS_SHOWN = 6
TOPICS_SHOWN = 8


@dataclass(frozen=True)
class ContentLine:
    """A content unit that a persona looked at: part of the persona, times the whole audience's part."""

    unit: ContentUnit
    share: float
    lift: float
    rank: int


@dataclass(frozen=True)
class SizeStep:
    """The same pattern in the set of another size; no persona where the pattern is not one of that set."""

    size: int
    persona: Persona | None
    who: Who | None
    present: bool


@dataclass(frozen=True)
class Profile:
    """One persona with all that is drawn of it."""

    persona: Persona
    who: Who
    groups: list[GroupLine]
    breakdowns: list[Breakdown]
    contents: list[ContentLine]
    steps: list[SizeStep]
    change: Change | None

    @property
    def identity(self) -> Identity:
        return self.persona.identity

    @property
    def generation(self) -> Generation:
        return self.persona.persona_set.generation

    @property
    def group_count(self) -> int:
        return len(self.groups)

    @property
    def top_groups(self) -> list[GroupLine]:
        return self.groups[:GROUPS_SHOWN]

    @property
    def longest_group(self) -> float:
        return max((line.share for line in self.groups), default=1.0)

    @property
    def topics(self) -> list[dict]:
        return self.persona.topics[:TOPICS_SHOWN]

    @property
    def longest_topic(self) -> float:
        return max((topic["share"] for topic in self.topics), default=1.0)

    @property
    def longest_content(self) -> float:
        return max((line.share for line in self.contents), default=1.0)

    @cached_property
    def source_names(self) -> list[str]:
        return [source.name for source in self.generation.sources.all()]

    @property
    def chart(self) -> Columns:
        return columns(
            [
                (str(step.size), step.persona and step.persona.pk, step.persona and step.persona.share, step.present)
                for step in self.steps
            ]
        )

    @property
    def first_size(self) -> int:
        return next(step.size for step in self.steps if step.persona)


def profile_of(persona: Persona) -> Profile:
    """Return the profile of a persona that was read with_profile()."""
    audience = persona.persona_set.generation.audience
    return Profile(
        persona=persona,
        who=who(persona.gender, persona.age_group, persona.country),
        groups=groups_behind(persona, audience),
        breakdowns=breakdowns(persona, audience),
        contents=content_lines(persona, CONTENTS_SHOWN),
        steps=_steps(persona),
        change=change_since(persona),
    )


def content_lines(persona: Persona, most: int | None = None) -> list[ContentLine]:
    """Return the heaviest contents that still exist; those of a deleted source are gone."""
    return content_lines_of([persona], most)[0]


def content_lines_of(personas: Sequence[Persona], most: int | None = None) -> list[list[ContentLine]]:
    """Return the heaviest contents of each of several personas of one organization, in one query."""
    organization = personas[0].persona_set.generation.organization
    wanted = {entry["id"] for persona in personas for entry in persona.contents[:most]}
    units = ContentUnit.objects.of(organization).select_related("source").in_bulk(wanted)
    return [_lines(persona.contents[:most], units) for persona in personas]


def _lines(entries: list[dict], units: dict[int, ContentUnit]) -> list[ContentLine]:
    return [
        ContentLine(units[entry["id"]], entry["share"], entry["lift"], rank)
        for rank, entry in enumerate(entries, 1)
        if entry["id"] in units
    ]


def _steps(persona: Persona) -> list[SizeStep]:
    """The persona's pattern through all sizes of its generation."""
    generation = persona.persona_set.generation
    sizes = generation.sets.order_by("size").values_list("size", flat=True)
    same = Persona.objects.filter(persona_set__generation=generation, thread=persona.thread)
    light = same.select_related("persona_set").only(
        "share", "gender", "age_group", "country", "persona_set__size", "persona_set__generation_id"
    )
    by_size = {one.persona_set.size: one for one in light}
    return [_step(size, by_size.get(size), persona) for size in sizes]


def _step(size: int, other: Persona | None, persona: Persona) -> SizeStep:
    described = who(other.gender, other.age_group, other.country) if other else None
    return SizeStep(size, other, described, other is not None and other.pk == persona.pk)
