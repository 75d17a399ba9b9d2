"""From the ads that were planted to columns: measured where one country saw an ad, raked where several did."""

from collections import defaultdict
from datetime import date

import numpy as np
import pytest

from sources.connectors.harvests import Known, Window
from sources.connectors.meta.ads import FacebookAds, accounts
from sources.connectors.meta.ads_columns import INDEPENDENT, MEASURED, estimated, measured, told_of
from tests.platforms.meta_ads import ACCOUNT
from tests.platforms.meta_ads_world import AIMS
from tests.sources.connectors.meta.ads_reading import NOTHING_KNOWN, OCTOBER, as_cells, columns, read


def aims(ads):
    """How many countries each ad was aimed at; 0: the world."""
    return {ad["id"]: len(AIMS[int(ad["adset_id"][-6:])]) for ad in ads.ads.ads}


def margin(cells, *dimensions):
    sums = defaultdict(float)
    for group, count in cells.items():
        sums[tuple(group[place] for place in dimensions)] += count
    return sums


def test_accounts_tell_their_state_and_time_zone(ads, http):
    first, second = accounts(http, ads.addresses(ads.server.base))
    assert (first.id, first.detail) == (ACCOUNT, "Ad account, active; days end in Asia/Qatar")
    assert "closed" in second.detail


def test_contents_are_the_ads_with_the_text_of_their_creative(ads, connector):
    (shard,) = [shard for shard in connector.shards(OCTOBER, NOTHING_KNOWN) if shard.stage == "contents"]
    rows = shard.read().contents
    assert [(row.external_id, row.title) for row in rows] == [(ad["id"], ad["name"]) for ad in ads.ads.ads]
    assert "Now in our app" in rows[0].description
    assert rows[0].published_at.year == 2026


def test_nothing_is_asked_before_a_shard_is_read(ads, connector):
    shards = list(connector.shards(Window(date(2026, 8, 15), date(2026, 10, 31)), NOTHING_KNOWN))
    assert [shard.key for shard in shards[1:]] == [
        f"interactions impressions 2026-{month}" for month in ("08", "09", "10")
    ]
    assert ads.server.asked == []


def test_ads_that_one_country_saw_are_measured_exactly(ads, connector):
    found, truth = columns(connector), ads.truth(OCTOBER.first, OCTOBER.last)
    ones = [ad for ad, number in aims(ads).items() if number == 1]
    assert len(ones) == 9
    assert all(not found[ad].estimated and as_cells(found[ad]) == truth[ad] for ad in ones)


def test_people_of_unknown_gender_or_country_are_counted_as_unknown(ads, connector):
    for ad, counts in columns(connector).items():
        whole = ads.ads.between(ad, OCTOBER.first, OCTOBER.last).impressions.sum()
        assert counts.unknown + counts.counts.sum() == pytest.approx(whole)
        assert 0.02 < counts.unknown / whole < 0.06


def test_both_margins_of_a_raked_ad_are_the_true_ones(ads, connector):
    found = columns(connector)
    for ad in [ad for ad, number in aims(ads).items() if number != 1]:
        cells = ads.ads.between(ad, OCTOBER.first, OCTOBER.last).impressions
        people, places = cells.sum(axis=0)[:, :2].T.ravel(), cells.sum(axis=(1, 2))[:-1]
        mine = as_cells(found[ad])
        by_people = sorted(margin(mine, 0, 1).values()) / found[ad].counts.sum()
        by_place = sorted(margin(mine, 2).values()) / found[ad].counts.sum()
        assert found[ad].estimated
        assert by_people == pytest.approx(np.sort(people[people > 0] / people.sum()))
        assert by_place == pytest.approx(np.sort(places[places > 0] / places.sum()))


def test_the_seed_of_one_country_ads_comes_nearer_to_the_truth_than_none(ads, connector):
    found, truth = columns(connector), ads.truth(OCTOBER.first, OCTOBER.last)
    raked = [ad for ad, number in aims(ads).items() if number != 1]
    assert {found[ad].seed for ad in raked} == {MEASURED}
    away = {ad: _distance(as_cells(found[ad]), truth[ad]) for ad in raked}
    outer = {ad: _distance(_outer(truth[ad]), truth[ad]) for ad in raked}
    assert np.mean(list(away.values())) < np.mean(list(outer.values()))


