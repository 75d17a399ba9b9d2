import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from sklearn.decomposition import NMF

from personas.errors import GenerationError
from personas.pipeline.blocks import SparseBlocks
from personas.pipeline.compressing import CompressedBlocks, compress
from personas.pipeline.counting import unscaled_model
from personas.pipeline.factorising import factorise_path, factorise_reference
from personas.pipeline.growing import from_singular_vectors
from personas.pipeline.hals import fit
from personas.pipeline.scaling import shrunken_lift
from tests.personas.pipeline.planted import accuracy, planted

seeds = st.integers(0, 10_000)


def random_counts(seed, groups=30, contents=60):
    rng = np.random.default_rng(seed)
    mixed = rng.dirichlet(np.full(5, 0.3), groups) @ rng.dirichlet(np.full(contents, 0.3), 5)
    return sparse.csr_array(rng.poisson(mixed * rng.integers(50, 2000, (groups, 1))) + np.eye(groups, contents))


def one_source(V):
    return np.zeros(V.shape[1], dtype=np.int64)


def path(V, sizes=(5, 6), sources=None, seed=0):
    sources = one_source(V) if sources is None else sources
    return factorise_path(V, shrunken_lift(V, sources), sources, sizes, seed)


def products(factors):
    return factors.W @ factors.H


@given(seeds)
@settings(max_examples=10, deadline=None)
def test_factors_are_never_negative(seed):
    for factors in path(random_counts(seed)).values():
        assert factors.W.min() >= 0
        assert factors.H.min() >= 0


@given(seeds)
@settings(max_examples=10, deadline=None)
def test_the_objective_never_rises(seed):
    X = shrunken_lift(random_counts(seed), np.zeros(60, dtype=np.int64)).X
    start = from_singular_vectors(compress(SparseBlocks(X), 40, 0), 6)
    objectives = np.array(fit(SparseBlocks(X), *start, tolerance=0, most_sweeps=60).objectives)
    assert (np.diff(objectives) <= 1e-5 * objectives[0]).all()


@given(seeds)
@settings(max_examples=10, deadline=None)
def test_the_objective_is_the_squared_distance(seed):
    X = shrunken_lift(random_counts(seed), np.zeros(60, dtype=np.int64)).X
    fitted = fit(
        SparseBlocks(X), *from_singular_vectors(compress(SparseBlocks(X), 40, 0), 6), tolerance=0, most_sweeps=5
    )
    assert fitted.objective == pytest.approx(np.square(X.toarray() - fitted.W @ fitted.H).sum(), rel=1e-4)


@given(seeds, st.sampled_from([1, 7, 16, 59]))
@settings(max_examples=10, deadline=None)
def test_the_block_size_changes_nothing_but_rounding(seed, width):
    X = shrunken_lift(random_counts(seed), np.zeros(60, dtype=np.int64)).X
    start = from_singular_vectors(compress(SparseBlocks(X), 40, 0), 6)
    whole, cut = (fit(SparseBlocks(X, w), *start, tolerance=0, most_sweeps=10) for w in (60, width))
    assert pytest.approx(whole.W @ whole.H, abs=1e-2 * float(X.max())) == cut.W @ cut.H


@given(seeds)
@settings(max_examples=5, deadline=None)
def test_permuting_the_contents_permutes_the_patterns(seed):
    V = random_counts(seed)
    order = np.random.default_rng(seed).permutation(V.shape[1])
    plain, permuted = products(path(V)[6]), products(path(sparse.csr_array(V[:, order]))[6])
    assert np.linalg.norm(plain[:, order] - permuted) <= 0.01 * np.linalg.norm(plain)


@given(seeds, st.sampled_from([0.25, 3.0, 1000.0]))
@settings(max_examples=5, deadline=None)
def test_scaling_one_source_changes_no_pattern(seed, scale):
    V = random_counts(seed)
    sources = np.arange(V.shape[1]) % 2
    louder = sparse.csr_array(V.multiply(np.where(sources == 1, scale, 1.0)))
    plain, scaled = products(path(V, sources=sources)[6]), products(path(louder, sources=sources)[6])
    assert np.linalg.norm(plain - scaled) <= 0.01 * np.linalg.norm(plain)


def test_the_same_seed_gives_the_same_factors():
    V = random_counts(1)
    assert np.array_equal(path(V, seed=3)[6].W, path(V, seed=3)[6].W)


def test_a_size_is_the_same_however_it_is_asked_for():
    V = random_counts(1)
    alone, among = path(V, sizes=(7,))[7], path(V, sizes=(5, 6, 7))[7]
    assert pytest.approx(among.W @ among.H, abs=0.05 * (among.W @ among.H).max()) == alone.W @ alone.H


def test_the_compressed_matrix_gives_nearly_the_factors_of_the_matrix():
    X = shrunken_lift(planted(countries=20, contents=400, seed=1).counts, np.zeros(400, dtype=np.int64)).X
    small = compress(SparseBlocks(X), 40, 0)
    start = from_singular_vectors(small, 6)
    through_small = fit(CompressedBlocks(small), *start, tolerance=1e-6, most_sweeps=300)
    direct = fit(SparseBlocks(X), *start, tolerance=1e-6, most_sweeps=300)
    distance = np.square(X.toarray() - through_small.W @ through_small.H).sum()
    assert distance <= 1.01 * direct.objective


def test_the_balanced_factors_come_to_rest():
    assert all(factors.converged for factors in path(random_counts(2), sizes=(5, 6, 7)).values())


def test_the_reference_is_the_recipe_of_the_authors():
    V = random_counts(3)
    recipe = NMF(n_components=5, random_state=0)
    assert pytest.approx(recipe.fit_transform(V)) == factorise_reference(V, 5, 0).W


def test_more_patterns_than_contents_are_refused():
    with pytest.raises(GenerationError, match="12 personas were asked for, but 30 demographic groups and 10 contents"):
        path(random_counts(0, contents=10), sizes=(12,))


def test_planted_behaviours_are_found():
    found = []
    for seed in range(5):
        truth = planted(seed=seed)
        sources = one_source(truth.counts)
        scaled = shrunken_lift(truth.counts, sources)
        factors = factorise_path(truth.counts, scaled, sources, [8], 0)[8]
        model = unscaled_model(factors.W, factors.H, scaled, truth.counts, refits=2)
        found.append(accuracy(truth, model.group_mass(), model.content_mass(truth.counts.shape[1])))
    assert np.mean(found) >= 0.78
