from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from personas.pipeline.counting import unscaled_model
from personas.pipeline.factorising import factorise_path
from personas.pipeline.scaling import shrunken_lift
from personas.pipeline.sizing import judge_sizes, suggest_size
from personas.pipeline.skeletons import draw_sets
from personas.pipeline.threads import quiet_linear_algebra
from tests.personas.pipeline.planted import audience_of, planted

# Chosen before any of them was looked at.
PLANTED = [(4, 0.0, 21), (6, 0.5, 22), (7, 0.0, 23), (9, 0.5, 24), (10, 0.0, 25), (12, 0.5, 26)]


def silent(stage, done, total):
    """Hear nothing."""


def curve(shared, returning):
    sizes = range(5, 5 + len(returning))
    found = [2.0 if size <= shared else 1.0 for size in sizes]
    points = zip(sizes, found, returning, strict=True)
    return {size: {"found_elsewhere": f, "returning": float(r)} for size, f, r in points}


def separable(kinds=6):
    """An audience of countries whose groups each watch the contents of their kind alone."""
    rng = np.random.default_rng(0)
    truth = planted(countries=12, contents=240, patterns=kinds, views=1e5, seed=0)
    own = np.arange(240) % kinds == (np.arange(len(truth.groups)) % kinds)[:, None]
    return audience_of(rng.poisson(20.0 * own), truth.groups)


def judged(audience, seed=0):
    patterns = np.random.default_rng(5).gamma(0.5, size=(6, audience.V.shape[1]))
    return judge_sizes(audience, {5: patterns[:5], 6: patterns}, "balanced", seed, silent)


def suggested(audience, sizes):
    """The size suggested, without choosing groups for the personas, which takes longest."""
    with quiet_linear_algebra():
        scaled = shrunken_lift(audience.V, audience.sources)
        path = factorise_path(audience.V, scaled, audience.sources, sizes, 0)
        models = {size: unscaled_model(found.W, found.H, scaled, audience.V) for size, found in path.items()}
        masses = {size: model.content_mass(audience.V.shape[1]) for size, model in models.items()}
        return suggest_size(judge_sizes(audience, masses, "balanced", 0, silent).curve)


@pytest.fixture(scope="module")
def small():
    return planted(countries=12, contents=300, patterns=6, views=2e5, seed=3).audience()


@pytest.fixture(scope="module")
def local():
    """Five behaviours, and countries that each have their own taste."""
    audience = planted(countries=30, contents=2000, patterns=5, local=0.5, seed=4).audience()
    return draw_sets(audience, sizes=[5, 12], method="balanced", seed=0)


def test_the_size_that_others_show_and_that_comes_back_is_suggested():
    assert suggest_size(curve(shared=7, returning=[5, 6, 5, 5, 6])) == 7


def test_between_two_answers_the_one_nearer_to_what_others_show_is_suggested():
    assert suggest_size(curve(shared=8, returning=[5, 3, 3, 3, 3])) == 7
    assert suggest_size(curve(shared=5, returning=[5, 6, 7, 6, 6])) == 6


def test_the_smallest_size_is_suggested_when_nothing_is_shared_or_returns():
    assert suggest_size(curve(shared=0, returning=[2, 2, 3])) == 5


def test_planted_numbers_are_suggested_within_one_for_all_but_one_of_six():
    hits = 0
    for patterns, taste, seed in PLANTED:
        audience = planted(contents=3000, views=2e6, patterns=patterns, local=taste, seed=seed).audience()
        hits += abs(suggested(audience, range(5, 16)) - patterns) <= 1
    assert hits >= len(PLANTED) - 1


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_an_audience_of_pure_noise_is_given_the_smallest_size(seed):
    rng = np.random.default_rng(seed)
    expected = np.outer(rng.gamma(1, size=280), rng.gamma(0.3, size=1500)) * rng.gamma(2, 0.5, (280, 1500))
    assert suggested(audience_of(rng.poisson(4 * expected)), range(5, 11)) == 5


def test_every_persona_of_a_cleanly_separable_audience_is_stable():
    thin = draw_sets(separable(), sizes=[6], method="balanced", seed=0).sets[0]
    assert [persona.stability for persona in thin.personas] == [1.0] * 6
    assert thin.measures["stability"] == 1


def test_stability_is_low_for_patterns_that_follow_one_countrys_taste(local):
    stabilities = sorted(persona.stability for persona in local.sets[1].personas)
    assert np.mean(stabilities[:6]) < 0.3
    assert stabilities[-1] == 1


def test_stability_falls_where_patterns_are_invented(local):
    assert local.size_curve[5]["stability"] > local.size_curve[12]["stability"] + 0.3


def test_stability_of_a_set_is_the_mean_share_of_refits(small):
    found = judged(small)
    for size, stability in found.stability.items():
        assert found.curve[size]["stability"] == pytest.approx(stability.mean())
        assert (stability * 8 == np.round(stability * 8)).all()


def test_the_same_seed_judges_alike_and_another_seed_does_not(small):
    assert judged(small).curve == judged(small).curve
    assert judged(small).curve != judged(small, seed=1).curve


def test_the_order_of_groups_and_contents_changes_nothing(small):
    rng = np.random.default_rng(1)
    rows, columns = rng.permutation(small.V.shape[0]), rng.permutation(small.V.shape[1])
    shuffled = replace(
        small,
        V=sparse.csr_array(small.V[rows][:, columns]),
        groups=tuple(small.groups[i] for i in rows),
        content_ids=small.content_ids[columns],
    )
    masses = np.random.default_rng(5).gamma(0.5, size=(6, small.V.shape[1]))
    before = judge_sizes(small, {6: masses}, "balanced", 0, silent).curve[6]
    after = judge_sizes(shuffled, {6: masses[:, columns]}, "balanced", 0, silent).curve[6]
    assert after == pytest.approx(before, rel=1e-6)


def test_the_reference_is_judged_by_countries_left_out_alone(small):
    heard = []
    masses = {5: np.random.default_rng(5).gamma(0.5, size=(5, small.V.shape[1]))}
    found = judge_sizes(small, masses, "reference", 0, lambda stage, done, total: heard.append((done, total)))
    assert heard[-1] == (4, 4)
    assert set(found.curve[5]) == {"stability", "returning", "held_out_error", "found_elsewhere"}
