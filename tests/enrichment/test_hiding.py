"""Quotes as they are shown, hidden, and let out again."""

import pytest

from enrichment.hiding import allow_again, hide_quote, language_name, shown_quotes
from enrichment.models import CommentReading, HiddenQuote
from enrichment.reading_comments import digest_of
from sources.models import Comment
from tests.builders import make_contents, make_organization
from tests.comments import make_comments, make_readings

TEXT = "What nobody else told me about the river"


@pytest.fixture
def comment(organization):
    (comment,) = make_comments(make_contents(organization, 1), [f"@somebody {TEXT}"])
    make_readings([comment])
    return comment


def keys(*comments) -> list[dict]:
    return [{"comment": one.pk, "content": one.content_id, "digest": digest_of(one.text)} for one in comments]


def test_a_quote_has_no_author_and_names_its_content(organization, comment):
    (quote,) = shown_quotes(organization, keys(comment))
    assert (quote.text, quote.content.external_id, quote.source) == (TEXT, "v000", "Files")


@pytest.mark.parametrize(
    ("code", "direction", "name"),
    [
        ("en", "ltr", "English"),
        ("ar", "rtl", "Arabic"),
        ("ur", "rtl", "Urdu"),
        ("hi-Latn", "ltr", "Hindi in Latin letters"),
        ("unknown", "auto", ""),
    ],
)
def test_a_language_has_its_direction_and_name(organization, comment, code, direction, name):
    CommentReading.objects.update(language=code)
    (quote,) = shown_quotes(organization, keys(comment))
    assert (quote.direction, quote.language_name) == (direction, name)


def test_a_code_without_a_name_is_told_as_it_is():
    assert language_name("xx") == "xx"


def test_a_hidden_quote_is_shown_no_more(organization, comment, owner):
    hide_quote(comment=comment, by=owner)
    assert shown_quotes(organization, keys(comment)) == []
    assert HiddenQuote.objects.get().hidden_by == owner


def test_hiding_twice_is_hiding_once(comment, owner):
    assert hide_quote(comment=comment, by=owner) == hide_quote(comment=comment, by=owner)


def test_the_same_text_brought_in_anew_stays_hidden(organization, comment, owner):
    hide_quote(comment=comment, by=owner)
    text, content = comment.text, comment.content
    comment.delete()
    again = Comment.objects.create(content=content, external_id="other", text=text)
    make_readings([again])
    assert shown_quotes(organization, keys(again)) == []


def test_a_hidden_comment_stays_hidden_when_its_text_is_changed(organization, comment, owner):
    hide_quote(comment=comment, by=owner)
    comment.text = "Something else about the very same river"
    comment.save()
    assert shown_quotes(organization, keys(comment)) == []


def test_what_one_organization_hides_another_may_quote(comment, owner):
    other = make_organization("elsewhere")
    (theirs,) = make_comments(make_contents(other, 1), [comment.text])
    make_readings([theirs])
    hide_quote(comment=comment, by=owner)
    assert len(shown_quotes(other, keys(theirs))) == 1


def test_a_text_that_changed_since_it_was_chosen_is_not_shown(organization, comment):
    chosen = keys(comment)
    Comment.objects.update(text="Nobody has looked at these words yet")
    assert shown_quotes(organization, chosen) == []


def test_what_newer_lists_would_not_quote_is_not_shown(organization, comment):
    CommentReading.objects.update(reason="insult")
    assert shown_quotes(organization, keys(comment)) == []


def test_the_comment_of_another_organization_is_not_shown(comment):
    assert shown_quotes(make_organization("elsewhere"), keys(comment)) == []


def test_what_is_let_out_again_is_shown_again(organization, comment, owner):
    hide_quote(comment=comment, by=owner)
    assert allow_again(hidden=HiddenQuote.objects.all()) == 1
    assert len(shown_quotes(organization, keys(comment))) == 1
