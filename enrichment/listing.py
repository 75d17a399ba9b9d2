"""The reader of comments with the words that this installation adds to its lists or takes out of them."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from enrichment.measures.amending import ADD, BLOCKED, REMOVE, SENTIMENT, Amendment
from enrichment.measures.blocking import ANY, KINDS_OF, load_block_lists
from enrichment.measures.lexicons import HIGHEST, load_lexicons
from enrichment.measures.reading import CommentReader, load_reader
from enrichment.measures.wordlists import WordList
from enrichment.measures.words import normalise
from enrichment.models import ListedWord
from sources.errors import DataError

DATA = Path(__file__).parent / "data"
FIELDS = ("list", "language", "word", "value", "action")


def current_amendments() -> tuple[Amendment, ...]:
    """Return what this installation changes in the lists, in one order."""
    return tuple(sorted(Amendment(*row) for row in ListedWord.objects.values_list(*FIELDS)))


def current_reader() -> CommentReader:
    """Return the reader with the lists as they are now; its version tells them from all others."""
    return load_reader(DATA, current_amendments())


@cache
def languages_of(name: str) -> tuple[str, ...]:
    """Return the languages that a list has words of: a language without a list cannot be begun word by word."""
    if name == SENTIMENT:
        return tuple(sorted(load_lexicons(DATA)))
    return (*sorted(load_block_lists(DATA)), ANY)


def kinds_of(name: str) -> tuple[str, ...]:
    """Return the kinds of words in a list; none for the list of scores."""
    return tuple(KINDS_OF.get(name, ()))


def read_amendment(*, list: str, language: str, word: str, value: str = "", action: str = ADD) -> Amendment:
    """Return the amendment as the reader takes it, its word in the normalised form; DataError says what is wrong."""
    if list not in (SENTIMENT, *KINDS_OF):
        raise DataError(f"There is no list “{list}”. Known are: {', '.join((SENTIMENT, *KINDS_OF))}.")
    if language not in languages_of(list):
        raise DataError(f"The list {list} has no language “{language}”. It has: {', '.join(languages_of(list))}.")
    if action not in (ADD, REMOVE):
        raise DataError(f"There is no action “{action}”: write {ADD} or {REMOVE}.")
    found = Amendment(list, language, _refuse_word(language, word), _refuse_value(list, value, action), action)
    return found


def _refuse_word(language: str, word: str) -> str:
    wanted = " ".join(normalise(word).split())
    try:
        WordList[str](language).add(wanted, "", "")
    except ValueError:
        raise DataError(
            f"“{word}” cannot stand in a list: write a word or a phrase, with a * at its end for any ending."
        ) from None
    if len(wanted) > ListedWord._meta.get_field("word").max_length:
        raise DataError(f"“{word}” is too long.")
    return wanted


def _refuse_value(name: str, value: str, action: str) -> str:
    value = value.strip()
    if action == REMOVE:
        return ""
    if name != SENTIMENT:
        if value not in KINDS_OF[name]:
            raise DataError(f"“{value}” is no kind of the list {name}. Its kinds are: {', '.join(KINDS_OF[name])}.")
        return value
    try:
        score = float(value)
    except ValueError:
        score = HIGHEST + 1
    if not -HIGHEST <= score <= HIGHEST:
        raise DataError(f"“{value}” is no score: write a number from -{HIGHEST:g} to {HIGHEST:g}.")
    return f"{score:g}"


def in_shipped_list(amendment: Amendment) -> bool:
    """Tell whether the project's own list has the word, in this very form."""
    if amendment.list == SENTIMENT:
        return amendment.word in load_lexicons(DATA)[amendment.language].words.entries
    lists = load_block_lists(DATA)
    languages = lists if amendment.language == ANY else [amendment.language]
    parts = [part for language in languages for part in _parts(lists[language], amendment.list)]
    return any(amendment.word in part.entries for part in parts)


def _parts(block_list, name: str) -> Iterable[WordList[str]]:
    pairs = [words for _, words in block_list.pairs]
    return [block_list.words, *pairs] if name == BLOCKED else [block_list.words, block_list.fillers, *pairs]
