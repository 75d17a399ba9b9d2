"""The cards of sentiment and quotes, and the click that hides a quote."""

import re

import pytest
from django.urls import reverse

from enrichment.models import CommentReading, HiddenQuote
from enrichment.reading_comments import digest_of
from personas.models import Persona
from sources.models import Comment
from tests.api_calls import queries_of
from tests.builders import make_contents, make_organization, make_persona_sets
from tests.comments import make_comments, make_readings

SHARES = {"positive": 0.7, "neutral": 0.1, "negative": 0.2, "scored": 1204, "total": 1950}
SENTIMENT = {
    **SHARES,
    "mean": 0.3,
    "audience": {**SHARES, "positive": 0.6, "neutral": 0.2},
    "languages": [{"language": "en", **SHARES}, {"language": "ar", **SHARES}],
}


@pytest.fixture
def comments(organization):
    found = make_comments(make_contents(organization, 10), ["A river that my uncle knew", "قال عمي إن النهر جميل جدا"])
    make_readings(found)
    CommentReading.objects.filter(comment=found[1]).update(language="ar")
    return found


@pytest.fixture
def persona(organization, comments):
    make_persona_sets(organization, sizes=(5,))
    keys = [{"comment": one.pk, "content": one.content_id, "digest": digest_of(one.text)} for one in comments]
    Persona.objects.update(sentiment=SENTIMENT, quotes=keys)
    return Persona.objects.order_by("position").first()


def page(client, persona) -> str:
    return client.get(reverse("persona", args=["acme", persona.pk])).content.decode()


def hide(client, persona, comment, **headers):
    return client.post(reverse("quote_hide", args=["acme", persona.pk, comment.pk]), headers=headers)


def test_the_cards_show_shares_with_their_coverage_and_quotes_in_their_direction(owner_client, persona):
    text = page(owner_client, persona)
    assert "from 1,204 of 1,950 comments" in text
    assert "70.0%" in text
    assert 'dir="rtl" lang="ar">قال عمي' in text
    assert 'dir="ltr" lang="en">A river that my uncle knew' in text
    assert "By language" in text


def test_without_numbers_the_shares_are_told_in_words(owner_client, persona):
    owner_client.cookies["numbers"] = "off"
    text = page(owner_client, persona)
    card = text[text.index('id="card-sentiment"') : text.index('id="card-quotes"')]
    assert "70.0%</td>" not in card
    assert "most" in card


def test_a_persona_without_either_has_no_empty_card(owner_client, persona):
    Persona.objects.update(sentiment=None, quotes=[])
    text = page(owner_client, persona)
    assert "card-sentiment" not in text
    assert "card-quotes" not in text


def test_a_click_hides_a_quote_and_answers_the_card_alone(owner_client, owner, persona, comments):
    response = hide(owner_client, persona, comments[0], **{"HX-Request": "true", "HX-Target": "card-quotes"})
    text = response.content.decode()
    assert text.lstrip().startswith('<section class="panel panel-wide" id="card-quotes"')
    assert "A river that my uncle knew" not in text
    assert "قال عمي" in text
    assert "One quote is not shown any more" in text
    assert '<h2 id="quotes-head" tabindex="-1" autofocus>' in text
    assert HiddenQuote.objects.get().hidden_by == owner


def test_a_hidden_quote_is_gone_from_every_persona(owner_client, persona, comments):
    hide(owner_client, persona, comments[0])
    for other in Persona.objects.all():
        assert "A river that my uncle knew" not in page(owner_client, other)


def test_the_button_works_without_a_script(owner_client, persona, comments):
    response = hide(owner_client, persona, comments[0])
    assert response.url == reverse("persona", args=["acme", persona.pk])


def test_hiding_the_last_one_leaves_words_in_the_card(owner_client, persona, comments):
    for comment in comments:
        hide(owner_client, persona, comment)
    assert "2 quotes are not shown any more" in page(owner_client, persona)


def test_a_viewer_reads_quotes_and_hides_none(colleague_client, persona, comments):
    assert "A river that my uncle knew" in page(colleague_client, persona)
    assert "quote-hide" not in page(colleague_client, persona)
    assert hide(colleague_client, persona, comments[0]).status_code == 403
    assert not HiddenQuote.objects.exists()


def test_a_stranger_learns_nothing(stranger_client, persona, comments):
    assert hide(stranger_client, persona, comments[0]).status_code == 404
    assert not HiddenQuote.objects.exists()


def test_only_what_the_persona_quotes_is_hidden(owner_client, persona):
    unit = make_contents(make_organization("their-own"), 1)
    (foreign,) = make_comments(unit, ["Their words"])
    own = Comment.objects.create(content=persona_content(persona), external_id="x", text="Not quoted at all")
    for comment in (foreign, own):
        assert hide(owner_client, persona, comment).status_code == 404
    assert not HiddenQuote.objects.exists()


def persona_content(persona):
    return Comment.objects.get(pk=persona.quotes[0]["comment"]).content


def test_hiding_needs_a_post(owner_client, persona, comments):
    assert owner_client.get(reverse("quote_hide", args=["acme", persona.pk, comments[0].pk])).status_code == 405


def test_the_cards_have_no_inline_style_and_no_author(owner_client, persona):
    text = page(owner_client, persona)
    assert not re.findall(r"\sstyle=|\son\w+=", text)


def test_quotes_cost_two_queries(owner_client, persona):
    page(owner_client, persona)
    quoting = queries_of(lambda: page(owner_client, persona))
    Persona.objects.update(quotes=[])
    assert quoting - queries_of(lambda: page(owner_client, persona)) == 2
