"""What people decide about the words in the lists: one by one, or as a CSV with a column for each part."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.db import transaction

from enrichment.listing import FIELDS, in_shipped_list, read_amendment
from enrichment.measures.amending import REMOVE, Amendment
from enrichment.models import ListedWord
from sources.connectors.files.rejects import guarded, unguarded
from sources.errors import DataError

MOST_COMPLAINTS = 20
MOST_LINES = 20_000


class WordsError(DataError):
    """A CSV of words cannot be taken; `complaints` name line and reason."""

    def __init__(self, complaints: Sequence[str]) -> None:
        more = len(complaints) - MOST_COMPLAINTS
        shown = [*complaints[:MOST_COMPLAINTS], *([f"and {more} more"] if more > 0 else [])]
        super().__init__("; ".join(shown))
        self.complaints = shown


def refuse_needless(amendment: Amendment) -> Amendment:
    """Return the amendment; DataError when it takes out a word that its list does not have."""
    if amendment.action == REMOVE and not in_shipped_list(amendment):
        raise DataError(
            f"The project's list has no “{amendment.word}” in {amendment.language} to take out. Write the word as it "
            "stands there, with its * if it has one."
        )
    return amendment


def read_words(text: str) -> list[Amendment]:
    """Read a CSV with the columns list, language, word, value, action; WordsError names each line that is wrong."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    names = [(name or "").strip().lower() for name in reader.fieldnames or ()]
    missing = [name for name in FIELDS[:4] if name not in names]
    if missing:
        raise WordsError([f"The column {missing[0]} is missing: the first line names {', '.join(FIELDS)}."])
    reader.fieldnames = names
    found: dict[tuple[str, str, str], Amendment] = {}
    complaints = []
    for row in reader:
        if reader.line_num > MOST_LINES:
            raise WordsError([f"The file has more than {MOST_LINES:,} lines. Take the words in parts."])
        cells = {name: unguarded((row.get(name) or "").strip()) for name in FIELDS}
        if not any(cells.values()):
            continue
        cells["action"] = cells["action"] or "add"
        try:
            one = refuse_needless(read_amendment(**cells))
        except DataError as error:
            complaints.append(f"Line {reader.line_num}: {error}")
            continue
        key = one.list, one.language, one.word
        if key in found:
            complaints.append(f"Line {reader.line_num}: “{one.word}” stands there twice.")
        found[key] = one
    if complaints:
        raise WordsError(complaints)
    if not found:
        raise WordsError(["The file holds no word below its first line."])
    return list(found.values())


def write_words(words: Iterable[ListedWord]) -> str:
    """Return the words as a CSV that `read_words` reads."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(FIELDS)
    for word in words:
        writer.writerow([guarded(str(getattr(word, name))) for name in FIELDS])
    return file.getvalue()


@transaction.atomic
def take_words(*, amendments: Sequence[Amendment], by) -> int:
    """Store the words in place of those that they name again, and return how many these are."""
    for one in amendments:
        ListedWord.objects.update_or_create(
            list=one.list,
            language=one.language,
            word=one.word,
            defaults={"value": one.value, "action": one.action, "changed_by": by},
        )
    return len(amendments)
