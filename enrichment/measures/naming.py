"""Names from the project's own pools: country first, then its region, then the international pool."""

import csv
import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from enrichment.measures.chance import number, pick

INTERNATIONAL = "international"
GENDERS = ("female", "male")
FAMILY_FIRST = "family"


class NamesExhausted(ValueError):
    """Every name of a pool is taken already."""


@dataclass(frozen=True)
class Given:
    """A given name, its gender, and the birth years (first, last) in which it was usual."""

    text: str
    gender: str
    first_year: int
    last_year: int


@dataclass(frozen=True)
class Family:
    """A surname in its two forms, which are the same in most languages."""

    male: str
    female: str


@dataclass(frozen=True)
class Pool:
    """The names of one naming culture."""

    slug: str
    label: str
    family_first: bool
    given: tuple[Given, ...]
    families: tuple[Family, ...]


@dataclass(frozen=True)
class NamePools:
    """All pools, the pools of each country (ISO alpha-2) with their weights, its region's pool, names never given."""

    pools: Mapping[str, Pool]
    countries: Mapping[str, Mapping[str, float]]
    regions: Mapping[str, str]
    avoided: frozenset[str]


@dataclass(frozen=True)
class Name:
    """A chosen name; level says how near the pool is: country, region or international."""

    full: str
    given: str
    family: str
    pool: str
    level: str


def load_pools(folder: Path) -> NamePools:
    """Read the naming files of a folder; raises ValueError naming the file and the line of a bad row."""
    given = _read_given(folder / "names.csv")
    families = _read_families(folder / "family_names.csv")
    pools = {}
    for line, row in _rows(folder / "naming_pools.csv", ("pool", "label", "order")):
        slug = row["pool"]
        if slug not in given or slug not in families:
            raise ValueError(f"naming_pools.csv, line {line}: pool {slug!r} has no given names or no surnames.")
        pools[slug] = Pool(slug, row["label"], row["order"] == FAMILY_FIRST, tuple(given[slug]), tuple(families[slug]))
    if INTERNATIONAL not in pools:
        raise ValueError(f"naming_pools.csv: the pool {INTERNATIONAL!r} is missing.")
    avoided = frozenset(row["name"].casefold() for _, row in _rows(folder / "names_avoided.csv", ("name",)))
    return NamePools(
        pools,
        _read_countries(folder / "naming_countries.csv", pools),
        _read_regions(folder / "naming_regions.csv", pools),
        avoided,
    )


def choose_name(
    pools: NamePools, *, country: str, gender: str, birth_year: int, key: str, taken: Collection[str]
) -> Name:
    """Choose a full name that is not taken, the same one for the same arguments.

    Country is ISO alpha-2 or blank. A gender other than female or male draws from both. A name that shares no word
    with a taken one is preferred, so that a set of personas reads as different people. When a pool is used up the
    next level is asked; raises NamesExhausted when the international pool is used up too.
    """
    refused = pools.avoided.union(name.casefold() for name in taken)
    words = frozenset(word for name in taken for word in name.casefold().split())
    asked: list[str] = []
    for level, slug in _levels(pools, country, key):
        asked.append(slug)
        try:
            return _choose_in_pool(pools.pools[slug], level, gender, birth_year, key, refused, words)
        except NamesExhausted:
            continue
    raise NamesExhausted(f"Every name of the pools {', '.join(asked)} is taken: add names to one of them.")


def _levels(pools: NamePools, country: str, key: str) -> Iterator[tuple[str, str]]:
    """Yield (level, pool): a country's pools in an order that the weights and the key decide, then the others."""
    code = country.upper()
    weights = dict(pools.countries.get(code, {}))
    while weights:
        slug = pick(weights, "pool", key)
        del weights[slug]
        yield "country", slug
    if code in pools.regions:
        yield "region", pools.regions[code]
    yield INTERNATIONAL, INTERNATIONAL


