"""Stored interactions come back as arrays."""

from sources.frames import read_interactions
from sources.models import PackedInteractions
from tests.builders import make_contents, make_groups, make_interactions


def test_cells_sum_to_the_totals(organization):
    make_interactions(make_contents(organization), make_groups())
    stored = read_interactions(PackedInteractions.objects.of(organization))
    assert stored.count.sum() == stored.total > 0
    assert len(stored.group) == len(stored.content) == len(stored.count)


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
