"""The history of an identity: every change is written down in the transaction that makes it."""

from collections.abc import Iterable

from django.utils.text import Truncator

from personas.models import Identity, IdentityChange

NAME = ("name", "name_pinned", "name_origin")
PICTURE = ("picture", "picture_pinned", "picture_origin", "photo_id")
DESCRIPTION = ("description", "description_pinned")
PINS = ("name_pinned", "picture_pinned", "description_pinned")

Verb = IdentityChange.Verb
Values = dict[str, object]


def values_of(identity: Identity, fields: Iterable[str]) -> Values:
    """Return these fields of an identity as a history keeps them; a picture is the name of its file."""
    found = {field: getattr(identity, field) for field in fields}
    return found | ({"picture": identity.picture.name or ""} if "picture" in found else {})


def record(
    *,
    identity: Identity,
    verb: str,
    before: Values,
    after: Values,
    by=None,
    why: str = "",
    undoes: IdentityChange | None = None,
) -> IdentityChange | None:
    """Write down a change that was just made, and return its entry; None, and nothing written, where nothing changed.

    To be called in the transaction of the change. The keys of `before` and `after` are the same; the values are plain.
    """
    if before == after:
        return None
    why = " ".join(why.split())[:300]
    return IdentityChange.objects.create(
        identity=identity, user=by, verb=verb, before=before, after=after, why=why, undoes=undoes
    )


def in_words(change: IdentityChange) -> str:
    """Return what the change did, in a sentence's words: from what to what."""
    before, after = change.before, change.after
    words = {
        Verb.RENAME: lambda: f"Renamed from {before['name']} to {after['name']}",
        Verb.PICTURE: lambda: f"Another picture: {_picture(before)} → {_picture(after)}",
        Verb.DESCRIPTION: lambda: f"Description: {_text(before)} → {_text(after)}",
        Verb.PIN: lambda: _pins(before, after),
        Verb.MERGE: lambda: _merge(before, after),
    }
    return words[change.verb]() if change.verb in words else _plain(change)


def _picture(values: Values) -> str:
    return str(values.get("picture_origin") or "no picture").partition(".")[0]


def _text(values: Values) -> str:
    if not values["description_pinned"]:
        return "made of the data"
    return f"“{Truncator(values['description']).chars(120)}”"


def _pins(before: Values, after: Values) -> str:
    changed = [name for name in after if before[name] != after[name]]
    said = (f"{name.removesuffix('_pinned')} {'pinned' if after[name] else 'no longer pinned'}" for name in changed)
    words = " and ".join(said)
    return words[:1].upper() + words[1:]


def _merge(before: Values, after: Values) -> str:
    if after["merged"]:
        return f"{after['merged_name']} merged into this persona"
    return f"{before['merged_name']} taken out again: two personas as before"


def _plain(change: IdentityChange) -> str:
    keys = [key for key in change.after if change.before.get(key) != change.after[key]]
    parts = ", ".join(
        f"{key}: {change.before.get(key) or 'nothing'} → {change.after[key] or 'nothing'}" for key in keys
    )
    return f"{change.get_verb_display()}: {parts}"
