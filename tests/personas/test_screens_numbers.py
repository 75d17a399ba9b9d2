"""Numbers written out or not, as the reader likes; and labels as they are stored."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from personas.models import Persona
from personas.templatetags import apg
from tests.builders import make_persona_sets

FIGURE = re.compile(r"\d%|×|points")
HTML = re.compile(r"<(svg|title|script|style)\b.*?</\1>|<[^>]*>", re.DOTALL)


@pytest.fixture
def persona(organization):
    make_persona_sets(organization, sizes=(5, 6), period="2026-09")
    return Persona.objects.get(
        persona_set__generation=make_persona_sets(organization, sizes=(5, 6)), persona_set__size=5, position=1
    )


def switch(client, shown, **form):
    return client.post(reverse("numbers", args=["acme"]), {"shown": shown, **form})


def pages(persona) -> list[str]:
    other = persona.persona_set.personas.get(position=2)
    compare = reverse("persona_compare", args=["acme"], query={"with": [persona.pk, other.pk]})
    return [reverse("persona", args=["acme", persona.pk]), reverse("personas", args=["acme"]), compare]


def words_of(response) -> str:
    return HTML.sub(" ", response.content.decode())


@pytest.mark.parametrize("number", range(3))
def test_numbers_are_written_out_by_default(owner_client, persona, number):
    response = owner_client.get(pages(persona)[number])
    assert FIGURE.search(words_of(response))
    assert 'role="switch" aria-checked="true"' in response.content.decode()


@pytest.mark.parametrize("number", range(3))
def test_without_numbers_there_are_bars_and_words(owner_client, persona, number):
    switch(owner_client, "off")
    response = owner_client.get(pages(persona)[number])
    assert not FIGURE.search(words_of(response))
    assert "more than usual" in words_of(response)
    assert 'class="bar-fill"' in response.content.decode()
    assert 'role="switch" aria-checked="false"' in response.content.decode()


def test_description_with_figures_gives_way_to_one_in_words(owner_client, persona):
    Persona.objects.update(description="Stands for 23% of the audience.", share=0.23)
    switch(owner_client, "off")
    text = owner_client.get(pages(persona)[0]).content.decode()
    assert "23%" not in HTML.sub(" ", text)
    assert "stands for about a quarter of the audience&#x27;s interactions" in text.replace("'", "&#x27;")
    assert "First among the topics: Science and Sport." in text


def test_pane_that_is_asked_for_alone_knows_the_wish(owner_client, persona):
    switch(owner_client, "off")
    headers = {"HX-Request": "true", "HX-Target": "profile"}
    assert not FIGURE.search(words_of(owner_client.get(pages(persona)[0], headers=headers)))


def test_numbers_come_back(owner_client, persona):
    switch(owner_client, "off")
    switch(owner_client, "on")
    assert FIGURE.search(words_of(owner_client.get(pages(persona)[0])))


def test_switch_goes_back_to_the_page_it_stood_on(owner_client, persona):
    assert switch(owner_client, "off", next=pages(persona)[2]).url == pages(persona)[2]


@pytest.mark.parametrize(
    "address", ["https://example.org/", "//example.org", "javascript:alert(1)", "", "foo", "/\\\\example.org"]
)
def test_switch_leads_nowhere_else(owner_client, persona, address):
    assert switch(owner_client, "off", next=address).url == reverse("personas", args=["acme"])


def test_cookie_is_kept_from_scripts_and_for_a_year(owner_client, persona):
    cookie = switch(owner_client, "off").cookies["numbers"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 31_536_000)


def test_switch_is_for_members_and_not_a_link(client, colleague_client, stranger_client, persona):
    assert switch(colleague_client, "off").status_code == 302
    assert switch(stranger_client, "off").status_code == 404
    assert switch(client, "off").url.startswith(reverse("login"))
    assert colleague_client.get(reverse("numbers", args=["acme"])).status_code == 405


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (1.0, "nearly all"),
        (0.5, "about half"),
        (0.2, "about one in five"),
        (0.1, "about one in ten"),
        (0.001, "less than one in ten"),
    ],
)
def test_share_in_words(share, words):
    assert apg.share_in_words(share) == words


@pytest.mark.parametrize(
    ("lift", "words"),
    [
        (4, "far more than usual"),
        (1.2, "more than usual"),
        (1, "as usual"),
        (0.1, "less than usual"),
        (-1, "less than usual"),
    ],
)
def test_lift_in_words(lift, words):
    assert apg.lift_in_words(lift) == words


@pytest.mark.parametrize(
    ("difference", "figure", "words"),
    [
        (0.0184, "+1.8 points", "larger than before"),
        (-0.01, "−1.0 points", "smaller than before"),
        (0.0001, "no change", "as large as before"),
    ],
)
def test_growth_in_figures_and_in_words(difference, figure, words):
    assert (apg.points(difference), apg.growth_in_words(difference)) == (figure, words)


def test_topics_are_printed_as_they_are_stored(owner_client, persona):
    Persona.objects.update(topics=[{"label": "iPhone repairs", "share": 0.4, "lift": 2.1}])
    assert ">iPhone repairs</span>" in owner_client.get(pages(persona)[0]).content.decode()
    style = (Path(settings.BASE_DIR) / "static" / "apg" / "apg.css").read_text()
    assert "text-transform" not in style
