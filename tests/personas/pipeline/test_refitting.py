import numpy as np
import pytest

from personas.pipeline.filling import Filled
from personas.pipeline.refitting import balanced_refits, matched_cosines, reference_refits
from personas.pipeline.scaling import shrunken_lift
from tests.personas.pipeline.planted import planted


@pytest.fixture(scope="module")
def counts():
    return planted(countries=6, contents=200, patterns=4, views=2e5, local=0, seed=1).counts


@pytest.fixture(scope="module")
def refit(counts):
    scaled = shrunken_lift(counts, np.zeros(counts.shape[1], dtype=np.int64))
    return balanced_refits(Filled(scaled.X, scaled.fill), scaled.rows.sum(axis=0), [4, 6], seed=0)


def everyone(counts):
    return np.ones(counts.shape[0], dtype=bool)


def test_matching_finds_every_pattern_again():
    patterns = np.random.default_rng(0).random((4, 30))
    assert matched_cosines(patterns, patterns[[2, 0, 3, 1]] * 7) == pytest.approx(np.ones(4))


def test_a_pattern_without_partner_does_not_come_back():
    patterns = np.eye(3)
    assert matched_cosines(patterns, patterns[[1]]).tolist() == [0, 1, 0]


def test_a_refit_finds_patterns_of_every_size_asked(refit, counts):
    found = refit(everyone(counts), 0)
    assert {size: H.shape for size, H in found.items()} == {4: (4, 200), 6: (6, 200)}
    assert all((H >= 0).all() for H in found.values())


def test_another_start_is_another_refit_and_the_same_start_the_same(refit, counts):
    first, again, other = (refit(everyone(counts), n)[6] for n in (0, 0, 1))
    assert (first == again).all()
    assert np.abs(first - other).max() > 0


def test_rows_left_out_change_what_is_found(refit, counts):
    rows = everyone(counts)
    rows[:14] = False
    assert np.abs(refit(rows, 0)[4] - refit(everyone(counts), 0)[4]).max() > 0


def test_the_reference_leaves_out_sizes_that_the_rows_do_not_allow(counts):
    rows = np.zeros(counts.shape[0], dtype=bool)
    rows[:5] = True
    assert set(reference_refits(counts, [4, 6], seed=0)(rows, 0)) == {4}
