"""The words of a comment as they are looked up: without case, accents, Arabic vowels, spelling variants."""

import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from enrichment.measures.tables import read_rows

BREAK = "."
"""Stands in a list of tokens for any punctuation that ends a clause."""

ARABIC_FORMS = {
    **dict.fromkeys("أإآٱ", "ا"),
    **{"ى": "ي", "ی": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ک": "ك"},
}
OTHER_FORMS = {"’": "'", "‘": "'", "`": "'", "´": "'", "ё": "е", "ँ": "ं", "ı": "i", "ø": "o", "ł": "l"}
MARKS = (
    *range(0x0300, 0x0370),  # accents of Latin letters that stand alone
    *range(0x0610, 0x061B),
    0x0640,  # tatweel
    *range(0x064B, 0x0660),  # Arabic vowels
    0x0670,
    *range(0x06D6, 0x06EE),
    0x093C,  # nukta
    *range(0x200B, 0x2010),  # zero-width joiners, direction marks
    *range(0x202A, 0x202F),
    *range(0x2060, 0x206A),
    0xFE0E,
    0xFE0F,
    0xFEFF,
    *range(0x1F3FB, 0x1F400),  # skin tones
)
# Vowel signs of the Indian scripts and of Thai are no word characters to Python, and no boundaries either.
LETTER = r"[^\W_]|[\u0900-\u0963\u0966-\u0DFF\u0E31-\u0E4E]"
TOKEN = re.compile(rf"((?:{LETTER})+)|([.,;:!?…()\n؟،؛。、！？।|]+)|([\u2190-\u2BFF\U0001F000-\U0001FAFF])")
CONTRACTION = re.compile(r"'(?=(?:t|s|m|re|ve|ll|d)\b)")
LONG_RUN = re.compile(r"(.)\1{2,}")
ADDRESSED = re.compile(r"https?://\S+|www\.\S+|(?<!\w)@[\w.\-]+")


def _folding() -> dict[int, str | None]:
    """Map every accented Latin letter to its base, spelling variants to one form, and marks to nothing."""
    table: dict[int, str | None] = dict.fromkeys(MARKS)
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base.isascii():
            table[code] = base
    table.update({ord(variant): form for variant, form in {**ARABIC_FORMS, **OTHER_FORMS}.items()})
    return table


FOLDING = _folding()


def normalise(text: str) -> str:
    """Return a text without case, accents, Arabic vowels and tatweel; the letters of a script in one form each."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).casefold().translate(FOLDING)
    return CONTRACTION.sub("", text.lower())


def tokens(normalised: str) -> list[str]:
    """Split a normalised text into words, single symbols (emoji) and BREAK for punctuation."""
    return [word or symbol or BREAK for word, _, symbol in TOKEN.findall(normalised)]


def shortened(word: str) -> Iterator[str]:
    """Yield a word that was drawn out (sooo goood) with its runs of a letter cut to two and to one."""
    if LONG_RUN.search(word):
        yield LONG_RUN.sub(r"\1\1", word)
        yield LONG_RUN.sub(r"\1", word)


def without_addresses(text: str) -> str:
    """Return a text without its links and @names."""
    return ADDRESSED.sub(" ", text) if "@" in text or "://" in text or "www." in text else text


def load_language_words(path: Path) -> dict[str, tuple[str, ...]]:
    """Read `language, word` into the languages of each word; ValueError for a word that is not normalised."""
    words: dict[str, tuple[str, ...]] = {}
    for place, row in read_rows(path, ("language", "word")):
        word, language = row["word"], sys.intern(row["language"])
        if tokens(normalise(word)) != [word]:
            raise ValueError(f"{place}: {word!r} is not one word in its normalised form.")
        if language in words.get(word, ()):
            raise ValueError(f"{place}: {word!r} stands there twice for {language}.")
        words[word] = (*words.get(word, ()), language)
    return words
