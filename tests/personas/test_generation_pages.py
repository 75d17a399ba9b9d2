"""Choosing, starting and following a generation in the browser."""

import pytest
from django.urls import reverse
from django_q.models import OrmQ

from personas.estimating import estimate
from personas.forms import GenerationForm
from personas.models import Generation
from sources.models import DataSource
from tests import builders
from tests.running import run

CHOICES = {"period": "", "unit": "country", "smallest": "5", "largest": "6", "method": "balanced", "seed": "0"}


@pytest.fixture
def audience(organization):
    """An audience that is large enough: 25 contents, 56 groups."""
    builders.make_interactions(builders.make_contents(organization, 25), builders.make_groups())
    return organization


@pytest.fixture
def queued(audience, owner):
    return Generation.objects.create(organization=audience, requested_by=owner, sizes=[5, 6])


def page_of(generation, name="generation") -> str:
    return reverse(name, args=["acme", generation.pk])


def start(client, **changed):
    return client.post(reverse("generation_new", args=["acme"]), CHOICES | {"sources": every_source()} | changed)


def every_source() -> list[int]:
    return list(DataSource.objects.filter(organization__slug="acme").values_list("pk", flat=True))


def text(response) -> str:
    return " ".join(response.content.decode().split())


def looked_at(client, **choices):
    wish = {"unit": "country", "sources": every_source(), **choices}
    return client.get(reverse("generation_estimate", args=["acme"]), wish).context["estimate"]


def test_a_generation_is_written_down_and_queued(owner_client, audience):
    response = start(owner_client, smallest="7", largest="9", method="reference", seed="3", period="2026-10")
    made = Generation.objects.get()
    assert response.url == page_of(made)
    assert (made.sizes, made.method, made.seed, made.period) == ([7, 8, 9], "reference", 3, "2026-10")
    assert made.requested_by.username == "owner"
    assert [entry.task["args"] for entry in OrmQ.objects.all()] == [("personas.Generation", made.pk)]


def test_a_generation_that_was_started_makes_personas_that_the_page_leads_to(owner_client, audience):
    start(owner_client)
    done = run(Generation.objects.get())
    assert done.state == "done", done.error
    response = owner_client.get(page_of(done, "generation_progress"))
    assert response.status_code == 286
    assert response["HX-Redirect"] == f"{reverse('personas', args=['acme'])}?generation={done.pk}"
    assert owner_client.get(response["HX-Redirect"]).status_code == 200


def test_all_sources_chosen_is_the_same_as_none_named(owner_client, audience):
    start(owner_client, sources=[source.pk for source in DataSource.objects.all()])
    assert Generation.objects.get().source_ids == []


def test_some_sources_are_kept_with_the_generation(owner_client, audience):
    builders.make_contents(audience, 2, source_name="Other")
    chosen = DataSource.objects.get(name="Files")
    start(owner_client, sources=[chosen.pk])
    assert Generation.objects.get().source_ids == [chosen.pk]


def test_the_source_of_another_organization_is_no_choice(owner_client, audience):
    foreign = DataSource.objects.create(organization=builders.make_organization("third"), name="Theirs")
    page = start(owner_client, sources=[foreign.pk])
    assert "sources" in page.context["form"].errors
    assert not Generation.objects.exists()


def test_no_source_chosen_is_no_choice(owner_client, audience):
    page = start(owner_client, sources=[])
    assert page.context["form"].errors["sources"] == ["Choose at least one source."]
    assert looked_at(owner_client, sources=[]) is None
    assert not Generation.objects.exists()


@pytest.mark.parametrize("key", ["9" * 24, "-1", "1.5", "\0", "x"])
def test_a_source_that_cannot_be_is_refused_in_words(owner_client, audience, key):
    page = start(owner_client, sources=[key])
    assert page.context["form"].errors["sources"] == ["There is no such source here."]
    assert looked_at(owner_client, sources=[key]) is None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"largest": "41"}, "largest"),
        ({"smallest": "1"}, "smallest"),
        ({"seed": "-1"}, "seed"),
        ({"period": "1999-01"}, "period"),
    ],
)
def test_a_choice_that_is_not_offered_is_refused(owner_client, audience, wrong, field):
    page = start(owner_client, **wrong)
    assert list(page.context["form"].errors) == [field]
    assert not Generation.objects.exists()


