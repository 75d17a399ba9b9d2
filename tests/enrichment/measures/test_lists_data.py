"""The word lists themselves: nothing twice, nothing of two minds, everything in its normalised form."""

import csv
from collections import Counter

import pytest

from enrichment.measures.blocking import GROUP, TOPIC, load_block_lists
from enrichment.measures.lexicons import load_emoji, load_lexicons
from enrichment.measures.tables import read_rows
from enrichment.measures.words import load_language_words, normalise
from tests.enrichment.measures.labelled import DATA

LANGUAGES = {"ar", "de", "en", "es", "fr", "hi", "hi-Latn", "id", "it", "ja", "pt", "ru", "tl", "tr"}
LARGE = {"en", "ar", "es"}


@pytest.fixture(scope="module")
def lexicons():
    return load_lexicons(DATA)


@pytest.fixture(scope="module")
def blocks():
    return load_block_lists(DATA)


def test_every_language_has_words_of_sentiment_and_words_that_are_blocked(lexicons, blocks):
    assert set(lexicons) == set(blocks) == LANGUAGES


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_the_lexicons_are_large_enough_and_know_praise_and_blame(lexicons, language):
    scores = list(lexicons[language].words.entries.values())
    assert len(scores) >= (400 if language in LARGE else 150)
    assert min(sum(score > 0 for score in scores), sum(score < 0 for score in scores)) >= 0.3 * len(scores)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_no_word_is_both_positive_and_negative_in_any_of_its_spellings(lexicons, language):
    words = lexicons[language].words.entries
    torn = [word for word in words if word + "*" in words and words[word] * words[word + "*"] < 0]
    assert torn == []


@pytest.mark.parametrize("path", sorted((DATA / "sentiment").glob("*.csv")), ids=lambda path: path.stem)
def test_no_word_of_a_lexicon_stands_twice_and_each_is_normalised(path):
    words = [row["word"] for _, row in read_rows(path, ("word", "score"))]
    assert [word for word, count in Counter(words).items() if count > 1] == []
    assert [word for word in words if normalise(word) != word] == []


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_language_can_deny_and_stress(lexicons, language):
    modifiers = lexicons[language].modifiers
    assert modifiers["before"] or modifiers["after"]
    assert all(modifiers[kind] for kind in ("more", "less", "but"))


def test_no_word_that_denies_or_stresses_has_a_strong_sentiment_of_its_own(lexicons):
    strong = {
        (language, word)
        for language, lexicon in lexicons.items()
        for kind in ("before", "after", "less", "but")
        for word in lexicon.modifiers[kind]
        if abs(lexicon.words.entries.get(word, 0)) >= 1
    }
    assert strong == set()


@pytest.mark.parametrize("name", ["quotes_blocked.csv", "quotes_spam.csv"])
def test_the_block_lists_say_in_their_head_what_they_are_for(name):
    head = (DATA / name).read_text(encoding="utf-8").splitlines()[:2]
    assert all(line.startswith("#") for line in head)
    assert "reject" in " ".join(head) or "advertise" in " ".join(head)


@pytest.mark.parametrize("name", ["quotes_blocked.csv", "quotes_spam.csv"])
def test_no_blocked_word_stands_twice_with_one_kind_and_each_is_normalised(name):
    rows = [tuple(row.values()) for _, row in read_rows(DATA / name, ("language", "kind", "word"))]
    assert [row for row, count in Counter(rows).items() if count > 1] == []
    assert [word for _, _, word in rows if normalise(word) != word] == []


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_language_blocks_every_kind(blocks, language):
    kinds = set(blocks[language].words.entries.values())
    assert kinds >= {"slur", "threat", "profanity", "insult", "promotion", "scam"}


@pytest.mark.parametrize("language", sorted(LANGUAGES - {"ja"}))
def test_every_language_of_spaced_words_knows_groups_and_what_attacks_them(blocks, language):
    pairs = dict(blocks[language].pairs)
    assert set(pairs[GROUP].entries.values()) == {"group", "attack"}
    assert set(pairs[TOPIC].entries.values()) == {"scam_topic", "scam_lure"}


def test_no_name_of_a_group_is_blocked_by_itself(blocks):
    wrong = {
        (language, word)
        for language, block in blocks.items()
        for word, kind in dict(block.pairs)[GROUP].entries.items()
        if kind == "group" and block.words.entries.get(word, "allowed") != "allowed"
    }
    assert wrong == set()


def test_no_frequent_word_of_a_language_is_blocked(blocks):
    words = load_language_words(DATA / "language_words.csv")
    wrong = {
        (language, word, kind)
        for word, languages in words.items()
        for language in languages
        if language in blocks and (kind := blocks[language].words.value(word)) not in (None, "allowed")
    }
    assert wrong == set()


def test_emoji_are_single_and_hearts_are_liked():
    emoji = load_emoji(DATA / "sentiment_emoji.csv")
    assert len(emoji) >= 150
    assert all(len(symbol) == 1 for symbol in emoji)
    assert emoji["😍"][0] > 0 > emoji["😡"][0]


def test_a_bad_row_is_told_with_file_and_line(tmp_path):
    (tmp_path / "sentiment").mkdir()
    (tmp_path / "sentiment_modifiers.csv").write_text("language,kind,word\n")
    for text, told in (
        ("word,score\nfine,1\nfine,2\n", "xx.csv, line 3: 'fine' stands there twice"),
        ("word,score\nFine,1\n", "xx.csv, line 2: 'Fine' is not in its normalised form, 'fine'"),
        ("word,score\nfine,much\n", "xx.csv, line 2: the score 'much' is not a number from -4 to 4"),
        ("word\nfine\n", "xx.csv: the column 'score' is missing"),
    ):
        (tmp_path / "sentiment" / "xx.csv").write_text(text)
        with pytest.raises(ValueError, match=told):
            load_lexicons(tmp_path)


def test_the_labelled_lists_use_known_labels_and_hold_no_text_twice():
    folder = DATA.parents[1] / "tests" / "enrichment" / "measures" / "data"
    for path in folder.glob("comments_*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert {row["sentiment"] for row in rows} <= {"positive", "negative", "neutral", "none"}
        assert len({row["text"] for row in rows}) == len(rows)
