"""What stands for Meta's advertising API: the official client reads it, and it keeps Meta's rules."""

import json
from datetime import date

import pytest
from facebook_business.adobjects.adaccount import AdAccount
from facebook_business.adobjects.adreportrun import AdReportRun
from facebook_business.adobjects.user import User
from facebook_business.api import FacebookAdsApi
from facebook_business.exceptions import FacebookRequestError
from facebook_business.session import FacebookSession

from tests.platforms.meta import Graph
from tests.platforms.meta_ads import ACCOUNT, MetaAds, bounds_of
from tests.platforms.server import PlatformServer

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 3)
QUESTION = {
    "level": "ad",
    "breakdowns": ["age", "gender"],
    "time_range": {"since": str(FIRST), "until": str(LAST)},
    "limit": 50,
}
WOMEN = {"geo_locations": {"countries": ["QA"]}, "age_min": 25, "age_max": 34, "genders": [2]}


@pytest.fixture
def ads():
    server = PlatformServer()
    ads = MetaAds(Graph(server))
    with server.running():
        yield ads
    assert ads.graph.violations == []


@pytest.fixture
def api(ads, monkeypatch):
    monkeypatch.setattr(FacebookSession, "GRAPH", f"{ads.server.base}/graph")
    return FacebookAdsApi(FacebookSession(access_token="EAAuser"), api_version="v26.0")


def test_the_official_client_reads_accounts_and_ads(ads, api):
    (account, _) = User("me", api=api).get_ad_accounts(["name", "account_status"])
    assert account["account_status"] == 1
    listed = AdAccount(account["id"], api=api).get_ads(["name", "creative"])
    assert [ad["name"] for ad in listed] == [ad["name"] for ad in ads.ads.ads]


def test_the_official_client_reads_insights_that_sum_to_what_was_planted(ads, api):
    rows = AdAccount(ACCOUNT, api=api).get_insights(["ad_id", "impressions"], dict(QUESTION))
    planted = sum(ads.ads.between(ad["id"], FIRST, LAST).impressions.sum() for ad in ads.ads.ads)
    assert sum(int(row["impressions"]) for row in rows) == planted


def test_the_official_client_reads_a_report(ads, api):
    run = AdAccount(ACCOUNT, api=api).get_insights_async(["ad_id", "impressions"], dict(QUESTION))
    states = [AdReportRun(run["report_run_id"], api=api).api_get()["async_status"] for _ in range(3)]
    assert states[-1] == "Job Completed"
    rows = list(AdReportRun(run["report_run_id"], api=api).get_insights(params={"limit": 100}))
    at_once = list(AdAccount(ACCOUNT, api=api).get_insights(["ad_id", "impressions"], dict(QUESTION)))
    assert [dict(row) for row in rows] == [dict(row) for row in at_once]


def test_the_official_client_reads_estimates(ads, api):
    params = {"targeting_spec": WOMEN, "optimization_goal": "REACH"}
    (estimate,) = AdAccount(ACCOUNT, api=api).get_delivery_estimate(params=params)
    people = ads.population.count(WOMEN)
    assert estimate["estimate_mau_lower_bound"] <= people <= estimate["estimate_mau_upper_bound"]


def test_age_gender_and_country_together_are_refused(ads, api):
    with pytest.raises(FacebookRequestError, match="Current combination") as told:
        list(AdAccount(ACCOUNT, api=api).get_insights([], {**QUESTION, "breakdowns": ["age", "gender", "country"]}))
    assert told.value.api_error_code() == 100


def test_above_the_hourly_limit_the_headers_tell_how_long_to_wait(ads, api):
    ads.per_hour = 2
    account = AdAccount(ACCOUNT, api=api)
    params = {"targeting_spec": WOMEN, "optimization_goal": "REACH"}
    for _ in range(2):
        account.get_delivery_estimate(params=params)
    with pytest.raises(FacebookRequestError) as told:
        account.get_delivery_estimate(params=params)
    (usage,) = json.loads(told.value.http_headers()["X-Business-Use-Case-Usage"]).values()
    assert (told.value.api_error_code(), usage[0]["estimated_time_to_regain_access"]) == (80004, 60)


def test_a_range_has_three_digits_and_no_number_below_a_thousand():
    assert bounds_of(81_234) == (74_700, 87_700)
    assert bounds_of(12) == (1000, 1000)
