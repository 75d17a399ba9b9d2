"""What changed of a persona since the last set that has the same identity."""

from dataclasses import dataclass

from django.utils.text import get_text_list

from personas.models import Generation, Persona
from personas.presenting import Who, who

FEW = 20  # rows at a time: most often the first will do


@dataclass(frozen=True)
class Change:
    """A persona then and now: its share, its topics that came and went, the group that gave and gives the face."""

    then: Persona
    now: Persona
    came: list[str]
    went: list[str]

    @property
    def points(self) -> float:
        """By how much the share grew, in parts of the whole audience."""
        return self.now.share - self.then.share

    @property
    def longest(self) -> float:
        return max(self.then.share, self.now.share) or 1.0

    @property
    def then_who(self) -> Who:
        return who(self.then.gender, self.then.age_group, self.then.country)

    @property
    def now_who(self) -> Who:
        return who(self.now.gender, self.now.age_group, self.now.country)

    @property
    def same_group(self) -> bool:
        return _face(self.then) == _face(self.now)

    @property
    def same_size(self) -> bool:
        return self.then.persona_set.size == self.now.persona_set.size

    @property
    def same_method(self) -> bool:
        return self.then.persona_set.generation.method == self.now.persona_set.generation.method

    @property
    def other_sources(self) -> str:
        return sources_since(self.now.persona_set.generation, self.then.persona_set.generation)


def sources_since(now: Generation, then: Generation) -> str:
    """Say which sources came and went from one generation to another; "" for none, and where that is not known."""
    before, after = ({source["id"]: source["name"] for source in one.used_sources} for one in (then, now))
    if not before or not after:
        return ""
    came = [f"“{name}”" for pk, name in after.items() if pk not in before]
    went = [f"“{name}”" for pk, name in before.items() if pk not in after]
    words = [f"{get_text_list(came, 'and')} came to the sources"] if came else []
    words += [f"{get_text_list(went, 'and')} went from the sources"] if went else []
    return f"{' and '.join(words)} since then: a change may be of the data, not of the people." if words else ""


def change_since(persona: Persona) -> Change | None:
    """Return what changed since the last earlier generation of the like that has this identity; None: there is none.

    Of the like is one of the same unit, choice of sources, and kind of period: a month, or all of them.
    """
    now = persona.persona_set.generation
    earlier = Persona.objects.before(persona).iterator(chunk_size=FEW)
    then = next((one for one in earlier if _is_alike(one.persona_set.generation, now)), None)
    if then is None:
        return None
    before, after = _labels(then), _labels(persona)
    came = [label for key, label in after.items() if key not in before]
    went = [label for key, label in before.items() if key not in after]
    return Change(then, persona, came, went)


def _is_alike(then: Generation, now: Generation) -> bool:
    return (set(then.source_ids), bool(then.period)) == (set(now.source_ids), bool(now.period))


def _labels(persona: Persona) -> dict[str, str]:
    return {topic["label"].casefold(): topic["label"] for topic in persona.topics}


def _face(persona: Persona) -> tuple[str, str, str]:
    return persona.gender, persona.age_group, persona.country
