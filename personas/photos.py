"""The photos of the library on the personas: who shows which, given, exchanged and taken away."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q, QuerySet

from enrichment.curating import delete_photo
from enrichment.facing import PHOTO, Picture, picture_of
from enrichment.library import PhotoLibrary
from enrichment.measures.choosing import Wanted
from enrichment.measures.resemblance import is_near
from enrichment.models import Photo
from personas.curating import locked
from personas.history import PICTURE, Values, Verb, record, values_of
from personas.models import Identity, IdentityChange
from sources.errors import DataError
from sources.models import Organization

CHANGED_MEANWHILE = "The photo library was changed while this ran. Please start it again."
WITHDRAWN = "The photo was withdrawn from the library."


@dataclass(frozen=True)
class Given:
    """How many identities show a photo of the library after a choice, and how many an illustration."""

    photos: int
    illustrations: int


def library_of(organization: Organization) -> PhotoLibrary:
    """Return the library as this organization may use it, with the photos that its personas show."""
    return PhotoLibrary(organization, used=_shown(organization).values_list("photo", flat=True))


def hold_photos(organization: Organization, photos: Iterable[int]) -> None:
    """Keep these photos from being retired, deleted or given to others of the organization until the transaction ends.

    Raises DataError when one of them was, since it was chosen.
    """
    wanted = set(photos)
    held = Photo.objects.approved().filter(pk__in=wanted).select_for_update(no_key=True).order_by("pk")
    if len(held) < len(wanted) or _shown(organization).filter(photo__in=wanted).exists():
        raise DataError(CHANGED_MEANWHILE)


@transaction.atomic
def choose_again(*, identities: QuerySet, by=None) -> Given:
    """Give each identity whose picture is not pinned the photo that fits it best now, or else an illustration.

    An approved photo that is shown already stays; what was shown before is kept, so that the choice can be undone.
    """
    photos = illustrations = 0
    libraries: dict[int, PhotoLibrary] = {}
    chosen = Identity.objects.filter(pk__in=identities.order_by().values("pk"), picture_pinned=False, merged_into=None)
    waiting = chosen.exclude(photo__state=Photo.State.APPROVED).select_for_update(of=("self",)).order_by("pk")
    with _files_only_if_stored() as files:
        for identity in waiting.select_related("organization"):
            if identity.organization_id not in libraries:
                libraries[identity.organization_id] = library_of(identity.organization)
            picture = _picture_for(identity, libraries[identity.organization_id])
            photos += picture.photo is not None
            illustrations += picture.photo is None
            if picture.photo:
                hold_photos(identity.organization, [picture.photo])
            elif identity.picture and not identity.photo_id:
                continue  # the illustration that is there stays as people know it
            _show(identity, picture, files, by)
    return Given(photos, illustrations)


@transaction.atomic
def set_photo(*, identity: Identity, photo: Photo, by=None, why: str = "") -> Identity:
    """Give the identity this photo of the library and pin it; DataError when it cannot have it."""
    refuse_photo(identity, photo)
    stored = locked(identity)
    if stored.photo_id != photo.pk:
        hold_photos(identity.organization, [photo.pk])
    try:
        with photo.image.open("rb") as file:
            picture = Picture(file.read(), PHOTO.format(right=photo.right), photo.pk)
    except FileNotFoundError as error:
        raise DataError("The file of this photo is gone. Delete the photo, and hand it in again.") from error
    with _files_only_if_stored() as files:
        _show(stored, picture, files, by, why, pinned=True)
    return stored


def fitting_photos(identity: Identity, most: int) -> list[Photo]:
    """Return the free photos that fit the identity, the nearest first."""
    library = library_of(identity.organization)
    wanted = Wanted(identity.gender, identity.age_group, identity.country)
    keys = [choice.photo.pk for choice in library.offers(wanted, identity.key, most)]
    stored = Photo.objects.in_bulk(keys)
    return [stored[key] for key in keys if key in stored]


def refuse_photo(identity: Identity, photo: Photo) -> None:
    """Raise DataError when the identity cannot show the photo, and say why."""
    if photo.state != Photo.State.APPROVED:
        raise DataError("This photo is not approved. Approve it first, or choose another.")
    if photo.organization_id not in (None, identity.organization_id):
        raise DataError("This photo belongs to another organization.")
    others = _shown(identity.organization).exclude(pk=identity.pk).select_related("photo")
    for other in others:
        if is_near(int(photo.likeness, 16), [int(other.photo.likeness, 16)]):
            raise DataError(f"{other.name} shows this photo or one that looks the same. Choose another.")


def tell_rights(*, photos: QuerySet) -> None:
    """Say under every picture by which right the photo is used now."""
    showing = list(Identity.objects.filter(photo__in=photos.order_by().values("pk")).select_related("photo"))
    for identity in showing:
        identity.picture_origin = PHOTO.format(right=identity.photo.right)
    Identity.objects.bulk_update(showing, ["picture_origin"], batch_size=500)


@transaction.atomic
def withdraw_photo(*, photo: Photo, by=None) -> int:
    """Delete a photo for good, on the personas too, which get another or an illustration; return how many these are.

    What showed it before is deleted as well: a change that replaced it can no longer be undone.
    """
    showing = list(photo.identities.select_related("organization").select_for_update(of=("self",)))
    Photo.objects.filter(pk=photo.pk).update(state=Photo.State.RETIRED)
    with _files_only_if_stored() as files:
        for identity in showing:
            picture = _picture_for(identity, library_of(identity.organization))
            _show(identity, picture, files, by, WITHDRAWN, pinned=False)
        _delete_copies(photo)
        delete_photo(photo=photo)
    return len(showing)


def _shown(organization: Organization) -> QuerySet:
    return Identity.objects.filter(organization=organization, photo__isnull=False)


def _picture_for(identity: Identity, library: PhotoLibrary) -> Picture:
    return picture_of(
        gender=identity.gender,
        age=None,
        age_group=identity.age_group,
        place=identity.country,
        key=identity.key,
        library=library,
    )


def _show(
    identity: Identity, picture: Picture, files: list, by=None, why: str = "", pinned: bool | None = None
) -> None:
    """Store the picture, note its file, and write the change down; the file before it stays for an undo."""
    before: Values = values_of(identity, PICTURE)
    identity.photo_id, identity.picture_origin = picture.photo, picture.origin
    identity.picture_pinned = identity.picture_pinned if pinned is None else pinned
    identity.picture.save(picture.file_name, ContentFile(picture.content), save=False)
    files.append(identity.picture)
    identity.save(update_fields=["photo", "picture", "picture_origin", "picture_pinned"])
    record(identity=identity, verb=Verb.PICTURE, before=before, after=values_of(identity, PICTURE), by=by, why=why)


def _delete_copies(photo: Photo) -> None:
    """Delete the files in which personas showed the photo, once it is certain that nobody shows them."""
    sides = IdentityChange.objects.filter(verb=Verb.PICTURE).filter(
        Q(before__photo_id=photo.pk) | Q(after__photo_id=photo.pk)
    )
    pairs = (values for change in sides for values in (change.before, change.after))
    names = {values["picture"] for values in pairs if values["photo_id"] == photo.pk}
    storage = Identity._meta.get_field("picture").storage

    def remove() -> None:
        for name in names:
            storage.delete(name)

    transaction.on_commit(remove)


@contextmanager
def _files_only_if_stored() -> Iterator[list]:
    """Take the new files noted in the list away again when the block fails: no transaction does that."""
    files: list = []
    try:
        yield files
    except BaseException:
        for file in files:
            file.storage.delete(file.name)
        raise
