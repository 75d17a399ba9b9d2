"""The columns of pages read from the fake: counts are the planted ones, and all views are in one part or another."""

import numpy as np
import pytest

from sources.connectors.harvests import Known
from tests.sources.connectors.google_analytics.reading import AUGUST, SMALL, as_dict, known_truth, reading


def test_a_joint_that_is_whole_gives_the_true_counts():
    with reading() as read:
        columns = read.columns()
        for page in range(SMALL["pages"]):
            assert as_dict(columns[read.world.path(page)]) == known_truth(read.world, page)


@pytest.mark.parametrize("limit", [7, 50, 333])
def test_pages_that_straddle_shards_come_whole_and_once(limit):
    with reading({"pages": 7}) as read:
        columns = read.columns(limit=limit)
        for page in range(7):
            assert as_dict(columns[read.world.path(page)]) == known_truth(read.world, page)


@pytest.mark.parametrize("threshold", [0, 4, 15])
def test_explained_suppressed_and_unknown_add_up_to_all_views(threshold):
    with reading({"threshold": threshold}) as read:
        views = read.world.truth("2026-08").sum(axis=(1, 2, 3))
        for page, column in enumerate(read.columns(limit=90).values()):
            told = column.counts.sum() + column.suppressed + column.unknown
            assert told == pytest.approx(views[page])


def test_people_who_are_not_known_are_told_and_in_no_group():
    with reading() as read:
        column = read.columns()[read.world.path(0)]
        cells = read.world.truth("2026-08")[0]
        assert column.unknown == cells.sum() - cells[1:, :-1, :-1].sum() > 0
        assert column.suppressed == 0


def test_small_groups_are_suppressed_and_not_zero():
    with reading({"threshold": 3}) as read:
        column = read.columns(share=0.0)[read.world.path(0)]
        cells = read.world.truth("2026-08")[0]
        known = cells[1:, :-1, :-1]
        assert column.suppressed >= known[known < 3].sum() > 0
        assert not column.estimated
        assert min(column.counts) >= 3


def test_a_page_whose_groups_are_all_withheld_has_an_empty_column():
    with reading({"threshold": 10_000}) as read:
        columns = read.columns()
        assert len(columns) == SMALL["pages"]
        assert all(len(column.groups) == 0 and column.suppressed > 0 for column in columns.values())


def distance(column, truth: dict) -> float:
    """Total variation between what a column and the truth say of the groups."""
    told, all_told, all_true = as_dict(column), column.counts.sum(), sum(truth.values())
    return 0.5 * sum(abs(told.get(g, 0) / all_told - truth.get(g, 0) / all_true) for g in truth.keys() | told.keys())


def test_raked_columns_are_far_nearer_to_the_truth_than_what_the_joint_kept():
    with reading({"views": 4000.0, "threshold": 60}) as read:
        raked, kept = read.columns(), read.columns(share=0.0)
        paths = {read.world.path(page): known_truth(read.world, page) for page in range(SMALL["pages"])}
    estimated = [path for path in paths if raked[path].estimated and len(kept[path].groups)]
    errors = [(distance(raked[path], paths[path]), distance(kept[path], paths[path])) for path in estimated]
    ours, theirs = np.mean(errors, axis=0)
    assert len(errors) > 8
    assert ours < 0.25
    assert ours < theirs / 2


def test_cells_that_the_joint_tells_stay_as_they_are_in_a_raked_column():
    with reading({"views": 4000.0, "threshold": 60}) as read:
        raked, kept = read.columns(), read.columns(share=0.0)
    for path, column in raked.items():
        told, estimated = as_dict(kept[path]), as_dict(column)
        assert all(estimated[group] == pytest.approx(views, rel=0.01) for group, views in told.items())


def test_what_was_raked_is_marked_with_the_name_of_its_seed():
    with reading({"views": 4000.0, "threshold": 60}) as read:
        column = next(column for column in read.columns(share=1.0).values() if column.estimated)
    assert column.seed == "age, gender and country of the whole property"


@pytest.mark.parametrize("limit", [7, 60, 100_000])
def test_it_does_not_matter_whether_other_stands_before_all_paths_or_behind(limit):
    told = []
    for last in (False, True):
        with reading({"cap": 10, "other_last": last}) as read:
            harvests = read.harvests(limit=limit).values()
        columns = {one.content_id: as_dict(one) for harvest in harvests for one in harvest.counts}
        told.append((columns, sum(harvest.unnamed for harvest in harvests)))
    assert told[0] == told[1]
    assert (len(told[0][0]), told[0][1] > 0) == (10, True)


def test_other_behind_very_many_pages_is_not_taken_for_pages_that_are_not_told(monkeypatch):
    monkeypatch.setattr("sources.connectors.google_analytics.web_property.FIRST_ROWS", 5)
    with reading({"cap": 10, "other_last": True}) as read:
        named = float(read.world.site("2026-08").sum() - read.world.other("2026-08").sum())
        shards = read.connector().shards(AUGUST, Known(list, interactions=lambda period: named))
        (total,) = [shard.read() for shard in shards if shard.key == "total:2026-08"]
    assert (total.unnamed, total.complaints) == (0, ())


def test_pages_folded_into_other_are_told_and_no_content():
    with reading({"cap": 10}) as read:
        harvests = read.harvests()
        complaints = [words for harvest in harvests.values() for words in harvest.complaints]
        columns = [one for harvest in harvests.values() for one in harvest.counts]
        folded = int(read.world.other("2026-08").sum())
    assert {content.external_id for harvest in harvests.values() for content in harvest.contents} == {
        one.content_id for one in columns
    }
    assert len(columns) == 10
    assert f"2026-08: Google Analytics does not name the pages of {folded:,} views." in complaints
    assert any("'(other)'" in words for words in complaints)
