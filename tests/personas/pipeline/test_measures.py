import numpy as np
import pytest
from scipy import sparse

from personas.pipeline import measures
from personas.pipeline.counting import CountModel, Piece, raw_model, unscaled_model
from personas.pipeline.matrix import Group
from personas.pipeline.scaling import shrunken_lift
from tests.personas.pipeline.planted import audience_of


@pytest.fixture
def counts():
    rng = np.random.default_rng(0)
    return sparse.csr_array(rng.poisson(rng.gamma(1, 5, (12, 25))).astype(float))


@pytest.fixture
def model(counts):
    rng = np.random.default_rng(1)
    return raw_model(rng.random((12, 4)), rng.random((4, 25)))


@pytest.fixture
def audience():
    groups = [Group("male", "25-34", "QA"), Group("male", "18-24", "QA"), Group("female", "25-34", "EG")]
    return audience_of(np.array([[6], [2], [2]]), groups)


def naive_deviance(counts, expected):
    V = counts.toarray()
    with np.errstate(divide="ignore", invalid="ignore"):
        return 2 * (np.where(V > 0, V * np.log(V / expected), 0) - V + expected).sum()


def test_the_relative_error_is_that_of_the_plain_matrices(counts, model):
    piece = model.pieces[0]
    plain = np.linalg.norm(counts.toarray() - piece.W @ piece.H) / np.linalg.norm(counts.toarray())
    assert measures.relative_error(counts, model) == pytest.approx(plain)


def test_the_explained_deviance_is_that_of_the_plain_formula(counts, model):
    piece, V = model.pieces[0], counts.toarray()
    independent = naive_deviance(counts, np.outer(V.sum(1), V.sum(0)) / V.sum())
    plain = 1 - naive_deviance(counts, piece.W @ piece.H) / independent
    assert measures.explained_deviance(counts, model) == pytest.approx(plain, rel=1e-4)


def test_independence_explains_nothing(counts):
    V = counts.toarray()
    independent = raw_model(V.sum(1)[:, None] / V.sum(), V.sum(0)[None, :])
    assert measures.explained_deviance(counts, independent) == pytest.approx(0, abs=1e-5)


def test_the_counts_themselves_explain_all(counts):
    assert measures.explained_deviance(counts, raw_model(counts.toarray(), np.eye(25))) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("shape", [(12, 25), (30, 7)])
def test_where_all_groups_behave_alike_there_is_nothing_to_explain(shape):
    rng = np.random.default_rng(2)
    alike = sparse.csr_array(np.outer(rng.random(shape[0]), 1000 * rng.random(shape[1])))
    assert measures.explained_deviance(alike, raw_model(rng.random((shape[0], 4)), rng.random((4, shape[1])))) == 0


def test_sources_are_measured_together(counts):
    rng = np.random.default_rng(1)
    W, H = rng.random((12, 4)), rng.random((4, 25))
    columns = np.arange(25)
    split = CountModel(tuple(Piece(c, W, H[:, c]) for c in (columns[::2], columns[1::2])))
    assert measures.relative_error(counts, split) == pytest.approx(measures.relative_error(counts, raw_model(W, H)))


def test_unscaled_factors_keep_the_totals_of_groups_and_contents(counts):
    sources = np.arange(25) % 2
    rng = np.random.default_rng(1)
    scaled = shrunken_lift(counts, sources)
    model = unscaled_model(rng.random((12, 4)), rng.random((4, 25)), scaled, counts, refits=1)
    assert model.content_mass(25).sum(axis=0) == pytest.approx(counts.sum(axis=0), rel=0.05)
    assert model.group_mass().sum(axis=1) == pytest.approx(counts.sum(axis=1), rel=0.2)


def test_refitted_contents_explain_more(counts):
    rng = np.random.default_rng(1)
    W, H, scaled = rng.random((12, 4)), rng.random((4, 25)), shrunken_lift(counts, np.zeros(25, dtype=np.int64))
    rough, refitted = (unscaled_model(W, H, scaled, counts, refits=n) for n in (0, 2))
    assert measures.explained_deviance(counts, refitted) > measures.explained_deviance(counts, rough)


def test_diversity_counts_what_is_present(audience):
    assert measures.diversity(audience, [0, 1]) == pytest.approx((1 + 2 + 1) / (2 + 2 + 2))


def test_no_set_is_more_diverse_than_its_size_allows(audience):
    assert measures.most_diversity(audience, 1) == pytest.approx((1 + 1 + 1) / 6)
    assert measures.most_diversity(audience, 2) == measures.most_diversity(audience, 9) == 1


def test_the_fairness_gap_is_the_mean_of_the_means(audience):
    gender, age, country = abs(1 - 0.8), abs(0.5 - 0.8), abs(1 - 0.8)
    assert measures.fairness_gap(audience, [0, 1]) == pytest.approx((gender + age + country) / 3)


def test_a_dimension_that_is_absent_does_not_count():
    audience = audience_of(np.array([[6], [2]]), [Group("", "25-34", "QA"), Group("", "18-24", "QA")])
    assert measures.fairness_gap(audience, [0]) == pytest.approx((0.25 + 0) / 2)
    assert measures.diversity(audience, [0]) == pytest.approx(2 / 3)


@pytest.mark.parametrize(("chosen", "above"), [([0, 1, 2], 0), ([0, 0, 1], 0), ([0, 0, 0], 1), ([1, 1, 2], 1)])
def test_only_repeats_above_the_share_are_duplicates(audience, chosen, above):
    assert measures.duplicate_groups(audience, chosen) == above


def test_a_share_of_whole_personas_warrants_just_those():
    assert measures.warranted(np.array([0.2, 0.6, 0.21]), 5).tolist() == [1, 3, 2]


def test_consistency_is_the_part_of_the_groups_that_stay():
    assert measures.consistency([1, 2, 3, 3], [1, 2, 4, 5, 6]) == pytest.approx(2 / 3)
