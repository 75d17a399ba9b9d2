"""History, undo and merge in the admin, and the history on the organization's pages: for those who may."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client

from personas.curating import rename_identity
from personas.merging import merge_identities
from personas.models import Identity, IdentityChange, Persona
from sources.models import Membership
from tests import builders
from tests.api_calls import ROOT, program

LIST = "/admin/personas/identity/"


def staff(user) -> Client:
    user.is_staff = True
    user.save()
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="personas"))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def chief(db):
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("chief"))
    return client


@pytest.fixture
def identity(organization, owner) -> Identity:
    builders.make_persona_sets(organization, sizes=(5,))
    identity = Identity.objects.first()
    return rename_identity(identity=identity, name="Nora Lindqvist", by=owner, why="Asked for")


@pytest.fixture
def change(identity) -> IdentityChange:
    return identity.changes.get()


def text(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize("page", ["change", "history"])
def test_the_history_stands_on_the_identity(chief, identity, change, page):
    shown = text(chief.get(f"{LIST}{identity.pk}/{page}/"))
    assert "Renamed from Amina Haddad to Nora Lindqvist" in shown
    assert "owner: “Asked for”" in shown
    assert f"{LIST}{identity.pk}/undo/{change.pk}/" in shown


def test_looking_at_the_question_undoes_nothing(chief, identity, change):
    assert "Undo this change?" in text(chief.get(f"{LIST}{identity.pk}/undo/{change.pk}/"))
    assert Identity.objects.get(pk=identity.pk).name == "Nora Lindqvist"


def test_a_change_is_undone_by_a_confirmed_click_and_says_who_did_it(chief, identity, change):
    shown = text(chief.post(f"{LIST}{identity.pk}/undo/{change.pk}/", {"why": "It was right"}, follow=True))
    assert "Undone: Renamed from Nora Lindqvist to Amina Haddad" in shown
    assert identity.changes.first().user.username == "chief"
    assert identity.changes.first().why == "It was right"


def test_an_undo_that_is_refused_says_why(chief, identity, change):
    rename_identity(identity=Identity.objects.exclude(pk=identity.pk).first(), name="Amina Haddad")
    shown = text(chief.post(f"{LIST}{identity.pk}/undo/{change.pk}/", follow=True))
    assert "is called Amina Haddad" in shown


def test_a_change_of_another_identity_is_not_found(chief, identity, change):
    other = Identity.objects.exclude(pk=identity.pk).first()
    assert chief.post(f"{LIST}{other.pk}/undo/{change.pk}/").status_code == 404


def test_staff_curate_the_identities_of_the_organizations_they_administer(owner, stranger, identity, change):
    mine, foreign = staff(owner), staff(stranger)
    assert "Nora Lindqvist" in text(mine.get(LIST))
    assert "Nora Lindqvist" not in text(foreign.get(LIST))
    assert foreign.get(f"{LIST}{identity.pk}/history/").status_code == 404
    assert foreign.post(f"{LIST}{identity.pk}/undo/{change.pk}/").status_code == 404
    mine.post(f"{LIST}{identity.pk}/undo/{change.pk}/")
    assert Identity.objects.get(pk=identity.pk).name == "Amina Haddad"


def test_staff_who_are_viewers_change_nothing(colleague, identity, change):
    assert staff(colleague).post(f"{LIST}{identity.pk}/undo/{change.pk}/").status_code == 404
    assert Identity.objects.get(pk=identity.pk).name == "Nora Lindqvist"


def test_staff_without_the_permission_to_change_do_not_undo(owner, identity, change):
    client = staff(owner)
    owner.user_permissions.set(Permission.objects.filter(codename="view_identity"))
    assert "Renamed" in text(client.get(f"{LIST}{identity.pk}/history/"))
    assert client.post(f"{LIST}{identity.pk}/undo/{change.pk}/").status_code == 403


def test_the_page_of_the_organization_tells_the_history_to_editors(owner_client, identity):
    shown = text(owner_client.get(f"/o/acme/identities/{identity.pk}/history/"))
    assert "Renamed from Amina Haddad to Nora Lindqvist" in shown
    assert "Asked for" in shown
    persona = Persona.objects.get(identity=identity)
    assert f"/o/acme/identities/{identity.pk}/history/" in text(owner_client.get(f"/o/acme/personas/{persona.pk}/"))


def test_viewers_and_strangers_do_not_read_it(colleague_client, stranger_client, stranger, identity):
    address = f"/o/acme/identities/{identity.pk}/history/"
    assert colleague_client.get(address).status_code == 403
    assert stranger_client.get(address).status_code == 404
    slug = stranger.organizations.get().slug
    assert stranger_client.get(f"/o/{slug}/identities/{identity.pk}/history/").status_code == 404
    persona = Persona.objects.get(identity=identity)
    assert "/history/" not in text(colleague_client.get(f"/o/acme/personas/{persona.pk}/"))


def test_an_editor_reads_it(organization, identity):
    editor = builders.make_member(organization, "editor", Membership.Role.EDITOR)
    client = Client()
    client.force_login(editor)
    assert client.get(f"/o/acme/identities/{identity.pk}/history/").status_code == 200


def test_a_description_is_pinned_shown_and_let_go(chief, identity, organization):
    persona = Persona.objects.get(identity=identity)
    wish = {"name": identity.name, "name_pinned": "on", "description": "Nora asks for numbers."}
    chief.post(f"{LIST}{identity.pk}/change/", wish)
    told = program(organization, "read").get(f"{ROOT}personas/{persona.pk}/").json()["description"]
    assert told == "Nora asks for numbers."
    chief.post(f"{LIST}{identity.pk}/change/", wish | {"description": ""})
    told = program(organization, "read").get(f"{ROOT}personas/{persona.pk}/").json()["description"]
    assert told == persona.description


def test_a_merge_is_looked_at_before_it_is_made(chief, identity):
    other = Identity.objects.exclude(pk=identity.pk).first()
    wish = {"action": "merge", "_selected_action": [identity.pk, other.pk]}
    shown = text(chief.post(LIST, wish, follow=True))
    assert "1 set with both" in shown
    assert "40" in shown
    assert not Persona.objects.filter(combined=True).exists()
    chief.post(f"{LIST}merge/", {"kept": identity.pk, "merged": other.pk, "why": "One and the same"})
    assert Persona.objects.filter(combined=True).count() == 1
    assert identity.changes.first().why == "One and the same"


def test_a_merge_needs_two(chief, identity):
    shown = text(chief.post(LIST, {"action": "merge", "_selected_action": [identity.pk]}, follow=True))
    assert "Select two personas" in shown


def test_what_cannot_be_merged_is_said_in_the_admin(chief, identity):
    other = Identity.objects.exclude(pk=identity.pk).first()
    merge_identities(kept=identity, merged=other)
    third = Identity.objects.order_by("pk")[2]
    shown = text(chief.post(f"{LIST}merge/", {"kept": third.pk, "merged": other.pk}, follow=True))
    assert "was merged into Nora Lindqvist" in shown


def test_a_stranger_merges_nothing_of_others(stranger, identity):
    other = Identity.objects.exclude(pk=identity.pk).first()
    staff(stranger).post(f"{LIST}merge/", {"kept": identity.pk, "merged": other.pk})
    assert not Identity.objects.filter(merged_into__isnull=False).exists()


def test_a_merged_persona_is_read_on_the_pages_and_in_the_api(owner_client, identity, organization):
    merge_identities(kept=identity, merged=Identity.objects.exclude(pk=identity.pk).first())
    persona = Persona.objects.get(combined=True)
    page = text(owner_client.get(f"/o/acme/personas/{persona.pk}/"))
    assert "merged 2 patterns" in page
    assert "Several patterns, shown as one" in page
    assert owner_client.get(f"/o/acme/personas/{persona.pk}/groups/").status_code == 200
    assert owner_client.get(f"/o/acme/personas/{persona.pk}/contents/").status_code == 200
    assert "before an administrator merged" in text(owner_client.get(f"/o/acme/sets/{persona.persona_set_id}/method/"))
    assert len(program(organization, "read").get(f"{ROOT}personas/").json()["results"]) == 4
