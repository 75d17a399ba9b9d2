"""Goals and frustrations are written by people, signed, and stay with an identity."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from personas.generation import new_generation
from personas.models import Note, Persona
from personas.noting import LONGEST, write_note
from sources.carrying import carry_out
from sources.errors import DataError
from tests import builders
from tests.api_calls import ROOT, program


@pytest.fixture
def persona(organization):
    builders.make_persona_sets(organization, sizes=(5, 6))
    return Persona.objects.filter(persona_set__size=5).first()


def address(persona, kind="goals") -> str:
    return reverse("persona_note", args=["acme", persona.pk, kind])


def page(client, persona) -> str:
    return client.get(reverse("persona", args=["acme", persona.pk])).content.decode()


def test_an_editor_writes_a_note_which_is_signed(owner, owner_client, persona):
    owner_client.post(address(persona), {"text": "  Wants to learn.\r\nFast. "})
    note = Note.objects.get()
    assert (note.text, note.author, note.written_by) == ("Wants to learn.\nFast.", "owner", owner)
    assert "Written by people" in page(owner_client, persona)
    assert "Wants to learn." in page(owner_client, persona)


def test_htmx_gets_the_card_with_the_new_text_alone(owner_client, persona):
    answer = owner_client.post(address(persona), {"text": "Wants to learn."}, headers={"HX-Request": "true"})
    assert answer.content.decode().lstrip().startswith("<section")
    assert "Wants to learn." in answer.content.decode()


def test_a_viewer_reads_and_may_not_write(owner, colleague_client, persona):
    assert "card-notes" not in page(colleague_client, persona)
    write_note(identity=persona.identity, kind="goals", text="Wants to learn.", author=owner)
    shown = page(colleague_client, persona)
    assert "Wants to learn." in shown
    assert "<textarea" not in shown
    assert colleague_client.post(address(persona), {"text": "No"}).status_code == 403


def test_a_stranger_finds_nothing(stranger_client, persona):
    assert stranger_client.post(address(persona), {"text": "No"}).status_code == 404
    assert not Note.objects.exists()


def test_a_kind_that_is_none_is_not_there(owner_client, persona):
    assert owner_client.post(address(persona, "secrets"), {"text": "No"}).status_code == 404


def test_markup_in_a_note_is_shown_as_text(owner_client, persona):
    owner_client.post(address(persona), {"text": "<script>alert(1)</script>"})
    assert "<script>alert" not in page(owner_client, persona)


def test_a_note_that_is_too_long_is_refused_and_kept_in_the_form(owner_client, persona):
    answer = owner_client.post(address(persona), {"text": "x" * (LONGEST + 1)})
    assert answer.status_code == 400
    assert "2,001 characters; 2,000 are the most" in answer.content.decode()
    assert "x" * (LONGEST + 1) in answer.content.decode()
    assert not Note.objects.exists()


def test_a_blank_text_takes_the_note_away(owner, persona):
    write_note(identity=persona.identity, kind="goals", text="Wants to learn.", author=owner)
    assert write_note(identity=persona.identity, kind="goals", text="  ", author=owner) is None
    assert not Note.objects.exists()


def test_the_same_text_keeps_its_signature(owner, colleague, persona):
    first = write_note(identity=persona.identity, kind="goals", text="Learn", author=owner)
    again = write_note(identity=persona.identity, kind="goals", text="Learn", author=colleague)
    assert (again.author, again.written_at) == ("owner", first.written_at)


def test_a_note_outlives_the_account_of_its_author(owner, persona):
    write_note(identity=persona.identity, kind="goals", text="Learn", author=owner)
    owner.delete()
    assert (Note.objects.get().author, Note.objects.get().written_by) == ("owner", None)


def test_looking_at_a_notes_address_leads_to_the_persona(colleague_client, persona):
    assert colleague_client.get(address(persona)).url == reverse("persona", args=["acme", persona.pk])


def test_the_admin_signs_what_it_changes(persona):
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("chief"))
    given = {"identity": persona.identity_id, "kind": "goals", "text": "Learn"}
    client.post(reverse("admin:personas_note_add"), given)
    note = Note.objects.get()
    assert (note.text, note.author) == ("Learn", "chief")
    client.post(reverse("admin:personas_note_change", args=[note.pk]), {"text": "Learn more"})
    assert Note.objects.get().text == "Learn more"


def test_notes_stay_across_generations(owner, organization):
    builders.make_interactions(builders.make_contents(organization, 60), builders.make_groups())
    carry_out(new_generation(organization=organization, sizes=[5]))
    before = Persona.objects.first()
    write_note(identity=before.identity, kind="goals", text="Learn", author=owner)
    again = new_generation(organization=organization, sizes=[5])
    carry_out(again)
    after = Persona.objects.get(persona_set__generation=again, identity=before.identity)
    assert [note.text for note in after.identity.notes.all()] == ["Learn"]


def test_the_api_tells_notes_with_who_and_when(owner, organization, persona):
    note = write_note(identity=persona.identity, kind="goals", text="Learn", author=owner)
    (told,) = program(organization, "read").get(f"{ROOT}personas/{persona.pk}/").json()["notes"]
    assert (told["kind"], told["text"], told["author"]) == ("goals", "Learn", "owner")
    assert told["written_at"].startswith(f"{note.written_at:%Y-%m-%dT%H:%M}")


def test_a_long_text_cannot_be_written_by_any_door(owner, persona):
    with pytest.raises(DataError, match="2,000 are the most"):
        write_note(identity=persona.identity, kind="goals", text="x" * (LONGEST + 1), author=owner)
