"""What people write about an identity: its goals, its frustrations, remarks. It stays with it in every set."""

from django.db import transaction
from django.utils import timezone

from personas.models import Identity, Note
from sources.errors import DataError

LONGEST = 2000


@transaction.atomic
def write_note(*, identity: Identity, kind: str, text: str, author) -> Note | None:
    """Write, or with a blank text take away, the identity's note of a kind, by that user and now.

    A text that is there already changes nothing. Raises DataError for one that is too long.
    """
    text = text.replace("\r\n", "\n").replace("\0", "").strip()
    if len(text) > LONGEST:
        raise DataError(f"This note has {len(text):,} characters; {LONGEST:,} are the most.")
    # The row lock keeps two first notes of one kind apart.
    stored = Identity.objects.select_for_update().get(pk=identity.pk)
    note = Note.objects.filter(identity=stored, kind=kind).first()
    if not text:
        if note:
            note.delete()
        return None
    if note and note.text == text:
        return note
    note = note or Note(identity=stored, kind=kind)
    note.text, note.written_by, note.written_at = text, author, timezone.now()
    note.author = author.get_full_name() or author.get_username()
    note.save()
    return note
