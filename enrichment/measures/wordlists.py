"""Lists of words, stems (`abus*`) and phrases with a value each, found in a comment in any of the words' forms."""

import re
from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from enrichment.measures.words import BREAK, normalise, shortened, tokens

Value = TypeVar("Value")

STEM = "*"
UNSPACED = frozenset({"ja"})
"""Languages without spaces, whose entries are found inside the text, the longest first."""
PREFIXES = {"ar": ("وال", "بال", "فال", "كال", "هال", "عال", "ال", "لل", "و", "ف", "ب", "ل")}
SUFFIXES = {"ar": ("ين", "ون", "ات", "كم", "هم", "ها", "نا", "ه", "ي", "ا")}
SHORTEST_LEFT = 3
"""Letters that must be left of a word when a prefix or suffix is taken off."""
REMEMBERED = 50_000
"""Words whose answer is kept; then the memory starts anew, so that it stays flat over millions of comments."""


class WordList(Generic[Value]):
    """The entries of one language and the value of each."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.entries: dict[str, Value] = {}
        self._stems: dict[str, Value] = {}
        self._phrases: dict[str, dict[str, list[tuple[list[str], Value]]]] = {}
        self._memory: dict[str, Value | None] = {}
        self._inside: re.Pattern[str] | None = None

    def __len__(self) -> int:
        return len(self.entries)

    def add(self, entry: str, value: Value, place: str) -> None:
        """Add an entry; ValueError, naming the place, when it stands there already or is not normalised."""
        word = entry.removesuffix(STEM)
        parts = tokens(word)
        if normalise(word) != word or not parts or (BREAK in parts and self.language not in UNSPACED):
            raise ValueError(f"{place}: {entry!r} is not in its normalised form, {normalise(word)!r}.")
        if entry in self.entries:
            raise ValueError(f"{place}: {entry!r} stands there twice.")
        self.entries[entry] = value
        self._inside = None
        self._memory.clear()
        if self.language not in UNSPACED and len(parts) > 1:
            parts[-1] += STEM if entry.endswith(STEM) else ""
            # By the first two words, since many phrases share the first; a stem has no second word that is known.
            seconds = self._phrases.setdefault(parts[0], {})
            phrases = seconds.setdefault("" if parts[1].endswith(STEM) else parts[1], [])
            phrases.append((parts, value))
            phrases.sort(key=lambda phrase: -len(phrase[0]))
        elif entry.endswith(STEM):
            self._stems[word] = value

    def take_in(self, other: "WordList[Value]") -> None:
        """Add another list's entries that this one lacks."""
        for entry, value in other.entries.items():
            if entry not in self.entries:
                self.add(entry, value, self.language)

    def value(self, word: str) -> Value | None:
        """Return the value of a word in any of its forms, None when the list does not know it."""
        if word not in self._memory:
            if len(self._memory) >= REMEMBERED:
                self._memory.clear()
            self._memory[word] = self._find(word)
        return self._memory[word]

    def phrase(self, found: Sequence[str], place: int) -> tuple[int, Value] | None:
        """Return (number of words, value) of the longest phrase that starts at a place of the tokens, if any."""
        seconds = self._phrases.get(found[place])
        if seconds is None or place + 1 >= len(found):
            return None
        for phrases in (seconds.get(found[place + 1], ()), seconds.get("", ())):
            for parts, value in phrases:
                here = found[place : place + len(parts)]
                if len(here) == len(parts) and list(here[1:-1]) == parts[1:-1] and _is_form(here[-1], parts[-1]):
                    return len(parts), value
        return None

    def hits(self, found: Sequence[str]) -> Iterator[tuple[int, int, Value]]:
        """Yield (place, number of words, value) of each entry in the tokens; a phrase hides the words in it."""
        phrases, memory, end = self._phrases, self._memory, 0
        for place, word in enumerate(found):
            if place < end or word == BREAK:
                continue
            if word in phrases and (match := self.phrase(found, place)):
                end = place + match[0]
                yield place, match[0], match[1]
                continue
            value = memory[word] if word in memory else self.value(word)
            if value is not None:
                yield place, 1, value

    def inside(self, normalised: str) -> Iterator[tuple[int, Value]]:
        """Yield (end, value) of each entry in the text of a language without spaces, the longest first."""
        if self._inside is None:
            entries = sorted(self.entries, key=len, reverse=True)
            self._inside = re.compile("|".join(re.escape(entry) for entry in entries) or r"(?!)")
        for match in self._inside.finditer(normalised):
            yield match.end(), self.entries[match[0]]

    def _find(self, word: str) -> Value | None:
        for form in (word, *shortened(word)):
            for bare in self._bare_forms(form):
                if (value := self._known(bare)) is not None:
                    return value
        return None

    def _bare_forms(self, word: str) -> Iterator[str]:
        """Yield a word, then without an article or conjunction before it, then without an ending."""
        prefixes, suffixes = PREFIXES.get(self.language, ()), SUFFIXES.get(self.language, ())
        starts = [word[len(part) :] for part in prefixes if word.startswith(part)]
        starts = [word, *(start for start in starts if len(start) >= SHORTEST_LEFT)]
        yield from starts
        for start in starts:
            for part in suffixes:
                if start.endswith(part) and len(start) - len(part) >= SHORTEST_LEFT:
                    yield start[: -len(part)]

    def _known(self, word: str) -> Value | None:
        if word in self.entries:
            return self.entries[word]
        for end in range(len(word), 1, -1):
            if word[:end] in self._stems:
                return self._stems[word[:end]]
        return None


def _is_form(word: str, entry: str) -> bool:
    return word.startswith(entry[:-1]) if entry.endswith(STEM) else word == entry
