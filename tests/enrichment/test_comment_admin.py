"""Readings, hidden quotes and words in the admin."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from enrichment.models import HiddenQuote, ListedWord
from sources.models import Membership
from tests.builders import make_contents, make_organization
from tests.comments import make_comments, make_readings

WORD = {"list": "blocked", "language": "en", "word": "Zorbling", "value": "insult", "action": "add"}
FILE = "list,language,word,value\nblocked,en,zorbling,insult\n"


@pytest.fixture
def chief(db):
    return signed_in(get_user_model().objects.create_superuser("chief"))


@pytest.fixture
def comments(organization):
    found = make_comments(make_contents(organization, 2), ["A zorbling in the wild green hills", "A river in old maps"])
    make_readings(found[:1], score=-0.4)
    make_readings(found[1:], score=None, reason="insult", language="es")
    return found


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def clerk(organization, *codenames) -> Client:
    """A member of staff who administers the organization, with some permissions."""
    user = get_user_model().objects.create_user("clerk", is_staff=True)
    Membership.objects.create(organization=organization, user=user, role=Membership.Role.ADMIN)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return signed_in(user)


def page(name: str, *args) -> str:
    return reverse(f"admin:enrichment_{name}", args=args)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"sentiment": "negative"}, "zorbling"),
        ({"sentiment": "none"}, "river"),
        ({"reason": "quotable"}, "zorbling"),
        ({"reason": "insult"}, "river"),
        ({"language": "es"}, "river"),
        ({"q": "wild green"}, "zorbling"),
    ],
)
def test_readings_are_filtered_and_searched(chief, comments, query, shown):
    found = chief.get(page("commentreading_changelist"), query).context["cl"].result_list
    assert [shown in reading.comment.text for reading in found] == [True]


def test_comments_are_hidden_from_their_list(chief, comments):
    chief.post(page("commentreading_changelist"), {"action": "hide", "_selected_action": [comments[0].pk]})
    assert HiddenQuote.objects.get().comment == comments[0]


def test_hidden_quotes_are_let_out_again(chief, comments):
    chief.post(page("commentreading_changelist"), {"action": "hide", "_selected_action": [comments[0].pk]})
    chief.post(page("hiddenquote_changelist"), {"action": "allow", "_selected_action": [HiddenQuote.objects.get().pk]})
    assert not HiddenQuote.objects.exists()


def test_staff_see_the_comments_of_the_organizations_that_they_administer(organization, comments):
    make_readings(make_comments(make_contents(make_organization("elsewhere"), 1), ["Their words about a river"]))
    client = clerk(organization, "view_commentreading")
    assert {r.comment_id for r in client.get(page("commentreading_changelist")).context["cl"].result_list} == {
        comment.pk for comment in comments
    }


def test_staff_who_may_only_look_hide_nothing(organization, comments):
    client = clerk(organization, "view_commentreading", "view_hiddenquote")
    client.post(page("commentreading_changelist"), {"action": "hide", "_selected_action": [comments[0].pk]})
    assert not HiddenQuote.objects.exists()


def test_a_word_is_looked_at_and_then_saved(chief, comments):
    shown = chief.post(page("listedword_preview"), WORD).content.decode()
    assert "The reading of 1 changes" in shown
    assert "1 are quoted no more" in shown
    assert not ListedWord.objects.exists()
    chief.post(page("listedword_add"), WORD)
    assert (ListedWord.objects.get().word, ListedWord.objects.get().changed_by.username) == ("zorbling", "chief")


def test_a_word_that_cannot_stand_there_is_told_in_the_preview_and_the_form(chief):
    wrong = WORD | {"value": "rude"}
    for address in (page("listedword_preview"), page("listedword_add")):
        assert "is no kind of the list blocked" in chief.post(address, wrong).content.decode()
    assert not ListedWord.objects.exists()


def test_the_preview_of_a_changed_word_takes_the_old_one_back(chief, comments):
    chief.post(page("listedword_add"), WORD)
    shown = chief.post(page("listedword_preview"), WORD | {"word": "gribbling", "stored": ListedWord.objects.get().pk})
    assert shown.context["preview"].allowed == 1


def test_a_csv_is_looked_at_and_then_stored(chief, comments):
    shown = chief.post(page("listedword_import"), {"file": SimpleUploadedFile("w.csv", FILE.encode())})
    assert "The reading of 1 changes" in shown.content.decode()
    assert not ListedWord.objects.exists()
    chief.post(page("listedword_import"), {"text": shown.context["text"]})
    assert ListedWord.objects.get().word == "zorbling"
    assert "blocked,en,zorbling,insult,add" in chief.get(page("listedword_export")).content.decode()


@pytest.mark.parametrize("content", [FILE.replace("insult", "rude").encode(), b"\xff\xfe\x00", b""])
def test_a_csv_that_cannot_be_taken_says_why(chief, content):
    shown = chief.post(page("listedword_import"), {"file": SimpleUploadedFile("w.csv", content)})
    assert "errorlist" in shown.content.decode()
    assert not ListedWord.objects.exists()


def test_only_superusers_change_the_words_that_all_share(organization):
    client = clerk(organization, "view_listedword", "add_listedword", "change_listedword", "delete_listedword")
    assert client.get(page("listedword_changelist")).status_code == 200
    for address, given in [
        ("listedword_add", WORD),
        ("listedword_preview", WORD),
        ("listedword_import", {"text": FILE}),
    ]:
        assert client.post(page(address), given).status_code == 403
    assert not ListedWord.objects.exists()


def test_the_pages_of_words_run_nothing_inline(chief, comments):
    addresses = [page("listedword_add"), page("listedword_import"), page("listedword_changelist")]
    pages = [chief.get(address) for address in addresses] + [chief.post(page("listedword_preview"), WORD)]
    for shown in pages:
        assert "style=" not in shown.content.decode()
        assert "onclick=" not in shown.content.decode()


def test_before_a_word_is_deleted_the_page_says_what_would_change(chief, comments):
    chief.post(page("listedword_add"), WORD)
    word = ListedWord.objects.get()
    shown = chief.get(page("listedword_delete", word.pk)).content.decode()
    assert "The reading of 1 changes" in shown
    assert "1 may be quoted that might not before" in shown
    chief.post(page("listedword_delete", word.pk), {"post": "yes"})
    assert not ListedWord.objects.exists()


def test_before_several_words_are_deleted_the_page_says_how_many_readings_change(chief, comments):
    chief.post(page("listedword_add"), WORD)
    chief.post(page("listedword_add"), WORD | {"word": "gribbling"})
    chosen = {"action": "delete_selected", "_selected_action": list(ListedWord.objects.values_list("pk", flat=True))}
    assert (
        "The reading of 1 stored comments changes" in chief.post(page("listedword_changelist"), chosen).content.decode()
    )
