"""The pages that say what went wrong."""

import re

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.views.defaults import server_error


def test_unknown_address_is_answered_in_our_words(owner_client):
    response = owner_client.get("/o/acme/nowhere/")
    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()


def test_organization_of_others_looks_like_one_that_does_not_exist(stranger_client, organization):
    theirs, nobodys = (stranger_client.get(reverse("personas", args=[slug])) for slug in ("acme", "none"))
    assert theirs.status_code == nobodys.status_code == 404
    token = re.compile(rb'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]+')
    assert token.sub(b"", theirs.content) == token.sub(b"", nobodys.content)


def test_viewer_who_tries_to_change_reads_why_not(colleague_client):
    response = colleague_client.get(reverse("generation_new", args=["acme"]))
    assert response.status_code == 403
    assert "Your role here is viewer" in response.content.decode()


def test_failure_of_ours_is_answered_without_a_database():
    response = server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "Something broke on our side" in response.content.decode()


def test_form_without_its_key_says_to_load_the_page_again(owner):
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    response = client.post(reverse("logout"))
    assert response.status_code == 403
    assert "Please load the page again" in response.content.decode()


@pytest.mark.django_db
def test_wrong_password_is_said_without_telling_which_part_was_wrong(client):
    response = client.post(reverse("login"), {"username": "nobody", "password": "x"})
    assert "Please enter a correct username and password" in response.content.decode()


def test_too_many_attempts_lock_the_name_for_a_while(owner, client, settings):
    settings.AXES_ENABLED = True
    settings.AXES_FAILURE_LIMIT = 2
    for _ in range(2):
        response = client.post(reverse("login"), {"username": "owner", "password": "x"})
    assert response.status_code == 429
    assert "Too many attempts" in response.content.decode()


def test_person_of_several_organizations_can_switch(owner_client):
    owner_client.post(reverse("organization_new"), {"name": "Second House"})
    text = owner_client.get(reverse("personas", args=["acme"])).content.decode()
    assert ">Second House</a>" in text
