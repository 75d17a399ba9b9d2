"""The gallery: looked at, curated many at a time, and only by those whose photos they are."""

import pytest

from enrichment.models import Photo
from personas.models import Identity
from personas.photos import set_photo
from tests import builders
from tests.api_calls import queries_of
from tests.photos import make_photo
from tests.staff import staff

LIST = "/admin/enrichment/photo/"


@pytest.fixture
def curator(owner):
    return staff(owner)


@pytest.fixture
def identity(organization):
    builders.make_persona_sets(organization, sizes=(5,))
    Identity.objects.update(gender="female", age_group="65+", country="SA")
    return Identity.objects.first()


def act(client, action: str, *photos, **more):
    wish = {"action": action, "_selected_action": [photo.pk for photo in photos], **more}
    return client.post(LIST, wish, follow=True).content.decode()


def shown(page) -> int:
    return page.content.decode().count('class="apg-photo"')


def test_a_thousand_photos_cost_as_few_queries_as_one(chief, organization):
    photo = make_photo(organization, seed=1)
    few = queries_of(lambda: chief.get(LIST))
    Photo.objects.bulk_create(
        Photo(organization=organization, image="a.jpg", thumbnail="b.jpg", gender="male", age_min=20 + number % 50,
              age_max=80, licence=f"L{number % 9}", digest=f"{number}", likeness=photo.likeness)
        for number in range(999)
    )  # fmt: skip
    assert queries_of(lambda: chief.get(LIST)) == few < 20
    assert queries_of(lambda: chief.get(LIST, {"state": "pending", "region": "western-asia", "p": 2})) < 20


def test_the_gallery_shows_small_pictures_that_load_when_they_are_seen(chief):
    photo = make_photo()
    page = chief.get(LIST).content.decode()
    assert f'src="{LIST}{photo.pk}/small/"' in page
    assert 'loading="lazy"' in page


@pytest.mark.parametrize(
    ("wish", "count"),
    [
        ({"state": "approved"}, 2),
        ({"gender": "male"}, 1),
        ({"age": "65+"}, 1),
        ({"region": "western-asia"}, 2),
        ({"licence": "CC BY 4.0"}, 1),
        ({"library": "shared"}, 2),
        ({"library": "nonsense"}, 0),
        ({"used": "yes"}, 0),
        ({"used": "no"}, 3),
        ({"q": "photo-2"}, 1),
    ],
)
def test_facets_narrow_the_gallery(chief, organization, wish, count):
    make_photo(seed=1, state="pending", age_min=70, age_max=75)
    make_photo(seed=2, gender="male", places=("SA", "AE", "FR"))
    make_photo(organization, seed=3, licence="CC BY 4.0", places=("western-europe",))
    assert shown(chief.get(LIST, wish)) == count


def test_facets_say_how_many_photos_are_behind_them(chief):
    make_photo(seed=1, places=("SA", "AE"))
    make_photo(seed=2)
    page = chief.get(LIST).content.decode()
    assert "Western Asia (2)" in page
    assert "Male (0)" not in page


def test_photos_are_approved_and_retired_many_at_a_time(chief):
    photos = [make_photo(seed=seed, state="pending") for seed in range(2)]
    assert "2 approved." in act(chief, "approve", *photos)
    assert "2 retired." in act(chief, "retire", *photos)
    assert {photo.state for photo in Photo.objects.all()} == {"retired"}


def test_photos_without_a_release_stay_pending_and_it_is_said(chief):
    photo = make_photo(state="pending", release="")
    assert "1 cannot be approved: they name no model release" in act(chief, "approve", photo)
    photo.refresh_from_db()
    assert photo.state == "pending"


def test_retiring_tells_who_keeps_showing_the_photo(chief, identity):
    photo = make_photo()
    set_photo(identity=identity, photo=photo)
    assert "1 persona keeps showing what was retired" in act(chief, "retire", photo)


def retag(client, photos, **wish):
    keys = ",".join(str(photo.pk) for photo in photos)
    return client.post(f"{LIST}retag/", {"photos": keys, **wish}, follow=True).content.decode()


def test_retagging_begins_with_a_page_of_what_it_would_touch(chief):
    photos = [make_photo(seed=seed) for seed in range(2)]
    page = act(chief, "retag", *photos)
    assert "2 photos selected" in page
    assert page.count('class="apg-photo"') == 2


