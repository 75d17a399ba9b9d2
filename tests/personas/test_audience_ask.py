"""Asking Facebook for audience sizes: by a person, a program or the month; groups, words and who may."""

import pytest
from django.urls import reverse
from django.utils import timezone
from django_q.models import Schedule

from enrichment.measures.likeliest import LEAST_COVERAGE
from personas.curating import describe_identity
from personas.exporting import groups_of
from personas.faces import faces_of, groups_to_ask, queue_estimates_of, queue_monthly
from personas.models import Generation, Persona
from personas.tasks import keep_schedule
from personas.telling_estimates import tell_estimates
from sources.collecting.estimating import heaviest_groups
from sources.collecting.wanting import MONTHLY
from sources.errors import DataError
from sources.models import AudienceAttribute, AudienceSize, Collection, Connection, Cycle, DataSource, EstimateAnswer
from tests import builders
from tests.api_calls import ROOT, program

ORIGIN = "Meta's estimate for advertisers, 2026-11"


@pytest.fixture
def ads(organization):
    connection = Connection.objects.create(organization=organization, provider="meta", token="EAAads")
    return DataSource.objects.create(
        organization=organization, name="Ads", kind="facebook_ads", account="act_1", connection=connection
    )


@pytest.fixture
def shown(organization):
    return builders.make_persona_sets(organization, sizes=(5,))


def page_of(client, source, slug="acme"):
    return client.get(reverse("audience_ask", args=[slug, source.pk]))


def ask(client, source, **fields):
    return client.post(reverse("audience_ask", args=["acme", source.pk]), fields)


def text(response) -> str:
    return " ".join(response.content.decode().split())


def estimate(source, face, **fields):
    gender, age_group, country = face
    group = {"source": source, "gender": gender, "age_group": age_group, "country": country, "origin": ORIGIN}
    AudienceSize.objects.create(**group, month="2026-11", lower=74300, upper=87500)
    AudienceAttribute.objects.create(**group, attribute="relationship", value="Married", share=0.6)


def test_the_data_page_leads_an_editor_there(owner_client, colleague_client, ads):
    data, address = reverse("sources", args=["acme"]), reverse("audience_ask", args=["acme", ads.pk])
    assert f'href="{address}">Ask Facebook for audience sizes' in text(owner_client.get(data))
    assert address not in text(colleague_client.get(data))


def test_the_page_says_how_many_groups_and_how_long(owner_client, organization, ads, shown):
    page = text(page_of(owner_client, ads))
    count = len(groups_to_ask(organization))
    assert f"<dt>Groups to ask about</dt><dd>{count}</dd>" in page
    assert f"{count * 8} min 0 s" in page
    assert "people under 18" in page


def test_asking_queues_one_collection_with_the_faces_at_its_end(owner_client, owner, organization, ads, shown):
    response = ask(owner_client, ads)
    run = Collection.objects.get()
    assert response.url == reverse("collection", args=["acme", run.pk])
    assert (run.requested_by, run.state) == (owner, "queued")
    assert [tuple(group) for group in Cycle.objects.get().audience] == groups_to_ask(organization)
    assert "At the end Facebook is asked about" in text(owner_client.get(response.url))


def test_fewer_groups_may_be_asked_about_those_that_are_needed_most_first(owner_client, organization, ads, shown):
    ask(owner_client, ads, groups="2")
    assert Cycle.objects.get().audience == [list(group) for group in groups_to_ask(organization)[:2]]


@pytest.mark.parametrize("number", ["0", "-1", "61", "many"])
def test_a_number_of_groups_that_cannot_be_asks_nothing(owner_client, ads, shown, number):
    page = owner_client.post(reverse("audience_ask", args=["acme", ads.pk]), {"groups": number}, follow=True)
    assert "Nothing was asked: choose 1 to 60 groups." in text(page)
    assert not Collection.objects.exists()


def test_two_at_once_are_refused_with_words(owner_client, ads, shown):
    ask(owner_client, ads)
    assert "is being collected just now" in text(owner_client.get(ask(owner_client, ads).url))
    assert Collection.objects.count() == 1


def test_asking_again_while_groups_wait_names_each_once(organization, ads, shown):
    for _ in range(2):
        queue_estimates_of(ads).request_cancel()
    assert len(Cycle.objects.get().audience) == len(groups_to_ask(organization))


def test_who_asks_no_more_is_left_with_what_came(owner_client, ads, shown):
    queue_estimates_of(ads).request_cancel()
    assert "Ask no more" in text(page_of(owner_client, ads))
    ask(owner_client, ads, stop="1")
    assert Cycle.objects.get().audience == []
    assert "Ask no more" not in text(page_of(owner_client, ads))


def test_a_viewer_may_not_and_a_stranger_finds_nothing(colleague_client, stranger_client, ads, shown):
    for client, status in ((colleague_client, 403), (stranger_client, 404)):
        assert page_of(client, ads).status_code == status
        assert ask(client, ads).status_code == status
    assert not Collection.objects.exists()


def test_what_is_no_ad_account_cannot_ask(owner_client, organization, shown):
    files = DataSource.objects.get(kind="files")
    assert page_of(owner_client, files).status_code == 404
    with pytest.raises(DataError, match="“Files” is no ad account"):
        queue_estimates_of(files)


def test_faces_come_first_and_then_what_stands_behind_them_as_far_as_it_is_needed(organization, shown):
    faces, groups = faces_of(organization), groups_to_ask(organization)
    assert groups[: len(faces)] == faces
    assert all(age != "13-17" for _, age, _ in groups)
    for persona in Persona.objects.all():
        behind = groups_of(persona, shown.audience.groups)
        asked = [one["share"] for one in behind if (one["gender"], one["age_group"], one["country"]) in groups]
        possible = sum(one["share"] for one in behind if one["age_group"] != "13-17")
        assert sum(asked) >= min(possible, LEAST_COVERAGE)


