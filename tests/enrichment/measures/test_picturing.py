import io

import pytest
from PIL import Image

from enrichment.measures import picturing
from enrichment.measures.picturing import draw_picture, picture_traits


def many(gender="male", age=30, country="US", count=300):
    return [picture_traits(gender=gender, age=age, country=country, key=str(key)) for key in range(count)]


def part(traits, condition):
    return sum(map(condition, traits)) / len(traits)


def picture(key="a", size=64, **changes):
    return draw_picture(**{"gender": "female", "age": 30, "country": "EG"} | changes, key=key, size=size)


def test_the_same_key_gives_the_same_bytes_and_other_keys_do_not():
    assert picture("a") == picture("a")
    assert len({picture(str(key)) for key in range(12)}) == 12


def test_the_picture_is_a_square_png_of_the_size_asked():
    image = Image.open(io.BytesIO(picture(size=96)))
    assert (image.format, image.size) == ("PNG", (96, 96))


def test_every_trait_that_can_be_drawn_renders():
    for gender in ("female", "male", ""):
        for age in (15, 30, 70):
            for country in ("US", "NG", "SA", "IN", ""):
                image = Image.open(io.BytesIO(picture("k", 32, gender=gender, age=age, country=country)))
                assert len(set(image.convert("RGB").get_flattened_data())) > 8


def test_hair_is_grey_for_most_old_people_and_never_for_the_young():
    assert part(many(age=70), lambda t: t.grey) > 0.85
    assert part(many(age=50), lambda t: t.grey) > part(many(age=42), lambda t: t.grey) > 0
    assert part(many(age=30), lambda t: t.grey) == 0


def test_grey_hair_is_drawn_grey():
    assert {t.hair for t in many(age=70) if t.grey} <= set(picturing.GREYS)


def test_white_hair_waits_for_old_age():
    white = picturing.GREYS[-1]
    assert white not in {t.hair for t in many(age=55)}
    assert white in {t.hair for t in many(age=70)}


def test_glasses_become_more_frequent_with_age():
    shares = [part(many(age=age), lambda t: t.glasses != "") for age in (15, 30, 55, 70)]
    assert shares == sorted(shares)


@pytest.mark.parametrize(("gender", "age"), [("male", 15), ("male", 19), ("female", 40), ("user_specified", 40)])
def test_only_grown_men_wear_beards(gender, age):
    assert part(many(gender, age, "SA"), lambda t: t.beard != "") == 0
    assert 0.3 < part(many("male", 30, "SA"), lambda t: t.beard != "") < 0.95


@pytest.mark.parametrize(("gender", "country", "headwear"), [("female", "AF", "hijab"), ("male", "IN", "turban")])
def test_headwear_is_never_certain_and_belongs_to_a_gender(gender, country, headwear):
    other = {"female": "male", "male": "female"}[gender]
    assert 0 < part(many(gender, country=country), lambda t: t.headwear == headwear) < 0.95
    assert part(many(other, country=country), lambda t: t.headwear == headwear) == 0


def test_no_country_is_certain_to_wear_anything():
    rows = picturing._countries().values()
    assert len(rows) == 250
    assert max(max(headscarf, turban) for _, headscarf, turban in rows) <= 85


def test_skin_is_a_distribution_that_depends_on_the_country():
    assert len({t.skin for t in many(country="US")}) >= 6
    dark = {picturing.SKIN[tone] for tone in ("t5", "t6", "t7")}
    shares = [part(many(country=country), lambda t: t.skin in dark) for country in ("SE", "BR", "NG")]
    assert shares == sorted(shares)
    assert shares[0] < 0.1 < 0.95 < shares[2]


def test_only_friendly_expressions_are_drawn():
    assert {t.expression for t in many()} == {"smile", "calm"}


def test_the_young_are_not_bald():
    assert not {t.head for t in many(age=24, country="NG")} & {"noHair1", "noHair2", "noHair3"}


def test_an_unknown_country_is_drawn_from_the_whole_world():
    assert len({t.skin for t in many(country="")}) == 7
