"""Proofs on the project's own names: sizes, spelling, gender forms, and no borrowed culture."""

import re
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from enrichment.measures.naming import GENDERS, INTERNATIONAL, choose_name, load_pools

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT / "enrichment" / "data"
POOLS = load_pools(DATA)
COUNTRIES = sorted(pd.read_csv(ROOT / "sources" / "data" / "regions.csv", keep_default_na=False)["country"])
SPELLING = re.compile(r"[^\W\d_]+(?:[ '-][^\W\d_]+)*")


def table(name):
    return pd.read_csv(DATA / name, keep_default_na=False)


def given_names(slug, gender=None):
    return {given.text for given in POOLS.pools[slug].given if gender in (None, given.gender)}


def surnames(slug):
    return {form for family in POOLS.pools[slug].families for form in (family.male, family.female)}


@pytest.mark.parametrize("slug", POOLS.pools)
def test_every_pool_is_large_enough(slug):
    assert all(len(given_names(slug, gender)) >= 15 for gender in GENDERS)
    assert len(POOLS.pools[slug].families) >= 20


def test_there_are_at_least_45_pools_and_120_countries_with_their_own():
    assert len(POOLS.pools) >= 45
    assert len(POOLS.countries) >= 120


@pytest.mark.parametrize("file", ["names.csv", "family_names.csv", "naming_countries.csv", "naming_regions.csv"])
def test_no_row_stands_twice(file):
    keys = {"names.csv": ["pool", "gender", "given"], "family_names.csv": ["pool", "family"]}
    rows = table(file)
    assert rows[rows.duplicated(keys.get(file, ["country", "pool"]))].empty


def test_every_name_is_spelled_in_latin_letters_with_a_capital():
    forms = [given.text for pool in POOLS.pools.values() for given in pool.given]
    forms += [form for slug in POOLS.pools for form in surnames(slug)]
    odd = [form for form in forms if not SPELLING.fullmatch(form) or form == form.lower()]
    foreign = [form for form in forms if any(ord(c) > 0x24F and not 0x1E00 <= ord(c) <= 0x1EFF for c in form)]
    assert (odd, foreign) == ([], [])


def test_every_country_but_antarctica_has_names():
    without = [code for code in COUNTRIES if code not in POOLS.countries and code not in POOLS.regions]
    assert without == ["AQ"]
    assert set(POOLS.countries) | set(POOLS.regions) <= set(COUNTRIES)


def test_the_weights_of_a_country_make_a_hundred():
    assert {sum(weights.values()) for weights in POOLS.countries.values()} == {100.0}


def test_every_pool_is_used_by_a_country():
    used = {slug for weights in POOLS.countries.values() for slug in weights} | {INTERNATIONAL}
    assert used == set(POOLS.pools)


@pytest.mark.parametrize(
    ("country", "pool"), [("EG", "egypt"), ("PH", "philippines"), ("PK", "pakistan"), ("QA", "gulf")]
)
def test_countries_that_are_often_given_american_names_have_their_own(country, pool):
    assert set(POOLS.countries[country]) == {pool}
    for english in ("united-states", "britain", "australia", "canada", "ireland"):
        assert not given_names(pool) & given_names(english)
        assert not surnames(pool) & surnames(english)


@pytest.mark.parametrize("country", ["EG", "PH", "PK", "QA", "NG", "JP", "BR"])
def test_sixty_personas_of_a_country_have_sixty_different_names_of_it(country):
    taken: list[str] = []
    for key in range(60):
        gender = GENDERS[key % 2]
        name = choose_name(POOLS, country=country, gender=gender, birth_year=1990, key=str(key), taken=taken)
        assert name.level == "country"
        taken.append(name.full)
    assert max(Counter(taken).values()) == 1


FORMS = {
    "russia": (("ov", "ova"), ("ev", "eva"), ("in", "ina"), ("sky", "skaya")),
    "ukraine": (("skyi", "ska"), ("tskyi", "tska"), ("nyi", "na"), ("ov", "ova")),
    "bulgaria": (("ov", "ova"), ("ev", "eva")),
    "czechia": (("ý", "á"), ("", "ová"), ("a", "ová"), ("ek", "ková"), ("ec", "cová")),
    "poland": (("ski", "ska"), ("cki", "cka")),
    "lithuania": (("as", "aitė"), ("us", "iūtė"), ("us", "utė"), ("is", "ytė"), ("ys", "ytė"), ("ius", "iūtė")),
    "greece": (("os", "ou"), ("is", "i"), ("is", "ou"), ("as", "a"), ("os", "ou")),
    "iceland": (("son", "dóttir"), ("sson", "sdóttir"), ("ðsson", "ðardóttir")),
}


@pytest.mark.parametrize("slug", FORMS)
def test_surnames_have_the_gender_forms_of_their_language(slug):
    changed = [family for family in POOLS.pools[slug].families if family.male != family.female]
    assert len(changed) >= 4
    for family in changed:
        assert any(
            family.male.endswith(male) and family.female == family.male.removesuffix(male) + female
            for male, female in FORMS[slug]
        ), family


@pytest.mark.parametrize("slug", ["united-states", "britain", "germany", "france", "spain", "italy", "japan", "brazil"])
@pytest.mark.parametrize("gender", GENDERS)
def test_generations_have_names_of_their_own(slug, gender):
    def usual(year):
        return {g.text for g in POOLS.pools[slug].given if g.gender == gender and g.first_year <= year <= g.last_year}

    assert all(len(usual(year)) >= 15 for year in range(1945, 2015))
    assert len(usual(1950) - usual(2000)) >= 10
    assert len(usual(2000) - usual(1950)) >= 10


def test_no_name_of_a_famous_person_can_be_given():
    names = set(table("names_avoided.csv")["name"])
    assert {"Pedro Sánchez", "Kofi Annan", "Salman Khan"} <= names
    pool = POOLS.pools["ghana"]
    taken = {f"{given.text} {family.male}" for given in pool.given for family in pool.families} - {"Kofi Annan"}
    name = choose_name(POOLS, country="GH", gender="male", birth_year=1990, key="a", taken=taken)
    assert name.level == INTERNATIONAL
