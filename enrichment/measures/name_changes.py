"""Naming pools with what people changed of them, and what a change must not do to a pool."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from enrichment.measures.naming import GENDERS, Family, Given, NamePools, Pool, read_cohort

FEWEST_GIVEN = 15
FEWEST_FAMILIES = 20
KINDS = ("given", "family")
ACTIONS = ("add", "remove")
LONGEST = 60
SPELLING = re.compile(r"[^\W\d_]+(?:[ '’-][^\W\d_]+)*")
ENGLISH = ("united-states", "britain", "australia", "canada", "ireland")
OWN_NAMES = ("EG", "PH", "PK", "QA")
"""Countries that other tools give American names; here their pools borrow none."""


@dataclass(frozen=True)
class Entry:
    """A name added to a pool, or taken out of it.

    kind: given or family. gender: female or male for a given name, blank for a surname. female: form of a surname for
    a woman, blank: the same. cohort: birth years as in names.csv. action: add or remove; adding a name that is there
    gives it these years or this form.
    """

    pool: str
    kind: str
    gender: str
    value: str
    female: str = ""
    cohort: str = ""
    action: str = "add"

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.pool, self.kind, self.gender, self.value


def changed(pools: NamePools, entries: Iterable[Entry]) -> NamePools:
    """Return the pools with the entries applied; those of pools that there are not are left out."""
    by_pool: dict[str, list[Entry]] = {}
    for entry in entries:
        by_pool.setdefault(entry.pool, []).append(entry)
    found = {slug: _changed(pool, by_pool.get(slug, [])) for slug, pool in pools.pools.items()}
    return replace(pools, pools=found)


def _changed(pool: Pool, entries: list[Entry]) -> Pool:
    if not entries:
        return pool
    given = {(one.gender, one.text): one for one in pool.given}
    families = {one.male: one for one in pool.families}
    for entry in entries:
        if entry.kind == "given":
            given.pop((entry.gender, entry.value), None) if entry.action == "remove" else given.update(_given(entry))
        elif entry.action == "remove":
            families.pop(entry.value, None)
        else:
            families[entry.value] = Family(entry.value, entry.female or entry.value)
    return replace(pool, given=tuple(given.values()), families=tuple(families.values()))


def _given(entry: Entry) -> dict[tuple[str, str], Given]:
    first, last = read_cohort(entry.cohort, entry.value)
    return {(entry.gender, entry.value): Given(entry.value, entry.gender, first, last)}


def entries_of(pools: NamePools) -> Iterator[Entry]:
    """Return every name of the pools, as an entry that adds it."""
    for slug, pool in pools.pools.items():
        for given in pool.given:
            years = cohort_words(given.first_year, given.last_year)
            yield Entry(slug, "given", given.gender, given.text, cohort=years)
        for family in pool.families:
            yield Entry(slug, "family", "", family.male, "" if family.female == family.male else family.female)


def cohort_words(first: int, last: int) -> str:
    """Return a band of birth years as names.csv writes it; blank is any."""
    if (first, last) == (0, 9999):
        return ""
    return f"{first or ''}-{'' if last == 9999 else last}"


def complaint(entry: Entry, pools: NamePools, english: Mapping[str, frozenset[str]]) -> tuple[str, str]:
    """Return the column and the reason why an entry cannot be, two blanks when it can.

    `english` holds by kind the names of the English pools, which some pools must not borrow.
    """
    if entry.pool not in pools.pools:
        return "pool", "There is no such pool."
    if entry.kind not in KINDS:
        return "kind", "Write given or family."
    if entry.gender not in (GENDERS if entry.kind == "given" else ("",)):
        return "gender", "A given name is female or male, a surname has no gender."
    if entry.action not in ACTIONS:
        return "action", "Write add or remove."
    for column, value in (("value", entry.value), ("value_female", entry.female)):
        if (value or column == "value") and not is_spelled(value):
            return column, "A name is written in Latin letters with a capital, parted by single blanks or hyphens."
    return _years_or_origin(entry, pools, english)


def _years_or_origin(entry: Entry, pools: NamePools, english: Mapping[str, frozenset[str]]) -> tuple[str, str]:
    try:
        first, last = read_cohort(entry.cohort, entry.value)
    except ValueError:
        return "cohort", "Years are like 1970-1989, -1969 or 1990-, or empty."
    if first > last or (entry.cohort and entry.kind == "family"):
        return "cohort", "The years run from the first to the last, and a surname has none."
    if (
        entry.action == "add"
        and entry.pool in guarded_pools(pools)
        and {entry.value, entry.female} & english[entry.kind]
    ):
        return "value", "This name stands in an English pool: people of this pool are not given English names."
    return "", ""


def is_spelled(value: str) -> bool:
    latin = all(ord(letter) <= 0x24F or 0x1E00 <= ord(letter) <= 0x1EFF or letter == "’" for letter in value)
    return bool(SPELLING.fullmatch(value)) and latin and value != value.lower() and len(value) <= LONGEST


def english_names(pools: NamePools) -> dict[str, frozenset[str]]:
    """Return by kind every name of the English pools."""
    found = [pools.pools[slug] for slug in ENGLISH if slug in pools.pools]
    return {kind: frozenset(name for pool in found for name in _names(pool, kind)) for kind in KINDS}


def guarded_pools(pools: NamePools) -> frozenset[str]:
    """Return the pools that borrow no English name."""
    return frozenset(slug for country in OWN_NAMES for slug in pools.countries.get(country, ()))


def shortcomings(pools: NamePools) -> list[str]:
    """Return in words what is wrong with the pools: too few names of a kind, or names borrowed from English pools."""
    found = []
    for slug, pool in pools.pools.items():
        for gender in GENDERS:
            count = sum(given.gender == gender for given in pool.given)
            if count < FEWEST_GIVEN:
                found.append(f"{slug}: {count} {gender} given names, at least {FEWEST_GIVEN} are needed.")
        if len(pool.families) < FEWEST_FAMILIES:
            found.append(f"{slug}: {len(pool.families)} surnames, at least {FEWEST_FAMILIES} are needed.")
    english = english_names(pools)
    for slug in sorted(guarded_pools(pools)):
        borrowed = sorted(
            name for kind in KINDS for name in english[kind].intersection(_names(pools.pools[slug], kind))
        )
        found += [f"{slug}: {name} stands in an English pool too." for name in borrowed]
    return found


def bearers(names: Mapping[int, str], values: Iterable[str]) -> set[int]:
    """Return the keys of the full names that one of these values, of one word or several, is a part of."""
    wanted = {tuple(value.casefold().split()) for value in values}
    longest = max(map(len, wanted), default=0)
    return {key for key, name in names.items() if not wanted.isdisjoint(_runs(name.casefold().split(), longest))}


def _runs(words: list[str], longest: int) -> Iterator[tuple[str, ...]]:
    for start in range(len(words)):
        for length in range(1, longest + 1):
            yield tuple(words[start : start + length])


def _names(pool: Pool, kind: str) -> set[str]:
    if kind == "given":
        return {given.text for given in pool.given}
    return {form for family in pool.families for form in (family.male, family.female)}
