"""The profile of one persona: what the right pane and the print show."""

from dataclasses import dataclass

from enrichment.measures.describing import TOPICS_NAMED
from personas.changing import Change, change_since
from personas.drawing import Columns, columns
from personas.explaining import unsettled
from personas.models import STABLE, Generation, Identity, Persona
from personas.notes import NoteLine, note_lines
from personas.pipeline.sizing import redraws
from personas.presenting import Breakdown, GroupLine, Who, breakdowns, groups_behind, who
from personas.profiling import ContentLine, SizeStep, content_lines, size_steps
from personas.returning import seldom_back
from personas.voicing import Voice, voice_of
from sources.periods import period_words

CONTENTS_SHOWN = 5
GROUPS_SHOWN = 6
TOPICS_SHOWN = 8
WHY_FACE = (
    "The largest group does not give the face: the faces of a set are chosen together, each typical of its persona, so "
    "that side by side they look like the whole audience in gender, age and country."
)


@dataclass(frozen=True)
class Profile:
    """One persona with all that is drawn of it."""

    persona: Persona
    who: Who
    groups: list[GroupLine]
    breakdowns: list[Breakdown]
    contents: list[ContentLine]
    notes: list[NoteLine]
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
    def before_words(self) -> str:
        """The time before that this persona is held against, in words."""
        then = self.generation.continues
        return period_words(then.period) if then and then.period else "the time before"

    @property
    def stable(self) -> float:
        return STABLE

    @property
    def redraws(self) -> int:
        """In how many redraws of the patterns this one was looked for."""
        return redraws(self.generation.method)

    @property
    def unsettled(self) -> bool:
        return unsettled(self.persona.persona_set)

    @property
    def seldom_back(self) -> bool:
        return seldom_back(self.persona)

    @property
    def group_count(self) -> int:
        return len(self.groups)

    @property
    def top_groups(self) -> list[GroupLine]:
        return self.groups[:GROUPS_SHOWN]

    @property
    def why_face(self) -> str:
        """Why the largest group does not give the face; "" when it does."""
        return WHY_FACE if self.groups and self.longest_group > self.groups[0].share else ""

    @property
    def longest_group(self) -> float:
        return max((line.share for line in self.groups), default=1.0)

    @property
    def topics(self) -> list[dict]:
        return self.persona.topics[:TOPICS_SHOWN]

    @property
    def foremost_topics(self) -> list[dict]:
        """Those that a sentence names: found in texts only where there are no others."""
        given = [topic for topic in self.topics if not topic.get("origin")]
        return (given or self.topics)[:TOPICS_NAMED]

    @property
    def found_topic(self) -> dict | None:
        """The first topic that was found in texts."""
        return next((topic for topic in self.topics if topic.get("origin")), None)

    @property
    def found_labels(self) -> list[str]:
        return [topic["label"] for topic in self.persona.topics if topic.get("origin")]

    @property
    def longest_topic(self) -> float:
        return max((topic["share"] for topic in self.topics), default=1.0)

    @property
    def top_contents(self) -> list[ContentLine]:
        return self.contents[:CONTENTS_SHOWN]

    @property
    def preferred_contents(self) -> list[ContentLine]:
        """Those with the highest lift; the smallest group shown is the fewest interactions that count for it."""
        least = self.generation.threshold / (self.persona.interactions or 1)
        enough = [line for line in self.contents if line.share >= least]
        return sorted(enough, key=lambda line: -line.lift)[:CONTENTS_SHOWN]

    @property
    def longest_apart(self) -> float:
        return max((max(one["share"], one["rest"]) for one in self.persona.apart), default=1.0)

    @property
    def has_notes(self) -> bool:
        return any(note.text or note.others for note in self.notes)

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
        contents=content_lines(persona),
        notes=note_lines(persona.identity),
        steps=size_steps(persona),
        change=change_since(persona),
        voice=voice_of(persona),
    )
