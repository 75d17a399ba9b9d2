"""The joint that a page's or an account's marginals are raked with: measured, from the best sister source."""

import pytest

from sources.connecting.platforms import connector_for
from sources.connecting.seeding import joint_beside
from sources.models import DataSource, PackedInteractions
from tests import builders
from tests.sources.connecting.world import connected


@pytest.fixture
def page(organization):
    return DataSource.objects.create(organization=organization, name="Page", kind="facebook", account="501")


def fill(organization, name: str, kind: str, count: int = 30, groups=None) -> DataSource:
    contents = builders.make_contents(organization, count, source_name=name)
    builders.make_interactions(contents, groups or builders.make_groups(countries=("QA", "US")))
    DataSource.objects.filter(name=name).update(kind=kind)
    return DataSource.objects.get(name=name)


def test_the_joint_sums_the_measured_interactions_of_a_source(page, organization):
    fill(organization, "Channel", "youtube")
    joint, name = joint_beside(page)
    assert name == "Channel (YouTube)"
    assert sum(joint.values()) == pytest.approx(sum(PackedInteractions.objects.values_list("total", flat=True)))
    assert all(len(key) == 3 and all(key) for key in joint)


def test_a_channel_goes_before_a_site_and_files(page, organization):
    fill(organization, "A file", "files")
    fill(organization, "B site", "google_analytics")
    fill(organization, "C channel", "youtube")
    assert joint_beside(page)[1] == "C channel (YouTube)"


def test_what_was_estimated_itself_says_nothing(page, organization):
    fill(organization, "Channel", "youtube")
    PackedInteractions.objects.update(estimated=True)
    assert joint_beside(page) == ({}, "")


def test_groups_that_lack_a_dimension_say_nothing(page, organization):
    fill(organization, "Channel", "youtube", groups=builders.make_groups(countries=("",)))
    assert joint_beside(page) == ({}, "")


def test_another_organization_says_nothing(page, stranger):
    fill(stranger.organizations.get(), "Theirs", "youtube")
    assert joint_beside(page) == ({}, "")


def test_a_page_is_read_with_the_joint_of_the_channel(world, owner_client, organization):
    fill(organization, "Channel", "youtube")
    connector = connector_for(connected(owner_client, "facebook", "501"))
    assert connector.seed == "Channel (YouTube)"
    assert connector.joint


def test_a_source_with_enough_interactions_goes_before_a_better_one_with_few(page, organization):
    fill(organization, "Channel", "youtube", count=1)
    fill(organization, "Site", "google_analytics")
    assert joint_beside(page)[1] == "Site (Google Analytics)"