def _distance(mine, truth):
    a, b = sum(mine.values()), sum(truth.values())
    return sum(abs(mine.get(key, 0) / a - truth.get(key, 0) / b) for key in {*mine, *truth}) / 2


def _outer(truth):
    people, places, whole = margin(truth, 0, 1), margin(truth, 2), sum(truth.values())
    return {(*key, *place): n * m / whole for key, n in people.items() for place, m in places.items()}


def test_without_an_ad_in_one_country_the_seed_is_independence():
    told = told_of({("25-34", "female"): 30.0, ("18-24", "male"): 10.0}, {("QA",): 20.0, ("EG",): 20.0})
    ((column,), complaints) = estimated({"1": told}, "2026-10", [])
    assert (column.seed, complaints) == (INDEPENDENT, [])
    assert as_cells(column)["female", "25-34", "QA"] == pytest.approx(15)


def test_margins_that_do_not_fit_each_other_are_told_and_not_raked():
    told = told_of({("25-34", "female"): 30.0}, {("QA",): 20.0, ("EG",): 100.0})
    ((column,), complaints) = estimated({"77": told}, "2026-10", [])
    assert (len(column.groups), column.unknown) == (0, 120.0)
    assert "differ too much to be put together: 77" in complaints[0]


def test_what_meta_may_call_people_tomorrow_is_unknown_today():
    told = told_of({("25-34", "female"): 30.0, ("25-34", "martian"): 5.0, ("Unknown", "male"): 2.0}, {("QA",): 37.0})
    column = measured("1", "2026-10", told, "QA")
    assert (as_cells(column), column.unknown) == ({("female", "25-34", "QA"): 30.0}, 7.0)


def test_without_the_ad_sets_the_counts_alone_tell_the_country(ads, connector):
    ads.server.fail("GET", "adsets", ads.graph.error("(#200) Requires ads_read permission", 200), times=9)
    found, truth = columns(connector), ads.truth(OCTOBER.first, OCTOBER.last)
    ones = [ad for ad, number in aims(ads).items() if number == 1]
    assert all(as_cells(found[ad]) == truth[ad] for ad in ones)


def test_a_country_that_meta_does_not_know_is_known_by_the_ad_set(ads, connector):
    ad = ads.ads.ads[0]["id"]
    ads.ads.rates[ad][-1] += 5.0  # impressions of an unknown country
    found = columns(connector)[ad]
    whole = ads.ads.between(ad, OCTOBER.first, OCTOBER.last).impressions
    assert not found.estimated
    assert found.counts.sum() == whole[:, :, :2].sum()


def test_clicks_can_be_counted_instead(ads, http):
    connector = FacebookAds(http, ads.addresses(ads.server.base), ACCOUNT, metric="clicks")
    for ad, counts in columns(connector).items():
        whole = ads.ads.between(ad, OCTOBER.first, OCTOBER.last).clicks.sum()
        assert counts.unknown + counts.counts.sum() == pytest.approx(whole)


def test_an_unknown_metric_is_refused():
    with pytest.raises(ValueError, match="use one of impressions, clicks, reach"):
        FacebookAds(None, {"graph": ""}, "1", metric="likes")


def test_a_stored_ad_without_impressions_gets_an_empty_column(connector):
    (harvest,) = read(connector, known=Known(content_ids=lambda: ["99"]))
    (gone,) = [counts for counts in harvest.counts if counts.content_id == "99"]
    assert (len(gone.groups), gone.unknown) == (0, 0)


def test_an_ad_that_is_not_listed_is_named_by_what_was_counted(ads, connector):
    (harvest,) = read(connector, known=Known(content_ids=lambda: [ad["id"] for ad in ads.ads.ads[1:]]))
    assert [(row.external_id, row.title) for row in harvest.contents] == [
        (ads.ads.ads[0]["id"], ads.ads.ads[0]["name"])
    ]
