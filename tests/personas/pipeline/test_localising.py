import numpy as np
import pytest

from personas.pipeline.filling import Filled
from personas.pipeline.localising import noise_of
from personas.pipeline.scaling import shrunken_lift
from personas.pipeline.withholding import country_folds, left_out_together
from tests.personas.pipeline.planted import planted


def noise_in(truth, countries=None):
    countries = countries or [group.country for group in truth.groups]
    V = truth.counts
    folds = country_folds(countries, np.asarray(V.sum(axis=1)).ravel())
    scaled = shrunken_lift(V, np.zeros(V.shape[1], dtype=np.int64))
    return scaled, noise_of(V, scaled, left_out_together(countries), folds, seed=0)


def tastes_of(truth, countries=None):
    return noise_in(truth, countries)[1].tastes


@pytest.fixture(scope="module")
def local():
    return planted(countries=16, contents=400, patterns=5, views=1e6, local=0.5, seed=2)


def test_a_taste_is_near_that_which_was_planted(local):
    same = planted(countries=16, contents=400, patterns=5, views=1e6, local=0, seed=2)
    expected = np.asarray(same.mixture @ same.behaviours)
    expected *= np.asarray(local.counts.sum(axis=1))[:, None]
    country = np.arange(len(local.groups)) // 14
    liked = np.array([local.counts.toarray()[country == c].sum(axis=0) for c in range(16)])
    true = liked / np.maximum([expected[country == c].sum(axis=0) for c in range(16)], 1e-9)
    rows, columns = local.counts.nonzero()
    heavy = local.counts.data > 50
    found = tastes_of(local)[heavy]
    assert np.corrcoef(np.log(found), np.log(true[country[rows], columns][heavy]))[0, 1] > 0.7


def test_tastes_are_plain_where_countries_have_none():
    tastes = tastes_of(planted(countries=16, contents=400, patterns=5, views=1e6, local=0, seed=2))
    assert np.abs(tastes - 1).mean() < 0.05


def test_a_country_of_one_group_has_no_taste_of_its_own(local):
    singles = [f"C{i}" for i in range(len(local.groups))]
    assert (tastes_of(local, singles) == 1).all()


def test_a_group_has_no_part_in_the_taste_that_it_is_judged_by(local):
    V = local.counts.copy()
    before = tastes_of(local)
    cell = int(V.indptr[3] + np.argmax(V.data[V.indptr[3] : V.indptr[4]]))
    local.counts.data[cell] *= 2
    after = tastes_of(local)[cell]
    local.counts.data[cell] /= 2
    assert after == pytest.approx(before[cell], rel=0.1)


def test_tastes_are_taken_out_cell_by_cell(local):
    scaled, noise = noise_in(local)
    assert noise.taken_out(scaled.X).data == pytest.approx(scaled.X.data / noise.tastes)


def test_noise_is_about_as_strong_everywhere_once_evened(local):
    scaled, noise = noise_in(local)
    plain, even = (X.squares() for X in (Filled.bare(scaled.X), noise.evened(scaled.X, scaled.fill)))
    assert noise.rows.shape == (224,)
    assert np.log(even).std() < 0.5 * np.log(plain).std()
