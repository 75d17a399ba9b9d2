"""The history of an identity: who changed what and when, taken back, and refused in words where it cannot be."""

import io

import pytest
from PIL import Image

from enrichment.models import Photo
from personas.curating import describe_identity, pin, rename_identity, set_picture
from personas.generation import new_generation
from personas.history import in_words
from personas.merging import merge_identities
from personas.models import Identity, IdentityChange, Persona
from personas.photos import set_photo, withdraw_photo
from personas.undoing import UNDOERS, undo
from sources.errors import DataError
from tests import builders
from tests.photos import make_photo
from tests.running import run


@pytest.fixture
def identity(organization) -> Identity:
    builders.make_persona_sets(organization, sizes=(5,))
    return Identity.objects.first()


def photo(colour="teal") -> io.BytesIO:
    stream = io.BytesIO()
    Image.new("RGB", (300, 300), colour).save(stream, "PNG")
    stream.seek(0)
    return stream


def last(identity) -> IdentityChange:
    return IdentityChange.objects.of(identity).first()


def now(identity) -> Identity:
    return Identity.objects.get(pk=identity.pk)


def test_a_change_says_who_what_and_why(identity, owner):
    rename_identity(identity=identity, name="Nora Lindqvist", by=owner, why="  The old one was  taken. ")
    change = last(identity)
    assert (change.user, change.verb, change.why) == (owner, "rename", "The old one was taken.")
    assert (change.before["name"], change.after["name"]) == ("Amina Haddad", "Nora Lindqvist")
    assert in_words(change) == "Renamed from Amina Haddad to Nora Lindqvist"


def test_what_changes_nothing_is_not_written_down(identity):
    pin(identity=identity, name=False)
    assert last(identity) is None


def test_a_refused_change_is_not_written_down(identity):
    with pytest.raises(DataError):
        rename_identity(identity=identity, name="Jonas Weber")
    assert last(identity) is None


def test_a_name_is_taken_back_with_its_pin_its_origin_and_its_descriptions(identity):
    rename_identity(identity=identity, name="Nora Lindqvist")
    undo(change=last(identity))
    assert (now(identity).name, now(identity).name_pinned, now(identity).name_origin) == ("Amina Haddad", False, "")
    assert Persona.objects.get(identity=identity).description.startswith("Amina Haddad likes")


def test_an_undo_is_an_entry_and_can_be_undone(identity, owner):
    rename_identity(identity=identity, name="Nora Lindqvist")
    first = last(identity)
    entry = undo(change=first, by=owner, why="A mistake")
    assert (entry.undoes, entry.user, entry.why) == (first, owner, "A mistake")
    undo(change=entry)
    assert now(identity).name == "Nora Lindqvist"
    assert identity.changes.count() == 3


def test_a_change_is_undone_once(identity):
    rename_identity(identity=identity, name="Nora Lindqvist")
    change = last(identity)
    undo(change=change)
    with pytest.raises(DataError, match="undone already"):
        undo(change=change)


def test_an_earlier_change_waits_for_the_later_one(identity):
    rename_identity(identity=identity, name="Nora Lindqvist")
    first = last(identity)
    rename_identity(identity=identity, name="Mia Lund")
    with pytest.raises(DataError, match="changed again"):
        undo(change=first)
    undo(change=last(identity))
    undo(change=first)
    assert now(identity).name == "Amina Haddad"


def test_a_name_that_somebody_has_meanwhile_is_not_given_back(identity):
    rename_identity(identity=identity, name="Nora Lindqvist")
    other = Identity.objects.exclude(pk=identity.pk).first()
    rename_identity(identity=other, name="Amina Haddad")
    with pytest.raises(DataError, match="is called Amina Haddad"):
        undo(change=last(identity))
    assert now(identity).name == "Nora Lindqvist"
    assert identity.changes.count() == 1


def test_a_replaced_picture_is_there_for_the_undo(identity, django_capture_on_commit_callbacks):
    first = set_picture(identity=identity, file=photo()).picture.name
    with django_capture_on_commit_callbacks(execute=True):
        set_picture(identity=identity, file=photo("red"))
        undo(change=last(identity))
    assert now(identity).picture.name == first
    assert now(identity).picture.storage.exists(first)


