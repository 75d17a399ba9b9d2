"""Everything that is read of a comment, in one call: its language, its sentiment, and whether it may be quoted."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import numpy as np
import numpy.typing as npt

from enrichment.measures.amending import Amendment
from enrichment.measures.language import LanguageReader, load_languages
from enrichment.measures.screening import Reason, Screen, Seen, load_screen
from enrichment.measures.sentiment import SentimentReader, load_sentiment

RULES = "1"
"""Raised when the code reads differently, so that stored readings are known to be old."""


@dataclass(frozen=True)
class Readings:
    """What was read of some comments, each field with one entry a comment, in their order.

    Languages are codes or "unknown"; scores (comments,) run from -1 to 1, NaN where not scored; reasons say why a
    comment is never quoted, None where it may be.
    """

    languages: list[str]
    scores: npt.NDArray[np.float64]
    reasons: list[Reason | None]


@dataclass(frozen=True)
class CommentReader:
    """The three readers together. The version changes whenever the same comment might be read differently."""

    languages: LanguageReader
    sentiment: SentimentReader
    screen: Screen
    version: str

    def read(self, texts: Sequence[str], seen: Seen | None = None) -> Readings:
        """Read comments; hand on the same `seen` from batch to batch to find near-duplicates over all of them."""
        languages = self.languages.detect(texts)
        scores = self.sentiment.score(texts, languages)
        return Readings(languages, scores, self.screen.reasons(texts, languages, seen))


@lru_cache(maxsize=4)
def load_reader(folder: Path, amendments: tuple[Amendment, ...] = ()) -> CommentReader:
    """Read the project's word lists from a folder of reference files (half a second), once, and amend them.

    ValueError, naming the place, for an amendment that its list cannot take.
    """
    amendments = tuple(sorted(amendments))
    return CommentReader(
        load_languages(folder, amendments),
        load_sentiment(folder, amendments),
        load_screen(folder, amendments),
        _version(folder, amendments),
    )


def _version(folder: Path, amendments: tuple[Amendment, ...]) -> str:
    """Return a short digest of the rules' number, of every list and of what is amended."""
    digest = sha256(RULES.encode())
    if amendments:
        digest.update(repr([astuple(one) for one in amendments]).encode())
    for path in sorted(
        (*folder.glob("language_words.csv"), *folder.glob("quotes_*.csv"), *folder.glob("sentiment*.csv"))
    ):
        digest.update(path.read_bytes())
    for path in sorted((folder / "sentiment").glob("*.csv")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]
