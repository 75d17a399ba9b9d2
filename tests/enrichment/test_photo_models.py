"""What the database itself refuses, and who sees what of the library."""

import pytest
from django.db import IntegrityError, transaction

from enrichment.models import PackRun, Photo, PhotoPack, PhotoPlace
from sources.models import AgeGroup
from tests import builders
from tests.photos import make_photo


@pytest.fixture
def photo(organization):
    return make_photo(organization, state="pending")


@pytest.fixture
def pack(organization):
    return PhotoPack.objects.create(organization=organization, name="Pack")


def refused(photo, **fields) -> str:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        Photo.objects.filter(pk=photo.pk).update(**fields)
    return str(refusal.value)


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"age_min": 35, "age_max": 34}, "ages_of_a_photo_are_in_order"),
        ({"age_min": 12}, "ages_of_a_photo_are_in_order"),
        ({"age_max": 111}, "ages_of_a_photo_are_in_order"),
        ({"gender": "robot"}, "a_photo_shows_a_known_gender"),
        ({"gender": ""}, "a_photo_shows_a_known_gender"),
        ({"state": "lost"}, "a_photo_has_a_known_state"),
        ({"licence": ""}, "a_photo_has_a_licence"),
        ({"state": "approved", "release": ""}, "an_approved_photo_has_a_model_release"),
        ({"image": ""}, "a_photo_has_its_files"),
        ({"thumbnail": ""}, "a_photo_has_its_files"),
    ],
)
def test_a_photo_that_breaks_a_rule_is_refused(photo, fields, rule):
    assert rule in refused(photo, **fields)


def test_a_file_is_in_an_organization_once(photo, organization):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_photo(organization, seed=0)
    make_photo(builders.make_organization("two"), seed=0)
    assert Photo.objects.count() == 2


def test_a_file_is_in_the_shared_library_once(db):
    make_photo(seed=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_photo(seed=0)


def test_a_photo_fits_a_place_once(photo):
    with pytest.raises(IntegrityError), transaction.atomic():
        PhotoPlace.objects.create(photo=photo, country="SA", region="western-asia")


def test_a_place_has_a_region(photo):
    with pytest.raises(IntegrityError, match="a_place_of_a_photo_has_a_region"), transaction.atomic():
        PhotoPlace.objects.create(photo=photo, country="QA", region="")


def test_a_pack_has_a_name(db):
    with pytest.raises(IntegrityError, match="a_photo_pack_has_a_name"), transaction.atomic():
        PhotoPack.objects.create(name="")


def test_a_pack_has_one_open_run(pack):
    PackRun.objects.create(pack=pack, task="check")
    with pytest.raises(IntegrityError), transaction.atomic():
        PackRun.objects.create(pack=pack, task="import")


def test_a_pack_is_imported_once(pack):
    PackRun.objects.create(pack=pack, task="import", state="done")
    PackRun.objects.create(pack=pack, task="check", state="done")
    with pytest.raises(IntegrityError), transaction.atomic():
        PackRun.objects.create(pack=pack, task="import", state="done")


def test_a_run_checks_or_imports(pack):
    with pytest.raises(IntegrityError, match="a_pack_run_checks_or_imports"), transaction.atomic():
        PackRun.objects.create(pack=pack, task="dance")


@pytest.mark.parametrize(
    ("ages", "band"),
    [
        ((13, 17), AgeGroup.A13),
        ((17, 18), AgeGroup.A13),
        ((17, 19), AgeGroup.A18),
        ((25, 34), AgeGroup.A25),
        ((30, 40), AgeGroup.A35),
        ((45, 54), AgeGroup.A45),
        ((60, 69), AgeGroup.A55),
        ((60, 70), AgeGroup.A65),
        ((65, 110), AgeGroup.A65),
    ],
)
def test_a_photo_belongs_to_the_band_of_its_middle_age(photo, ages, band):
    Photo.objects.filter(pk=photo.pk).update(age_min=ages[0], age_max=ages[1])
    photo.refresh_from_db()
    assert photo.age_group == band


def test_administrators_see_their_own_and_the_shared_and_change_their_own(organization, owner, colleague, stranger):
    own, shared, foreign = make_photo(organization), make_photo(), make_photo(builders.make_organization("two"))
    assert set(Photo.objects.visible_to(owner)) == {own, shared}
    assert set(Photo.objects.curated_by(owner)) == {own}
    assert set(Photo.objects.visible_to(colleague)) == set(Photo.objects.visible_to(stranger)) == {shared}
    assert not Photo.objects.curated_by(stranger)
    assert foreign not in Photo.objects.of(organization)


def test_a_superuser_curates_everything(organization, django_user_model):
    photos = {make_photo(organization), make_photo()}
    chief = django_user_model.objects.create_superuser("chief")
    assert set(Photo.objects.visible_to(chief)) == set(Photo.objects.curated_by(chief)) == photos
