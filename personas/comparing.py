"""Personas of one set beside each other: stored rows in, aligned rows of shares out; no query is made."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from personas.models import AudienceRows, Persona
from personas.presenting import audience_shares, gender_label, group_parts, place
from personas.voicing import MOODS
from sources.models import AgeGroup, Gender

FEWEST, MOST = 2, 3
PLACES_COMPARED = 8
REST, WHOLE = "Rest of the audience", "Whole audience"


@dataclass(frozen=True)
class Cell:
    """A part of a persona or of the audience; the lift over the whole audience where it is stored."""

    share: float
    lift: float | None = None


@dataclass(frozen=True)
class Row:
    """One value with a cell for each persona and one for what they are held against; None is not known."""

    label: str
    cells: list[Cell | None]
    against: Cell | None
    is_rest: bool = False


@dataclass(frozen=True)
class Section:
    """Rows of one kind, and what their last column is."""

    title: str
    against: str
    rows: list[Row]
    is_range: bool = False
    is_topics: bool = False

    @property
    def longest(self) -> float:
        cells = [cell for row in self.rows if not row.is_rest for cell in (*row.cells, row.against) if cell]
        return max((cell.share for cell in cells), default=0) or 1.0


def complaint(chosen: Sequence[Persona], named: int) -> str:
    """Return why these personas cannot stand side by side, in words for the reader; blank when they can."""
    if not chosen:
        return "Choose two or three personas of one set."
    if len({persona.persona_set_id for persona in chosen}) > 1:
        return (
            "These personas are of different sets. Each set divides the whole audience anew, so only personas of one "
            "set can be compared."
        )
    if named < FEWEST:
        return "One persona alone cannot be compared. Choose one or two more."
    if named > MOST:
        return f"Up to three personas stand side by side, but {named} were chosen. Take some away."
    return ""


def rest_share(personas: Sequence[Persona]) -> float:
    """Return the part of the audience that none of the personas stands for."""
    return max(0.0, 1.0 - sum(persona.share for persona in personas))


def sections(personas: Sequence[Persona], audience: AudienceRows) -> list[Section]:
    """Return gender, age, place and topics of the personas, like beside like; what the data lacks is left out."""
    columns = _columns(personas, audience)
    regional = any(len(key[2]) > 2 for key in audience.groups)
    genders, ages, places = (_sums(audience.groups, number, columns) for number in range(3))
    ranked = sorted(places, key=lambda code: (-places[code][:-1].max(), place(code)))
    found = [
        Section("Gender", REST, [_row(gender_label(key), genders[key]) for key in Gender.values if key in genders]),
        Section("Age", REST, [_row(key, ages[key]) for key in AgeGroup.values if key in ages], is_range=True),
        Section("Region" if regional else "Country", REST, _place_rows(ranked, places)),
        Section("Topics of interest", WHOLE, _topic_rows(personas), is_topics=True),
        Section("Sentiment of the comments", WHOLE, _mood_rows(personas)),
    ]
    return [section for section in found if section.rows]


def _columns(personas: Sequence[Persona], audience: AudienceRows) -> np.ndarray:
    """Parts of each persona and, last, of all that no persona here stands for: (personas + 1, groups)."""
    parts = np.stack([group_parts(persona, audience) for persona in personas])
    taken = np.array([persona.share for persona in personas]) @ parts
    rest = np.clip(audience_shares(audience) - taken, 0.0, None)
    return np.vstack([parts, rest / (rest.sum() or 1.0)])


def _sums(groups: list[list[str]], dimension: int, columns: np.ndarray) -> dict[str, np.ndarray]:
    sums: dict[str, np.ndarray] = {}
    for key, parts in zip(groups, columns.T, strict=True):
        if key[dimension]:
            sums[key[dimension]] = sums.get(key[dimension], 0.0) + parts
    return sums


def _row(label: str, parts: np.ndarray, is_rest: bool = False) -> Row:
    *own, against = (Cell(share) for share in parts.tolist())
    return Row(label, own, against, is_rest)


def _place_rows(ranked: list[str], places: dict[str, np.ndarray]) -> list[Row]:
    if len(ranked) <= PLACES_COMPARED + 1:
        return [_row(place(code), places[code]) for code in ranked]
    others = ranked[PLACES_COMPARED:]
    rest = _row(f"{len(others)} others", sum(places[code] for code in others), is_rest=True)
    return [*(_row(place(code), places[code]) for code in ranked[:PLACES_COMPARED]), rest]


def _topic_rows(personas: Sequence[Persona]) -> list[Row]:
    """The topics of all: those that most of the personas have first, then those of the first persona, and so on."""
    tables = [{topic["label"].casefold(): topic for topic in persona.topics} for persona in personas]
    rows = [_topic_row(key, tables) for key in dict.fromkeys(key for table in tables for key in table)]
    return sorted(rows, key=_topic_place)


def _mood_rows(personas: Sequence[Persona]) -> list[Row]:
    """Positive, neutral and negative parts, where any of the personas has enough comments."""
    told = [persona.sentiment for persona in personas]
    known = next((one for one in told if one), None)
    if known is None:
        return []
    # Every persona was told beside the same audience.
    whole = known["audience"]
    return [
        Row(label, [Cell(one[key]) if one else None for one in told], Cell(whole[key]) if whole else None)
        for key, label in MOODS
    ]


def _topic_place(row: Row) -> tuple[int, list[bool], float]:
    absent = [cell is None for cell in row.cells]
    return sum(absent), absent, -max(cell.share for cell in row.cells if cell)


def _topic_row(key: str, tables: list[dict[str, dict]]) -> Row:
    found = [table.get(key) for table in tables]
    cells = [Cell(topic["share"], topic["lift"]) if topic else None for topic in found]
    first = next(topic for topic in found if topic)
    # Every lift is over the same audience, so any of them says how much of it the topic is.
    usual = Cell(first["share"] / first["lift"]) if first["lift"] else None
    return Row(first["label"], cells, usual)
