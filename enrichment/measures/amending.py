"""Words that an installation adds to the project's lists or takes out of them, laid over the rows of their files."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

SENTIMENT, BLOCKED, SPAM = "sentiment", "blocked", "spam"
LISTS = (SENTIMENT, BLOCKED, SPAM)
ADD, REMOVE = "add", "remove"

Row = tuple[str, dict[str, str]]


@dataclass(frozen=True, order=True)
class Amendment:
    """A word of one list and language that is added with a value (or gets another one), or taken out.

    The value is a score in the list sentiment, a kind in the others; blank for a word that is taken out.
    """

    list: str
    language: str
    word: str
    value: str
    action: str

    @property
    def place(self) -> str:
        """Where it stands, for the text of an error."""
        return f"{self.list}, {self.language}, {self.word!r}"


def amended(rows: Iterable[Row], amendments: Sequence[Amendment], *, column: str, language: str = "") -> Iterator[Row]:
    """Yield the rows (place, cells) of a list without those that an amendment names, then those that are added.

    The value of an amendment goes to the column; a list without a column for the language is of the one given.
    """
    named = {(amendment.language, amendment.word) for amendment in amendments}
    for place, row in rows:
        if (row.get("language", language), row["word"]) not in named:
            yield place, row
    for one in amendments:
        if one.action == ADD and one.language == (language or one.language):
            yield one.place, {"language": one.language, "word": one.word, column: one.value}


def of_list(amendments: Iterable[Amendment], name: str) -> tuple[Amendment, ...]:
    """Return the amendments of one list, in order."""
    return tuple(sorted(one for one in amendments if one.list == name))
