"""Words for which a comment is not quoted: attacks on groups, threats, curses, insults, fraud, advertising."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from enrichment.measures.amending import BLOCKED, SPAM, Amendment, amended, of_list
from enrichment.measures.tables import read_rows
from enrichment.measures.wordlists import UNSPACED, WordList
from enrichment.measures.words import BREAK

ANY = "any"
"""Entries that hold in every language."""
MIXED = {"hi-Latn": ("en",), "tl": ("en",)}
"""Languages whose speakers mix another one in, so that its list holds, too."""


class Blocked(StrEnum):
    """Kinds of words, the worst first."""

    SLUR = "slur"
    THREAT = "threat"
    PROFANITY = "profanity"
    INSULT = "insult"
    SCAM = "scam"
    PROMOTION = "promotion"


ALLOWED = "allowed"
"""Kind of phrases that hold a blocked word and are harmless."""
WORD_KINDS = (*Blocked, ALLOWED)
ORDER = {kind: place for place, kind in enumerate(Blocked)}
GROUP, ATTACK = "group", "attack"
TOPIC, LURE = "scam_topic", "scam_lure"
FILLER = "filler"
KINDS_OF: dict[str, dict[str, str]] = {
    BLOCKED: {**dict.fromkeys(WORD_KINDS, "words"), GROUP: GROUP, ATTACK: GROUP},
    SPAM: {**dict.fromkeys(WORD_KINDS, "words"), TOPIC: TOPIC, LURE: TOPIC, FILLER: FILLER},
}
"""The kinds of words in each file, and the role that each plays."""
NEAR = 4
"""So many words may stand between a group's name and the word that attacks it."""
MASKED = re.compile(r"\b[^\W\d_]{1,4}[*#$]+[^\W\d_]+|\b[^\W\d_][*]{2,}")
"""A curse with letters hidden: f*ck, sh**, a##hole."""
DISGUISED = re.compile(r"[^\W\d_][@$!013457][^\W\d_]|\b[@$][^\W\d_]{2}")
DISGUISE = str.maketrans("@$!013457", "asioieast")
SPELLED_OUT = re.compile(r"\b(?:[^\W\d_][\s.\-_]){3,}[^\W\d_]\b")


@dataclass(frozen=True)
class BlockList:
    """What is blocked in one language: words alone, pairs that are blocked together, and words that say nothing."""

    words: WordList[str]
    pairs: tuple[tuple[str, WordList[str]], ...]
    fillers: WordList[str]

    def find(self, text: str, normalised: str, found: Sequence[str], denials: frozenset[str]) -> Blocked | None:
        """Return the worst kind of blocked words in a comment, if any.

        Found are the tokens of the normalised text, denials the language's words for "not": "Muslims are not
        terrorists" attacks nobody.
        """
        kinds = self._kinds(normalised, found)
        if MASKED.search(text):
            kinds.add(Blocked.PROFANITY)
        for plain in undisguised(normalised):
            kinds.update(kind for _, _, kind in self.words.hits(plain))
        for name, pair in self.pairs:
            if self._meet(name, pair, normalised, found, denials):
                kinds.add(Blocked.SLUR if name == GROUP else Blocked.SCAM)
        kinds.discard(ALLOWED)
        return min((Blocked(kind) for kind in kinds), key=ORDER.__getitem__, default=None)

    def _kinds(self, normalised: str, found: Sequence[str]) -> set[str]:
        if self.words.language in UNSPACED:
            return {kind for _, kind in self.words.inside(normalised)}
        return {kind for _, _, kind in self.words.hits(found)}

    def _meet(
        self, name: str, pair: WordList[str], normalised: str, found: Sequence[str], denials: frozenset[str]
    ) -> bool:
        """Tell whether both sides of a pair stand in the text: a group next to an attack, a topic and a lure."""
        if pair.language in UNSPACED:
            return {kind for _, kind in pair.inside(normalised)} >= {GROUP, ATTACK} and name == GROUP
        hits = list(pair.hits(found))
        if len(hits) < 2:
            return False
        firsts = [(place, place + length) for place, length, kind in hits if kind == name]
        others = [(place, place + length) for place, length, kind in hits if kind != name]
        if not firsts or not others:
            return False
        if name == TOPIC:
            return True
        return any(_near(found, first, other, denials) for first in firsts for other in others)


def _near(found: Sequence[str], first: tuple[int, int], other: tuple[int, int], denials: frozenset[str]) -> bool:
    """Tell whether two spans of tokens stand near each other, without a denial between or just before them."""
    left, right = sorted((first, other))
    if right[0] - left[1] > NEAR:
        return False
    around = [*found[max(0, left[0] - 2) : left[0]], *found[left[1] : right[0]]]
    return denials.isdisjoint(around) or BREAK in found[left[1] : right[0]]


def undisguised(normalised: str) -> list[list[str]]:
    """Return the words that a text writes with digits for letters (sh1t) or spells out (f u c k), if it does."""
    plain = []
    if DISGUISED.search(normalised):
        plain.append([re.sub(r"\W", "", word.translate(DISGUISE)) for word in normalised.split() if not word.isdigit()])
    for run in SPELLED_OUT.findall(normalised):
        word = re.sub(r"[\s.\-_]", "", run)
        # A word of one letter may stand before it: "a f u c k".
        plain.append([word, word[1:]])
    return [[word for word in words if word] for words in plain]


def load_block_lists(folder: Path, amendments: tuple[Amendment, ...] = ()) -> dict[str, BlockList]:
    """Read `quotes_blocked.csv` and `quotes_spam.csv` (language, kind, word) into a list for each language.

    Amendments of the lists blocked and spam are laid over the rows.

    ValueError, with file and line, for an unknown kind, or a word that stands twice or is not normalised.
    """
    lists: dict[tuple[str, str], WordList[str]] = {}
    for name, kinds in KINDS_OF.items():
        rows = read_rows(folder / f"quotes_{name}.csv", ("language", "kind", "word"))
        for place, row in amended(rows, of_list(amendments, name), column="kind"):
            if row["kind"] not in kinds:
                raise ValueError(f"{place}: there is no kind {row['kind']!r}.")
            key = row["language"], kinds[row["kind"]]
            lists.setdefault(key, WordList(row["language"])).add(row["word"], row["kind"], place)
    return {language: _joined(lists, language) for language in sorted({key[0] for key in lists} - {ANY})}


def _joined(lists: Mapping[tuple[str, str], WordList[str]], language: str) -> BlockList:
    def one(role: str) -> WordList[str]:
        joined: WordList[str] = WordList(language)
        for source in (language, *MIXED.get(language, ()), ANY):
            joined.take_in(lists.get((source, role), WordList(source)))
        return joined

    return BlockList(one("words"), tuple((name, one(name)) for name in (GROUP, TOPIC)), one(FILLER))
