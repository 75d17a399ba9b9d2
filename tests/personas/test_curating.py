"""Names and pictures that people choose: pinned, told everywhere at once, and refused in words."""

import io

import pytest
from PIL import Image

from personas.curating import pin, rename_identity, set_picture
from personas.generation import new_generation
from personas.models import Identity, Persona
from sources.carrying import carry_out
from sources.errors import DataError
from tests import builders


@pytest.fixture
def identity(organization):
    builders.make_persona_sets(organization, sizes=(5, 6))
    return Identity.objects.first()


def photo(colour="teal") -> io.BytesIO:
    stream = io.BytesIO()
    Image.new("RGB", (300, 300), colour).save(stream, "PNG")
    stream.seek(0)
    return stream


def test_a_new_name_is_pinned_and_says_where_it_comes_from(identity):
    rename_identity(identity=identity, name="  Nora   Lindqvist ")
    identity.refresh_from_db()
    assert (identity.name, identity.name_pinned) == ("Nora Lindqvist", True)
    assert identity.name_origin == "Chosen by an administrator"
    assert not identity.picture_pinned


def test_a_new_name_stands_in_the_descriptions_of_all_sets(identity):
    before = identity.name
    rename_identity(identity=identity, name="Nora Lindqvist")
    told = Persona.objects.filter(identity=identity).values_list("description", flat=True)
    assert set(told) == {"Nora Lindqvist likes science. Two sentences stand here."}
    assert not Persona.objects.filter(description__contains=before).exists()
    assert Persona.objects.exclude(identity=identity).filter(description__contains="Nora").count() == 0


@pytest.mark.parametrize(
    ("name", "words"), [(" ", "needs a name"), ("x" * 121, "longer than 120"), ("Jonas Weber", "Another")]
)
def test_a_name_that_cannot_be_is_refused_and_nothing_changes(identity, name, words):
    with pytest.raises(DataError, match=words):
        rename_identity(identity=identity, name=name)
    assert Identity.objects.get(pk=identity.pk).name == "Amina Haddad"


def test_the_same_name_may_live_in_another_organization(identity, stranger):
    builders.make_persona_sets(stranger.organizations.get(), sizes=(5,))
    foreign = Identity.objects.filter(organization=stranger.organizations.get(), name="Jonas Weber").get()
    Identity.objects.filter(organization=identity.organization, name="Jonas Weber").update(name="Somebody Else")
    assert rename_identity(identity=identity, name=foreign.name).name == "Jonas Weber"


def test_a_new_picture_is_pinned_cleaned_and_the_old_one_kept_for_an_undo(identity, django_capture_on_commit_callbacks):
    first = set_picture(identity=identity, file=photo()).picture
    with django_capture_on_commit_callbacks(execute=True):
        second = set_picture(identity=identity, file=photo("red")).picture
    identity.refresh_from_db()
    assert (identity.picture.name, identity.picture_pinned, identity.name_pinned) == (second.name, True, False)
    assert identity.picture_origin == "Photo handed in by an administrator"
    assert Image.open(second.path).size == (512, 512)
    assert first.storage.exists(first.name)


def test_a_file_that_is_no_picture_changes_nothing(identity, settings):
    with pytest.raises(DataError, match="cannot be read"):
        set_picture(identity=identity, file=io.BytesIO(b"no picture"))
    identity.refresh_from_db()
    assert (identity.picture.name, identity.picture_pinned) == ("", False)
    assert not list(settings.MEDIA_ROOT.rglob("*.jpg"))


def test_a_pin_is_set_and_taken_away_by_itself(identity):
    pin(identity=identity, name=True)
    assert (identity.name_pinned, identity.picture_pinned) == (True, False)
    pin(identity=identity, name=False, picture=True)
    identity.refresh_from_db()
    assert (identity.name_pinned, identity.picture_pinned) == (False, True)


def test_a_name_chosen_while_a_run_is_on_is_not_lost(organization):
    builders.make_interactions(builders.make_contents(organization, 30), builders.make_groups())
    carry_out(new_generation(organization=organization, sizes=[5]))
    identity = Identity.objects.first()
    again = new_generation(organization=organization, sizes=[5])

    def meanwhile(stage: str, done: int, total: int) -> None:
        if stage == "store":
            rename_identity(identity=identity, name="Nora Lindqvist")

    carry_out(again, meanwhile)
    identity.refresh_from_db()
    assert again.sets.get().personas.filter(identity=identity).exists()
    assert (again.state, identity.name, identity.name_pinned) == ("done", "Nora Lindqvist", True)
    assert "Nora Lindqvist" in again.sets.get().personas.get(identity=identity).description
