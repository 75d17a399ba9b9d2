import numpy as np
import pytest

from personas.pipeline.sizing import country_folds, matched_cosines, suggest_size
from personas.pipeline.skeletons import draw_sets
from tests.personas.pipeline.planted import planted


def curve(**returning):
    return {int(size[1:]): {"returning": float(value)} for size, value in returning.items()}


def test_the_largest_size_whose_patterns_return_is_suggested():
    assert suggest_size(curve(k5=5, k6=5, k7=5, k8=4)) == 6


def test_the_smallest_size_is_suggested_when_nothing_returns():
    assert suggest_size(curve(k5=2, k6=2)) == 5


def test_a_country_is_left_out_as_a_whole():
    countries = [f"C{i % 12}" for i in range(120)]
    folds = country_folds(countries, np.ones(120))
    assert all(len({f for f, c in zip(folds, countries, strict=True) if c == name}) == 1 for name in countries)
    assert set(folds) == {0, 1, 2, 3}


def test_groups_are_left_out_singly_where_there_are_no_countries():
    assert np.bincount(country_folds([""] * 12, np.ones(12))).tolist() == [3, 3, 3, 3]


def test_matching_finds_every_pattern_again():
    patterns = np.random.default_rng(0).random((4, 30))
    assert matched_cosines(patterns, patterns[[2, 0, 3, 1]] * 7) == pytest.approx(np.ones(4))


@pytest.mark.parametrize("patterns", [5, 7])
def test_the_planted_number_is_suggested_within_one(patterns):
    audience = planted(countries=30, contents=2000, patterns=patterns, local=0, seed=patterns).audience()
    drawn = draw_sets(audience, sizes=range(5, 11), method="balanced", seed=0)
    assert abs(drawn.suggested_size - patterns) <= 1


def test_stability_falls_where_patterns_are_invented():
    audience = planted(countries=30, contents=2000, patterns=5, local=0, seed=4).audience()
    drawn = draw_sets(audience, sizes=[5, 12], method="balanced", seed=0)
    assert drawn.size_curve[5]["stability"] > drawn.size_curve[12]["stability"] + 0.1
