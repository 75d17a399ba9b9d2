"""Every model in the admin: listed with few queries, opened, searched; what programs write is not edited by hand."""

from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from enrichment.models import HiddenQuote, ListedWord, NameEntry, PackRun, PhotoPack, TopicRule
from personas.curating import rename_identity
from personas.models import Generation, Identity, Persona
from personas.noting import write_note
from sources.attributing import store_attributes
from sources.connectors.records import AttributeRow
from sources.models import (
    ApiToken,
    AudienceSize,
    Checkpoint,
    Collection,
    Comment,
    Connection,
    ContentUnit,
    Cycle,
    DataSource,
    EstimateAnswer,
    Loyalty,
    Membership,
    Organization,
    PlatformFile,
    Upload,
)
from sources.tokens import create_token
from tests import builders
from tests.api_calls import queries_of
from tests.comments import make_readings
from tests.photos import make_photo

MODELS = [model for app in ("sources", "personas", "enrichment") for model in apps.get_app_config(app).get_models()]
BY_HAND = {
    "organization",
    "membership",
    "datasource",
    "apitoken",
    "identity",
    "note",
    "photo",
    "photopack",
    "topicrule",
    "nameentry",
}
BY_HAND |= {"hiddenquote", "listedword"}
SHARED = {"demographicgroup", "nameentry", "listedword"}  # what belongs to no organization
STATED = [model for model in MODELS if model._meta.model_name not in BY_HAND]


def name_of(model) -> str:
    return model._meta.model_name


def address(model, page="changelist", *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{name_of(model)}_{page}", args=args)


def fill(slug: str) -> None:
    """Make an organization with at least one row of every model."""
    organization = builders.make_organization(slug)
    user = builders.make_member(organization, f"{slug}-owner")
    builders.make_persona_sets(organization, sizes=(5,))
    source = DataSource.objects.get(organization=organization)
    upload = Upload.objects.create(organization=organization, created_by=user, names={"interactions": "october.csv"})
    Collection.objects.create(source=source, upload=upload, requested_by=user)
    unit = ContentUnit.objects.of(organization).first()
    Comment.objects.create(content=unit, external_id="c1", text=f"Well said, {slug}")
    store_attributes(source, [AttributeRow("female", "", "US", "job", f"Baker at {slug}", 0.4, "Survey")])
    AudienceSize.objects.create(source=source, country="US", month="2026-10", lower=10, upper=20, origin=slug)
    EstimateAnswer.objects.create(source=source, month="2026-10", digest="0" * 64, answer={"lower": 10, "upper": 20})
    Connection.objects.create(
        organization=organization, provider="google", account=slug, token="1//0", connected_by=user
    )
    cycle = Cycle.objects.create(source=source, first_day="2026-10-01", last_day="2026-10-31")
    Checkpoint.objects.create(cycle=cycle, key=f"contents {slug}", complaints=["No demographics."])
    day = datetime(2026, 10, 1, 7, tzinfo=UTC)
    PlatformFile.objects.create(source=source, family="basic", report=slug, start=day, end=day, created=day, data="-")
    Loyalty.objects.create(source=source, content=unit, period="2026-10", kind="subscribed", loyal=3, total=7)
    write_note(
        identity=Identity.objects.filter(organization=organization).first(), kind="goals", text=slug, author=user
    )
    create_token(organization=organization, name="Job", scopes=["read"], created_by=user)
    pack = PhotoPack.objects.create(organization=organization, name=f"Pack {slug}", created_by=user)
    PackRun.objects.create(pack=pack, task="check", state="done")
    make_photo(organization, pack=pack)
    TopicRule.objects.create(organization=organization, key="x", label="X", action="hide", created_by=user)
    NameEntry.objects.create(pool="egypt", kind="given", gender="female", value=f"Nour {slug}", created_by=user)
    rename_identity(identity=Identity.objects.filter(organization=organization).first(), name=f"Nora {slug}", by=user)
    make_readings(Comment.objects.filter(content=unit))
    HiddenQuote.objects.create(organization=organization, comment=Comment.objects.get(content=unit), digest=slug)
    ListedWord.objects.create(list="blocked", language="en", word=slug, value="insult")


@pytest.fixture
def chief(db):
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("chief"))
    return client


def test_every_model_is_registered():
    admin.autodiscover()
    assert [name_of(model) for model in MODELS if not admin.site.is_registered(model)] == []


