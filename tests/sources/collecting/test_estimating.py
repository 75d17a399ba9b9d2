"""Estimates on their way into the tables: asked for by an ad account, kept, stopped and gone on with."""

import pytest
import requests

from sources.collecting.estimating import ad_account_of, estimate_audience, heaviest_groups
from sources.connectors.faults import Refused
from sources.connectors.http import Http
from sources.connectors.meta.faults import judge
from sources.connectors.meta.pacing import Paced
from sources.errors import DataError
from sources.models import AudienceAttribute, AudienceSize, Connection, DataSource, EstimateAnswer
from tests import builders
from tests.platforms.meta import Graph
from tests.platforms.meta_ads import ACCOUNT, MetaAds
from tests.platforms.server import PlatformServer

WOMEN, MEN = ("female", "25-34", "QA"), ("male", "35-44", "EG")


@pytest.fixture
def ads(settings):
    server = PlatformServer()
    ads = MetaAds(Graph(server))
    with server.running() as base:
        settings.PLATFORM_ADDRESSES = ads.addresses(base)
        yield ads
    assert ads.graph.violations == []


@pytest.fixture
def source(organization):
    connection = Connection.objects.create(organization=organization, provider="meta", token="EAAuser")
    return DataSource.objects.create(
        organization=organization, name="Ads", kind="facebook_ads", account=ACCOUNT, connection=connection
    )


def connect(source, *, sleep, heard):
    session = requests.Session()
    session.headers["Authorization"] = "Bearer EAAuser"
    return Http(Paced(session, sleep), judge, sleep, heard)


def ask(source, *groups, month="2026-11", **options):
    options = {"sleep": lambda seconds: None, "connect": connect, **options}
    return estimate_audience(source, groups, month=month, **options)


def test_sizes_and_shares_are_stored_with_origin_and_month(ads, source):
    told = ask(source, WOMEN)
    size = AudienceSize.objects.get()
    assert (size.gender, size.age_group, size.country, size.month) == (*WOMEN, "2026-11")
    assert {row.attribute for row in AudienceAttribute.objects.all()} == {"job", "education", "relationship"}
    assert AudienceAttribute.objects.first().origin == size.origin == "Meta's estimate for advertisers, 2026-11"
    assert (told.groups, told.sizes, told.shares) == (1, 1, AudienceAttribute.objects.count())


def test_the_second_run_of_a_month_is_free_of_calls_and_changes_nothing(ads, source):
    ask(source, WOMEN)
    before = set(AudienceAttribute.objects.values_list("attribute", "value", "share"))
    assert ask(source, WOMEN).calls == 0
    assert set(AudienceAttribute.objects.values_list("attribute", "value", "share")) == before
    assert AudienceSize.objects.count() == 1


def test_another_month_is_kept_beside(ads, source):
    ask(source, WOMEN)
    ask(source, WOMEN, month="2026-12")
    assert set(AudienceSize.objects.values_list("month", flat=True)) == {"2026-11", "2026-12"}
    assert AudienceAttribute.objects.filter(origin__contains="2026-11").count() == 0


def test_a_run_that_must_stop_keeps_what_it_has_and_the_next_goes_on(ads, source):
    ads.per_hour = 50
    told = ask(source, WOMEN, MEN)
    assert (told.groups, AudienceSize.objects.count()) == (1, 1)
    assert "1 of 2 groups are stored" in told.stopped
    ads.per_hour, kept = None, EstimateAnswer.objects.count()
    again = ask(source, WOMEN, MEN)
    assert (again.groups, again.stopped) == (2, "")
    assert again.calls == EstimateAnswer.objects.count() - kept


def test_progress_is_told_by_groups(ads, source):
    told = []
    ask(source, WOMEN, MEN, report=lambda *progress: told.append(progress))
    assert told == [("estimate", 0, 2), ("estimate", 1, 2), ("estimate", 2, 2)]


def test_whom_meta_does_not_estimate_is_told(ads, source):
    told = ask(source, ("female", "13-17", "QA"))
    assert (told.calls, AudienceSize.objects.count()) == (0, 0)
    assert told.complaints == ["female, 13-17, QA: Not available: Meta tells advertisers nothing of people under 18."]


def test_a_missing_permission_is_said_to_the_user(ads, source):
    ads.server.fail("GET", "delivery_estimate", ads.graph.error("(#200) Requires ads_read permission", 200))
    with pytest.raises(DataError, match="Requires ads_read permission") as told:
        ask(source, WOMEN)
    assert isinstance(told.value.__cause__, Refused)


def test_answers_go_with_their_source(ads, source):
    ask(source, WOMEN)
    source.delete()
    assert not EstimateAnswer.objects.exists()
    assert not AudienceSize.objects.exists()


def test_without_an_ad_account_it_says_what_is_missing(organization):
    with pytest.raises(DataError, match="no Facebook ad account connected"):
        ad_account_of(organization)


@pytest.mark.parametrize("state", [None, "reconnect"])
def test_the_account_whose_permission_lives_asks(organization, source, state):
    dead = state and Connection.objects.create(organization=organization, provider="meta", token="EAAold", state=state)
    made = {"kind": "facebook_ads", "account": "act_7", "connection": dead}
    DataSource.objects.create(organization=organization, name="Old", pk=source.pk - 1, **made)
    assert ad_account_of(organization) == source


def test_an_ad_account_whose_permission_died_is_none(organization, source):
    Connection.objects.update(state="reconnect")
    with pytest.raises(DataError, match="no Facebook ad account connected"):
        ad_account_of(organization)


def test_the_heaviest_groups_that_meta_knows_come_first(organization):
    groups = builders.make_groups(countries=("QA",), ages=("13-17", "25-34"))
    builders.make_interactions(builders.make_contents(organization), groups)
    found = heaviest_groups(organization, 5)
    assert {age for _, age, _ in found} == {"25-34"}
    assert len(found) == 2
    assert heaviest_groups(organization, 1) == found[:1]


def test_an_organization_without_interactions_has_no_groups(organization):
    assert heaviest_groups(organization, 5) == []
