"""What people decide about photos: approved, retired, tagged anew, deleted."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import QuerySet

from enrichment.measures.manifests import Tags, refuse_contradictions
from enrichment.measures.places import Place
from enrichment.models import Photo, PhotoPlace
from sources.countries import place_name
from sources.errors import DataError

BATCH = 500
WORDS = {"age_min": "age from", "age_max": "age to", "licence_url": "licence address", "release": "model release"}
FIELDS = ("gender", "age_min", "age_max", "licence", "licence_url", "credit", "release")


@dataclass(frozen=True)
class Approved:
    """How many photos were approved now, had been before, and cannot be for want of a model release."""

    now: int
    before: int
    without_release: int


@dataclass(frozen=True)
class Retagging:
    """A photo with its tags before and after; `problem` says why it cannot take the new ones, and keeps the old."""

    photo: Photo
    before: Tags
    after: Tags
    problem: str = ""

    @property
    def changes(self) -> bool:
        return not self.problem and self.before != self.after

    @property
    def differences(self) -> list[tuple[str, str, str]]:
        """What changes, before and after, in words."""
        pairs = ((field, getattr(self.before, field), getattr(self.after, field)) for field in (*FIELDS, "places"))
        return [
            (WORDS.get(name, name), _words(before), _words(after)) for name, before, after in pairs if before != after
        ]


@transaction.atomic
def approve(*, photos: QuerySet, by) -> Approved:
    """Let the photos become faces; those that name no model release stay as they are."""
    rows = photos.order_by().values_list("state", "release")
    before = sum(state == Photo.State.APPROVED for state, _ in rows)
    without = sum(state != Photo.State.APPROVED and not release for state, release in rows)
    fit = photos.order_by().exclude(state=Photo.State.APPROVED).exclude(release="")
    return Approved(fit.update(state=Photo.State.APPROVED, decided_by=by), before, without)


def retire(*, photos: QuerySet, by) -> int:
    """Let the photos become nobody's face any more, and return how many these are; who shows one keeps it."""
    kept = photos.order_by().exclude(state=Photo.State.RETIRED)
    return kept.update(state=Photo.State.RETIRED, decided_by=by)


def preview_retagging(*, photos: QuerySet, wish: Mapping[str, object]) -> list[Retagging]:
    """Return what the wish (some of the fields of Tags, with their new values) would do to each photo."""
    return [_retagging(photo, wish) for photo in photos.prefetch_related("places")]


@transaction.atomic
def retag(*, photos: QuerySet, wish: Mapping[str, object]) -> list[Retagging]:
    """Give the photos the tags of the wish, where they can take them, and return what this did to each."""
    locked = photos.model.objects.filter(pk__in=photos.order_by().values("pk")).select_for_update(of=("self",))
    done = preview_retagging(photos=locked.order_by("pk"), wish=wish)
    changed = [one for one in done if one.changes]
    plain = {field: value for field, value in wish.items() if field != "places"}
    if plain:
        Photo.objects.filter(pk__in=[one.photo.pk for one in changed]).update(**plain)
    moved = [one for one in changed if one.before.places != one.after.places]
    PhotoPlace.objects.filter(photo__in=[one.photo.pk for one in moved]).delete()
    rows = [row for one in moved for row in place_rows(one.photo, one.after)]
    PhotoPlace.objects.bulk_create(rows, batch_size=BATCH)
    return done


@transaction.atomic
def delete_photo(*, photo: Photo) -> None:
    """Delete a photo, files too; nothing of it stays here."""
    storage, names = photo.image.storage, [photo.image.name, photo.thumbnail.name]
    photo.delete()
    transaction.on_commit(lambda: [storage.delete(name) for name in names])


def tags_of(photo: Photo) -> Tags:
    """Return the tags of a stored photo."""
    places = tuple(sorted(Place(place.country, place.region) for place in photo.places.all()))
    return Tags(**{field: getattr(photo, field) for field in FIELDS}, places=places)


def place_rows(photo: Photo, tags: Tags) -> list[PhotoPlace]:
    """Return the rows, not stored yet, that say where a photo fits."""
    return [PhotoPlace(photo=photo, country=place.country, region=place.region) for place in tags.places]


def _retagging(photo: Photo, wish: Mapping[str, object]) -> Retagging:
    before = tags_of(photo)
    after = replace(before, **wish)
    try:
        refuse_contradictions(after)
        if photo.state == Photo.State.APPROVED and not after.release:
            raise DataError("release: an approved photo needs one. Retire it first.")
    except DataError as error:
        return Retagging(photo, before, after, str(error))
    return Retagging(photo, before, after)


def _words(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(place_name(place.country or place.region) for place in value)
    return str(value)
