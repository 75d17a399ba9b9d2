"""Words with their sentiment, by language: lists of the project, read from CSV files."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from enrichment.measures.amending import SENTIMENT, Amendment, amended, of_list
from enrichment.measures.tables import read_rows
from enrichment.measures.wordlists import WordList
from enrichment.measures.words import normalise

KINDS = ("before", "after", "more", "less", "but", "question")
"""Negations of what follows and of what went before, intensifiers, diminishers, words like "but", question words."""
HIGHEST = 4.0
EMOJI_KINDS = ("plain", "mocking")


@dataclass(frozen=True)
class Lexicon:
    """One language's words with scores (-4 to 4), and its words of each kind that turn or strengthen others."""

    words: WordList[float]
    modifiers: dict[str, frozenset[str]]


@lru_cache(maxsize=4)
def load_lexicons(folder: Path, amendments: tuple[Amendment, ...] = ()) -> dict[str, Lexicon]:
    """Read `sentiment/<language>.csv` (word, score) and `sentiment_modifiers.csv` (language, kind, word), once.

    Amendments of the list sentiment are laid over the words.

    ValueError, with file and line, for a word that stands twice, is not in its normalised form, or has no score.
    """
    paths = sorted((folder / "sentiment").glob("*.csv"))
    modifiers: dict[tuple[str, str], set[str]] = {}
    languages = {path.stem for path in paths}
    for place, row in read_rows(folder / "sentiment_modifiers.csv", ("language", "kind", "word")):
        if row["language"] not in languages or row["kind"] not in KINDS or normalise(row["word"]) != row["word"]:
            raise ValueError(f"{place}: no such language or kind, or {row['word']!r} is not normalised.")
        modifiers.setdefault((row["language"], row["kind"]), set()).add(row["word"])
    return {
        path.stem: Lexicon(
            _read_words(path, amendments), {kind: frozenset(modifiers.get((path.stem, kind), ())) for kind in KINDS}
        )
        for path in paths
    }


def load_emoji(path: Path) -> dict[str, tuple[float, bool]]:
    """Read `emoji, score, kind` into (score, whether it mocks the words beside it); ValueError for a bad row."""
    emoji: dict[str, tuple[float, bool]] = {}
    for place, row in read_rows(path, ("emoji", "score", "kind")):
        if row["emoji"] in emoji or normalise(row["emoji"]) != row["emoji"] or row["kind"] not in EMOJI_KINDS:
            raise ValueError(f"{place}: {row['emoji']!r} stands there twice, or is not one emoji with a kind.")
        emoji[row["emoji"]] = _score(row["score"], place), row["kind"] == "mocking"
    return emoji


def _read_words(path: Path, amendments: tuple[Amendment, ...]) -> WordList[float]:
    words: WordList[float] = WordList(path.stem)
    mine = [one for one in of_list(amendments, SENTIMENT) if one.language == path.stem]
    for place, row in amended(read_rows(path, ("word", "score")), mine, column="score", language=path.stem):
        words.add(row["word"], _score(row["score"], place), place)
    return words


def _score(text: str, place: str) -> float:
    try:
        score = float(text)
    except ValueError:
        score = HIGHEST + 1
    if not -HIGHEST <= score <= HIGHEST:
        raise ValueError(f"{place}: the score {text!r} is not a number from -{HIGHEST:g} to {HIGHEST:g}.")
    return score
