from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from personas.pipeline.grouping import Group
from personas.pipeline.remembering import Memory, faces, recalled
from personas.pipeline.skeletons import draw_sets
from tests.personas.pipeline.planted import audience_of, planted

NOW = (Group("female", "18-24", "DE"), Group("male", "18-24", "DE"), Group("male", "65+", "FR"))
THEN = (NOW[1], NOW[0])
SIZES = [5, 6, 7, 8]


@pytest.fixture
def memory():
    masses = {2: np.array([[1.0, 3], [5, 5]]), 3: np.array([[1.0, 2, 1], [4, 3, 3]])}
    return Memory(THEN, masses, (THEN[0], THEN[1], THEN[1]))


def test_groups_are_recalled_by_what_they_are(memory):
    assert recalled(memory, NOW, 2)[:2].tolist() == [[0.5, 0.5], [0.25, 0.75]]


def test_a_group_that_was_not_there_mixes_as_all_did(memory):
    assert recalled(memory, NOW, 2)[2] == pytest.approx([6 / 14, 8 / 14])


def test_the_smallest_set_that_is_large_enough_tells(memory):
    smaller = replace(memory, masses={3: memory.masses[3]})
    assert recalled(smaller, NOW, 2)[0] == pytest.approx([0.4, 0.3])


def test_no_more_threads_are_recalled_than_there_were(memory):
    assert recalled(memory, NOW, 5).shape == (3, 3)


def test_a_face_fits_every_group_of_its_gender_and_country(memory):
    same, fits = faces(memory, (NOW[0], replace(NOW[0], age_group="65+")))
    assert same.tolist() == [[False, True, True], [False, False, False]]
    assert fits.tolist() == [[False, True, True], [False, True, True]]


def next_month(truth, seed):
    """The same people and other contents."""
    rng = np.random.default_rng(seed)
    behaviours = truth.behaviours[:, rng.permutation(truth.behaviours.shape[1])] * rng.gamma(5, 0.2, (8, 1500))
    totals = np.asarray(truth.counts.sum(axis=1))
    expected = totals[:, None] * (truth.mixture @ (behaviours / behaviours.sum(axis=1, keepdims=True)))
    return audience_of(sparse.csr_array(rng.poisson(expected * rng.gamma(2, 0.5, expected.shape))), truth.groups)


def remembered(audience, drawn):
    masses = {}
    for thin_set in drawn.sets:
        mass = {p.thread: p.group_shares * p.share for p in thin_set.personas}
        masses[thin_set.size] = np.column_stack([mass[thread] for thread in sorted(mass)])
    chosen = {p.thread: audience.groups[p.representative] for p in drawn.sets[-1].personas}
    return Memory(audience.groups, masses, tuple(chosen[thread] for thread in sorted(chosen)))


@pytest.fixture(scope="module")
def months():
    truth = planted(countries=16, contents=1500, patterns=8, views=1e6, local=0.3, seed=11)
    first, second = truth.audience(), next_month(truth, 1)
    then = draw_sets(first, sizes=SIZES, method="balanced", seed=0)
    options = {"sizes": SIZES, "method": "balanced", "seed": 0}
    return then, draw_sets(second, **options), draw_sets(second, memory=remembered(first, then), **options)


def kept(then, now):
    """How many patterns of the largest set have a partner that mixes the groups nearly alike."""
    one, other = (np.array([p.group_shares for p in drawn.sets[-1].personas]) for drawn in (then, now))
    alike = [[np.corrcoef(a, b)[0, 1] for b in other] for a in one]
    return int((np.max(alike, axis=1) > 0.95).sum())


def test_patterns_of_the_time_before_are_carried_on(months):
    then, cold, warm = months
    assert kept(then, warm) >= 7
    assert kept(then, warm) > kept(then, cold)


def test_what_is_carried_on_explains_nearly_as_much(months):
    _, cold, warm = months
    for one, other in zip(warm.sets, cold.sets, strict=True):
        assert one.measures["explained_deviance"] >= 0.93 * other.measures["explained_deviance"]


def test_patterns_that_no_longer_hold_are_forgotten():
    audience = planted(countries=16, contents=1500, patterns=8, views=1e6, seed=11).audience()
    other = planted(countries=16, contents=1500, patterns=8, views=1e6, seed=12).audience()
    options = {"sizes": [5], "method": "balanced", "seed": 0}
    wrong = remembered(other, draw_sets(other, **options))
    cold, warm = draw_sets(audience, **options), draw_sets(audience, memory=wrong, **options)
    assert warm.sets[0].measures["explained_deviance"] >= 0.95 * cold.sets[0].measures["explained_deviance"]
