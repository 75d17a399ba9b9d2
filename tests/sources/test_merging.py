"""A correction laid over a column."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sources.merging import Column, merge

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
