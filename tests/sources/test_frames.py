"""Stored interactions come back as arrays."""

import numpy as np
import pytest

from sources import bulk, frames
from sources.frames import read_contents, read_interactions, sources_of, sums_by_group
from sources.models import PackedInteractions
from tests.builders import make_contents, make_groups, make_interactions


def test_cells_sum_to_the_totals(organization):
    make_interactions(make_contents(organization), make_groups())
    stored = read_interactions(PackedInteractions.objects.of(organization))
    assert stored.count.sum() == stored.total > 0
    assert len(stored.group) == len(stored.content) == len(stored.count)


def test_sums_by_group_are_those_of_all_cells_however_few_are_read_at_once(organization, monkeypatch):
    monkeypatch.setattr(frames, "AT_ONCE", 3)
    make_interactions(make_contents(organization, 4), make_groups(countries=("QA",)))
    make_interactions(make_contents(organization, 3, "Other"), make_groups(countries=("QA", "US", "FR")))
    stored = read_interactions(PackedInteractions.objects.of(organization))
    sums = sums_by_group(PackedInteractions.objects.of(organization))
    assert list(sums) == np.unique(stored.group).tolist()
    assert list(sums.values()) == pytest.approx([stored.count[stored.group == pk].sum() for pk in sums])


def test_fingerprint_tells_whether_the_same_was_read(organization):
    contents, groups = make_contents(organization), make_groups()
    make_interactions(contents, groups, period="2026-09")
    before = read_interactions(PackedInteractions.objects.of(organization)).fingerprint
    assert read_interactions(PackedInteractions.objects.of(organization)).fingerprint == before
    make_interactions(contents, groups, period="2026-10")
    assert read_interactions(PackedInteractions.objects.of(organization)).fingerprint != before


def test_periods_and_sources_are_told_apart(organization):
    first, second = make_contents(organization, 3), make_contents(organization, 2, source_name="Other")
    make_interactions(first, make_groups(), period="2026-09")
    make_interactions(second, make_groups(), period="2026-10")
    columns = PackedInteractions.objects
    assert len(set(read_interactions(columns.of(organization, period="2026-09")).content)) == 3
    assert len(set(read_interactions(columns.of(organization, sources=[second[0].source])).content)) == 2


def test_another_organization_is_not_read(organization, stranger):
    elsewhere = stranger.organizations.get()
    make_interactions(make_contents(elsewhere), make_groups())
    assert read_interactions(PackedInteractions.objects.of(organization)).total == 0


def test_each_content_is_told_with_its_own_source(organization):
    first, second = make_contents(organization, 3), make_contents(organization, 2, source_name="Other")
    expected = {unit.pk: unit.source_id for unit in [*first, *second]}
    sources = sorted(set(expected.values()))
    assert sources_of(set(expected), sources) == expected
    assert sources_of({second[0].pk}, sources) == {second[0].pk: second[0].source_id}
    assert sources_of({first[0].pk}, [first[0].source_id]) == {first[0].pk: first[0].source_id}


def test_columns_of_sources_by_id_are_those_of_the_organization(organization):
    contents = make_contents(organization, 5)
    make_interactions(contents, make_groups())
    columns = PackedInteractions.objects
    of_sources = read_interactions(columns.from_sources([contents[0].source_id]))
    assert of_sources.fingerprint == read_interactions(columns.of(organization)).fingerprint
    assert of_sources.contents == {unit.pk for unit in contents}
    assert read_interactions(columns.from_sources([])).contents == set()


def test_contents_are_read_by_id_and_those_gone_left_out(organization, monkeypatch):
    monkeypatch.setattr(bulk, "CHUNK", 2)
    contents = make_contents(organization, 5)
    found = read_contents([*(unit.pk for unit in contents), 10**9])
    assert found == {unit.pk: (unit.title, unit.category, unit.tags, unit.source_id) for unit in contents}