def _choose_in_pool(
    pool: Pool,
    level: str,
    gender: str,
    birth_year: int,
    key: str,
    refused: Collection[str],
    words: frozenset[str],
) -> Name:
    fallback: Name | None = None
    for given, family in _pairs(pool, gender, birth_year, key):
        name = _join(pool, level, given, family)
        if name.full.casefold() in refused or name.given == name.family:
            continue
        if words.isdisjoint(name.full.casefold().split()):
            return name
        fallback = fallback or name
    if fallback is None:
        raise NamesExhausted(f"Every name of the pool {pool.slug} is taken.")
    return fallback


def _pairs(pool: Pool, gender: str, birth_year: int, key: str) -> Iterator[tuple[Given, Family]]:
    """Walk through every pair of a pool once, from a start and with a step that the key decides."""
    wanted = [given for given in pool.given if gender not in GENDERS or given.gender == gender]
    usual = [given for given in wanted if given.first_year <= birth_year <= given.last_year]
    for names in (usual, [given for given in wanted if given not in usual]):
        count = len(names) * len(pool.families)
        if not count:
            continue
        start = number("name", key, pool.slug, gender) % count
        step = _coprime_step(count, number("name step", key, pool.slug))
        for turn in range(count):
            index = (start + turn * step) % count
            yield names[index // len(pool.families)], pool.families[index % len(pool.families)]


def _coprime_step(count: int, wish: int) -> int:
    step = wish % count or 1
    while math.gcd(step, count) != 1:
        step += 1
    return step


def _join(pool: Pool, level: str, given: Given, family: Family) -> Name:
    surname = family.female if given.gender == "female" else family.male
    full = f"{surname} {given.text}" if pool.family_first else f"{given.text} {surname}"
    return Name(full, given.text, surname, pool.slug, level)


def _read_given(path: Path) -> dict[str, list[Given]]:
    given: dict[str, list[Given]] = {}
    for line, row in _rows(path, ("pool", "gender", "cohort", "given")):
        if row["gender"] not in GENDERS:
            raise ValueError(f"{path.name}, line {line}: gender {row['gender']!r} is neither female nor male.")
        first, last = read_cohort(row["cohort"], f"{path.name}, line {line}")
        given.setdefault(row["pool"], []).append(Given(row["given"], row["gender"], first, last))
    return given


def read_cohort(text: str, place: str) -> tuple[int, int]:
    """Read a band of birth years: blank is any, "-1969" up to, "1990-" from, "1970-1989" between."""
    if not text:
        return 0, 9999
    first, dash, last = text.partition("-")
    if not dash or not (first or "0").isdecimal() or not (last or "9999").isdecimal():
        raise ValueError(f"{place}: cohort {text!r} is not like 1970-1989, -1969 or 1990-.")
    return int(first or 0), int(last or 9999)


def _read_families(path: Path) -> dict[str, list[Family]]:
    families: dict[str, list[Family]] = {}
    for _, row in _rows(path, ("pool", "family", "family_female")):
        family = Family(row["family"], row["family_female"] or row["family"])
        families.setdefault(row["pool"], []).append(family)
    return families


def _read_countries(path: Path, pools: Mapping[str, Pool]) -> dict[str, dict[str, float]]:
    countries: dict[str, dict[str, float]] = {}
    for line, row in _rows(path, ("country", "pool", "weight")):
        slug = _known(row["pool"], pools, f"{path.name}, line {line}")
        if not row["weight"].isdecimal() or int(row["weight"]) == 0:
            raise ValueError(f"{path.name}, line {line}: weight {row['weight']!r} is not a whole number above 0.")
        countries.setdefault(row["country"], {})[slug] = float(row["weight"])
    return countries


def _read_regions(path: Path, pools: Mapping[str, Pool]) -> dict[str, str]:
    return {
        row["country"]: _known(row["pool"], pools, f"{path.name}, line {line}")
        for line, row in _rows(path, ("country", "pool"))
    }


def _known(slug: str, pools: Mapping[str, Pool], place: str) -> str:
    if slug not in pools:
        raise ValueError(f"{place}: there is no pool {slug!r}.")
    return slug


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        missing = [column for column in columns if column not in (reader.fieldnames or ())]
        if missing:
            raise ValueError(f"{path.name}: the column {missing[0]!r} is missing.")
        for row in reader:
            yield reader.line_num, {column: (row[column] or "").strip() for column in columns}