def test_the_fewest_cannot_be_more_than_the_most(owner_client, audience):
    page = start(owner_client, smallest="9", largest="6")
    assert "Swap the two numbers" in page.context["form"].non_field_errors()[0]


def test_a_second_generation_waits_for_the_first(owner_client, queued):
    page = start(owner_client)
    assert "already waiting or running" in page.context["form"].non_field_errors()[0]
    assert page_of(queued) in text(page)
    assert Generation.objects.count() == 1


def test_the_look_ahead_counts_what_is_there(owner_client, audience):
    found = looked_at(owner_client)
    assert (found.contents, found.groups, found.small_groups, found.objections) == (25, 56, 0, [])
    assert found.coverage == pytest.approx(1.0)


def test_the_look_ahead_agrees_with_the_generation(audience):
    audience.small_cell_threshold = 600
    audience.save()
    found = estimate(audience)
    done = run(Generation.objects.create(organization=audience, sizes=[5], threshold=600))
    assert (found.groups, found.contents, found.small_groups) == (
        done.group_count,
        done.content_count,
        done.small_groups,
    )
    assert found.interactions == done.interaction_total
    assert found.kept == pytest.approx(done.interaction_total - done.unknown_total - done.small_total)


def test_the_look_ahead_joins_countries_into_regions(organization):
    groups = builders.make_groups(countries=("DE", "FR", "US", "CA"))
    builders.make_interactions(builders.make_contents(organization, 25), groups)
    found = estimate(organization, unit="region")
    done = run(Generation.objects.create(organization=organization, sizes=[5], unit="region"))
    assert found.groups == done.group_count == 28


def test_too_few_contents_are_said_before_the_start(owner_client, organization):
    builders.make_interactions(builders.make_contents(organization, 19), builders.make_groups())
    words = looked_at(owner_client).objections
    assert len(words) == 1
    assert words[0].startswith("There are interactions with 19 contents; at least 20 are needed.")


def test_too_few_groups_are_said_before_the_start(owner_client, organization):
    groups = builders.make_groups(countries=["US"], genders=["female"])
    builders.make_interactions(builders.make_contents(organization, 25), groups)
    words = looked_at(owner_client).objections
    assert len(words) == 1
    assert words[0].startswith("7 groups have 50 interactions or more; at least 10 are needed.")


def test_a_period_without_interactions_is_said_before_the_start(owner_client, audience):
    builders.make_contents(audience, 3, source_name="Empty")
    words = looked_at(owner_client, sources=[DataSource.objects.get(name="Empty").pk]).objections
    assert words == ["There are no interactions here. Choose another period or source, or upload data."]


def test_without_data_the_page_leads_to_the_upload(owner_client, organization):
    assert reverse("upload_new", args=["acme"]) in text(owner_client.get(reverse("generation_new", args=["acme"])))


def test_progress_shows_the_steps_behind_now_and_ahead(owner_client, queued):
    queued.claim()
    queued.report("check", 25, 25)
    queued.report("matrix")
    queued.report("patterns", 3, 11)
    response = owner_client.get(page_of(queued, "generation_progress"))
    assert response.status_code == 200
    states = [(step.label, step.state) for step in response.context["steps"]]
    assert states[:4] == [("Check", "done"), ("Matrix", "done"), ("Patterns", "now"), ("Personas", "ahead")]


def test_the_present_personas_stay_in_reach_while_new_ones_are_made(owner_client, audience):
    builders.make_persona_sets(audience)
    start(owner_client)
    page = text(owner_client.get(page_of(Generation.objects.first())))
    assert "The present personas stay visible" in page
    assert reverse("personas", args=["acme"]) in page


