"""The page of the months: who may see it, what it draws, what it says when there is too little."""

import re

import pytest
from django.urls import reverse

from personas.models import Generation
from tests.builders import make_contents, make_groups, make_interactions, make_persona_sets
from tests.personas.months import make_months, personas_of
from tests.personas.test_over_time import become_somebody_else
from tests.personas.test_screens_numbers import FIGURE, switch, words_of
from tests.personas.test_screens_policy import INLINE, OUTSIDE

QUERIES = 11


@pytest.fixture
def months(organization):
    return make_months(organization)


def page(client, **query):
    return client.get(reverse("over_time", args=["acme"]), query)


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_visitor_who_is_not_signed_in_is_sent_to_sign_in(client, months):
    assert page(client).url.startswith(reverse("login"))


def test_stranger_learns_nothing(stranger_client, months):
    assert page(stranger_client).status_code == 404


@pytest.mark.parametrize("who", ["owner_client", "colleague_client"])
def test_members_see_a_line_for_everybody(request, months, who):
    text = text_of(page(request.getfixturevalue(who)))
    assert text.count('class="time-name"') == 5
    assert "Different people" in text


def test_dots_lead_to_the_profile_of_that_month(owner_client, months):
    text = text_of(page(owner_client, size=6))
    keys = set(personas_of(months[0], persona_set__size=6).values_list("pk", flat=True))
    assert {int(key) for key in re.findall(r'class="time-cell" href="/o/acme/personas/(\d+)/"', text)} >= keys
    assert page(owner_client, size=6).context["told"].size == 6


def test_states_are_told_by_words_and_patterns_and_not_by_colour_alone(owner_client, months):
    become_somebody_else(months[2])
    personas_of(months[2], position=2).update(likeness=0.5)
    text = text_of(page(owner_client))
    for words in ('time-state"> New', 'time-state"> Drifting', 'time-state">Gone', 'visually-hidden"> Stable'):
        assert words in text
    assert 'fill="url(#stripes)"' in text


def test_what_changed_last_is_listed(owner_client, months):
    other = become_somebody_else(months[2])
    context = page(owner_client).context
    assert [one.persona.identity for one in context["since"].new] == [other]
    assert "What changed in October 2026" in text_of(page(owner_client))


def test_figures_are_those_of_the_months(owner_client, months):
    become_somebody_else(months[2])
    text = text_of(page(owner_client))
    assert "<dd>6 <small>with 5 a month over 3 months</small>" in text
    assert "<dd>90.0% <small>of the people</small>" in text


def test_without_numbers_there_are_dots_and_words(owner_client, months):
    switch(owner_client, "off")
    assert not FIGURE.search(words_of(page(owner_client)))
    assert "Nearly all <small>of the people" in text_of(page(owner_client))


def test_page_is_in_the_navigation(owner_client, months):
    assert f'<a href="{reverse("over_time", args=["acme"])}" aria-current="page">Over time</a>' in text_of(
        page(owner_client)
    )


def test_page_loads_nothing_inline_or_from_outside(owner_client, months):
    text = page(owner_client).content.decode()
    assert not INLINE.search(text)
    assert not OUTSIDE.search(text)


def test_page_costs_few_queries_however_many_months(owner_client, organization, months, django_assert_max_num_queries):
    make_months(organization, ("2026-11", "2026-12"))
    page(owner_client)  # the first visit is also noted in the session
    with django_assert_max_num_queries(QUERIES):
        page(owner_client)


def test_unit_that_does_not_exist_is_not_found(owner_client, months):
    assert page(owner_client, unit="planet").status_code == 404
    assert page(owner_client, size="9" * 5000).context["told"].size == 5


def test_month_that_does_not_carry_on_says_so(owner_client, months):
    Generation.objects.filter(pk=months[2].pk).update(continues=None)
    text = text_of(page(owner_client))
    assert "The personas of October 2026 do not carry on" in text
    row = text.split("October 2026</a></th>")[1].split("</tr>")[0]
    assert row == '<td class="num">–</td>' * 6
    assert text.split("What changed in October 2026")[1].count("<p>–</p>") == 3


def test_month_with_data_and_without_personas_is_offered(owner_client, colleague_client, organization, months):
    make_interactions(make_contents(organization, 2, "More"), make_groups(), period="2026-11")
    offered = "generations/new/?period=2026-11&amp;unit=country"
    assert offered in text_of(page(owner_client))
    assert offered not in text_of(page(colleague_client))


def test_month_made_of_other_sources_is_not_said_to_have_none(owner_client, organization):
    files = make_contents(organization, 5)[0].source
    chosen = [{"id": files.pk, "name": "Files", "kind": "files"}]
    make_months(organization, chosen_sources=chosen)
    make_interactions(make_contents(organization, 2, "More"), make_groups(), period="2026-11")
    make_persona_sets(organization, sizes=(5,), period="2026-11")
    text = text_of(page(owner_client))
    assert "November 2026 was made of other sources." in text
    assert "no personas yet" not in text
    address = f"/o/acme/generations/new/?period=2026-11&amp;unit=country&amp;sources={files.pk}"
    assert address in text
    form = owner_client.get(address.replace("&amp;", "&")).context["form"]
    assert form["sources"].value() == [str(files.pk)]


def buttons_of(response) -> list[str]:
    return re.findall(r'class="btn btn-primary" href="([^"]+)"', response.content.decode())


def test_one_month_says_which_one_to_make_next(owner_client, organization):
    make_persona_sets(organization, sizes=(5,), period="2026-09")
    assert buttons_of(page(owner_client)) == ["/o/acme/generations/new/?period=2026-10&amp;unit=country"]
    assert "Not enough months yet" in text_of(page(owner_client))


def test_oldest_month_without_personas_is_offered_first(owner_client, organization, months):
    for source, period in (("A", "2026-07"), ("B", "2026-11")):
        make_interactions(make_contents(organization, 2, source), make_groups(), period=period)
    assert page(owner_client).context["missing"] == ["2026-07", "2026-11"]
    assert "generations/new/?period=2026-07&amp;unit=country" in text_of(page(owner_client))


def test_no_month_yet_starts_with_the_oldest(owner_client, organization):
    for source, period in (("A", "2026-08"), ("B", "2026-09"), ("C", "2026-10")):
        make_interactions(make_contents(organization, 2, source), make_groups(), period=period)
    (address,) = buttons_of(page(owner_client))
    assert "period=2026-08" in address
    assert owner_client.get(address.replace("&amp;", "&")).context["form"]["period"].value() == "2026-08"


def test_data_without_months_leads_to_the_upload(owner_client, organization):
    make_interactions(make_contents(organization, 2), make_groups(), period="")
    assert buttons_of(page(owner_client)) == [reverse("upload_new", args=["acme"])]


def test_viewer_is_offered_nothing_that_is_not_allowed(colleague_client, organization):
    make_persona_sets(organization, sizes=(5,), period="2026-09")
    assert buttons_of(page(colleague_client)) == []
    assert "Your role here is viewer" in text_of(page(colleague_client))


def test_months_without_a_size_in_common_say_which_to_make_again(owner_client, organization, months):
    make_persona_sets(organization, sizes=(7,), period="2026-11")
    assert "No size in common" in text_of(page(owner_client))
    assert "period=2026-11" in buttons_of(page(owner_client))[0]
