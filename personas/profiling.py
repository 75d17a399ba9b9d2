"""What stands behind a persona in the database: the contents it met, and its pattern at the other sizes."""

from collections.abc import Sequence
from dataclasses import dataclass

from personas.models import Persona
from personas.presenting import Who, who
from sources.models import ContentUnit


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


def size_steps(persona: Persona) -> list[SizeStep]:
    """Return the persona's pattern, or that of those merged into it, through all sizes of its generation, ascending."""
    generation = persona.persona_set.generation
    sizes = generation.sets.order_by("size").values_list("size", flat=True)
    same = Persona.objects.filter(persona_set__generation=generation, identity=persona.identity_id)
    light = same.select_related("persona_set").only(
        "share", "gender", "age_group", "country", "persona_set__size", "persona_set__generation_id"
    )
    by_size = {one.persona_set.size: one for one in light}
    return [_step(size, by_size.get(size), persona) for size in sizes]


def _step(size: int, other: Persona | None, persona: Persona) -> SizeStep:
    described = who(other.gender, other.age_group, other.country) if other else None
    return SizeStep(size, other, described, other is not None and other.pk == persona.pk)
