import numpy as np
import pytest

from personas.errors import GenerationError
from personas.pipeline.matrix import Cells, Group, build_audience
from tests.personas.pipeline.planted import plain_groups


def long_form(counts):
    rows, columns = np.nonzero(counts)
    return Cells(rows.astype(np.int32), columns.astype(np.int64) + 100, counts[rows, columns].astype(float))


def build(counts, groups=None, cells=None, **options):
    groups = groups or plain_groups(len(counts))
    sources = dict.fromkeys(range(100, 100 + counts.shape[1]), 1)
    options = {"unknown": 0.0, "threshold": 1.0} | options
    return build_audience(cells or long_form(counts), groups=dict(enumerate(groups)), sources=sources, **options)


@pytest.fixture
def counts():
    return np.random.default_rng(0).poisson(5, (28, 30))


def test_the_matrix_holds_every_count(counts):
    audience = build(counts)
    row = {group: i for i, group in enumerate(audience.groups)}
    order = [row[group] for group in plain_groups(28)]
    assert np.array_equal(audience.V.toarray()[order], counts)


def test_repeated_cells_are_summed(counts):
    cells = long_form(counts)
    twice = Cells(np.tile(cells.group, 2), np.tile(cells.content, 2), np.tile(cells.count, 2))
    assert build(counts, cells=twice).V.sum() == 2 * counts.sum()


def test_the_order_of_the_cells_changes_nothing(counts):
    cells = long_form(counts)
    order = np.random.default_rng(1).permutation(len(cells.count))
    shuffled = build(counts, cells=Cells(cells.group[order], cells.content[order], cells.count[order]))
    plain = build(counts)
    assert shuffled.groups == plain.groups
    assert np.array_equal(shuffled.V.toarray(), plain.V.toarray())


def test_the_numbering_of_the_groups_changes_nothing(counts):
    order = np.random.default_rng(1).permutation(28)
    groups = plain_groups(28)
    renamed = build(counts[order], groups=[groups[i] for i in order])
    assert np.array_equal(renamed.V.toarray(), build(counts).V.toarray())


def test_small_groups_are_left_out_and_their_mass_counted(counts):
    counts[3] = 0
    counts[3, 0] = 7
    audience = build(counts, threshold=50)
    assert (audience.small, audience.small_groups) == (7, 1)
    assert plain_groups(28)[3] not in audience.groups
    assert audience.coverage == pytest.approx(1 - 7 / counts.sum())


def test_an_empty_group_changes_nothing(counts):
    with_empty = np.vstack([counts, np.zeros((1, 30), dtype=int)])
    groups = [*plain_groups(28), Group("male", "65+", "ZZ")]
    audience = build(with_empty, groups=groups, threshold=50)
    assert np.array_equal(audience.V.toarray(), build(counts, threshold=50).V.toarray())
    assert audience.small_groups == 0


def test_a_group_without_a_gender_that_others_have_is_unknown_mass(counts):
    groups = [*plain_groups(27), Group("", "65+", "ZZ")]
    audience = build(counts, groups=groups, unknown=11.0)
    assert audience.unknown == 11 + counts[27].sum()
    assert audience.total == 11 + counts.sum()
    assert len(audience.groups) == 27


def test_a_few_groups_with_a_gender_do_not_cost_the_others(counts):
    known = plain_groups(56)[::2]
    audience = build(counts, groups=[known[0], *(Group("", group.age_group, group.country) for group in known[1:])])
    assert {group.gender for group in audience.groups} == {""}
    assert audience.coverage == 1


def test_a_dimension_that_no_group_has_is_absent(counts):
    groups = [Group("", group.age_group, group.country) for group in plain_groups(56)[::2]]
    audience = build(counts, groups=groups)
    assert audience.unknown == 0
    assert {group.gender for group in audience.groups} == {""}


def test_a_group_of_nothing_but_blanks_is_unknown_mass(counts):
    audience = build(counts, groups=[*plain_groups(27), Group("", "", "")])
    assert audience.unknown == counts[27].sum()


def test_countries_merge_into_regions_and_keep_the_heaviest_for_naming(counts):
    counts[14:] += 20
    audience = build(counts, region_of={"C000": "north", "C001": "north"})
    assert len(audience.groups) == 14
    assert {group.country for group in audience.groups} == {"north"}
    assert set(audience.naming_countries) == {"C001"}
    assert audience.V.sum() == counts.sum()


def test_a_country_of_no_region_is_unknown_mass(counts):
    counts[:14] *= 3
    audience = build(counts, region_of={"C000": "north"})
    assert audience.unknown == counts[14:].sum()


def test_contents_that_only_small_groups_saw_are_dropped(counts):
    counts[:, 29] = 0
    counts[3] = 0
    counts[3, 29] = 7
    assert 129 not in build(counts, threshold=50).content_ids


def test_the_sources_follow_the_contents(counts):
    sources = {100 + i: i % 2 for i in range(30)}
    audience = build_audience(
        long_form(counts), groups=dict(enumerate(plain_groups(28))), sources=sources, unknown=0, threshold=1
    )
    assert [sources[int(i)] for i in audience.content_ids] == audience.sources.tolist()


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ((9, 30), "interactions: 9; personas need 10"),
        ((28, 19), "interactions: 19; personas need 20"),
        ((1, 30), ": 1;"),
    ],
)
def test_too_little_is_refused_with_figures(shape, words):
    with pytest.raises(GenerationError, match=words):
        build(np.random.default_rng(0).poisson(5, shape) + 1)


@pytest.mark.parametrize(("value", "words"), [(np.nan, "not numbers"), (np.inf, "not numbers"), (-1, "negative")])
def test_counts_that_cannot_be_are_refused(counts, value, words):
    cells = long_form(counts)
    cells.count[5] = value
    with pytest.raises(GenerationError, match=words):
        build(counts, cells=cells)


def test_no_cells_are_refused(counts):
    nothing = Cells(np.array([], dtype=np.int32), np.array([], dtype=np.int64), np.array([]))
    with pytest.raises(GenerationError, match="no interactions"):
        build(counts, cells=nothing)


def test_a_matrix_of_zeros_is_refused(counts):
    cells = long_form(counts)
    with pytest.raises(GenerationError, match="zero"):
        build(counts, cells=Cells(cells.group, cells.content, cells.count * 0))


@pytest.mark.parametrize("rows", [np.ones(28), np.arange(1, 29)])
def test_groups_that_all_behave_alike_are_refused(rows):
    with pytest.raises(GenerationError, match="same behaviour"):
        build(np.outer(rows, np.arange(1, 31)))


def test_an_id_that_nobody_described_is_our_fault(counts):
    with pytest.raises(ValueError, match="No group is described for id 27"):
        build(counts, groups=plain_groups(27))


def test_progress_is_reported_to_the_end(counts):
    heard = []
    build(counts, report=lambda *step: heard.append(step))
    assert heard[-1] == ("matrix", 3, 3)
