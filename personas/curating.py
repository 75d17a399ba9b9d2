"""What people decide about an identity: its name, its picture, its description, and that these stay."""

from typing import BinaryIO

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet

from enrichment.measures.photographs import clean_picture
from personas.history import DESCRIPTION, NAME, PICTURE, Verb, record, values_of
from personas.models import Identity, Persona
from sources.errors import DataError

LONGEST_NAME = 120
LONGEST_DESCRIPTION = 600
CHOSEN_NAME = "Chosen by an administrator"
CHOSEN_PICTURE = "Photo handed in by an administrator"


@transaction.atomic
def rename_identity(*, identity: Identity, name: str, by=None, why: str = "") -> Identity:
    """Give the identity another name, in its descriptions too, and pin it.

    Raises DataError for a blank name, one that is too long, or one that another identity of the organization has.
    """
    stored = locked(identity)
    name = refuse_name(stored, name)
    before = values_of(stored, NAME)
    give_name(stored, name=name, name_pinned=True, name_origin=CHOSEN_NAME)
    record(identity=stored, verb=Verb.RENAME, before=before, after=values_of(stored, NAME), by=by, why=why)
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
def set_picture(*, identity: Identity, file: BinaryIO, by=None, why: str = "") -> Identity:
    """Give the identity a picture, checked and drawn anew, and pin it; DataError says what is wrong with the file.

    The picture before it is kept, so that the change can be undone.
    """
    cleaned = clean_picture(file)
    stored = locked(identity)
    before = values_of(stored, PICTURE)
    stored.picture.save("photo.jpg", ContentFile(cleaned), save=False)
    stored.picture_pinned, stored.picture_origin, stored.photo = True, CHOSEN_PICTURE, None
    stored.save(update_fields=["picture", "picture_pinned", "picture_origin", "photo"])
    record(identity=stored, verb=Verb.PICTURE, before=before, after=values_of(stored, PICTURE), by=by, why=why)
    return stored


@transaction.atomic
def describe_identity(*, identity: Identity, text: str, by=None, why: str = "") -> Identity:
    """Show this text in place of the description made of the data, in every set, until it is unpinned.

    Raises DataError for a blank text or one that is too long.
    """
    stored = locked(identity)
    text = refuse_description(text)
    before = values_of(stored, DESCRIPTION)
    stored.description, stored.description_pinned = text, True
    stored.save(update_fields=DESCRIPTION)
    record(identity=stored, verb=Verb.DESCRIPTION, before=before, after=values_of(stored, DESCRIPTION), by=by, why=why)
    return stored


def refuse_description(text: str) -> str:
    """Return the text without needless blanks; DataError when it cannot be a description."""
    text = " ".join(text.split())
    if not text:
        raise DataError("Write a description, or unpin it to show the one made of the data.")
    if len(text) > LONGEST_DESCRIPTION:
        raise DataError(f"This description is longer than {LONGEST_DESCRIPTION} characters.")
    return text


@transaction.atomic
def pin(
    *,
    identity: Identity,
    name: bool | None = None,
    picture: bool | None = None,
    description: bool | None = None,
    by=None,
    why: str = "",
) -> Identity:
    """Keep a part in every later generation (True), or let it go (False); None leaves it be.

    A description that is let go makes place for the one made of the data; DataError when there is none to pin.
    """
    wish = {"name_pinned": name, "picture_pinned": picture, "description_pinned": description}
    fields = {field: value for field, value in wish.items() if value is not None}
    if not fields:
        return identity
    stored = locked(identity)
    if description and not stored.description:
        raise DataError("Write a description first: there is none to pin.")
    before = values_of(stored, fields)
    Identity.objects.filter(pk=identity.pk).update(**fields)
    record(identity=stored, verb=Verb.PIN, before=before, after=fields, by=by, why=why)
    identity.refresh_from_db(fields=list(fields))
    return identity


def locked(identity: Identity) -> Identity:
    """Return the identity as it is stored, locked until the transaction ends; DataError when it was merged away."""
    stored = Identity.objects.select_for_update(of=("self",)).select_related("merged_into").get(pk=identity.pk)
    if stored.merged_into:
        raise DataError(f"{stored} was merged into {stored.merged_into}. Change that one, or revert the merge first.")
    return stored


def give_name(identity: Identity, **fields) -> None:
    """Store another name, and put it where the descriptions tell the old one, which they do once."""
    put_name(Persona.every.filter(identity=identity), identity.name, fields["name"])
    identity.description = identity.description.replace(identity.name, fields["name"])
    for field, value in fields.items():
        setattr(identity, field, value)
    identity.save(update_fields=[*fields, "description"])


def put_name(personas: QuerySet, old: str, name: str) -> None:
    """Tell these personas by another name in their descriptions."""
    told = list(personas.filter(description__contains=old).only("description"))
    for persona in told:
        persona.description = persona.description.replace(old, name, 1)
    Persona.every.bulk_update(told, ["description"], batch_size=500)
