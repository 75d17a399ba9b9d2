"""The photo that becomes a face: the nearest that fits, the same every time, and nobody's twice."""

from dataclasses import replace

import pytest

from enrichment.measures.chance import number
from enrichment.measures.choosing import Candidate, Wanted, choose_photo, fitting, neighbours, rank_photos

WOMAN = Wanted("female", "25-34", "SA")


def photo(pk: int, *, country: str = "SA", region: str = "western-asia", **fields) -> Candidate:
    countries = frozenset({country} if country else ())
    wish = {"gender": "female", "age_group": "25-34", "own": False} | fields
    return Candidate(
        pk=pk,
        countries=countries,
        regions=frozenset({region}),
        likeness=number("likeness", pk) << 64 | number(pk),
        digest=f"d{pk}",
        **wish,
    )


def chosen(*photos: Candidate, wanted: Wanted = WOMAN, key: str = "key", used=None):
    choice = choose_photo(photos, wanted, key=key, used=used or {})
    return choice and (choice.photo.pk, choice.level)


EXACT, REGION = photo(1), photo(2, country="AE")
WHOLE_REGION = photo(3, country="")
OLDER, OLDER_REGION = photo(4, age_group="35-44"), photo(5, age_group="18-24", country="AE")
MUCH_OLDER, ELSEWHERE = photo(6, age_group="45-54"), photo(7, country="FR", region="western-europe")
MAN = photo(8, gender="male")


def test_band_and_country_come_first():
    assert chosen(OLDER, REGION, EXACT, WHOLE_REGION) == (1, "country")


@pytest.mark.parametrize("near", [REGION, WHOLE_REGION])
def test_then_the_region(near):
    assert chosen(OLDER, near) == (near.pk, "region")


def test_then_the_neighbouring_band_in_the_country_before_the_region():
    assert chosen(OLDER_REGION, OLDER) == (4, "neighbour")
    assert chosen(OLDER_REGION) == (5, "neighbour")


@pytest.mark.parametrize("other", [MUCH_OLDER, ELSEWHERE, MAN])
def test_then_none(other):
    assert chosen(other) is None


def test_no_photo_is_chosen_twice():
    assert chosen(EXACT, REGION, used={1: EXACT.likeness}) == (2, "region")
    assert chosen(EXACT, used={1: EXACT.likeness}) is None


def test_a_photo_that_looks_like_a_used_one_is_not_chosen():
    twin = replace(EXACT, pk=9, digest="d9", likeness=EXACT.likeness ^ 0b111)
    assert chosen(twin, REGION, used={1: EXACT.likeness}) == (2, "region")


def test_the_own_come_before_the_shared_but_not_before_a_better_fit():
    own = photo(20, own=True)
    assert {chosen(*(photo(pk) for pk in range(10, 20)), own, key=str(key)) for key in range(9)} == {(20, "country")}
    assert chosen(EXACT, photo(21, country="AE", own=True)) == (1, "country")


def test_the_choice_depends_on_the_key_and_not_on_the_order():
    photos = [photo(pk) for pk in range(30)]
    picks = [chosen(*photos, key=str(key)) for key in range(20)]
    assert picks == [chosen(*reversed(photos), key=str(key)) for key in range(20)]
    assert len(set(picks)) > 5


@pytest.mark.parametrize("blank", [{"gender": ""}, {"age_group": ""}, {"place": ""}])
def test_anything_fits_what_the_data_does_not_say(blank):
    assert chosen(EXACT, wanted=replace(WOMAN, **blank)) == (1, "country")
    assert chosen(replace(MAN, age_group="65+", countries=frozenset({"FR"})), wanted=Wanted("", "", "")) == (
        8,
        "country",
    )


def test_a_region_is_a_place_to_live_in_too():
    assert chosen(ELSEWHERE, EXACT, wanted=replace(WOMAN, place="western-asia")) == (1, "region")


def test_the_outer_bands_have_one_neighbour():
    assert (neighbours("13-17"), neighbours("35-44"), neighbours("65+")) == (("18-24",), ("25-34", "45-54"), ("55-64",))


def test_all_that_fit_are_ranked_once():
    photos = [EXACT, REGION, OLDER, OLDER_REGION, MUCH_OLDER, MAN]
    assert [choice.photo.pk for choice in rank_photos(photos, WOMAN, key="k", used={})] == [1, 2, 4, 5]
    assert {one.pk for one in fitting(photos, WOMAN)} == {1, 2, 4, 5}
