"""`manage.py demo --platforms` stands its platforms up, connects to all of them, and takes them down again."""

import os

import pytest
import requests
from django.core.management import CommandError, call_command

from apg_site.demo import platforms
from apg_site.management.commands.demo import Command
from sources.models import Collection, DataSource
from tests.builders import make_contents, make_groups, make_interactions

KINDS = {kind for kind in DataSource.Kind.values if kind != DataSource.Kind.FILES}
CHANGED = ("PLATFORM_ADDRESSES", "GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET", "YOUTUBE_API_KEY", "META_APP_ID")


@pytest.fixture
def kept(settings, monkeypatch):
    """Give back afterwards what the demo points to its platforms for good."""
    for name in (*CHANGED, "META_APP_SECRET"):
        setattr(settings, name, getattr(settings, name))
        monkeypatch.setenv(name, "")
    return settings


def test_an_account_on_every_platform_is_connected_twice_over(kept, organization, owner):
    for _ in range(2):
        with platforms.running_platforms() as permissions:
            sources = platforms.connect(organization, permissions, owner)
            assert {source.kind for source in sources} == KINDS
            assert all(source.connection.is_live and source.due_at for source in sources)
    assert DataSource.objects.count() == len(KINDS)


def test_what_is_connected_can_be_collected(kept, organization, owner):
    with platforms.running_platforms() as permissions:
        sources = platforms.connect(organization, permissions, owner)
        (page,) = [source for source in sources if source.kind == DataSource.Kind.INSTAGRAM]
        call_command("collect", source=page.pk)
    done = Collection.objects.get()
    assert (done.state, done.summary["contents"]) == ("done", page.contents.count())
    assert done.summary["coverage"]["explained"] > 0


def test_the_children_are_told_where_the_platforms_are_and_the_platforms_end(kept, db):
    with platforms.running_platforms():
        address = kept.PLATFORM_ADDRESSES["google_token"]
        assert f"google_token={address}" in os.environ["PLATFORM_ADDRESSES"]
        assert requests.post(address, timeout=5).status_code == 401
    with pytest.raises(requests.ConnectionError):
        requests.post(address, timeout=5)


def test_a_copy_without_the_tests_is_told_what_is_missing(db, monkeypatch, tmp_path):
    monkeypatch.setattr(platforms, "FAKES", tmp_path / "tests" / "platforms" / "demo.py")
    with pytest.raises(CommandError, match="Run the demo in a complete copy of the project, or without --platforms"):
        call_command("demo", "--no-serve", "--platforms")


def test_the_demo_makes_its_personas_of_all_sources_but_the_ads(organization, owner, monkeypatch):
    for name, kind in [("Films", "youtube"), ("Promotion", "facebook_ads")]:
        make_interactions(make_contents(organization, 25, source_name=name), make_groups())
        DataSource.objects.filter(name=name).update(kind=kind)
    monkeypatch.setattr(platforms, "SLUG", organization.slug)
    monkeypatch.setattr(platforms, "connect", lambda *given: [])
    Command()._collect([], owner)
    assert organization.generations.get().used_names == ["Films"]
