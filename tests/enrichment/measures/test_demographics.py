import pytest

from enrichment.measures.demographics import BANDS, birth_year, choose_age


@pytest.mark.parametrize("band", BANDS)
@pytest.mark.parametrize("shares", [{}, dict.fromkeys(BANDS, 1.0), {"13-17": 9.0}, {"65+": 9.0}])
def test_the_age_stands_inside_its_band(band, shares):
    first, last = BANDS[band]
    assert all(first <= choose_age(band, shares, str(key)) <= last for key in range(200))


def mean_age(shares):
    return sum(choose_age("35-44", shares, str(key)) for key in range(200)) / 200


def test_even_neighbours_leave_the_age_in_the_middle():
    assert abs(mean_age({"25-34": 0.3, "35-44": 0.4, "45-54": 0.3}) - 39.5) < 0.4


def test_the_heavier_neighbour_pulls_the_age_to_its_side():
    own = {"35-44": 0.4}
    assert mean_age(own | {"25-34": 0.5, "45-54": 0.1}) < 38.5 < 40.5 < mean_age(own | {"25-34": 0.1, "45-54": 0.5})


def test_the_same_key_gives_the_same_age_and_keys_differ():
    assert choose_age("35-44", {}, "a") == choose_age("35-44", {}, "a")
    assert len({choose_age("35-44", {}, str(key)) for key in range(40)}) > 1


def test_a_blank_band_has_no_age():
    assert choose_age("", {"25-34": 1.0}, "a") is None


def test_an_unknown_band_is_refused_by_name():
    with pytest.raises(ValueError, match="'90-99'"):
        choose_age("90-99", {}, "a")


def test_the_year_of_birth_is_the_year_less_the_age():
    assert birth_year(30, 2026) == 1996
