"""Names and pictures chosen in the admin: pinned, and told on the pages and in the API at once."""

import io

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from personas.models import Identity, Persona
from tests import builders
from tests.api_calls import ROOT, program

LIST = "/admin/personas/identity/"


@pytest.fixture
def chief(db):
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("chief"))
    return client


@pytest.fixture
def identity(organization):
    builders.make_persona_sets(organization, sizes=(5,))
    return Identity.objects.first()


def photo(size=(300, 300)) -> SimpleUploadedFile:
    stream = io.BytesIO()
    Image.new("RGB", size, "teal").save(stream, "PNG")
    return SimpleUploadedFile("me.png", stream.getvalue(), "image/png")


def change(chief, identity, **fields):
    page = chief.post(f"{LIST}{identity.pk}/change/", {"name": identity.name, **fields}, follow=True)
    identity.refresh_from_db()
    return page.content.decode()


def test_a_changed_name_is_pinned(chief, identity):
    change(chief, identity, name="Nora Lindqvist")
    assert (identity.name, identity.name_pinned, identity.picture_pinned) == ("Nora Lindqvist", True, False)


def test_a_changed_name_stands_on_the_persona_at_once(chief, identity, organization, owner_client):
    persona = Persona.objects.get(identity=identity)
    change(chief, identity, name="Nora Lindqvist")
    assert program(organization, "read").get(f"{ROOT}personas/{persona.pk}/").json()["name"] == "Nora Lindqvist"
    page = owner_client.get(f"/o/acme/personas/{persona.pk}/").content.decode()
    assert "Nora Lindqvist" in page
    assert "Amina Haddad" not in page


def test_a_name_that_another_persona_has_is_refused(chief, identity):
    assert "Another persona of this organization is called Jonas Weber" in change(chief, identity, name="Jonas Weber")
    assert identity.name == "Amina Haddad"


def test_a_new_picture_is_pinned_and_shown(chief, identity):
    change(chief, identity, new_picture=photo())
    assert identity.picture_pinned
    response = chief.get(f"{LIST}{identity.pk}/face/")
    assert response["Content-Type"] == "image/jpeg"
    assert f'src="{LIST}{identity.pk}/face/?' in chief.get(LIST).content.decode()


def test_a_new_picture_stands_in_the_api_at_once(chief, identity, organization):
    persona = Persona.objects.get(identity=identity)
    change(chief, identity, new_picture=photo())
    response = program(organization, "read").get(f"{ROOT}personas/{persona.pk}/picture/")
    assert response["Content-Type"] == "image/jpeg"


def test_a_file_that_is_no_picture_is_refused_in_words(chief, identity):
    page = change(chief, identity, new_picture=SimpleUploadedFile("me.png", b"no picture"))
    assert "cannot be read as a JPEG, PNG or WEBP" in page
    assert (identity.picture.name, identity.picture_pinned) == ("", False)


def test_a_pin_is_set_and_taken_away(chief, identity):
    change(chief, identity, name_pinned="on", picture_pinned="on")
    assert (identity.name_pinned, identity.picture_pinned) == (True, True)
    change(chief, identity, picture_pinned="on")
    assert (identity.name_pinned, identity.picture_pinned) == (False, True)


def test_saving_without_a_change_pins_nothing(chief, identity):
    change(chief, identity)
    assert (identity.name_pinned, identity.picture_pinned) == (False, False)


def test_a_face_is_shown_to_the_admin_only(chief, identity, owner_client):
    change(chief, identity, new_picture=photo())
    assert owner_client.get(f"{LIST}{identity.pk}/face/").status_code == 302


def test_an_identity_without_a_picture_has_no_face(chief, identity):
    assert chief.get(f"{LIST}{identity.pk}/face/").status_code == 404
    assert chief.get(f"{LIST}999999/face/").status_code == 404


def test_a_persona_leads_to_its_identity(chief, identity):
    assert f"{LIST}{identity.pk}/change/" in chief.get("/admin/personas/persona/").content.decode()
