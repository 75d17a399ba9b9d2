"""What the library lacks, counted by gender, age band and region."""

import pytest

from enrichment.measures.choosing import Wanted
from enrichment.measures.shortages import people, shortages
from tests.enrichment.measures.test_choosing import photo

OLD_WOMEN = [Wanted("female", "65+", country) for country in ("SA", "SA", "QA", "KW")]


def test_personas_of_one_kind_are_told_together_with_their_countries():
    (lack,) = shortages(OLD_WOMEN, [photo(1)], [], {})
    assert (lack.gender, lack.age_group, lack.region, lack.personas) == ("female", "65+", "western-asia", 4)
    assert lack.countries == {"SA": 2, "QA": 1, "KW": 1}
    assert (lack.approved, lack.free, lack.pending) == (0, 0, 0)


def test_a_pack_that_ran_out_is_told_apart_from_one_that_never_was():
    old = photo(1, age_group="65+")
    (lack,) = shortages(OLD_WOMEN, [old], [], {1: old.likeness})
    assert (lack.approved, lack.free) == (1, 0)


def test_photos_that_wait_for_approval_are_counted():
    (lack,) = shortages(OLD_WOMEN, [], [photo(1, age_group="55-64", country="QA"), photo(2)], {})
    assert lack.pending == 1


def test_the_most_wanted_come_first():
    found = shortages([Wanted("male", "18-24", "US"), *OLD_WOMEN], [], [], {})
    assert [lack.personas for lack in found] == [4, 1]


@pytest.mark.parametrize(
    ("gender", "age_group", "words"),
    [
        ("female", "65+", "women over 65"),
        ("male", "25-34", "men of 25-34"),
        ("female", "13-17", "girls of 13-17"),
        ("", "", "people of any age"),
        ("user_specified", "18-24", "people of a gender of their own of 18-24"),
    ],
)
def test_people_are_called_by_gender_and_age(gender, age_group, words):
    assert people(gender, age_group) == words
