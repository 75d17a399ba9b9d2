"""From planted ads to the tables, over the way that every collection goes: tokens, proofs, shards, checkpoints."""

import pytest

from sources.frames import read_interactions
from sources.models import (
    Collection,
    ContentUnit,
    DemographicGroup,
    PackedInteractions,
)
from tests.platforms.meta_ads_world import AIMS
from tests.running import run


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
