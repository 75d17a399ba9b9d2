"""Which comments may be quoted: each gets no reason, or the one for which it is never shown."""

import re
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from zlib import crc32

from enrichment.measures.amending import Amendment
from enrichment.measures.blocking import Blocked, BlockList, load_block_lists
from enrichment.measures.lexicons import load_lexicons
from enrichment.measures.privacy import Private, find_private, without_names
from enrichment.measures.sentiment import LAUGHTER, SAME_WORDS
from enrichment.measures.wordlists import UNSPACED
from enrichment.measures.words import BREAK, normalise, tokens


class Reason(StrEnum):
    """Why a comment is never quoted: a closed set, in the order in which the reasons are looked for."""

    EMAIL = "email"
    CARD = "card"
    PHONE = "phone"
    ADDRESS = "address"
    LINK = "link"
    HANDLE = "handle"
    IDENTITY_ATTACK = "identity_attack"
    THREAT = "threat"
    PROFANITY = "profanity"
    INSULT = "insult"
    SCAM = "scam"
    PROMOTION = "promotion"
    MEANINGLESS = "meaningless"
    REPEATED = "repeated"
    SHOUTING = "shouting"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    UNCHECKED = "unchecked"
    DUPLICATE = "duplicate"

    @property
    def told(self) -> str:
        """The reason as the end of a sentence that starts with "Not quoted:"."""
        return TOLD[self]


TOLD = {
    Reason.EMAIL: "it holds an e-mail address",
    Reason.CARD: "it holds the number of a card",
    Reason.PHONE: "it holds a phone number",
    Reason.ADDRESS: "it holds what looks like somebody's address",
    Reason.LINK: "it holds a link",
    Reason.HANDLE: "it names another person's account",
    Reason.IDENTITY_ATTACK: "it attacks a group of people",
    Reason.THREAT: "it threatens or wishes harm",
    Reason.PROFANITY: "it curses",
    Reason.INSULT: "it insults",
    Reason.SCAM: "it reads like fraud",
    Reason.PROMOTION: "it advertises something",
    Reason.MEANINGLESS: "it says nothing that stands alone",
    Reason.REPEATED: "it repeats letters, words or symbols",
    Reason.SHOUTING: "it is all in capitals",
    Reason.TOO_SHORT: "it is too short",
    Reason.TOO_LONG: "it is too long",
    Reason.UNCHECKED: "its language is unknown or has no list of blocked words",
    Reason.DUPLICATE: "nearly the same comment stands there already",
}
OF_PRIVATE = {kind: Reason(kind.value) for kind in Private}
OF_BLOCKED = {kind: Reason.IDENTITY_ATTACK if kind is Blocked.SLUR else Reason(kind.value) for kind in Blocked}

FEWEST_WORDS = 4
FEWEST_LETTERS = 16
FEWEST_DENSE = 10
"""Letters that a quote in a language without spaces must have."""
LONGEST = 280
READ = 2000
"""Characters that are read of a comment before it is called too long."""
FEW_WORDS = 9
"""A text of so few words says nothing when all but one of them are fillers."""
DRAWN_OUT = re.compile(r"([^\W\d_])\1{3,}")
VERY_DRAWN_OUT = re.compile(r"([^\s.…])\1{7,}")
MOST_DRAWN_OUT = 1
MOST_SYMBOLS = 8
CAPITAL = re.compile("[A-ZÀ-ÖØ-ÞĞİŞЀ-ЯΑ-Ω]")
MOST_CAPITALS = 0.7
FEWEST_CAPITALS = 12
SAME_SHINGLES = 0.6
"""Comments that share this part of their pairs of words (Jaccard) are nearly the same."""
SKETCH = 3
REMEMBERED = 20_000