def test_without_personas_the_heaviest_groups_are_asked_about(organization, ads):
    builders.make_interactions(builders.make_contents(organization), builders.make_groups())
    assert groups_to_ask(organization) == heaviest_groups(organization, 20)


def test_without_anything_there_is_nothing_to_ask_about(owner_client, ads):
    assert "There is no group yet" in text(page_of(owner_client, ads))
    with pytest.raises(DataError, match="no groups to ask about yet"):
        queue_estimates_of(ads)
    assert not Collection.objects.exists()


def test_a_program_with_the_scope_run_asks(organization, ads, shown):
    client, address = program(organization, "read", "run"), f"{ROOT}sources/{ads.pk}/estimate-audience/"
    response = client.post(address)
    assert response.status_code == 202
    assert client.get(response["Location"]).json()["source"] == ads.pk
    assert client.post(address).status_code == 409


def test_other_programs_do_not(organization, stranger, ads, shown):
    address = f"{ROOT}sources/{ads.pk}/estimate-audience/"
    assert program(organization, "read", "write").post(address).status_code == 403
    assert program(stranger.organizations.get(), "read", "run").post(address).status_code == 404


def test_by_itself_nothing_is_asked_unless_somebody_wishes(owner_client, ads, shown):
    queue_monthly()
    assert not Collection.objects.exists()
    ask(owner_client, ads, later="1", monthly="on")
    ads.refresh_from_db()
    assert ads.options == {MONTHLY: True}
    assert [run.source for run in queue_monthly()] == [ads]
    ask(owner_client, ads, later="1")
    ads.refresh_from_db()
    assert ads.options == {}


def test_a_month_is_asked_for_once(ads, shown):
    DataSource.objects.filter(pk=ads.pk).update(options={MONTHLY: True})
    queue_monthly()[0].request_cancel()
    assert queue_monthly() == []  # the groups wait for the next collection
    Cycle.objects.update(audience=[])
    EstimateAnswer.objects.create(source=ads, month=f"{timezone.now():%Y-%m}", digest="0", answer={})
    assert queue_monthly() == []
    EstimateAnswer.objects.update(month="2020-01")
    assert len(queue_monthly()) == 1


def test_the_schedule_is_there_once(db):
    keep_schedule()
    keep_schedule()
    assert Schedule.objects.get().func == "personas.tasks.ask_monthly"


def test_estimates_that_came_later_are_told_by_the_personas_that_are_shown(organization, ads, shown):
    persona = Persona.objects.first()
    estimate(ads, (persona.gender, persona.age_group, persona.country))
    assert tell_estimates(organization) == 5
    persona.refresh_from_db()
    assert (persona.audience_size["lower"], persona.audience_size["month"]) == (74300, "2026-11")
    assert [(one["attribute"], one["value"]) for one in persona.attributes] == [("relationship", "Married")]
    assert {"Audience size", "Relationship"}.isdisjoint({one["attribute"] for one in persona.unavailable})


def test_the_description_tells_the_estimates_that_came_and_a_pinned_one_stays(organization, ads, shown):
    first, second, *_ = Persona.objects.order_by("position")
    describe_identity(identity=second.identity, text="Written by hand.")
    for persona in (first, second):
        estimate(ads, (persona.gender, persona.age_group, persona.country))
    tell_estimates(organization)
    first, second, third, *_ = Persona.objects.order_by("position")
    assert "Married" in first.told
    assert second.told == "Written by hand."
    assert third.told.endswith("Two sentences stand here.")


def test_the_others_say_why_they_have_none(organization, ads, shown):
    first, *_, last = Persona.objects.order_by("position")
    Persona.objects.filter(pk=last.pk).update(age_group="13-17", country="EG")
    estimate(ads, (first.gender, first.age_group, first.country))
    tell_estimates(organization)
    last.refresh_from_db()
    why = {one["attribute"]: one["why"] for one in last.unavailable}
    assert "Meta tells advertisers nothing of people under 18." in why["Audience size"]
    assert "it needs 30" in why["Relationship"]


def test_an_earlier_generation_and_one_by_region_stay_as_they_were(organization, ads, shown):
    latest = builders.make_persona_sets(organization, sizes=(5,))
    region = builders.make_persona_sets(organization, sizes=(5,), unit=Generation.Unit.REGION)
    persona = Persona.objects.filter(persona_set__generation=latest).first()
    estimate(ads, (persona.gender, persona.age_group, persona.country))
    tell_estimates(organization)
    told = Persona.objects.exclude(audience_size=None).values_list("persona_set__generation", flat=True)
    assert set(told) == {latest.pk}
    assert region.pk not in told


def test_without_personas_there_is_nothing_to_tell(organization):
    assert tell_estimates(organization) == 0


def test_the_latest_of_every_period_and_choice_of_sources_tells_the_estimates(organization, ads, shown):
    chosen = [{"id": ads.pk, "name": "Ads", "kind": "facebook_ads"}]
    september = builders.make_persona_sets(organization, sizes=(5,), period="2026-09")
    of_ads = builders.make_persona_sets(organization, sizes=(5,), chosen_sources=chosen)
    again = builders.make_persona_sets(organization, sizes=(5,), chosen_sources=chosen)
    for face in set(Persona.objects.values_list("gender", "age_group", "country")):
        estimate(ads, face)
    assert tell_estimates(organization) == 15
    told = Persona.objects.exclude(audience_size=None).values_list("persona_set__generation", flat=True)
    assert set(told) == {shown.pk, september.pk, again.pk}
    assert of_ads.pk not in told
