"""From planted ads to the tables, over the way that every collection goes: tokens, proofs, shards, checkpoints."""

import pytest
from django.core.management import call_command

from sources.collecting.estimating import estimate_audience, heaviest_groups
from sources.frames import read_interactions
from sources.models import (
    AudienceSize,
    Collection,
    Connection,
    ContentUnit,
    DataSource,
    DemographicGroup,
    PackedInteractions,
)
from tests.platforms.meta import Graph
from tests.platforms.meta_ads import ACCOUNT, MetaAds
from tests.platforms.meta_ads_world import AIMS, Ads
from tests.platforms.server import PlatformServer
from tests.running import run

TOKEN, SECRET = "EAAads", "app-secret"


@pytest.fixture
def ads(settings):
    server = PlatformServer()
    ads = MetaAds(Graph(server, accepts=lambda token: token == TOKEN, secret=SECRET), ads=Ads(per_set=1))
    with server.running() as base:
        settings.PLATFORM_ADDRESSES = settings.PLATFORM_ADDRESSES | ads.addresses(base)
        settings.META_APP_ID, settings.META_APP_SECRET = "1", SECRET
        yield ads
    assert ads.graph.violations == []


@pytest.fixture
def account(organization):
    connection = Connection.objects.create(organization=organization, provider="meta", token=TOKEN)
    return DataSource.objects.create(
        organization=organization, name="Ads", kind="facebook_ads", account=ACCOUNT, connection=connection
    )


@pytest.fixture
def collected(ads, account):
    return run(Collection.objects.create(source=account))


def test_a_collection_brings_the_ads_and_their_columns(ads, account, collected):
    assert collected.state == Collection.State.DONE
    titles = ContentUnit.objects.filter(source=account).values_list("title", flat=True)
    assert set(titles) == {ad["name"] for ad in ads.ads.ads}
    one_country = {ad["id"] for ad in ads.ads.ads if len(AIMS[int(ad["adset_id"][-6:])]) == 1}
    measured = PackedInteractions.objects.filter(estimated=False).values_list("content__external_id", flat=True)
    assert set(measured) == one_country


def test_every_impression_is_in_a_group_or_unknown(ads, account, collected):
    cycle = account.cycles.get()
    stored = read_interactions(PackedInteractions.objects.filter(content__source=account))
    planted = sum(ads.ads.between(ad["id"], cycle.first_day, cycle.last_day).impressions.sum() for ad in ads.ads.ads)
    assert stored.total == pytest.approx(planted)
    assert stored.count.sum() + stored.unknown == pytest.approx(planted)


def test_the_groups_of_an_ad_in_one_country_are_the_planted_ones(ads, account, collected):
    cycle, ad = account.cycles.get(), ads.ads.ads[0]["id"]
    stored = read_interactions(PackedInteractions.objects.filter(content__external_id=ad))
    groups = DemographicGroup.objects.in_bulk(stored.group.tolist())
    found = dict[tuple[str, str, str], float]()
    for pk, count in zip(stored.group.tolist(), stored.count.tolist(), strict=True):
        key = groups[pk].gender, groups[pk].age_group, groups[pk].country
        found[key] = found.get(key, 0.0) + count
    assert found == ads.truth(cycle.first_day, cycle.last_day)[ad]


def test_audiences_are_estimated_with_the_same_permission(ads, account):
    told = estimate_audience(account, [("female", "25-34", "QA")], month="2026-11", sleep=lambda seconds: None)
    assert (told.groups, AudienceSize.objects.get().source) == (1, account)


def test_the_command_asks_about_the_largest_groups(ads, organization, account, collected, capsys):
    ads.tier, ads.per_hour = "standard_access", 100_000
    call_command("estimate_audience", organization="acme", groups=1)
    assert "1 of 1 groups: 1 sizes" in capsys.readouterr().out
    size = AudienceSize.objects.get()
    assert (size.gender, size.age_group, size.country) == heaviest_groups(organization, 1)[0]
