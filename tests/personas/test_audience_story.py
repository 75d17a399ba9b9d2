"""The whole way of an ad account: connected, collected, personas made, Facebook asked, and told on a persona's page."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from personas.faces import faces_of, groups_to_ask
from personas.generation import new_generation
from personas.models import Persona
from sources.collecting import estimating
from sources.collecting.requesting import queue_due
from sources.models import AudienceSize, Collection, DataSource
from tests.platforms.meta import Graph
from tests.platforms.meta_accounts import MetaAccounts
from tests.platforms.meta_ads import ACCOUNT, MetaAds
from tests.platforms.server import PlatformServer
from tests.running import run
from tests.sources.connecting.world import connected, text


@pytest.fixture
def ads(settings):
    """An advertiser at Facebook, whose app has the access that asks for no waiting."""
    server = PlatformServer()
    accounts = MetaAccounts(server)
    ads = MetaAds(Graph(server, accepts=accounts.accepts, secret=accounts.app[1]))
    ads.tier, ads.per_hour = "standard_access", 100_000
    with server.running() as base:
        settings.PLATFORM_ADDRESSES = settings.PLATFORM_ADDRESSES | accounts.addresses(base) | ads.addresses(base)
        settings.META_APP_ID, settings.META_APP_SECRET = accounts.app
        yield ads


@pytest.fixture
def personas(ads, organization, owner_client):
    """Personas of what an account that was connected over the pages had collected."""
    source = connected(owner_client, "facebook_ads", ACCOUNT)
    (collection,) = queue_due()
    assert run(collection).state == Collection.State.DONE
    assert not AudienceSize.objects.filter(source=source).exists()
    run(new_generation(organization=organization, sizes=[5]))
    return Persona.objects.filter(persona_set__size=5)


def press(client) -> Collection:
    """Ask Facebook, and return the collection as it ended."""
    client.post(reverse("audience_ask", args=["acme", DataSource.objects.get().pk]))
    return run(Collection.objects.latest("pk"))


def refuse_the_second_group(ads, monkeypatch) -> None:
    """Have the hour's limit used up when the second group is asked about."""
    tell, asked = estimating.AudienceEstimates.of, []

    def of(self, group):
        asked.append(group)
        if len(asked) == 2:
            ads.server.fail("GET", "delivery_estimate", ads.graph.error("(#341) Limit reached", 341))
        return tell(self, group)

    monkeypatch.setattr(estimating.AudienceEstimates, "of", of)


def test_an_ad_account_tells_the_page_of_a_persona_how_many_people_there_are(
    personas, owner_client, colleague_client, stranger_client, organization
):
    persona = next(one for one in personas if (one.gender, one.age_group, one.country) in faces_of(organization))
    address = reverse("persona", args=["acme", persona.pk])
    assert 'id="audience-size"' not in text(owner_client.get(address))
    asked = press(owner_client)
    assert (asked.state, asked.summary["groups_asked"]) == ("done", len(groups_to_ask(organization)))
    for client in (owner_client, colleague_client):
        page, month = text(client.get(address)), f"{timezone.now():%Y-%m}"
        assert re.search(r"[\d,]+ to [\d,]+</bdi> people a month", page)
        assert f"Meta&#x27;s estimate for advertisers, {month}" in page
        assert re.search(r"<dt>Relationship</dt> <dd><strong", page)
    report = text(colleague_client.get(reverse("collection", args=["acme", asked.pk])))
    assert "The latest personas by country show what it told." in report
    assert stranger_client.get(address).status_code == 404
    assert stranger_client.get(reverse("collection", args=["acme", asked.pk])).status_code == 404


def test_a_limit_in_the_middle_is_a_pause_and_the_next_collection_goes_on(
    ads, personas, owner_client, organization, monkeypatch
):
    refuse_the_second_group(ads, monkeypatch)
    paused = press(owner_client)
    assert (paused.state, paused.summary["groups_asked"]) == ("done", 1)
    assert paused.goes_on_at is not None
    assert Persona.objects.exclude(audience_size=None).exists()
    before = AudienceSize.objects.count()
    DataSource.objects.update(due_at=timezone.now())
    (following,) = queue_due()
    assert run(following).summary["groups_asked"] == len(groups_to_ask(organization))
    assert AudienceSize.objects.count() > before == 1


def test_a_wish_to_cancel_is_heard_between_two_groups(personas, owner_client, monkeypatch):
    told = estimating.AudienceEstimates.of

    def of(self, group):
        Collection.objects.latest("pk").request_cancel()
        return told(self, group)

    monkeypatch.setattr(estimating.AudienceEstimates, "of", of)
    assert press(owner_client).state == Collection.State.CANCELLED
    assert not AudienceSize.objects.exists()
