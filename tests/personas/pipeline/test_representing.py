from dataclasses import replace

import numpy as np
import pytest

from personas.pipeline import measures
from personas.pipeline.likeness import Likeness, Yardstick
from personas.pipeline.representing import balanced_representatives, outsider, reference_representatives
from tests.personas.pipeline.planted import audience_of, planted


@pytest.fixture(scope="module")
def audience():
    return planted(countries=8, contents=60, patterns=4, views=1e5, seed=2).audience()


@pytest.fixture(scope="module")
def masses(audience):
    rng = np.random.default_rng(0)
    weights = audience.V.sum(axis=1)
    return {k: weights[:, None] * rng.dirichlet(np.full(k, 0.4), len(weights)) for k in (5, 6, 8)}


def lift(mass, group, pattern):
    return (mass[group, pattern] / mass[group].sum()) / (mass[:, pattern].sum() / mass.sum())


def test_the_reference_takes_the_largest_weight_repeated_or_not():
    assert reference_representatives(np.array([[1, 9.0], [3, 12], [2, 5]])) == [1, 1]


def test_every_thread_has_a_group_and_none_too_often(audience, masses):
    chosen = balanced_representatives(audience, masses)
    assert len(chosen) == 8
    assert [measures.duplicate_groups(audience, chosen[:k]) for k in masses] == [0, 0, 0]


def test_the_chosen_groups_are_typical_of_their_patterns(audience, masses):
    chosen = balanced_representatives(audience, {8: masses[8]})
    assert all(lift(masses[8], group, pattern) >= 1.2 for pattern, group in enumerate(chosen))


def test_the_set_is_fairer_than_the_heaviest_groups(audience, masses):
    heaviest = reference_representatives(masses[8])
    chosen = balanced_representatives(audience, masses)
    assert measures.fairness_gap(audience, chosen) < measures.fairness_gap(audience, heaviest)


def test_the_choice_is_the_same_each_time(audience, masses):
    assert balanced_representatives(audience, masses) == balanced_representatives(audience, masses)


def test_a_yardstick_is_reached(audience, masses):
    plain = balanced_representatives(audience, masses)[:5]
    better = Yardstick(measures.fairness_gap(audience, plain) * 0.95, 10)
    chosen = balanced_representatives(audience, masses, {5: better})[:5]
    assert measures.fairness_gap(audience, chosen) <= better.gap * 1.0001
    assert measures.different([audience.groups[i] for i in chosen]) >= 10


def test_the_worth_with_each_group_is_that_of_the_set_with_it(audience):
    likeness = Likeness(audience, [3, 4], {})
    chosen = [5, 60, 2, 33]
    each = likeness.with_each(chosen, 1, np.array([0, 1]))
    assert each[:, 77] == pytest.approx(likeness.of_sets([5, 77, 2, 33]))


def test_a_group_of_most_of_the_audience_may_stand_twice():
    counts = np.random.default_rng(0).poisson(9, (14, 30))
    counts[3] *= 20
    audience = audience_of(counts)
    mixture = np.random.default_rng(1).dirichlet(np.ones(5), 14)
    mixture[3] = [0.48, 0.48, 0.02, 0.01, 0.01]
    masses = {5: counts.sum(axis=1)[:, None] * mixture}
    chosen = balanced_representatives(audience, masses)
    assert chosen.count(3) >= 2
    assert measures.duplicate_groups(audience, chosen) == 0


def test_a_group_whose_gender_is_rare_in_the_pattern_is_an_outsider(audience):
    female = np.array([group.gender == "female" for group in audience.groups])
    mass = np.column_stack([np.where(female, 5.0, 1.0), np.where(female, 1.0, 1.0)])
    rare = outsider(audience, mass, mass.sum(axis=1))
    assert (rare[female, 0] == 0).all()
    assert (rare[~female, 0] > 0.3).all()
    assert (rare[~female, 1] == 0).all()


def test_no_group_is_an_outsider_where_nobody_knows_the_gender(audience):
    nameless = replace(audience, groups=tuple(replace(group, gender="") for group in audience.groups))
    mass = np.random.default_rng(0).random((len(audience.groups), 3))
    assert np.allclose(outsider(nameless, mass, mass.sum(axis=1)), 0)
