"""The sentiment of each comment: emoji first, then the words of its language; what is not understood has none.

A score is a number from -1 to 1, the sum of the words' scores x, squashed as x / sqrt(x^2 + 15) (Hutto and Gilbert,
"VADER", 2014). NaN is "not scored", which is not neutral: neutral is a comment whose known words are weak or take
each other back, or one that only asks. A statement without any known word may well praise or blame in other words, so
that it is not scored either.
"""

import math
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from enrichment.measures.amending import Amendment
from enrichment.measures.lexicons import Lexicon, load_emoji, load_lexicons
from enrichment.measures.wordlists import UNSPACED
from enrichment.measures.words import BREAK, normalise, tokens, without_addresses

Floats = npt.NDArray[np.float64]

NOT_SCORED = math.nan
LONGEST = 1000
"""Characters that are read of a comment."""
SQUASH = 15.0
LEAST = 0.12
"""A score nearer to 0 is neutral: about half a weak word."""
REACH = 3
"""So many words after a negation or an intensifier are under it."""
TURNED = -0.74
STRENGTHENED = 1.25
WEAKENED = 0.7
BEFORE_BUT, AFTER_BUT = 0.5, 1.5
MOST_EMOJI = 3
"""Repeating an emoji more often does not strengthen it further."""
SAME_WORDS = {"ms": "id", "arz": "ar", "fil": "tl"}
"""Languages that are read with a near one's list."""
LAUGHTER = re.compile(
    r"(?:a?(?:ha){2,}h?|h?a(?:ha)+h?|(?:he){2,}|(?:hi){2,}|(?:ja){2,}j?|(?:je){2,}|k{3,}|(?:rs){2,}|(?:wk){2,}w?"
    r"|(?:ха)+х?|а?(?:хах?)+а?|ه{3,}|mdr+|ptdr+|lo+l|lma+o+)"
)
LAUGH = 1.0
QUESTIONED = 0.3
"""Praise in a question counts less: "which month is best to go?" asks."""
PARTICLES = "(?:は|も|く|と)?"
"""May stand between a Japanese word and what denies it."""


class SentimentReader:
    """Scores comments with the emoji table and the lexicons; made once and used for many."""

    def __init__(self, lexicons: Mapping[str, Lexicon], emoji: Mapping[str, tuple[float, bool]]) -> None:
        self._lexicons = lexicons
        self._emoji = emoji

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages whose words are known."""
        return tuple(sorted(self._lexicons))

    def score(self, texts: Sequence[str], languages: Sequence[str]) -> Floats:
        """Return a score for each text, of shape (texts,): -1 to 1, NaN where it is not scored.

        Languages are the codes of `language.LanguageReader.detect`, one for each text; ValueError when the lengths
        differ.
        """
        if len(texts) != len(languages):
            raise ValueError(f"{len(texts)} texts but {len(languages)} languages: one of each a comment.")
        return np.array([self._score(*pair) for pair in zip(texts, languages, strict=True)], dtype=np.float64)

    def _score(self, text: str, language: str) -> float:
        normalised = normalise(without_addresses(text[:LONGEST]))
        found = tokens(normalised)
        emoji, has_emoji, mocks = (0.0, False, False) if text.isascii() else self._of_emoji(found)
        lexicon = self._lexicons.get(SAME_WORDS.get(language, language))
        if lexicon is None:
            return squash(emoji) if has_emoji else NOT_SCORED
        if lexicon.words.language in UNSPACED:
            known, total = inside_score(lexicon, normalised)
        else:
            known, total = word_score(lexicon, found)
        if mocks:
            return squash(emoji - abs(total))
        asks = normalised.rstrip().endswith(("?", "？", "؟"))
        if not (known or has_emoji):
            return 0.0 if found and (asks or found[0] in lexicon.modifiers["question"]) else NOT_SCORED
        if total > 0 and asks:
            total *= QUESTIONED
        return squash(total + emoji)

    def _of_emoji(self, found: Sequence[str]) -> tuple[float, bool, bool]:
        """Return the emoji's (sum, whether any has a meaning of its own, whether one mocks)."""
        total, has_meaning, mocks = 0.0, False, False
        counts: dict[str, int] = {}
        for symbol in found:
            if symbol in self._emoji and counts.get(symbol, 0) < MOST_EMOJI:
                value, mocking = self._emoji[symbol]
                counts[symbol] = counts.get(symbol, 0) + 1
                total += value / counts[symbol]
                has_meaning |= value != 0
                mocks |= mocking
        return total, has_meaning, mocks


