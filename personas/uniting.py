"""What merged patterns say together: sentiment, loyalty, job and what sets them apart, from what is stored of them."""

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np

from enrichment.attributing import Together
from enrichment.listening import Voices
from personas.attributes import apart_data, attributes_data, united_loyalty
from personas.frames import sources_read
from personas.models import Generation, Persona
from sources.attributing import telling_of
from sources.packing import COUNTS, IDS, SHARES, unpack

APART = "What sets them apart"
NOT_APART = "No gender, age or country of them together differs from the rest of the audience by more than chance."


class Union:
    """Tells the merged personas of one generation; what all of them share is read once."""

    def __init__(self, generation: Generation, told: Sequence[Persona]) -> None:
        """Take the combined rows of the generation, with their groups, contents and topics."""
        self._generation = generation
        self._usual = {line["id"]: _usual(line) for persona in told for line in persona.contents}
        self._ids = np.array(sorted(self._usual), dtype=np.int64)

    def tell(self, persona: Persona, parts: Sequence[Persona]) -> None:
        """Write what can be said of a combined row and its parts into the row, which is not saved here.

        Sentiment is that of the comments on the heaviest contents of the parts, weighted by what they all saw, beside
        the whole audience's as it was counted for the parts; job, education and relationship those of the groups of
        all; loyalty the mean by shares, which is the same as counted anew where a platform counts the loyal.
        """
        lacking = {one["attribute"]: one["why"] for one in persona.unavailable}
        persona.loyalty = united_loyalty([(part.share, part.loyalty) for part in parts])
        self._feel(persona, parts, lacking)
        rows, shares = unpack(persona.group_rows, IDS), unpack(persona.group_shares, SHARES)
        behind = np.zeros(len(self._groups.groups))
        behind[rows] = shares
        found = self._groups.of(behind, persona.share, int(rows[0]))
        persona.attributes, persona.apart = attributes_data(found.likely), apart_data(found.apart)
        for label, why in found.unavailable:
            lacking[label] = why
        told = {one["label"] for one in persona.attributes} | ({"Loyalty"} if persona.loyalty else set())
        told |= {"Sentiment"} if persona.sentiment else set()
        told |= {APART} if persona.apart else set()
        if not persona.apart:
            lacking[APART] = NOT_APART
        persona.unavailable = [{"attribute": a, "why": why} for a, why in lacking.items() if a not in told]

    def _feel(self, persona: Persona, parts: Sequence[Persona], lacking: dict[str, str]) -> None:
        weights = dict.fromkeys(self._ids.tolist(), 0.0) | {line["id"]: line["share"] for line in persona.contents}
        if not self._voices.read:
            return
        found = self._voices.sentiment(np.array([weights[pk] for pk in self._ids.tolist()]))
        if isinstance(found, str):
            lacking["Sentiment"] = found
            return
        whole = next((part.sentiment["audience"] for part in parts if part.sentiment), None)
        persona.sentiment = found.as_data() | {"audience": whole}

    @cached_property
    def _voices(self) -> Voices:
        return Voices(self._ids, np.array([self._usual[pk] for pk in self._ids.tolist()]), self._sources)

    @cached_property
    def _groups(self) -> Together:
        audience = self._generation.audience
        groups = [(gender, age, country) for gender, age, country in audience.groups]
        return Together(groups, unpack(audience.totals, COUNTS).astype(float), telling_of(self._sources))

    @cached_property
    def _sources(self) -> list[int]:
        return sources_read(self._generation)


def tell_unions(told: Iterable[tuple[Persona, Sequence[Persona]]]) -> None:
    """Write what can be said of combined rows and their parts into the rows, each generation's read once."""
    by_generation: dict[Generation, list[tuple[Persona, Sequence[Persona]]]] = {}
    for persona, parts in told:
        by_generation.setdefault(persona.persona_set.generation, []).append((persona, parts))
    for generation, pairs in by_generation.items():
        union = Union(generation, [persona for persona, _ in pairs])
        for persona, parts in pairs:
            union.tell(persona, parts)


def _usual(line: dict) -> float:
    return line["share"] / line["lift"] if line["lift"] else 0.0