def test_the_preview_of_retagging_changes_nothing(chief):
    photos = [make_photo(seed=1), make_photo(seed=2, credit="Jo")]
    page = retag(chief, photos, credit="Jo", preview="1")
    assert "1 of 2 photos would change" in page
    assert Photo.objects.filter(credit="Jo").count() == 1


def test_retagging_is_done_when_it_is_confirmed(chief):
    photos = [make_photo(seed=seed) for seed in range(2)]
    page = retag(chief, photos, credit="Jo", regions="Western Europe", apply="1")
    assert "2 of 2 photos retagged" in page
    assert {str(place) for photo in photos for place in photo.places.all()} == {"western-europe"}


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({}, "Fill in what is to change"),
        ({"regions": "Atlantis"}, "is not a region we know"),
        ({"age_min": "5"}, "greater than or equal to 13"),
        ({"credit": "=1"}, "takes for a formula"),
        ({"licence_url": "javascript:x"}, "is not an address"),
        ({"age_min": "60"}, "1 cannot take this"),
    ],
)
def test_retagging_with_bad_words_says_so_and_changes_nothing(chief, wish, words):
    photo = make_photo()
    assert words in retag(chief, [photo], **wish, apply="1") or words in retag(chief, [photo], **wish, preview="1")
    photo.refresh_from_db()
    assert (photo.age_min, photo.credit) == (25, "")


def test_retagging_of_nonsense_leads_nowhere(chief):
    assert "These are no photos" in chief.post(f"{LIST}retag/", {"photos": "1,x", "credit": "Jo"}).content.decode()
    assert chief.get(f"{LIST}retag/").status_code == 302


def change(client, photo, **wish):
    fields = {"gender": "female", "age_min": 25, "age_max": 34, "countries": "Saudi Arabia", "licence": "CC0 1.0"}
    return client.post(f"{LIST}{photo.pk}/change/", fields | {"release": "signed"} | wish, follow=True)


def test_one_photo_is_retagged_on_its_page(chief):
    photo = make_photo()
    change(chief, photo, countries="FR | DE", age_max=40)
    photo.refresh_from_db()
    assert (photo.age_max, [str(place) for place in photo.places.all()]) == (40, ["DE", "FR"])


@pytest.mark.parametrize(
    ("wish", "words"),
    [({"countries": "Atlantis"}, "is not a country"), ({"release": ""}, "an approved photo needs one")],
)
def test_bad_tags_are_told_on_its_page(chief, wish, words):
    photo = make_photo()
    assert words in change(chief, photo, **wish).content.decode()
    assert [str(place) for place in photo.places.all()] == ["SA"]


@pytest.mark.parametrize("way", ["many", "one"])
def test_a_new_credit_stands_under_the_pictures_of_personas_at_once(chief, identity, way):
    photo = make_photo()
    set_photo(identity=identity, photo=photo)
    retag(chief, [photo], credit="Jo", apply="1") if way == "many" else change(chief, photo, credit="Jo")
    identity.refresh_from_db()
    assert identity.picture_origin == "Photo (CC0 1.0, Jo). A fictional person."


def test_a_photo_tells_where_it_is_used(chief, identity):
    photo = make_photo()
    set_photo(identity=identity, photo=photo)
    assert "1 persona" in chief.get(LIST).content.decode()
    page = chief.get(f"{LIST}{photo.pk}/change/").content.decode()
    assert f"/admin/personas/identity/{identity.pk}/change/" in page


def test_a_deleted_photo_leaves_the_personas_too(chief, identity):
    photo = make_photo()
    set_photo(identity=identity, photo=photo)
    assert f"{identity.name}, who gets another picture" in chief.get(f"{LIST}{photo.pk}/delete/").content.decode()
    chief.post(f"{LIST}{photo.pk}/delete/", {"post": "yes"})
    identity.refresh_from_db()
    assert not Photo.objects.exists()
    assert identity.picture_origin.startswith("Illustration")


def test_pictures_are_handed_out_large_and_small(chief):
    photo = make_photo()
    for part in ("image", "small"):
        response = chief.get(f"{LIST}{photo.pk}/{part}/")
        assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
        assert b"".join(response.streaming_content).startswith(b"\xff\xd8")
    photo.image.storage.delete(photo.image.name)
    assert chief.get(f"{LIST}{photo.pk}/image/").status_code == 404


