"""Photos of the library on the personas: given, kept, exchanged, withdrawn."""

from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from enrichment.models import Photo
from personas.curating import set_picture
from personas.generation import new_generation
from personas.models import Generation, Identity
from personas.photos import CHANGED_MEANWHILE, choose_again, fitting_photos, hold_photos, set_photo, withdraw_photo
from sources.errors import DataError
from tests import builders
from tests.photos import make_photo, picture
from tests.running import run


@pytest.fixture
def identities(organization):
    builders.make_persona_sets(organization, sizes=(5,))
    Identity.objects.update(gender="female", age_group="25-34", country="SA")
    return Identity.objects.order_by("pk")


@pytest.fixture
def identity(identities):
    return identities[0]


def generate(organization) -> Generation:
    if not organization.sources.exists():
        builders.make_interactions(builders.make_contents(organization, 30), builders.make_groups())
    done = run(new_generation(organization=organization, sizes=[5]))
    assert done.state == "done", done.error
    return done


def photos_for_all(count: int = 2) -> None:
    """Photos for every gender and age in four countries."""
    wishes = [(gender, age) for gender in ("female", "male") for age in range(15, 70, 10)]
    for number in range(count):
        for place, (gender, age) in enumerate(wishes):
            fields = {"gender": gender, "age_min": age, "age_max": age, "places": ("US", "IN", "EG", "DE")}
            make_photo(seed=100 * number + place, **fields)


def test_a_generation_gives_photos_and_nobody_gets_the_same(organization):
    photos_for_all()
    generate(organization)
    given = [identity.photo_id for identity in Identity.objects.all()]
    assert None not in given
    assert len(set(given)) == len(given)
    first = Identity.objects.first()
    assert first.picture_origin == "Photo (CC0 1.0). A fictional person."
    assert first.picture.name.endswith(".jpg")
    assert Path(first.picture.path).read_bytes() == Path(first.photo.image.path).read_bytes()


def test_a_later_generation_keeps_the_photos(organization):
    photos_for_all()
    generate(organization)
    before = dict(Identity.objects.values_list("pk", "photo"))
    generate(organization)
    assert {pk: photo for pk, photo in Identity.objects.values_list("pk", "photo") if pk in before} == before


def test_an_empty_library_leaves_illustrations(organization):
    generate(organization)
    assert {identity.photo_id for identity in Identity.objects.all()} == {None}
    assert {identity.picture_origin[:12] for identity in Identity.objects.all()} == {"Illustration"}


def test_a_photo_belongs_to_one_identity_of_an_organization(identities):
    photo = make_photo()
    with pytest.raises(IntegrityError), transaction.atomic():
        identities.update(photo=photo)


def test_a_photo_that_was_retired_meanwhile_is_not_stored(organization):
    photo = make_photo(state="retired")
    with pytest.raises(DataError, match=CHANGED_MEANWHILE), transaction.atomic():
        hold_photos(organization, [photo.pk])


def test_a_photo_that_was_given_meanwhile_is_not_stored_twice(organization, identity):
    photo = make_photo()
    set_photo(identity=identity, photo=photo)
    with pytest.raises(DataError, match=CHANGED_MEANWHILE), transaction.atomic():
        hold_photos(organization, [photo.pk])


def test_personas_with_drawings_get_photos_while_there_are_some(identities):
    for seed in range(3):
        make_photo(seed=seed)
    given = choose_again(identities=identities)
    assert (given.photos, given.illustrations) == (3, 2)
    assert identities.exclude(photo=None).count() == 3


def test_an_illustration_stays_as_it_is_while_there_is_no_photo(organization):
    generate(organization)
    before = dict(Identity.objects.values_list("pk", "picture"))
    assert choose_again(identities=Identity.objects.all()).photos == 0
    assert dict(Identity.objects.values_list("pk", "picture")) == before


def test_pinned_pictures_and_approved_photos_stay(identities, identity):
    shown = make_photo(seed=1)
    identities.filter(pk=identities[1].pk).update(photo=shown)
    identities.filter(pk=identity.pk).update(picture_pinned=True)
    make_photo(seed=2)
    assert choose_again(identities=identities).photos == 1
    assert [one.photo_id for one in identities[:2]] == [None, shown.pk]


def test_a_retired_photo_is_exchanged_when_asked(identities, identity, django_capture_on_commit_callbacks):
    set_photo(identity=identity, photo=make_photo(seed=1))
    Photo.objects.update(state="retired")
    Identity.objects.update(picture_pinned=False)
    identity.refresh_from_db()
    before, other = Path(identity.picture.path), make_photo(seed=2)
    with django_capture_on_commit_callbacks(execute=True):
        choose_again(identities=identities.filter(pk=identity.pk))
    identity.refresh_from_db()
    assert identity.photo == other
    assert before.exists(), "the choice could not be undone"


def test_a_chosen_photo_is_pinned(identity):
    photo = make_photo(credit="Jo")
    set_photo(identity=identity, photo=photo)
    identity.refresh_from_db()
    assert (identity.photo, identity.picture_pinned) == (photo, True)
    assert identity.picture_origin == "Photo (CC0 1.0, Jo). A fictional person."


def test_the_photo_that_is_shown_can_be_pinned(identity):
    photo = make_photo()
    Identity.objects.filter(pk=identity.pk).update(photo=photo)
    assert set_photo(identity=identity, photo=photo).picture_pinned


def test_a_photo_whose_file_is_gone_is_refused_in_words(identity):
    photo = make_photo()
    Path(photo.image.path).unlink()
    with pytest.raises(DataError, match="file of this photo is gone"):
        set_photo(identity=identity, photo=photo)


def test_a_photo_that_cannot_be_shown_is_refused_in_words(identities, identity):
    with pytest.raises(DataError, match="not approved"):
        set_photo(identity=identity, photo=make_photo(state="pending"))
    with pytest.raises(DataError, match="another organization"):
        set_photo(identity=identity, photo=make_photo(builders.make_organization("two")))
    shown = make_photo(seed=1)
    set_photo(identity=identities[1], photo=shown)
    with pytest.raises(DataError, match=f"{identities[1].name} shows this photo"):
        set_photo(identity=identity, photo=shown)


def test_a_picture_that_is_handed_in_takes_the_photos_place(identity, tmp_path):
    set_photo(identity=identity, photo=make_photo())
    (tmp_path / "me.png").write_bytes(picture(9))
    with (tmp_path / "me.png").open("rb") as file:
        set_picture(identity=identity, file=file)
    identity.refresh_from_db()
    assert identity.photo is None


def test_a_withdrawn_photo_leaves_the_personas_too(identity, django_capture_on_commit_callbacks):
    photo = make_photo()
    set_photo(identity=identity, photo=photo)
    raw = Path(photo.image.path).read_bytes()
    with django_capture_on_commit_callbacks(execute=True):
        assert withdraw_photo(photo=photo) == 1
    identity.refresh_from_db()
    assert (identity.photo, identity.picture_pinned) == (None, False)
    assert identity.picture_origin.startswith("Illustration")
    folder = Path(identity.picture.storage.location)
    assert not [path for path in folder.rglob("*") if path.is_file() and path.read_bytes() == raw]


def test_photos_that_fit_are_offered_the_nearest_first(identity):
    far, near = make_photo(seed=1, places=("TR",)), make_photo(seed=2)
    make_photo(seed=3, gender="male")
    assert fitting_photos(identity, 9) == [near, far]
    assert fitting_photos(identity, 1) == [near]
