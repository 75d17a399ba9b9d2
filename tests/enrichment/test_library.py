"""The library as one organization may use it, and the faces that come from it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from enrichment.attributing import Whole
from enrichment.enriching import Enricher, Subject
from enrichment.facing import ILLUSTRATION, picture_of
from enrichment.library import PhotoLibrary
from enrichment.measures.choosing import Wanted
from tests import builders
from tests.photos import make_photo

WOMAN = Wanted("female", "25-34", "SA")


def chosen(library: PhotoLibrary, wanted: Wanted = WOMAN) -> int | None:
    found = library.choose(wanted, "key")
    return found and found[1].pk


@pytest.fixture
def enricher(organization):
    contents = builders.make_contents(organization, 20)
    whole = Whole([("female", "25-34", "SA")], np.full(1, 20.0), np.ones(20))
    ids, sources = np.array([unit.pk for unit in contents]), {unit.source_id for unit in contents}
    return Enricher(ids, np.ones(20), 2026, whole, sources=sources)


@pytest.fixture
def subject():
    return Subject(
        "key",
        "female",
        "25-34",
        "SA",
        "Saudi Arabia",
        {"25-34": 1.0},
        0.2,
        12,
        0.4,
        np.full(20, 0.05),
        0,
        np.ones(1),
        ("female", "25-34", "SA"),
    )


def test_only_approved_photos_of_the_organization_and_shared_ones_are_chosen(organization):
    for seed, state in enumerate(("pending", "retired")):
        make_photo(organization, seed=seed, state=state)
    make_photo(builders.make_organization("two"), seed=3)
    assert not PhotoLibrary(organization, used=())
    shared = make_photo(seed=4)
    assert chosen(PhotoLibrary(organization, used=())) == shared.pk


def test_the_own_come_before_the_shared(organization):
    make_photo(seed=1)
    own = make_photo(organization, seed=2)
    assert chosen(PhotoLibrary(organization, used=())) == own.pk


def test_a_library_gives_no_photo_twice_and_runs_out(organization):
    photos = {make_photo(seed=seed).pk for seed in range(3)}
    library = PhotoLibrary(organization, used=())
    assert {chosen(library) for _ in range(3)} == photos
    assert chosen(library) is None


def test_what_the_organization_shows_is_not_given_again(organization):
    shown = make_photo(seed=1, state="retired")
    make_photo(organization, seed=1)  # the very same picture, by another way
    assert chosen(PhotoLibrary(organization, used=[shown.pk])) is None


def test_a_photo_whose_file_is_gone_is_passed_over(organization):
    gone, there = make_photo(organization, seed=1), make_photo(seed=2)
    Path(gone.image.path).unlink()
    assert chosen(PhotoLibrary(organization, used=())) == there.pk


def test_a_face_is_a_photo_with_its_licence_and_credit(enricher, subject, organization):
    photo = make_photo(licence="CC BY 4.0", credit="Jo Doe")
    face = enricher.face(subject, set(), PhotoLibrary(organization, used=()))
    assert face.photo == photo.pk
    assert face.picture == Path(photo.image.path).read_bytes()
    assert face.picture_origin == "Photo (CC BY 4.0, Jo Doe). A fictional person."


def test_without_a_library_and_with_an_empty_one_a_face_is_an_illustration(enricher, subject, organization):
    for library in (None, PhotoLibrary(organization, used=())):
        face = enricher.face(subject, set(), library)
        assert (face.photo, face.picture_origin) == (None, ILLUSTRATION)
        assert face.picture.startswith(b"\x89PNG")


def test_a_library_that_has_run_out_is_told(enricher, subject, organization):
    make_photo()
    library = PhotoLibrary(organization, used=())
    enricher.face(subject, set(), library)
    face = enricher.face(replace(subject, key="other"), set(), library)
    assert face.photo is None
    assert face.picture_origin.endswith("The library had no free photo of women of 25-34 in Western Asia.")


def test_the_name_goes_with_the_photo_when_the_data_knows_no_gender(enricher, subject, organization):
    make_photo(gender="male")
    unknown = replace(subject, gender="")
    face = enricher.face(unknown, set(), PhotoLibrary(organization, used=()))
    assert face.name == enricher.face(replace(subject, gender="male"), set()).name


def test_who_has_no_known_age_is_grown_up(organization):
    make_photo(age_min=13, age_max=17)
    library = PhotoLibrary(organization, used=())
    picture = picture_of(gender="female", age=None, age_group="", place="SA", key="key", library=library)
    assert picture.photo is None


def test_every_origin_fits_its_field(organization):
    make_photo(seed=1, licence="L" * 60, credit="C" * 100)
    library = PhotoLibrary(organization, used=())
    wish = {"gender": "female", "age": None, "age_group": "25-34", "place": "SA", "key": "key", "library": library}
    assert len(picture_of(**wish).origin) <= 200
    assert len(picture_of(**wish | {"gender": "user_specified", "place": "AU"}).origin) <= 200