@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_a_long_list_costs_as_many_queries_as_a_short_one(chief, model):
    fill("one")
    few = queries_of(lambda: chief.get(address(model)))
    for slug in ("two", "three", "four"):
        fill(slug)
    assert queries_of(lambda: chief.get(address(model))) <= few
    assert few <= 14


@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_lists_are_searched_and_every_row_opens(chief, model):
    fill("one")
    row = model.objects.first()
    assert chief.get(address(model), {"q": "one"}).status_code == 200
    page = chief.get(address(model, "change", row.pk))
    assert page.status_code == 200
    assert "b&#x27;\\x" not in page.content.decode()
    assert "&lt;memory at" not in page.content.decode()


@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_every_filter_of_a_list_can_be_used(chief, model):
    fill("one")
    page = chief.get(address(model))
    for spec in page.context["cl"].filter_specs:
        for choice in list(spec.choices(page.context["cl"]))[:3]:
            assert chief.get(address(model) + choice["query_string"]).status_code == 200


@pytest.mark.parametrize("model", STATED, ids=name_of)
def test_what_programs_write_is_not_changed_by_hand(chief, model):
    fill("one")
    row = model.objects.first()
    assert chief.get(address(model, "add")).status_code == 403
    assert chief.post(address(model, "change", row.pk), {}).status_code == 403
    assert chief.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403


def test_packed_numbers_are_told_as_a_count_of_groups(chief):
    fill("one")
    page = chief.get(reverse("admin:sources_packedinteractions_changelist")).content.decode()
    assert "56 groups" in page


@pytest.mark.parametrize("model", [Generation, Collection], ids=name_of)
def test_runs_are_cancelled_from_their_list(chief, model):
    fill("one")
    model.objects.update(state="queued")
    chief.post(address(model), {"action": "cancel", "_selected_action": [model.objects.get().pk]})
    assert model.objects.get().state == "cancelled"


def test_a_closed_run_stays_as_it_is(chief):
    fill("one")
    page = chief.post(
        address(Generation), {"action": "cancel", "_selected_action": [Generation.objects.get().pk]}, follow=True
    )
    assert Generation.objects.get().state == "done"
    assert "0 of 1 were open" in page.content.decode()


@pytest.fixture
def curator(db):
    """A member of staff with every permission, who administers one of two organizations and looks at the other."""
    fill("one")
    fill("two")
    user = get_user_model().objects.get(username="one-owner")
    user.is_staff = True
    user.save()
    user.user_permissions.set(Permission.objects.all())
    Membership.objects.create(organization=Organization.objects.get(slug="two"), user=user, role="viewer")
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("model", [model for model in MODELS if name_of(model) not in SHARED], ids=name_of)
def test_staff_see_what_belongs_to_the_organizations_that_they_administer(curator, model):
    mine = set(curator.get(address(model)).context["cl"].queryset.values_list("pk", flat=True))
    foreign = [pk for pk in model.objects.values_list("pk", flat=True) if pk not in mine]
    assert mine
    assert foreign
    assert curator.get(address(model, "change", foreign[0])).status_code == 302


@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_no_list_tells_staff_the_name_of_a_foreign_organization(curator, model):
    Organization.objects.filter(slug="two").update(name="Hushed")
    assert "Hushed" not in curator.get(address(model)).content.decode()


def test_staff_make_no_key_for_a_foreign_organization(curator):
    foreign = Organization.objects.get(slug="two")
    before = ApiToken.objects.count()
    curator.post(address(ApiToken, "add"), {"organization": foreign.pk, "name": "Way in", "scopes": ["read"]})
    assert ApiToken.objects.count() == before


def test_staff_who_may_only_look_do_not_cancel(db):
    fill("one")
    Generation.objects.update(state="queued")
    user = get_user_model().objects.get(username="one-owner")
    user.is_staff = True
    user.save()
    user.user_permissions.add(Permission.objects.get(codename="view_generation"))
    client = Client()
    client.force_login(user)
    assert client.get(address(Generation)).status_code == 200
    client.post(address(Generation), {"action": "cancel", "_selected_action": [Generation.objects.get().pk]})
    assert Generation.objects.get().state == "queued"


def test_members_who_are_no_staff_do_not_come_in(owner_client):
    response = owner_client.get("/admin/")
    assert response.status_code == 302
    assert "login" in response["Location"]


