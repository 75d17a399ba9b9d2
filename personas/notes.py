"""The notes of an identity as a page shows them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from personas.models import Identity, Note


@dataclass(frozen=True)
class NoteLine:
    """One kind of note, written or not; the draft is what stands in the form, the error why a text was refused.

    The others are those of the identities that were merged into this one.
    """

    kind: str
    label: str
    text: str = ""
    author: str = ""
    written_at: datetime | None = None
    draft: str = ""
    error: str = ""
    others: tuple[Note, ...] = ()


def note_lines(identity: Identity, wrong: Mapping[str, tuple[str, str]] | None = None) -> list[NoteLine]:
    """Return a line for every kind; `wrong` goes from a kind to the text that was refused and why."""
    notes = identity.all_notes
    written = {note.kind: note for note in notes if note.identity_id == identity.pk}
    lines = [_line(kind, written.get(kind.value), *(wrong or {}).get(kind.value, ("", ""))) for kind in Note.Kind]
    others = [note for note in notes if note.identity_id != identity.pk]
    return [replace(line, others=tuple(note for note in others if note.kind == line.kind)) for line in lines]


def _line(kind: Note.Kind, note: Note | None, draft: str, error: str) -> NoteLine:
    if note is None:
        return NoteLine(kind.value, str(kind.label), draft=draft, error=error)
    shown = draft if error else note.text
    return NoteLine(kind.value, str(kind.label), note.text, note.author, note.written_at, shown, error)
