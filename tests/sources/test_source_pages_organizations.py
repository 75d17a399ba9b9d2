"""Organizations: making one, its threshold, its members, and the end of a source."""

from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from sources.models import Collection, Comment, ContentUnit, DataSource, Membership, Organization, Upload
from tests import builders
from tests.sources import files_of
from tests.sources.test_uploads import import_now


@pytest.fixture
def imported(owner_client, organization):
    return import_now(owner_client, interactions=files_of.interactions())


@pytest.fixture
def queued(owner, organization):
    source = DataSource.objects.create(organization=organization, name="Files")
    return Collection.objects.create(source=source, requested_by=owner)


def text(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def newcomer(client, db):
    client.force_login(get_user_model().objects.create_user("newcomer", password="a long enough secret"))
    return client


def test_a_person_without_an_organization_is_led_to_make_one(newcomer):
    assert newcomer.get("/").url == reverse("organization_new")


def test_a_person_with_an_organization_is_led_to_its_personas(owner_client):
    assert owner_client.get("/").url == reverse("personas", args=["acme"])


def test_an_organization_that_adds_somebody_unasked_is_not_where_that_person_lands(owner_client, owner):
    theirs = builders.make_organization("aaa")
    Membership.objects.create(organization=theirs, user=owner)
    assert owner_client.get("/").url == reverse("personas", args=["acme"])


def test_a_person_lands_in_the_organization_used_last(owner_client, owner):
    Membership.objects.create(organization=builders.make_organization("other"), user=owner)
    owner_client.get(reverse("personas", args=["other"]))
    assert owner_client.get("/").url == reverse("personas", args=["other"])
    Membership.objects.filter(organization__slug="other").delete()
    assert owner_client.get("/").url == reverse("personas", args=["acme"])


def test_who_makes_an_organization_becomes_its_administrator(newcomer):
    response = newcomer.post(reverse("organization_new"), {"name": "Río Noticias"})
    assert response.url == reverse("welcome", args=["rio-noticias"])
    assert Membership.objects.get(organization__slug="rio-noticias").role == "admin"
    assert newcomer.get(response.url).status_code == 200


@pytest.mark.parametrize(("name", "slug"), [("Acme", "acme-2"), ("الجزيرة", "organization")])
def test_an_address_is_free_and_never_empty(newcomer, organization, name, slug):
    newcomer.post(reverse("organization_new"), {"name": name})
    assert Organization.objects.get(name=name, slug=slug)


def test_deleting_a_source_deletes_what_came_from_it(
    owner_client, organization, imported, settings, django_capture_on_commit_callbacks
):
    Comment.objects.create(content=ContentUnit.objects.first(), external_id="c", text="Good")
    with django_capture_on_commit_callbacks(execute=True):
        owner_client.post(reverse("source_delete", args=["acme", imported.source_id]))
    for model in (DataSource, ContentUnit, Comment, Collection, Upload):
        assert not model.objects.exists(), model
    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []


def test_deleting_a_source_leaves_the_others_alone(owner_client, organization, imported):
    builders.make_contents(organization, 3, source_name="Other")
    owner_client.post(reverse("source_delete", args=["acme", imported.source_id]))
    assert ContentUnit.objects.of(organization).count() == 3


def test_a_source_that_is_being_imported_is_not_deleted(owner_client, queued):
    page = owner_client.post(reverse("source_delete", args=["acme", queued.source_id]), follow=True)
    assert "is being imported just now" in text(page)
    assert DataSource.objects.exists()


def test_an_editor_may_not_delete_a_source(client, organization, queued):
    client.force_login(builders.make_member(organization, "editor", Membership.Role.EDITOR))
    assert client.post(reverse("source_delete", args=["acme", queued.source_id])).status_code == 403


def test_the_threshold_is_changed_by_administrators_only(owner_client, colleague_client, organization):
    address, wish = reverse("organization_settings", args=["acme"]), {"name": "Acme", "small_cell_threshold": 80}
    assert colleague_client.post(address, wish).status_code == 403
    owner_client.post(address, wish)
    organization.refresh_from_db()
    assert organization.small_cell_threshold == 80


def test_an_administrator_lets_a_person_in(owner_client, organization, stranger):
    owner_client.post(reverse("member_add", args=["acme"]), {"username": "stranger", "role": "viewer"})
    assert Membership.objects.get(organization=organization, user=stranger).role == "viewer"


def test_a_person_without_an_account_cannot_be_let_in(owner_client, organization):
    page = owner_client.post(reverse("member_add", args=["acme"]), {"username": "nobody", "role": "viewer"})
    assert "Nobody here signs in as" in page.context["member_form"].errors["username"][0]


def test_a_member_is_given_another_role_and_taken_out(owner_client, organization, colleague):
    member = organization.memberships.get(user=colleague)
    owner_client.post(reverse("member_change", args=["acme", member.pk]), {"role": "editor"})
    member.refresh_from_db()
    assert member.role == "editor"
    owner_client.post(reverse("member_remove", args=["acme", member.pk]))
    assert not organization.memberships.filter(user=colleague).exists()


@pytest.mark.parametrize("name", ["member_change", "member_remove"])
def test_the_last_administrator_stays(owner_client, organization, owner, name):
    member = organization.memberships.get(user=owner)
    page = owner_client.post(reverse(name, args=["acme", member.pk]), {"role": "viewer"}, follow=True)
    assert "only administrator" in text(page)
    assert organization.memberships.get(user=owner).role == "admin"


def test_a_member_of_another_organization_is_out_of_reach(owner_client, stranger):
    member = Membership.objects.get(user=stranger)
    assert owner_client.post(reverse("member_remove", args=["acme", member.pk])).status_code == 404