def test_deleting_a_source_takes_along_what_came_from_it(chief):
    fill("one")
    Collection.objects.update(state="done")
    source = DataSource.objects.get()
    chief.post(address(DataSource, "delete", source.pk), {"post": "yes"})
    assert not DataSource.objects.exists()
    assert not ContentUnit.objects.exists()


def test_what_a_source_is_made_of_is_not_changed_in_the_admin(chief):
    fill("one")
    source = DataSource.objects.get()
    form = {"name": "Renamed", "kind": "youtube", "options": '{"months": "many"}'}
    chief.post(address(DataSource, "change", source.pk), form)
    after = DataSource.objects.get()
    assert (after.name, after.kind, after.options) == ("Renamed", source.kind, source.options)


def test_a_source_that_is_being_read_is_not_deleted_and_the_admin_says_why(chief):
    fill("one")
    page = chief.post(address(DataSource, "delete", DataSource.objects.get().pk), {"post": "yes"}, follow=True)
    assert "is being imported just now" in page.content.decode()
    assert DataSource.objects.exists()


def test_a_membership_is_changed(chief):
    fill("one")
    member = Membership.objects.get()
    builders.make_member(member.organization, "second")
    elsewhere = builders.make_organization("two")
    chief.post(address(Membership, "change", member.pk), {"organization": elsewhere.pk, "role": "viewer"})
    member.refresh_from_db()
    assert (member.role, member.organization.slug) == ("viewer", "one")


def test_a_membership_is_made(chief):
    fill("one")
    user, organization = get_user_model().objects.get(username="chief"), Organization.objects.get()
    chief.post(address(Membership, "add"), {"user": user.pk, "organization": organization.pk, "role": "viewer"})
    assert Membership.objects.get(user=user).role == "viewer"


@pytest.mark.parametrize(("page", "wish"), [("change", {"role": "viewer"}), ("delete", {"post": "yes"})])
def test_the_only_administrator_stays_and_the_admin_says_why(chief, page, wish):
    fill("one")
    shown = chief.post(address(Membership, page, Membership.objects.get().pk), wish, follow=True)
    assert "only administrator" in shown.content.decode()
    assert Membership.objects.get().role == "admin"


def test_the_only_administrator_is_not_deleted_in_bulk(chief):
    fill("one")
    member = Membership.objects.get()
    chief.post(address(Membership), {"action": "delete_selected", "_selected_action": [member.pk], "post": "yes"})
    assert Membership.objects.get() == member


def test_the_page_of_an_organization_changes_no_member(chief):
    fill("one")
    rows = {"TOTAL_FORMS": 1, "INITIAL_FORMS": 1, "0-id": Membership.objects.get().pk, "0-role": "viewer"}
    wish = {"name": "New", "slug": "one", "small_cell_threshold": 50}
    wish |= {f"memberships-{name}": value for name, value in (rows | {"0-DELETE": "on"}).items()}
    chief.post(address(Organization, "change", Organization.objects.get().pk), wish)
    assert Organization.objects.get().name == "New"
    assert Membership.objects.get().role == "admin"


def test_a_source_stays_with_its_organization(chief):
    fill("one")
    source = DataSource.objects.get()
    wish = {"name": "Renamed", "kind": "files", "organization": builders.make_organization("two").pk}
    chief.post(address(DataSource, "change", source.pk), wish)
    source.refresh_from_db()
    assert (source.name, source.organization.slug) == ("Renamed", "one")


def test_the_form_of_a_source_writes_back_no_old_time_to_collect(chief):
    fill("one")
    source = DataSource.objects.get()
    due = datetime(2026, 12, 1, 2, 30, tzinfo=UTC)
    DataSource.objects.update(due_at=due)  # it was connected while the form stood open
    chief.post(address(DataSource, "change", source.pk), {"name": "Renamed", "due_at_0": "", "due_at_1": ""})
    source.refresh_from_db()
    assert (source.name, source.due_at) == ("Renamed", due)


def test_a_persona_names_no_content_of_another_organization(chief):
    fill("one")
    foreign = builders.make_contents(builders.make_organization("two"), 1)[0]
    ContentUnit.objects.filter(pk=foreign.pk).update(title="Their secret title")
    persona = Persona.objects.first()
    Persona.objects.filter(pk=persona.pk).update(contents=[{"id": foreign.pk, "share": 0.5, "lift": 1.0}])
    assert "Their secret title" not in chief.get(address(Persona, "change", persona.pk)).content.decode()
