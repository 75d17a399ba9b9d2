"""What people decide about an identity: its name, its picture, and that these stay."""

from typing import BinaryIO

from django.core.files.base import ContentFile
from django.db import transaction

from enrichment.measures.photographs import clean_picture
from personas.models import Identity, Persona
from sources.errors import DataError

LONGEST_NAME = 120
CHOSEN_NAME = "Chosen by an administrator"
CHOSEN_PICTURE = "Photo handed in by an administrator"


@transaction.atomic
def rename_identity(*, identity: Identity, name: str) -> Identity:
    """Give the identity another name, in its descriptions too, and pin it.

    Raises DataError for a blank name, one that is too long, or one that another identity of the organization has.
    """
    stored = Identity.objects.select_for_update().get(pk=identity.pk)
    name = refuse_name(stored, name)
    _rewrite_descriptions(stored, name)
    stored.name, stored.name_pinned, stored.name_origin = name, True, CHOSEN_NAME
    stored.save(update_fields=["name", "name_pinned", "name_origin"])
    return stored


def refuse_name(identity: Identity, name: str) -> str:
    """Return the name without needless blanks; DataError when the identity cannot have it."""
    name = " ".join(name.split())
    if not name:
        raise DataError("A persona needs a name.")
    if len(name) > LONGEST_NAME:
        raise DataError(f"This name is longer than {LONGEST_NAME} characters.")
    others = Identity.objects.filter(organization=identity.organization_id, name=name).exclude(pk=identity.pk)
    if others.exists():
        raise DataError(f"Another persona of this organization is called {name}. Choose a name that nobody has.")
    return name


@transaction.atomic
def set_picture(*, identity: Identity, file: BinaryIO) -> Identity:
    """Give the identity a picture, checked and drawn anew, and pin it; DataError says what is wrong with the file.

    The picture before it is removed once this is certain.
    """
    cleaned = clean_picture(file)
    stored = Identity.objects.select_for_update().get(pk=identity.pk)
    storage, before = stored.picture.storage, stored.picture.name
    stored.picture.save("photo.jpg", ContentFile(cleaned), save=False)
    stored.picture_pinned, stored.picture_origin, stored.photo = True, CHOSEN_PICTURE, None
    stored.save(update_fields=["picture", "picture_pinned", "picture_origin", "photo"])
    if before:
        transaction.on_commit(lambda: storage.delete(before))
    return stored


def pin(*, identity: Identity, name: bool | None = None, picture: bool | None = None) -> Identity:
    """Keep the name or the picture in every later generation (True), or let it go (False); None leaves it be."""
    wish = {"name_pinned": name, "picture_pinned": picture}
    fields = {field: value for field, value in wish.items() if value is not None}
    if fields:
        Identity.objects.filter(pk=identity.pk).update(**fields)
        identity.refresh_from_db(fields=list(fields))
    return identity


def _rewrite_descriptions(identity: Identity, name: str) -> None:
    """Put the new name where the descriptions tell the old one, which they do once."""
    told = Persona.objects.filter(identity=identity, description__contains=identity.name).only("description")
    changed = list(told)
    for persona in changed:
        persona.description = persona.description.replace(identity.name, name, 1)
    Persona.objects.bulk_update(changed, ["description"], batch_size=500)
