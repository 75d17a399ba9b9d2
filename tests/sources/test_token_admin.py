"""Keys in the admin: shown once when they are made, and never again."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from sources.models import ApiToken
from sources.tokens import create_token, find_token

ADD = "/admin/sources/apitoken/add/"


@pytest.fixture
def chief(db):
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("chief"))
    return client


def make(chief, organization, **fields):
    given = {"organization": organization.pk, "name": "Nightly", "scopes": ["read", "run"], **fields}
    return chief.post(ADD, given, follow=True)


def test_a_new_key_is_shown_once(chief, organization):
    page = make(chief, organization).content.decode()
    (plain,) = set(re.findall(r"apg_[\w-]{40}", page))
    token = find_token(plain)
    assert (token.organization, token.name, token.scopes) == (organization, "Nightly", ["read", "run"])
    assert token.created_by.username == "chief"
    for place in ("/admin/sources/apitoken/", f"/admin/sources/apitoken/{token.pk}/change/", "/admin/"):
        assert plain not in chief.get(place).content.decode()


def test_neither_key_nor_digest_stand_on_the_page_of_a_token(chief, organization):
    token, _ = create_token(organization=organization, name="Job", scopes=["read"])
    page = chief.get(f"/admin/sources/apitoken/{token.pk}/change/").content.decode()
    assert token.prefix in page
    assert token.digest not in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"scopes": []}, "This field is required"),
        ({"scopes": ["everything"]}, "not one of the available choices"),
        ({"name": ""}, "This field is required"),
        ({"expires_at_0": "2020-01-01", "expires_at_1": "00:00"}, "expired already"),
    ],
)
def test_a_key_that_makes_no_sense_is_refused(chief, organization, fields, words):
    page = make(chief, organization, **fields).content.decode()
    assert words in page
    assert not ApiToken.objects.exists()


def test_of_a_key_only_the_name_changes(chief, organization):
    token, plain = create_token(organization=organization, name="Job", scopes=["read"])
    chief.post(f"/admin/sources/apitoken/{token.pk}/change/", {"name": "Weekly", "scopes": ["write"], "digest": "x"})
    found = find_token(plain)
    assert (found.name, found.scopes) == ("Weekly", ["read"])


def test_a_key_that_was_deleted_opens_nothing(chief, organization):
    token, plain = create_token(organization=organization, name="Job", scopes=["read"])
    chief.post(f"/admin/sources/apitoken/{token.pk}/delete/", {"post": "yes"})
    assert find_token(plain) is None
