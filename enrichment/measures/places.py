"""Where a photo fits: countries, and the regions of the UN's M49 list, read from the words that people write."""

import csv
import difflib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sources.connectors.vocabulary import DATA as SOURCES_DATA
from sources.connectors.vocabulary import spelling_key, vocabulary

DATA = Path(__file__).resolve().parent.parent / "data"
SEPARATORS = (r"[|;]", r"[|;,/]")  # the second one cuts names of countries that have a comma, so it is tried last


class UnknownPlace(ValueError):
    """A word that is no place we know; says so, with the nearest one that is."""


@dataclass(frozen=True, order=True)
class Place:
    """A country (ISO alpha-2) with its region, or with a blank country a region as a whole."""

    country: str
    region: str


@cache
def region_of_countries() -> dict[str, str]:
    """Return the slug of every country's region."""
    return {row["country"]: row["region"] for row in _rows(SOURCES_DATA / "regions.csv")}


def read_countries(text: str) -> set[Place]:
    """Return the countries that a cell names by code or English name, parted by | ; or ,; raises UnknownPlace."""
    return {_country(word) for word in _words(text, _is_country)}


def read_regions(text: str) -> set[Place]:
    """Return the regions that a cell names by M49 name or slug; what is usually called so (Gulf) gives its members."""
    return {place for word in _words(text, lambda word: spelling_key(word) in _regions()) for place in _members(word)}


def tidy(places: Iterable[Place]) -> tuple[Place, ...]:
    """Return the places in order, without countries whose region is there as a whole."""
    whole = {place.region for place in places if not place.country}
    return tuple(sorted(place for place in places if not place.country or place.region not in whole))


def _country(word: str) -> Place:
    known = vocabulary("country")
    code = known.code(word)
    if not code:
        raise UnknownPlace(f"“{word}” is {known.reason(word)}")
    country = known.values[code]
    return Place(country, region_of_countries()[country])


def _is_country(word: str) -> bool:
    return bool(vocabulary("country").code(word))


def _members(word: str) -> tuple[Place, ...]:
    key = spelling_key(word)
    if key not in _regions():
        near = difflib.get_close_matches(key, _regions(), n=1, cutoff=0.75)
        hint = f"; did you mean “{near[0]}”?" if near else ", like Western Asia or Gulf"
        raise UnknownPlace(f"“{word}” is not a region we know{hint}")
    return _regions()[key]


def _words(text: str, is_known: Callable[[str], bool]) -> list[str]:
    """Cut a cell into words: not at all when it is one, else at | and ;, and at commas when that does not do."""
    whole = text.strip()
    for separators in (None, *SEPARATORS):
        words = [whole] if separators is None else [word.strip() for word in re.split(separators, whole)]
        words = [word for word in words if word]
        if all(map(is_known, words)):
            break
    return words


@cache
def _regions() -> dict[str, tuple[Place, ...]]:
    """Return the members of every region and group by the key of each of its spellings."""
    spellings: dict[str, tuple[Place, ...]] = {}
    regions = region_of_countries()
    for row in _rows(DATA / "place_groups.csv"):
        members = row["members"].split()
        places = tuple(Place(member, regions[member]) if member in regions else Place("", member) for member in members)
        spellings |= {spelling_key(name): places for name in row["names"].split("|")}
    for row in _rows(SOURCES_DATA / "regions.csv"):
        place = (Place("", row["region"]),)
        spellings |= {spelling_key(row["region"]): place, spelling_key(row["region_name"]): place}
    return spellings


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
