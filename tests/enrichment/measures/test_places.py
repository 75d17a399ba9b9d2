"""Countries and regions as people write them."""

import pytest

from enrichment.measures.places import Place, UnknownPlace, read_countries, read_regions, region_of_countries, tidy


@pytest.mark.parametrize("cell", ["SA | ae", "Saudi Arabia;United Arab Emirates", "SA, AE", "SAU/UAE"])
def test_countries_are_read_by_code_and_by_name(cell):
    assert read_countries(cell) == {Place("SA", "western-asia"), Place("AE", "western-asia")}


def test_a_country_with_a_comma_in_its_name_is_one():
    (place,) = read_countries("Tanzania, United Republic of")
    assert place.country == "TZ"


@pytest.mark.parametrize("cell", ["western-asia", "Western Asia", " WESTERN ASIA "])
def test_a_region_is_read_by_name_and_by_slug(cell):
    assert read_regions(cell) == {Place("", "western-asia")}


def test_what_is_usually_called_a_region_gives_its_members():
    assert {place.country for place in read_regions("the Gulf")} == {"AE", "BH", "KW", "OM", "QA", "SA"}
    assert read_regions("Sub-Saharan Africa | Caucasus") >= {Place("", "middle-africa"), Place("GE", "western-asia")}


def test_an_empty_cell_names_nothing():
    assert read_countries(" ") == read_regions("") == set()


@pytest.mark.parametrize(
    ("read", "cell", "words"),
    [
        (read_countries, "SA | Atlantis", "“Atlantis” is not a country"),
        (read_countries, "unknown", "“unknown”"),
        (read_regions, "Westen Asia", "did you mean “western asia”"),
        (read_regions, "Atlantis", "like Western Asia"),
    ],
)
def test_what_is_no_place_is_named(read, cell, words):
    with pytest.raises(UnknownPlace, match=words):
        read(cell)


def test_a_country_inside_a_whole_region_is_told_once():
    places = {Place("SA", "western-asia"), Place("", "western-asia"), Place("FR", "western-europe")}
    assert tidy(places) == (Place("", "western-asia"), Place("FR", "western-europe"))


def test_every_group_is_made_of_places_that_there_are():
    regions = set(region_of_countries().values())
    for name in ("Middle East", "Europe", "Latin America", "Nordic", "Arab world", "British Isles"):
        assert {place.region for place in read_regions(name)} <= regions
