"""What people decide about photos."""

from pathlib import Path

import pytest

from enrichment.curating import approve, delete_photo, preview_retagging, retag, retire
from enrichment.measures.places import Place
from enrichment.models import Photo
from tests.photos import make_photo


@pytest.fixture
def photos(organization):
    return [make_photo(organization, seed=seed, state="pending") for seed in range(3)]


def states() -> list[str]:
    return list(Photo.objects.order_by("pk").values_list("state", flat=True))


def test_photos_are_approved_and_it_is_noted_by_whom(photos, owner):
    assert approve(photos=Photo.objects.filter(pk=photos[0].pk), by=owner).now == 1
    assert states() == ["approved", "pending", "pending"]
    assert Photo.objects.get(pk=photos[0].pk).decided_by == owner


def test_photos_without_a_release_are_not_approved(photos, owner):
    Photo.objects.filter(pk=photos[0].pk).update(release="")
    Photo.objects.filter(pk=photos[1].pk).update(state="approved")
    done = approve(photos=Photo.objects.all(), by=owner)
    assert (done.now, done.before, done.without_release) == (1, 1, 1)
    assert states() == ["pending", "approved", "approved"]


def test_photos_are_retired_and_approved_again(photos, owner):
    assert retire(photos=Photo.objects.all(), by=owner) == 3
    assert retire(photos=Photo.objects.all(), by=owner) == 0
    assert approve(photos=Photo.objects.all(), by=owner).now == 3


def test_a_preview_tells_and_changes_nothing(photos):
    Photo.objects.filter(pk=photos[0].pk).update(credit="Jo")
    plan = preview_retagging(photos=Photo.objects.order_by("pk"), wish={"credit": "Jo"})
    assert [one.changes for one in plan] == [False, True, True]
    assert plan[1].differences == [("credit", "", "Jo")]
    assert Photo.objects.filter(credit="Jo").count() == 1


def test_photos_are_retagged(photos):
    wish = {"age_min": 66, "age_max": 70, "places": (Place("", "western-europe"),)}
    done = retag(photos=Photo.objects.filter(pk__in=[photos[0].pk, photos[1].pk]), wish=wish)
    assert sum(one.changes for one in done) == 2
    assert list(Photo.objects.order_by("pk").values_list("age_group", flat=True)) == ["65+", "65+", "25-34"]
    assert [str(place) for photo in photos for place in photo.places.all()] == ["western-europe"] * 2 + ["SA"]


def test_places_are_told_in_words(photos):
    (one, *_) = preview_retagging(photos=Photo.objects.all(), wish={"places": (Place("", "western-europe"),)})
    assert one.differences == [("places", "Saudi Arabia", "Western Europe")]


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"age_min": 40}, "age_min: 40 is above age_max, 34"),
        ({"licence": "CC BY 4.0"}, "asks to name the author"),
        ({"release": ""}, "an approved photo needs one"),
    ],
)
def test_a_photo_that_cannot_take_the_tags_keeps_its_own(organization, wish, words):
    photo = make_photo(organization)
    (one,) = retag(photos=Photo.objects.all(), wish=wish)
    assert words in one.problem
    assert not one.changes
    photo.refresh_from_db()
    assert (photo.age_min, photo.licence, photo.release) == (25, "CC0 1.0", "signed")


def test_a_deleted_photo_leaves_no_file(photos, django_capture_on_commit_callbacks):
    paths = [Path(photos[0].image.path), Path(photos[0].thumbnail.path)]
    with django_capture_on_commit_callbacks(execute=True):
        delete_photo(photo=photos[0])
    assert not any(path.exists() for path in paths)
    assert Photo.objects.count() == 2
