"""Loyalty by over-indexed contents: planted tastes are counted, chance is not."""

import numpy as np
import pytest
from scipy import sparse

from enrichment.measures.loyalty import loyalty, scatter

GROUPS, CONTENTS = 40, 200


def counts(seed: int, liked: int, factor: float = 3.0, shape: float = np.inf) -> np.ndarray:
    """Groups x contents; the first ten groups watch the first `liked` contents `factor` times as much.

    A finite shape makes the cells vary more than chance (gamma-Poisson).
    """
    random = np.random.default_rng(seed)
    rate = np.outer(random.uniform(0.5, 1.5, GROUPS), random.lognormal(3, 1, CONTENTS))
    rate[:10, :liked] *= factor
    if np.isfinite(shape):
        rate *= random.gamma(shape, 1 / shape, rate.shape)
    return random.poisson(rate).astype(float)


def loyalty_of_the_first_ten(V: np.ndarray):
    mine, whole = V[:10].sum(axis=0), V.sum(axis=0)
    return loyalty(mine / mine.sum(), mine.sum() / whole.sum(), whole, scatter(sparse.csr_array(V)))


@pytest.mark.parametrize("liked", [20, 60, 100])
def test_planted_tastes_are_counted(liked):
    found = loyalty_of_the_first_ten(counts(1, liked))
    assert found.of > 150
    assert found.share == pytest.approx(liked / CONTENTS, abs=0.04)


@pytest.mark.parametrize("shape", [np.inf, 1.0])
def test_an_audience_without_tastes_over_indexes_on_nothing(shape):
    found = [loyalty_of_the_first_ten(counts(seed, 0, shape=shape)) for seed in range(40)]
    assert sum(one.contents > 0 for one in found) <= 4


def test_counts_that_vary_more_than_chance_are_told_from_tastes():
    V = sparse.csr_array(counts(3, 0, shape=0.5))
    assert np.median(scatter(V)) > 5
    assert np.median(scatter(sparse.csr_array(counts(3, 0)))) == pytest.approx(1.0, abs=0.3)


def test_scatter_is_pearsons_chi_square_over_its_degrees_of_freedom():
    V = counts(4, 30) + 1e5  # so much that a content's own scatter is believed
    expected = np.outer(V.sum(axis=1), V.sum(axis=0)) / V.sum()
    naive = ((V - expected) ** 2 / expected).sum(axis=0) / (GROUPS - 1)
    assert np.allclose(scatter(sparse.csr_array(V)), np.maximum(naive, 1.0), rtol=1e-3)


def test_a_slight_preference_is_not_counted():
    assert loyalty_of_the_first_ten(counts(5, 60, factor=1.06) * 1000).contents == 0


def test_too_few_contents_say_nothing():
    weights = np.full(19, 1 / 19)
    assert loyalty(weights, 0.2, np.full(19, 1e4), np.ones(19)) is None


def test_contents_with_few_interactions_are_not_looked_at():
    totals = np.concatenate([np.full(30, 1e4), np.full(70, 20.0)])
    assert loyalty(totals / totals.sum(), 0.2, totals, np.ones(100)).of == 30
