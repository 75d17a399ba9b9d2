"""Estimates on their way into the tables: asked for behind the ads, kept, settled anew in every month."""

import pytest
from django.core.management import CommandError, call_command

from sources.collecting.estimating import ad_account_of, heaviest_groups
from sources.collecting.requesting import new_collection
from sources.collecting.wanting import new_estimates
from sources.errors import DataError
from sources.models import AudienceAttribute, AudienceSize, Collection, Connection, DataSource, EstimateAnswer
from tests import builders
from tests.running import run

WOMEN, MEN = ("female", "25-34", "QA"), ("male", "35-44", "EG")
QUESTIONS = "delivery_estimate|targetingbrowse|/search"


def ask(account, *groups) -> Collection:
    return run(new_estimates(source=account, groups=groups))


def a_month_later() -> None:
    """Let what is stored be of an earlier month than this one."""
    for model in (EstimateAnswer, AudienceSize):
        model.objects.update(month="2020-01")
    AudienceAttribute.objects.update(origin="Meta's estimate for advertisers, 2020-01")


def test_sizes_and_shares_are_stored_with_origin_and_month(ads, account):
    told = ask(account, WOMEN)
    size = AudienceSize.objects.get()
    assert (size.gender, size.age_group, size.country) == WOMEN
    assert {row.attribute for row in AudienceAttribute.objects.all()} == {"job", "education", "relationship"}
    assert AudienceAttribute.objects.first().origin == size.origin == f"Meta's estimate for advertisers, {size.month}"
    assert (told.summary["groups_asked"], told.summary["groups_to_ask"]) == (1, 1)


def test_the_second_time_in_a_month_is_free_of_calls_and_changes_nothing(ads, account):
    ask(account, WOMEN)
    asked, before = ads.server.count(QUESTIONS), set(AudienceAttribute.objects.values_list("value", "share"))
    ask(account, WOMEN)
    assert ads.server.count(QUESTIONS) == asked
    assert set(AudienceAttribute.objects.values_list("value", "share")) == before
    assert AudienceSize.objects.count() == 1


def test_the_size_of_another_month_is_kept_beside(ads, account):
    ask(account, WOMEN)
    a_month_later()
    ask(account, WOMEN)
    assert AudienceSize.objects.count() == 2
    assert AudienceAttribute.objects.filter(origin__contains="2020-01").count() == 0


def test_shares_that_are_kept_back_in_a_later_month_do_not_stay(ads, account):
    ask(account, WOMEN, MEN)
    a_month_later()
    ads.population.people[:] = 40
    ask(account, WOMEN)
    assert set(AudienceAttribute.objects.values_list("gender", flat=True)) == {"male"}
    assert AudienceSize.objects.filter(gender="female").latest("month").upper == 1000


def test_an_attribute_that_is_kept_back_in_a_later_month_does_not_stay(ads, account):
    ask(account, WOMEN)
    a_month_later()
    ads.untold = ["relationship_statuses"]
    ask(account, WOMEN)
    assert set(AudienceAttribute.objects.values_list("attribute", flat=True)) == {"job", "education"}


def test_a_later_month_that_cannot_tell_takes_the_place_of_one_that_could(ads, account):
    ask(account, WOMEN, MEN)
    a_month_later()
    ads.untold = ['"QA"']
    ask(account, WOMEN)
    assert {row.gender for row in (*AudienceSize.objects.all(), *AudienceAttribute.objects.all())} == {"male"}


def test_whom_meta_does_not_estimate_is_told(ads, account):
    told = ask(account, ("female", "13-17", "QA"))
    assert (ads.server.count(QUESTIONS), AudienceSize.objects.count()) == (0, 0)
    words = "female, 13-17, QA: Not available: Meta tells advertisers nothing of people under 18."
    assert {"words": words, "count": 1} in told.summary["complaints"]


def test_a_missing_permission_is_said_to_the_user(ads, account):
    ads.server.fail("GET", "delivery_estimate", ads.graph.error("(#200) Requires ads_read permission", 200))
    told = ask(account, WOMEN)
    assert any("Requires ads_read permission" in complaint["words"] for complaint in told.summary["complaints"])


def test_answers_go_with_their_source(ads, account):
    ask(account, WOMEN)
    account.delete()
    assert not EstimateAnswer.objects.exists()
    assert not AudienceSize.objects.exists()


def test_the_command_asks_about_the_largest_groups(ads, organization, account, capsys):
    run(Collection.objects.create(source=account))
    call_command("estimate_audience", organization="acme", groups=1)
    assert "Asked about 1 of 1 groups." in capsys.readouterr().out
    size = AudienceSize.objects.get()
    assert (size.gender, size.age_group, size.country) == heaviest_groups(organization, 1)[0]
    assert Collection.objects.filter(source=account, state="done").count() == 2


def test_the_command_is_refused_while_the_account_is_collected(ads, organization, account):
    builders.make_interactions(builders.make_contents(organization), builders.make_groups())
    new_collection(source=account)
    with pytest.raises(CommandError, match="“Ads” is being collected just now"):
        call_command("estimate_audience", organization="acme")
    assert ads.server.asked == []
    assert not account.cycles.exists()


def test_the_command_says_what_went_wrong(ads, organization, account):
    builders.make_interactions(builders.make_contents(organization), builders.make_groups())
    ads.graph.dead["EAAads"] = 460
    with pytest.raises(CommandError, match="password"):
        call_command("estimate_audience", organization="acme")


def test_without_an_ad_account_it_says_what_is_missing(organization):
    with pytest.raises(DataError, match="no Facebook ad account connected"):
        ad_account_of(organization)


@pytest.mark.parametrize("state", [None, "reconnect"])
def test_the_account_whose_permission_lives_asks(organization, account, state):
    dead = state and Connection.objects.create(organization=organization, provider="meta", token="EAAold", state=state)
    made = {"kind": "facebook_ads", "account": "act_7", "connection": dead}
    DataSource.objects.create(organization=organization, name="Old", pk=account.pk - 1, **made)
    assert ad_account_of(organization) == account


def test_an_ad_account_whose_permission_died_is_none(organization, account):
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
