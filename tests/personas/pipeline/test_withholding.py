import numpy as np
import pytest
from scipy import sparse

from personas.pipeline.filling import Filled
from personas.pipeline.withholding import country_folds, found_elsewhere, held_out_error, left_out_together

COUNTRIES = np.repeat(np.arange(24), 6)


def lifts(patterns, local=0.0, seed=0):
    """Lifts of 24 countries x 6 groups that mix as many patterns, with noise of their own and of their country."""
    rng = np.random.default_rng(seed)
    mean = rng.dirichlet(np.full(patterns, 0.5), len(COUNTRIES)) @ rng.gamma(0.5, 2, (patterns, 400))
    tastes = 1 + local * rng.normal(size=(24, 400))[COUNTRIES]
    cells = (mean * tastes + 0.3 * rng.normal(size=mean.shape)).astype(np.float32)
    return Filled.bare(sparse.csr_array(cells))


def test_a_country_is_left_out_as_a_whole():
    countries = [f"C{i % 12}" for i in range(120)]
    folds = country_folds(countries, np.ones(120))
    assert all(len({f for f, c in zip(folds, countries, strict=True) if c == name}) == 1 for name in countries)
    assert set(folds) == {0, 1, 2, 3}


def test_groups_are_left_out_singly_where_there_are_no_countries():
    assert np.bincount(country_folds([""] * 12, np.ones(12))).tolist() == [3, 3, 3, 3]
    assert left_out_together([""] * 12).tolist() == list(range(12))


@pytest.mark.parametrize(("patterns", "local"), [(2, 0.0), (5, 0.0), (8, 0.0), (2, 0.2), (5, 0.2)])
def test_as_many_ways_are_found_elsewhere_as_were_planted(patterns, local):
    found = found_elsewhere(lifts(patterns, local), COUNTRIES, seed=0)
    assert (found >= 1.5).sum() == patterns


def test_ways_come_strongest_first_and_noise_lies_at_chance():
    found = found_elsewhere(lifts(3), COUNTRIES, seed=1)
    assert (np.diff(found) <= 0).all()
    assert found[2] > 3
    assert found[3:].max() < 1.35


def test_a_tiny_audience_has_as_many_ways_as_its_parts_have_groups():
    X = Filled.bare(sparse.csr_array(np.random.default_rng(0).random((4, 9), dtype=np.float32)))
    assert len(found_elsewhere(X, np.arange(4), seed=0)) == 3


def test_hidden_rows_are_predicted_by_the_patterns_that_made_them():
    rng = np.random.default_rng(0)
    H = rng.gamma(0.5, size=(4, 200))
    hidden = Filled.bare(sparse.csr_array(rng.dirichlet(np.ones(4), 20) @ H))
    half = np.arange(200) % 2 == 0
    assert held_out_error(hidden, H, half) < 1e-3
    assert held_out_error(hidden, rng.gamma(0.5, size=(4, 200)), half) > 0.3