def word_score(lexicon: Lexicon, found: Sequence[str]) -> tuple[bool, float]:
    """Return whether any word of the tokens is known, and the sum of their scores under negation and stress."""
    words, modifiers = lexicon.words, lexicon.modifiers
    before, after, more, less, but = (modifiers[kind] for kind in ("before", "after", "more", "less", "but"))
    hits: list[tuple[int, float]] = []
    turned = stressed = weakened = but_at = clause = -1
    place = 0
    while place < len(found):
        word = found[place]
        if word == BREAK:
            turned = stressed = weakened = -1
            clause = place
            place += 1
            continue
        phrase = words.phrase(found, place)
        length, value = phrase or (1, words.value(word))
        if value is None and LAUGHTER.fullmatch(word):
            value = LAUGH
        if not phrase and word in after and hits and hits[-1][0] > clause and place - hits[-1][0] <= REACH:
            hits[-1] = hits[-1][0], TURNED * hits[-1][1]
        elif value:
            value *= TURNED if place <= turned else 1.0
            value *= STRENGTHENED if place <= stressed else 1.0
            value *= WEAKENED if place <= weakened else 1.0
            hits.append((place + length - 1, value))
        if not phrase:
            turned = place + REACH if word in before else turned
            stressed = place + 2 if word in more else stressed
            weakened = place + 2 if word in less else weakened
            but_at = place if word in but and hits else but_at
        place += length
    return bool(hits), _weigh_but(hits, but_at)


def _weigh_but(hits: Sequence[tuple[int, float]], but_at: int) -> float:
    """Add scores up; what follows a "but" counts more than what it takes back."""
    if but_at < 0 or not any(place > but_at for place, _ in hits):
        return sum(value for _, value in hits)
    return sum(value * (AFTER_BUT if place > but_at else BEFORE_BUT) for place, value in hits)


def inside_score(lexicon: Lexicon, normalised: str) -> tuple[bool, float]:
    """Return the same for a language without spaces, by its entries inside the text."""
    total, known = 0.0, False
    denial = _denial(lexicon.modifiers["after"])
    for end, value in lexicon.words.inside(normalised):
        if value:
            known = True
            total += value * (TURNED if denial.match(normalised, end) else 1.0)
    return known, total


@lru_cache(maxsize=4)
def _denial(words: frozenset[str]) -> re.Pattern[str]:
    return re.compile(PARTICLES + "(?:" + "|".join(sorted(words, key=lambda word: (-len(word), word))) + ")")


def squash(total: float) -> float:
    """Bring a sum of scores into -1 to 1."""
    return total / math.sqrt(total * total + SQUASH)


def labels(scores: Floats) -> list[str]:
    """Return positive, negative, neutral or "" (not scored) for each score."""
    return [
        "" if math.isnan(score) else "positive" if score > LEAST else "negative" if score < -LEAST else "neutral"
        for score in scores
    ]


@lru_cache(maxsize=4)
def load_sentiment(folder: Path, amendments: tuple[Amendment, ...] = ()) -> SentimentReader:
    """Read the project's emoji table and lexicons from a folder of reference files, once."""
    return SentimentReader(load_lexicons(folder, amendments), load_emoji(folder / "sentiment_emoji.csv"))
