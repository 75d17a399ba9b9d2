"""The terms of titles in any script: words and pairs of words, and runs of characters where no blanks part words."""

import re
import unicodedata
from collections.abc import Collection
from itertools import pairwise

from enrichment.measures.words import LETTER, normalise

UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f]+"
)
"""Thai, Lao, Burmese, Khmer, Japanese and Chinese are written without blanks between words."""
OTHER_MARKS = r"[\u0EB1-\u0ECE\u102B-\u103E\u1056-\u109D\u17B4-\u17D3\u200C\u200D]"
WORD = re.compile(rf"((?:{LETTER}|{OTHER_MARKS})+)|([^\s\w]+)")
ARABIC_VOWELS = re.compile(r"[\u0610-\u061A\u0640\u064B-\u065F\u0670\u06D6-\u06ED]")
SHORTEST = 3
SHORTEST_LATIN = 4
MARK = "M"


def terms(text: str, left_out: Collection[str] = ()) -> list[str]:
    """Return the terms of a text, in composed letters without case: vowel signs stay with their letters,
    but for those that Arabic is mostly written without.

    A term is a word, a pair of neighbouring words, or two characters of a script without blanks. Words of one or two
    letters, numbers and words that are left out (normalised) are none, and part no pair.
    """
    found: list[str] = []
    for run in _runs(unicodedata.normalize("NFC", text).casefold()):
        before = ""
        for word in run:
            if UNSPACED.fullmatch(word):
                found += ["".join(two) for two in pairwise(characters(word))]
                before = ""
            elif _is_term(word, left_out):
                found += [word, f"{before} {word}"] if before else [word]
                before = word
    return found


def characters(word: str) -> list[str]:
    """Split a word into characters, each with the vowel signs and tone marks that stand on it."""
    found: list[str] = []
    for letter in word:
        if found and unicodedata.category(letter).startswith(MARK):
            found[-1] += letter
        else:
            found.append(letter)
    return found


def _runs(text: str) -> list[list[str]]:
    """Return the words of each stretch between signs of punctuation; scripts without blanks by themselves."""
    runs: list[list[str]] = [[]]
    for word, _ in WORD.findall(ARABIC_VOWELS.sub("", text)):
        if not word:
            runs.append([])
            continue
        at = 0
        for match in UNSPACED.finditer(word):
            runs[-1] += [part for part in (word[at : match.start()], match.group()) if part]
            at = match.end()
        runs[-1] += [word[at:]] if word[at:] else []
    return runs


def _is_term(word: str, left_out: Collection[str]) -> bool:
    shortest = SHORTEST_LATIN if word.isascii() else SHORTEST
    return len(word) >= shortest and not word.isnumeric() and normalise(word) not in left_out
