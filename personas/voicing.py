"""What the comments say of a persona, as pages and programs show it: sentiment, and the quotes that may be shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from enrichment.hiding import ShownQuote, language_name, shown_quotes, shown_quotes_of
from personas.models import Persona
from sources.models import Organization

MOODS = (("positive", "Positive"), ("neutral", "Neutral"), ("negative", "Negative"))


@dataclass(frozen=True)
class Mood:
    """One kind of feeling: its part of the persona's comments, and of the whole audience's where that is known."""

    key: str
    label: str
    share: float
    audience_share: float | None


@dataclass(frozen=True)
class Feelings:
    """The sentiment of a persona, or of its comments in one language; it stands on `scored` of `total` comments."""

    label: str
    moods: list[Mood]
    scored: int
    total: int

    @property
    def parts(self) -> list[tuple[str, float]]:
        """What the stacked bar draws."""
        return [(mood.key, mood.share) for mood in self.moods]

    @property
    def coverage(self) -> str:
        return f"from {self.scored:,} of {self.total:,} comments"

    @property
    def has_audience(self) -> bool:
        return self.moods[0].audience_share is not None


@dataclass(frozen=True)
class Voice:
    """What the comments say of one persona."""

    feelings: Feelings | None
    languages: list[Feelings]
    quotes: list[ShownQuote]
    hidden: int

    @property
    def had_quotes(self) -> bool:
        return bool(self.quotes or self.hidden)


def voice_of(persona: Persona) -> Voice:
    """Return what the comments say of a persona that was read with_profile()."""
    told = persona.sentiment or {}
    organization = persona.persona_set.generation.organization
    quotes = shown_quotes(organization, persona.quotes)
    languages = [_feelings(language_name(part["language"]), part, None) for part in told.get("languages", ())]
    return Voice(
        feelings=_feelings("", told, told.get("audience")) if told else None,
        languages=languages if len(languages) > 1 else [],
        quotes=quotes,
        hidden=len(persona.quotes) - len(quotes),
    )


def quotes_as_data(personas: Sequence[Persona], organization: Organization) -> dict[int, list[dict[str, Any]]]:
    """Return the quotes of several personas of one organization as plain data, by the persona's key."""
    found = shown_quotes_of(organization, [persona.quotes for persona in personas])
    return {persona.pk: list(map(_as_data, quotes)) for persona, quotes in zip(personas, found, strict=True)}


def _feelings(label: str, told: dict, audience: dict | None) -> Feelings:
    moods = [Mood(key, name, told[key], audience and audience[key]) for key, name in MOODS]
    return Feelings(label, moods, told["scored"], told["total"])


def _as_data(quote: ShownQuote) -> dict[str, Any]:
    return {
        "text": quote.text,
        "language": quote.language,
        "content": quote.content.external_id,
        "title": quote.content.title,
        "source": quote.source,
        "published_at": quote.published_at and quote.published_at.isoformat(),
    }
