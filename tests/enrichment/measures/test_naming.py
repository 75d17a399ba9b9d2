from pathlib import Path

import pytest

from enrichment.measures.naming import NamesExhausted, choose_name, load_pools

DATA = Path(__file__).resolve().parents[3] / "enrichment" / "data"


@pytest.fixture(scope="module")
def pools():
    return load_pools(DATA)


def choose(pools, key="a", country="EG", gender="female", birth_year=1990, taken=()):
    return choose_name(pools, country=country, gender=gender, birth_year=birth_year, key=key, taken=taken)


@pytest.fixture
def small(tmp_path):
    """Two pools: tiny (one woman, one man, two surnames; country TT, region TT) and international."""
    (tmp_path / "naming_pools.csv").write_text("pool,label,order\ntiny,Tiny,family\ninternational,All,given\n")
    given = "pool,gender,cohort,given\ntiny,female,-1969,Ada\ntiny,female,1970-,Bea\ntiny,male,,Carl\n"
    given += "international,female,,Maya\ninternational,male,,Noah\n"
    (tmp_path / "names.csv").write_text(given)
    families = "pool,family,family_female\ntiny,Novak,Novaka\ninternational,Lee,\n"
    (tmp_path / "family_names.csv").write_text(families)
    (tmp_path / "naming_countries.csv").write_text("country,pool,weight\nTT,tiny,100\n")
    (tmp_path / "naming_regions.csv").write_text("country,pool\nUU,tiny\n")
    (tmp_path / "names_avoided.csv").write_text("name\nNovak Carl\n")
    return tmp_path


def test_the_same_key_gives_the_same_name(pools):
    assert choose(pools, "k") == choose(pools, "k")


def test_different_keys_give_many_different_names(pools):
    assert len({choose(pools, str(key)).full for key in range(60)}) > 45


def test_a_taken_name_is_never_given_again(pools):
    taken = set()
    for _ in range(250):
        name = choose(pools, "same key", taken=taken).full
        assert name not in taken
        taken.add(name)


def test_a_name_sharing_no_word_with_the_taken_ones_is_preferred(pools):
    taken: list[str] = []
    for key in range(12):
        taken.append(choose(pools, str(key), taken=taken).full)
    words = [word for name in taken for word in name.split()]
    assert len(words) == len(set(words))


def test_taken_is_compared_without_case(small):
    pools = load_pools(small)
    assert choose(pools, country="TT", taken=["NOVAKA ADA"], birth_year=1950).given == "Bea"


def test_surnames_take_the_form_of_the_gender_and_come_first_where_they_do(small):
    assert choose(load_pools(small), country="TT", birth_year=1950).full == "Novaka Ada"


def test_the_year_of_birth_chooses_the_cohort(small):
    pools = load_pools(small)
    given = {year: {choose(pools, str(k), "TT", birth_year=year).given for k in range(9)} for year in (1969, 1970)}
    assert given == {1969: {"Ada"}, 1970: {"Bea"}}


def test_an_avoided_full_name_is_never_given_and_the_next_level_answers(small):
    name = choose(load_pools(small), country="TT", gender="male")
    assert (name.full, name.level) == ("Noah Lee", "international")


def test_the_level_says_how_near_the_pool_is(small):
    pools = load_pools(small)
    levels = [choose(pools, country=country).level for country in ("TT", "tt", "UU", "XX", "")]
    assert levels == ["country", "country", "region", "international", "international"]


def test_nobody_is_called_twice_the_same(pools):
    assert {"Idris", "Osman"} <= {family.male for family in pools.pools["sudan"].families}
    names = [choose(pools, str(key), country="SD", gender="male") for key in range(900)]
    assert "Osman" in {name.given for name in names}
    assert not [name for name in names if name.given == name.family]


def test_a_country_of_several_pools_draws_from_each_by_weight(pools):
    drawn = [choose(pools, str(key), country="NG").pool for key in range(300)]
    assert 0.25 < drawn.count("hausa") / 300 < 0.55
    assert set(drawn) == {"yoruba", "igbo", "hausa"}


def test_a_used_up_pool_of_a_country_hands_over_to_its_other_pool(small):
    (small / "naming_countries.csv").write_text("country,pool,weight\nTT,tiny,99\nTT,international,1\n")
    name = choose(load_pools(small), country="TT", gender="male")
    assert (name.full, name.level) == ("Noah Lee", "country")


def test_an_unstated_gender_draws_from_both(pools):
    women = {given.text for given in pools.pools["egypt"].given if given.gender == "female"}
    drawn = {choose(pools, str(key), gender="user_specified").given for key in range(40)}
    assert drawn & women
    assert drawn - women


def test_when_every_pool_is_used_up_the_error_names_them(small):
    taken = ["Novaka Ada", "Novaka Bea", "Maya Lee"]
    with pytest.raises(NamesExhausted, match="tiny, international"):
        choose(load_pools(small), country="TT", taken=taken)


@pytest.mark.parametrize(
    ("file", "text", "complaint"),
    [
        ("names.csv", "pool,gender,given\n", "names.csv: the column 'cohort' is missing"),
        ("names.csv", "pool,gender,cohort,given\ntiny,woman,,Ada\n", "line 2: gender 'woman'"),
        ("names.csv", "pool,gender,cohort,given\ntiny,female,old,Ada\n", "line 2: cohort 'old'"),
        ("naming_countries.csv", "country,pool,weight\nTT,none,1\n", "line 2: there is no pool 'none'"),
        ("naming_countries.csv", "country,pool,weight\nTT,tiny,0\n", "line 2: weight '0'"),
        ("naming_regions.csv", "country,pool\nTT,none\n", "line 2: there is no pool 'none'"),
        ("naming_pools.csv", "pool,label,order\nghost,G,given\n", "pool 'ghost' has no given names"),
        ("naming_pools.csv", "pool,label,order\n", "'international' is missing"),
    ],
)
def test_a_bad_file_is_refused_by_name_and_line(small, file, text, complaint):
    (small / file).write_text(text)
    with pytest.raises(ValueError, match=complaint):
        load_pools(small)