def test_a_failed_generation_says_why_and_offers_another_choice(owner_client, organization):
    builders.make_interactions(builders.make_contents(organization, 19), builders.make_groups())
    start(owner_client)
    failed = run(Generation.objects.get())
    page = text(owner_client.get(page_of(failed)))
    assert failed.error in page
    assert "personas need 20" in failed.error
    assert reverse("generation_new", args=["acme"]) in page


def test_a_generation_can_be_cancelled(owner_client, queued):
    owner_client.post(page_of(queued, "generation_cancel"))
    queued.refresh_from_db()
    assert queued.state == "cancelled"


def test_the_history_lists_every_generation_latest_first(owner_client, audience):
    first = builders.make_persona_sets(audience, method="reference")
    start(owner_client)
    page = owner_client.get(reverse("generations", args=["acme"]))
    assert [run.pk for run in page.context["page"]] == [Generation.objects.latest("pk").pk, first.pk]
    assert "Reference (Jung et al. 2020)" in text(page)


def test_a_viewer_follows_and_changes_nothing(colleague_client, queued):
    for name in ("generation", "generation_progress"):
        page = colleague_client.get(page_of(queued, name))
        assert page.status_code == 200
        assert page_of(queued, "generation_cancel") not in text(page)
    assert colleague_client.post(page_of(queued, "generation_cancel")).status_code == 403
    assert colleague_client.get(reverse("generation_new", args=["acme"])).status_code == 403


@pytest.mark.parametrize("name", ["generation", "generation_progress"])
def test_a_stranger_finds_no_generation(stranger_client, queued, name):
    assert stranger_client.get(page_of(queued, name)).status_code == 404
    assert stranger_client.get(reverse(name, args=["elsewhere", queued.pk])).status_code == 404


def test_no_page_has_style_or_script_of_its_own(owner_client, queued):
    addresses = [reverse(name, args=["acme"]) for name in ("generations", "generation_new", "generation_estimate")]
    for address in [*addresses, page_of(queued)]:
        page = text(owner_client.get(address))
        assert not [bad for bad in (" style=", "<style", "<script>", " onclick=") if bad in page], address


def test_without_scripts_a_button_counts_what_the_choices_hold_and_starts_nothing(owner_client, audience):
    assert 'name="count"' in text(owner_client.get(reverse("generation_new", args=["acme"])))
    page = start(owner_client, count="1", period="2026-10", smallest="7")
    assert page.context["estimate"] == estimate(audience, period="2026-10")
    assert "<dt>Coverage</dt>" in text(page)
    assert 'name="smallest" value="7"' in text(page)
    assert not Generation.objects.exists()


def test_counting_nothing_asks_for_a_source(owner_client, audience):
    page = text(start(owner_client, count="1", sources=[]))
    assert "Choose at least one source, and a period that has data." in page
    assert "Counting" not in page


def test_the_page_of_a_run_names_the_sources_that_were_chosen(owner_client, queued):
    queued.chosen_sources = [{"id": 1, "name": "Films", "kind": "youtube"}, {"id": 2, "name": "Blog", "kind": "files"}]
    queued.save()
    assert "· from Films, Blog" in text(owner_client.get(page_of(queued)))


def test_every_source_to_choose_says_what_it_is(owner_client, audience):
    source = audience.sources.get()
    assert f"<span>{source.name} ({source.get_kind_display()})</span>" in text(
        owner_client.get(reverse("generation_new", args=["acme"]))
    )


def test_ads_are_not_chosen_beforehand_beside_other_sources(organization):
    films = DataSource.objects.create(organization=organization, name="Films", kind="youtube")
    ads = DataSource.objects.create(organization=organization, name="Ads", kind="facebook_ads")
    chosen = GenerationForm(organization=organization).fields["sources"].initial
    assert (str(films.pk) in chosen, str(ads.pk) in chosen) == (True, False)
    DataSource.objects.exclude(pk=ads.pk).delete()
    assert GenerationForm(organization=organization).fields["sources"].initial == [str(ads.pk)]