class Screen:
    """Finds the reason for which a comment is never quoted; made once and used for many."""

    def __init__(self, lists: Mapping[str, BlockList], denials: Mapping[str, frozenset[str]]) -> None:
        self._lists = lists
        self._denials = denials

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which a comment can be checked, and so be quoted."""
        return tuple(sorted(self._lists))

    def reasons(
        self, texts: Sequence[str], languages: Sequence[str], seen: "Seen | None" = None
    ) -> list[Reason | None]:
        """Return for each comment why it is never quoted, None when it may be.

        Languages are the codes of `language.LanguageReader.detect`, one for each text; ValueError when the lengths
        differ. Near-duplicates are found within the call, or over all calls that hand on the same `seen`.
        """
        if len(texts) != len(languages):
            raise ValueError(f"{len(texts)} texts but {len(languages)} languages: one of each a comment.")
        seen = Seen() if seen is None else seen
        return [self._reason(*pair, seen) for pair in zip(texts, languages, strict=True)]

    def _reason(self, text: str, language: str, seen: "Seen") -> Reason | None:
        text = without_names(text[:READ])
        if private := find_private(text):
            return OF_PRIVATE[private]
        normalised = normalise(text)
        found = tokens(normalised)
        language = SAME_WORDS.get(language, language)
        blocks = self._lists.get(language)
        # What is written in no known language is held against the list of English, the most used in mixed writing.
        checked = blocks or self._lists["en"]
        denials = self._denials.get(checked.words.language, frozenset())
        if blocked := checked.find(text, normalised, found, denials):
            return OF_BLOCKED[blocked]
        if reason := _form(text, found, checked):
            return reason
        if blocks is None:
            return Reason.UNCHECKED
        return None if seen.is_new(found if language not in UNSPACED else list(normalised)) else Reason.DUPLICATE


def _form(text: str, found: Sequence[str], blocks: BlockList) -> Reason | None:
    """Return the reason that the form of a comment gives."""
    words = [token for token in found if token != BREAK and token[0].isalnum()]
    dense = blocks.words.language in UNSPACED
    if _says_nothing(found, words, blocks):
        return Reason.MEANINGLESS
    if _repeats(text, found, words):
        return Reason.REPEATED
    letters = sum(map(len, words))
    capitals = len(CAPITAL.findall(text))
    if letters >= FEWEST_CAPITALS and capitals > MOST_CAPITALS * letters:
        return Reason.SHOUTING
    if letters < (FEWEST_DENSE if dense else FEWEST_LETTERS) or (not dense and len(words) < FEWEST_WORDS):
        return Reason.TOO_SHORT
    return Reason.TOO_LONG if len(text) > LONGEST else None


def _says_nothing(found: Sequence[str], words: Sequence[str], blocks: BlockList) -> bool:
    """Tell whether only laughter, numbers, fillers and emoji are left of a short text."""
    if len(words) >= FEW_WORDS:
        return False
    fillers = {place for start, length, _ in blocks.fillers.hits(found) for place in range(start, start + length)}
    left = [
        word
        for place, word in enumerate(found)
        if word != BREAK and word[0].isalpha() and place not in fillers and not LAUGHTER.fullmatch(word)
    ]
    return len(left) < 1 + (len(left) < len(words))


def _repeats(text: str, found: Sequence[str], words: Sequence[str]) -> bool:
    if VERY_DRAWN_OUT.search(text) or len(DRAWN_OUT.findall(text)) > MOST_DRAWN_OUT:
        return True
    if not text.isascii() and sum(not token[0].isalnum() and token != BREAK for token in found) > MOST_SYMBOLS:
        return True
    return len(words) > FEWEST_WORDS and 2 * Counter(words).most_common(1)[0][1] > len(words)


class Seen:
    """Remembers the last comments by their pairs of words, in flat memory, and tells new ones from repeated ones."""

    def __init__(self, most: int = REMEMBERED) -> None:
        self._most = most
        self._queue: deque[frozenset[int]] = deque()
        self._by_sketch: dict[int, list[frozenset[int]]] = {}

    def remember(self, text: str, language: str) -> None:
        """Take in a comment that was found new before, in the order of then."""
        normalised = normalise(without_names(text[:READ]))
        self.is_new(list(normalised) if SAME_WORDS.get(language, language) in UNSPACED else tokens(normalised))

    def is_new(self, found: Sequence[str]) -> bool:
        """Tell whether no comment that is remembered is nearly the same as these tokens, and remember it then."""
        marks = shingles(found)
        sketch = sorted(marks)[:SKETCH]
        for mark in sketch:
            if any(similarity(marks, other) >= SAME_SHINGLES for other in self._by_sketch.get(mark, ())):
                return False
        if len(self._queue) >= self._most:
            self._forget(self._queue.popleft())
        self._queue.append(marks)
        for mark in sketch:
            self._by_sketch.setdefault(mark, []).append(marks)
        return True

    def _forget(self, marks: frozenset[int]) -> None:
        for mark in sorted(marks)[:SKETCH]:
            others = self._by_sketch[mark]
            others.remove(marks)
            if not others:
                del self._by_sketch[mark]


def shingles(found: Sequence[str]) -> frozenset[int]:
    """Return the pairs of neighbouring words as numbers, the same ones in every process."""
    words = [token for token in found if token != BREAK]
    pairs = pairwise(words)
    return frozenset(crc32(f"{one} {two}".encode()) for one, two in pairs)


def similarity(one: frozenset[int], other: frozenset[int]) -> float:
    """Return the part of the pairs that two comments share (Jaccard), 0 to 1."""
    return len(one & other) / max(len(one | other), 1)


@lru_cache(maxsize=4)
def load_screen(folder: Path, amendments: tuple[Amendment, ...] = ()) -> Screen:
    """Read the project's block-lists from a folder of reference files, once."""
    lexicons = load_lexicons(folder)
    denials = {
        language: lexicon.modifiers["before"] | lexicon.modifiers["after"] for language, lexicon in lexicons.items()
    }
    return Screen(load_block_lists(folder, amendments), denials)