def test_a_photo_that_another_persona_shows_meanwhile_is_not_given_back(identity):
    other = Identity.objects.exclude(pk=identity.pk).first()
    taken = make_photo()
    set_photo(identity=identity, photo=taken)
    set_picture(identity=identity, file=photo())
    set_photo(identity=other, photo=taken)
    with pytest.raises(DataError, match="Jonas Weber shows this photo"):
        undo(change=last(identity))
    assert now(identity).photo is None


def test_a_withdrawn_photo_leaves_no_copy_and_does_not_come_back(identity, django_capture_on_commit_callbacks):
    withdrawn = make_photo()
    copy = set_photo(identity=identity, photo=withdrawn).picture
    set_picture(identity=identity, file=photo())
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_photo(photo=withdrawn)
    assert not copy.storage.exists(copy.name)
    with pytest.raises(DataError, match="gone for good"):
        undo(change=last(identity))
    assert not Photo.objects.exists()


def test_a_description_and_a_pin_are_taken_back(identity):
    describe_identity(identity=identity, text="Amina asks for numbers.")
    undo(change=last(identity))
    assert (now(identity).description, now(identity).description_pinned) == ("", False)
    pin(identity=identity, name=True, picture=True)
    undo(change=last(identity))
    assert (now(identity).name_pinned, now(identity).picture_pinned) == (False, False)


def test_a_merge_is_taken_back_and_made_again_from_the_history(identity):
    other = Identity.objects.exclude(pk=identity.pk).first()
    change = merge_identities(kept=identity, merged=other)
    entry = undo(change=change)
    assert now(other).merged_into is None
    assert in_words(entry) == "Jonas Weber taken out again: two personas as before"
    undo(change=entry)
    assert now(other).merged_into == identity


def test_who_was_merged_away_is_not_changed_by_itself(identity):
    other = Identity.objects.exclude(pk=identity.pk).first()
    rename_identity(identity=other, name="Nora Lindqvist")
    merge_identities(kept=identity, merged=other)
    for change in (
        lambda: undo(change=last(other)),
        lambda: rename_identity(identity=other, name="Mia Lund"),
        lambda: set_picture(identity=other, file=photo()),
    ):
        with pytest.raises(DataError, match="was merged into Amina Haddad"):
            change()


def test_every_kind_of_change_that_is_made_can_be_undone_or_says_why_not(identity):
    change = IdentityChange.objects.create(identity=identity, verb="note", before={"note": ""}, after={"note": "x"})
    if "note" not in UNDOERS:
        with pytest.raises(DataError, match="cannot be undone here"):
            undo(change=change)
    assert in_words(change) == "Note: note: nothing → x"


def test_the_history_of_somebody_gone_stays(identity, owner):
    rename_identity(identity=identity, name="Nora Lindqvist", by=owner)
    owner.delete()
    assert last(identity).user is None


def test_pinned_values_survive_two_generations_with_other_data(organization):
    contents, groups = builders.make_contents(organization, 30), builders.make_groups()
    builders.make_interactions(contents, groups, seed=0, period="2026-08")
    run(new_generation(organization=organization, sizes=[5], period="2026-08"))
    identity = Identity.objects.order_by("pk").first()
    rename_identity(identity=identity, name="Nora Lindqvist")
    set_picture(identity=identity, file=photo())
    describe_identity(identity=identity, text="Nora asks for numbers.")
    kept = now(identity)
    for seed, period in ((1, "2026-09"), (2, "2026-10")):
        builders.make_interactions(contents, groups, seed=seed, period=period)
        later = run(new_generation(organization=organization, sizes=[5], period=period))
        persona = later.sets.get().personas.get(identity=identity)
        assert (persona.identity.name, persona.told) == ("Nora Lindqvist", "Nora asks for numbers.")
        assert persona.description != persona.told
        assert now(identity).picture.name == kept.picture.name
    pin(identity=identity, description=False)
    assert Persona.objects.get(pk=persona.pk).told == persona.description
