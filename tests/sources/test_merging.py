"""A correction laid over a column."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sources.merging import Column, Columns, merge

CELLS = st.dictionaries(st.integers(1, 50), st.integers(1, 1000).map(float), max_size=20)


def column(cells: dict[int, float], unknown: float | None = 0.0) -> Column:
    ids = np.array(sorted(cells), dtype=np.int32)
    return Column(ids, np.array([cells[int(key)] for key in ids], dtype=float), unknown)


@given(CELLS, CELLS)
def test_named_cells_are_corrected_and_the_others_kept(old, new):
    merged = merge(column(old), column(new))
    assert dict(zip(merged.ids.tolist(), merged.counts.tolist(), strict=True)) == {**old, **new}


@given(CELLS, CELLS)
def test_merging_twice_changes_nothing_more(old, new):
    once = merge(column(old, 3.0), column(new))
    assert merge(once, column(new)).packed() == once.packed()


def test_unknown_interactions_stay_until_a_correction_names_some():
    assert merge(column({1: 1.0}, 5.0), column({2: 1.0}, None)).unknown == 5.0
    assert merge(column({1: 1.0}, 5.0), column({2: 1.0}, 7.0)).unknown == 7.0
    assert merge(column({1: 1.0}, 5.0), column({2: 1.0}, 0.0)).unknown == 0.0


def test_what_is_stored_has_no_cells_of_nothing_and_a_number_for_unknown():
    assert column({1: 0.0, 2: 3.0}, None).settled().packed() == column({2: 3.0}).packed()


@st.composite
def side_by_side(draw) -> tuple[Columns, list[Column]]:
    """Columns whose ids stand in any order, and each of them as it should come out."""
    cells = draw(st.lists(st.dictionaries(st.integers(1, 50), st.integers(0, 9).map(float), max_size=9), max_size=6))
    unknown = [draw(st.sampled_from([None, 0.0, 4.0])) for _ in cells]
    shuffled = [draw(st.permutations(sorted(each))) for each in cells]
    columns = Columns(
        contents=np.arange(len(cells)) + 100,
        starts=np.cumsum([0, *map(len, cells)]),
        ids=np.array([key for keys in shuffled for key in keys], dtype=np.int32),
        counts=np.array([each[key] for each, keys in zip(cells, shuffled, strict=True) for key in keys], dtype=float),
        unknown=np.array([np.nan if part is None else part for part in unknown], dtype=float),
    )
    return columns, [column(each, part) for each, part in zip(cells, unknown, strict=True)]


@given(side_by_side())
def test_columns_side_by_side_are_packed_as_each_is_alone(given):
    columns, alone = given
    expected = [(100 + place, each.settled().packed()) for place, each in enumerate(alone)]
    assert list(columns.settled().packed()) == expected


@given(side_by_side())
def test_columns_side_by_side_are_given_one_by_one_with_what_they_leave_open(given):
    columns, alone = given
    found = list(columns.each())
    assert [content for content, _ in found] == columns.contents.tolist()
    for (_, one), expected in zip(found, alone, strict=True):
        assert (one.ids.tolist(), one.counts.tolist(), one.unknown) == (
            expected.ids.tolist(), expected.counts.tolist(), expected.unknown,
        )  # fmt: skip


def test_a_packed_column_is_laid_open_again():
    packed = column({1: 2.0, 7: 3.0}, 4.0).packed()
    assert packed.total == 9.0
    assert packed.unpacked().packed() == packed
