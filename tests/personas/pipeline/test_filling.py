import numpy as np
import pytest
from scipy import sparse

from personas.pipeline.blocks import SparseBlocks
from personas.pipeline.filling import Fill, Filled
from personas.pipeline.localising import noise_of
from personas.pipeline.scaling import shrunken_lift
from personas.pipeline.skeletons import draw_sets
from personas.pipeline.withholding import country_folds, found_elsewhere, held_out_error, left_out_together
from tests.personas.pipeline.planted import audience_of, planted


@pytest.fixture
def filled():
    """A sparse matrix of 30 x 50 with a fill of rank 2."""
    rng = np.random.default_rng(0)
    cells = sparse.random_array((30, 50), density=0.2, rng=rng, dtype=np.float32).tocsr()
    return Filled(cells, Fill(rng.random((30, 2)).astype(np.float32), rng.random((50, 2)).astype(np.float32)))


@pytest.fixture
def dense(filled):
    return filled.cells.toarray() + filled.fill.groups @ filled.fill.contents.T


def untold(countries_told: int):
    """Planted counts of two sources, the first of which tells nothing of the groups of small countries."""
    truth = planted(countries=20, contents=400, views=4e5)
    sources = np.arange(400) % 2
    country = np.arange(len(truth.groups)) // 14
    sizes = np.bincount(country, np.asarray(truth.counts.sum(axis=1)).ravel())
    small = ~np.isin(country, np.argsort(-sizes)[:countries_told])
    counts = truth.counts.toarray()
    counts[np.ix_(small, sources == 0)] = 0
    return sparse.csr_array(counts), truth.groups, sources


def judged():
    """The scaled counts of two sources that do not tell of the same countries, their noise, and what is left out."""
    counts, groups, sources = untold(8)
    countries = [group.country for group in groups]
    codes, folds = left_out_together(countries), country_folds(countries, np.asarray(counts.sum(axis=1)).ravel())
    scaled = shrunken_lift(counts, sources)
    return scaled, noise_of(counts, scaled, codes, folds, seed=0), codes, folds


def test_a_filled_matrix_multiplies_like_the_dense_one(filled, dense):
    W, H = np.random.default_rng(1).random((30, 3)), np.random.default_rng(2).random((50, 3))
    assert filled.left(W) == pytest.approx(dense.T @ W, rel=1e-5)
    assert filled.right(H) == pytest.approx(dense @ H, rel=1e-5)
    assert filled.squares() == pytest.approx(np.square(dense).sum(axis=0), rel=1e-5)
    assert filled.square() == pytest.approx(np.square(dense).sum(), rel=1e-5)


def test_blocks_of_a_filled_matrix_are_blocks_of_the_dense_one(filled, dense):
    blocks = SparseBlocks(filled.cells, width=7, fill=filled.fill)
    W = np.random.default_rng(1).random((30, 3)).astype(np.float32)
    assert blocks.all_left(W) == pytest.approx(dense.T @ W, rel=1e-4)
    assert blocks.both_ways(W) == pytest.approx(dense @ (dense.T @ W), rel=1e-4)
    assert blocks.dense() == pytest.approx(dense, rel=1e-5)
    assert blocks.squares == pytest.approx(np.square(dense).sum(), rel=1e-5)


def test_some_rows_of_a_filled_matrix_are_those_of_the_dense_one(filled, dense):
    rows = np.arange(30) % 3 == 0
    part = filled.of_groups(rows)
    assert part.right(np.eye(50)) == pytest.approx(dense[rows], rel=1e-5)


def test_one_source_leaves_nothing_to_fill():
    counts, *_ = untold(20)
    assert shrunken_lift(counts, np.zeros(400, dtype=np.int64)).fill.groups.shape[1] == 0


def test_who_is_not_told_of_in_a_source_likes_there_what_the_others_like_on_the_average():
    counts, _, sources = untold(8)
    scaled = shrunken_lift(counts, sources)
    rows = scaled.fill.groups @ scaled.fill.contents.T + scaled.X.toarray()
    first = sources == 0
    silent = np.asarray(counts[:, np.flatnonzero(first)].sum(axis=1)).ravel() == 0
    average = rows[~silent][:, first].mean(axis=0)
    assert np.corrcoef(rows[silent][:, first].mean(axis=0), average)[0, 1] > 0.99
    ratio = rows[silent][:, first].mean(axis=1) / scaled.kept[silent]
    assert ratio == pytest.approx(ratio.mean(), rel=1e-3)


def test_patterns_are_of_taste_and_not_of_who_is_told_of_where():
    counts, groups, sources = untold(8)
    (drawn,) = draw_sets(audience_of(counts, groups, sources), sizes=[6], method="balanced", seed=0).sets
    parts = [float(persona.content_weights[sources == 0].sum()) for persona in drawn.personas]
    overall = float(counts[:, np.flatnonzero(sources == 0)].sum() / counts.sum())
    assert min(parts) > overall / 2


def test_sizes_are_judged_with_the_filled_matrix_as_with_the_dense_one():
    scaled, noise, codes, folds = judged()
    evened = noise.evened(scaled.X, scaled.fill)
    dense = Filled.bare(sparse.csr_array(evened.cells.toarray() + evened.fill.groups @ evened.fill.contents.T))
    assert found_elsewhere(evened, codes, seed=0) == pytest.approx(found_elsewhere(dense, codes, seed=0), rel=1e-2)
    hidden, H, half = folds == 0, np.random.default_rng(0).random((6, 400)), np.arange(400) % 2 == 0
    errors = [held_out_error(one.of_groups(hidden), H, half) for one in (evened, dense)]
    assert errors[0] == pytest.approx(errors[1], rel=1e-3)
    assert evened.fill.groups.any()


def test_the_fill_is_in_units_of_the_noise_as_the_cells_are():
    scaled, noise, *_ = judged()
    evened, fill = noise.evened(scaled.X, scaled.fill).fill, scaled.fill
    plain = fill.groups @ fill.contents.T / np.outer(noise.rows, noise.columns)
    assert evened.groups @ evened.contents.T == pytest.approx(plain, rel=1e-3)
