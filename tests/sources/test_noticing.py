"""What is told of sources before personas are made of them."""

import pytest

from sources.models import AudienceAttribute, DataSource
from sources.noticing import made_of_ads, silent_sources
from tests.builders import make_contents, make_groups, make_interactions


@pytest.fixture
def stories(organization):
    """A source whose counts have no months."""
    make_interactions(make_contents(organization, 2, source_name="Stories"), make_groups(), period="")
    return DataSource.objects.get(name="Stories")


@pytest.fixture
def films(organization):
    make_interactions(make_contents(organization, 2, source_name="Films"), make_groups(), period="2026-10")
    return DataSource.objects.get(name="Films")


def test_a_source_without_months_gives_nothing_to_a_month(organization, stories, films):
    assert silent_sources(organization, period="2026-10") == [
        "“Stories” has interactions without months, and so nothing of October 2026: choose all periods to use them."
    ]


def test_all_periods_have_every_source_that_has_interactions(organization, stories, films):
    assert silent_sources(organization) == []


def test_sources_of_other_months_are_named_together(organization, films):
    make_interactions(make_contents(organization, 2, source_name="Blog"), make_groups(), period="2026-09")
    assert silent_sources(organization, period="2026-08") == ["“Blog” and “Films” have nothing in August 2026."]


def test_an_empty_source_is_told_but_not_an_account_of_ads_that_tells_sizes(organization, films):
    for name, kind in [("Shop", "google_analytics"), ("Ads", "facebook_ads")]:
        DataSource.objects.create(organization=organization, name=name, kind=kind)
    assert silent_sources(organization) == ["“Shop” has no interactions yet."]


def test_a_source_that_tells_jobs_of_groups_is_not_called_empty(organization, films):
    jobs = DataSource.objects.create(organization=organization, name="Jobs")
    AudienceAttribute.objects.create(source=jobs, attribute="job", gender="female", value="Teacher", share=0.2)
    assert silent_sources(organization) == []


def test_only_the_chosen_sources_are_told_of(organization, stories, films):
    assert silent_sources(organization, period="2026-10", sources=[films]) == []


def test_ads_are_said_to_tell_whom_they_aimed_at_beside_other_sources_and_alone():
    ads, films = ("Promotion", "facebook_ads"), ("Films", "youtube")
    (among,), (alone,) = made_of_ads([films, ads]), made_of_ads([ads])
    assert among.startswith("“Promotion” tells whom ads were shown to. Beside other sources")
    assert alone.startswith("“Promotion” tells whom ads were shown to. Personas of ads alone are of whom you aimed at")
    assert made_of_ads([films]) == []
