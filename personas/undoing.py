"""Changes of an identity taken back; taking back is itself a change, and can be taken back."""

from collections.abc import Callable

from django.db import transaction

from enrichment.models import Photo
from personas.curating import give_name, locked, refuse_name
from personas.history import DESCRIPTION, NAME, PICTURE, Values, Verb, record, values_of
from personas.merging import merge_identities, unmerge_identity
from personas.models import Identity, IdentityChange
from personas.photos import hold_photos, refuse_photo
from sources.errors import DataError

CHANGED_SINCE = "This was changed again after that. Undo the later change first."
PICTURE_GONE = "The picture of then is gone for good: its photo was withdrawn."


def undo(*, change: IdentityChange, by=None, why: str = "") -> IdentityChange:
    """Give the identity back what the change took, and return the entry that says so.

    Raises DataError, and changes nothing, when the change was undone already, when the same was changed again since,
    or when what was taken went elsewhere: to another persona, or away for good.
    """
    with transaction.atomic():
        change = IdentityChange.objects.select_for_update(of=("self",)).select_related("identity").get(pk=change.pk)
        if IdentityChange.objects.filter(undoes=change).exists():
            raise DataError("This was undone already.")
        if change.verb == Verb.MERGE:
            return _undo_merge(change, by, why)
        if change.verb not in UNDOERS:
            raise DataError(f"A change of the kind “{change.get_verb_display()}” cannot be undone here.")
        stored = locked(change.identity)
        UNDOERS[change.verb](stored, change.before, change.after)
        return record(
            identity=stored,
            verb=change.verb,
            before=change.after,
            after=change.before,
            by=by,
            why=why,
            undoes=change,
        )


def _undo_name(identity: Identity, before: Values, after: Values) -> None:
    _refuse_changed(identity, after, ["name"])
    refuse_name(identity, before["name"])
    give_name(identity, **{field: before[field] for field in NAME})


def _undo_picture(identity: Identity, before: Values, after: Values) -> None:
    _refuse_changed(identity, after, ["picture"])
    if before["picture"] and not identity.picture.storage.exists(before["picture"]):
        raise DataError(PICTURE_GONE)
    if before["photo_id"]:
        _take_photo(identity, before["photo_id"])
    _give(identity, before, PICTURE, ["picture", "picture_pinned", "picture_origin", "photo"])


def _take_photo(identity: Identity, photo_id: int) -> None:
    photo = Photo.objects.filter(pk=photo_id).first()
    if photo is None:
        raise DataError(PICTURE_GONE)
    refuse_photo(identity, photo)
    if identity.photo_id != photo_id:
        hold_photos(identity.organization, [photo_id])


def _undo_description(identity: Identity, before: Values, after: Values) -> None:
    _refuse_changed(identity, after, ["description"])
    _give(identity, before, DESCRIPTION, DESCRIPTION)


def _undo_pin(identity: Identity, before: Values, after: Values) -> None:
    _refuse_changed(identity, after, after)
    _give(identity, before, before, before)


def _undo_merge(change: IdentityChange, by, why: str) -> IdentityChange:
    other = Identity.objects.get(pk=change.before["merged_id"])
    if change.after["merged"]:
        return unmerge_identity(identity=other, by=by, why=why, undoes=change)
    return merge_identities(kept=change.identity, merged=other, by=by, why=why, undoes=change)


def _refuse_changed(identity: Identity, after: Values, fields) -> None:
    if values_of(identity, fields) != {field: after[field] for field in fields}:
        raise DataError(CHANGED_SINCE)


def _give(identity: Identity, values: Values, keys, fields) -> None:
    for key in keys:
        setattr(identity, key, values[key])
    identity.save(update_fields=list(fields))


# Whoever adds a kind of change adds here how it is taken back.
UNDOERS: dict[str, Callable[[Identity, Values, Values], None]] = {
    Verb.RENAME: _undo_name,
    Verb.PICTURE: _undo_picture,
    Verb.DESCRIPTION: _undo_description,
    Verb.PIN: _undo_pin,
}