def test_an_administrator_sees_the_own_and_the_shared_photos_and_no_others(curator, organization):
    own, shared = make_photo(organization, seed=1), make_photo(seed=2)
    foreign = make_photo(builders.make_organization("two"), seed=3, licence="Their secret licence")
    page = curator.get(LIST)
    assert shown(page) == 2
    assert "Their secret licence" not in page.content.decode()
    assert [curator.get(f"{LIST}{one.pk}/small/").status_code for one in (own, shared, foreign)] == [200, 200, 404]
    assert curator.get(f"{LIST}{foreign.pk}/change/").status_code == 302


def test_an_administrator_changes_the_own_photos_only(curator, organization):
    own, shared = (make_photo(place, seed=1, state="pending") for place in (organization, None))
    page = act(curator, "approve", own, shared)
    assert "1 belong to the shared library" in page
    assert [Photo.objects.get(pk=one.pk).state for one in (own, shared)] == ["approved", "pending"]
    assert change(curator, shared, age_max=50).status_code == 403
    assert "0 of 0 photos retagged" in retag(curator, [shared], credit="Jo", apply="1")


def test_an_administrator_is_told_of_own_personas_only(curator, organization):
    photo, other = make_photo(), builders.make_organization("two")
    builders.make_persona_sets(other, sizes=(5,))
    stranger = Identity.objects.filter(organization=other).first()
    set_photo(identity=stranger, photo=photo)
    assert stranger.name not in curator.get(f"{LIST}{photo.pk}/change/").content.decode()
    assert "Two" not in curator.get(f"{LIST}missing/").content.decode()
    assert curator.post(f"{LIST}missing/", {"organization": other.pk}).status_code == 404


def test_colleagues_and_strangers_on_the_staff_see_nothing_of_the_organization(organization, colleague, stranger):
    photo = make_photo(organization)
    for person in (colleague, stranger):
        client = staff(person)
        assert shown(client.get(LIST)) == 0
        assert client.get(f"{LIST}{photo.pk}/image/").status_code == 404


def test_without_permission_or_off_the_staff_nobody_comes_in(owner, owner_client, organization):
    photo = make_photo(organization)
    assert owner_client.get(f"{LIST}{photo.pk}/image/").status_code == 302
    owner.is_staff = True
    owner.save()
    for page in ("", f"{photo.pk}/image/", "missing/"):
        assert owner_client.get(LIST + page).status_code in (403, 404)


def missing(client) -> str:
    return client.get(f"{LIST}missing/").content.decode()


def test_what_is_missing_is_told_in_words(chief, identity):
    assert "5 personas use drawings: no approved photo for women over 65 in Western Asia." in missing(chief)


def test_photos_that_wait_or_are_used_up_are_told(chief, identity):
    photo = make_photo(age_min=70, age_max=75)
    set_photo(identity=identity, photo=photo)
    make_photo(seed=1, age_min=60, age_max=64, state="pending")
    page = missing(chief)
    assert "4 personas use drawings: the only approved photo for women over 65 in Western Asia is in use." in page
    assert "1 pending photo would fit" in page


def test_photos_that_are_there_are_given_by_one_click(chief, identity, organization):
    make_photo(age_min=70, age_max=75)
    assert "1 approved photo for women over 65 in Western Asia is free" in missing(chief)
    page = chief.post(f"{LIST}missing/", {"organization": organization.pk}, follow=True).content.decode()
    assert "1 persona got a photo, 4 an illustration" in page
    assert Identity.objects.exclude(photo=None).count() == 1


def test_a_photo_is_chosen_on_the_page_of_an_identity(chief, identity):
    photo = make_photo(age_min=70, age_max=75)
    address = f"/admin/personas/identity/{identity.pk}/change/"
    assert f"{LIST}{photo.pk}/small/" in chief.get(address).content.decode()
    chief.post(address, {"name": identity.name, "library_photo": photo.pk})
    identity.refresh_from_db()
    assert (identity.photo, identity.picture_pinned) == (photo, True)


def test_pictures_are_chosen_again_from_the_list_of_identities(chief, identity):
    make_photo(age_min=70, age_max=75)
    wish = {"action": "choose_again", "_selected_action": [identity.pk]}
    page = chief.post("/admin/personas/identity/", wish, follow=True).content.decode()
    assert "1 persona got a photo, 0 an illustration" in page


def test_an_empty_library_says_what_to_do(chief):
    assert "There is no photo yet" in chief.get(LIST).content.decode()
