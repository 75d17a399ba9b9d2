import pytest

from sources.connectors.vocabulary import AGE_GROUPS, GENDERS, vocabulary


def value(dimension, spelling):
    words = vocabulary(dimension)
    code = words.code(spelling)
    return None if code is None else words.values[code]


@pytest.mark.parametrize(
    ("spelling", "age_group"),
    [
        ("13–17 years", "13-17"),
        ("AGE_18_24", "18-24"),
        ("18-24", "18-24"),
        ("age18-24", "18-24"),
        ("Aged 25 to 34", "25-34"),
        ("35—44", "35-44"),
        ("45 - 54 yrs", "45-54"),
        ("55to64", "55-64"),
        ("age65-", "65+"),
        ("65+", "65+"),
        ("AGE_65_", "65+"),
        ("65 years and over", "65+"),
        ("65 or older", "65+"),
    ],
)
def test_ages_are_known_in_the_platforms_spellings(spelling, age_group):
    assert value("age_group", spelling) == age_group


@pytest.mark.parametrize("spelling", ["12 years", "18-25", "27", "x9", "young", "18-24-34", "1824"])
def test_ages_that_are_no_group_of_ours_are_refused(spelling):
    assert value("age_group", spelling) is None


@pytest.mark.parametrize(
    ("spelling", "gender"),
    [
        ("F", "female"), ("F.", "female"), ("FEMALE", "female"), ("w", "female"), ("Women", "female"),
        ("m", "male"), ("M.", "male"), ("Male", "male"), ("GENDER_MALE", "male"),
        ("User-specified", "user_specified"), ("user_specified", "user_specified"), ("GENDER_OTHER", "user_specified"),
    ],
)  # fmt: skip
def test_genders_are_known_in_the_platforms_spellings(spelling, gender):
    assert value("gender", spelling) == gender


@pytest.mark.parametrize(
    ("spelling", "country"),
    [
        ("qa", "QA"), ("USA", "US"), ("usa", "US"), ("United States of America", "US"), ("U.S.", "US"), ("UK", "GB"),
        ("South Korea", "KR"), ("Korea, Republic of", "KR"), ("Korea (the Republic of)", "KR"), ("Czechia", "CZ"),
        ("Czech Republic", "CZ"), ("Türkiye", "TR"), ("Turkey", "TR"), ("TURKIYE", "TR"), ("Ivory Coast", "CI"),
        ("Côte d’Ivoire", "CI"), ("Palestine", "PS"), ("Kosovo", "XK"), ("xkx", "XK"), ("NA", "NA"), ("nam", "NA"),
        ("The Gambia", "GM"), ("Trinidad & Tobago", "TT"), ("St. Lucia", "LC"), ("Viet Nam", "VN"), ("Burma", "MM"),
        ("Congo - Kinshasa", "CD"), ("Curaçao", "CW"), ("Hong Kong SAR China", "HK"), ("Åland Islands", "AX"),
    ],
)  # fmt: skip
def test_countries_are_known_by_code_and_by_name(spelling, country):
    assert value("country", spelling) == country


@pytest.mark.parametrize("dimension", ["gender", "age_group", "country"])
@pytest.mark.parametrize("spelling", ["", "  ", "unknown", "Unknown", "(not set)", "ZZ", "unspecified", "N/A", "-"])
def test_words_for_unknown_are_neither_a_group_nor_a_fault(dimension, spelling):
    assert value(dimension, spelling) == ""


def test_a_country_nobody_knows_is_refused():
    assert value("country", "Atlantis") is None


@pytest.mark.parametrize(
    ("dimension", "spelling", "suggestion"),
    [("country", "Jermany", "Germany (DE)"), ("gender", "femal", "female"), ("country", "Untied States", "United St")],
)
def test_a_near_miss_comes_with_a_suggestion(dimension, spelling, suggestion):
    assert f"did you mean {suggestion}" in vocabulary(dimension).reason(spelling)


def test_a_far_miss_comes_without_a_suggestion():
    assert "did you mean" not in vocabulary("country").reason("Atlantis")


def test_there_are_250_countries_and_no_spelling_of_one_hides_another():
    words = vocabulary("country")
    assert len(words.values) == 251
    assert all(words.code(alpha2) == place for place, alpha2 in enumerate(words.values))


def test_the_canonical_values_are_their_own_spellings():
    assert [value("gender", gender) for gender in GENDERS] == list(GENDERS)
    assert [value("age_group", age_group) for age_group in AGE_GROUPS] == list(AGE_GROUPS)
