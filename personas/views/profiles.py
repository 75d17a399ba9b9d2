"""The profile of one persona: what the right pane and the print show."""

from dataclasses import dataclass

from personas.changing import Change, change_since
from personas.drawing import Columns, columns
from personas.models import Generation, Identity, Persona
from personas.presenting import Breakdown, GroupLine, Who, breakdowns, groups_behind, who
from personas.profiling import ContentLine, SizeStep, content_lines, size_steps
from personas.voicing import Voice, voice_of

CONTENTS_SHOWN = 6
GROUPS_SHOWN = 6
TOPICS_SHOWN = 8


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
    voice: Voice

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
        steps=size_steps(persona),
        change=change_since(persona),
        voice=voice_of(persona),
    )
