"""What changed of a persona since the last set that has the same identity."""

from dataclasses import dataclass

from personas.models import Persona
from personas.presenting import Who, who


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


def change_since(persona: Persona) -> Change | None:
    """Return what changed since the last earlier generation that has this identity; None where there is none."""
    then = Persona.objects.before(persona).first()
    if then is None:
        return None
    before, after = _labels(then), _labels(persona)
    came = [label for key, label in after.items() if key not in before]
    went = [label for key, label in before.items() if key not in after]
    return Change(then, persona, came, went)


def _labels(persona: Persona) -> dict[str, str]:
    return {topic["label"].casefold(): topic["label"] for topic in persona.topics}


def _face(persona: Persona) -> tuple[str, str, str]:
    return persona.gender, persona.age_group, persona.country
