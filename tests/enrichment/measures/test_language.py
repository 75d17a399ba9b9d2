from collections import defaultdict

import pytest

from enrichment.measures.language import UNKNOWN, load_languages, main_script
from tests.enrichment.measures.labelled import DATA, accuracy, readings, rows

LABELLED = "comments_labelled.csv"


@pytest.fixture(scope="module")
def reader():
    return load_languages(DATA)


def detect(reader, *texts):
    return reader.detect(texts)


@pytest.mark.parametrize("name", [LABELLED, "comments_held_out.csv"])
def test_nearly_all_labelled_comments_get_their_language(name):
    found = [row["language"] == code for row, code in zip(rows(name), readings(name).languages, strict=True)]
    assert accuracy(found) >= 0.95


def test_no_language_of_the_labelled_comments_is_neglected():
    right = defaultdict(list)
    for row, code in zip(rows(LABELLED), readings(LABELLED).languages, strict=True):
        right[row["language"]].append(row["language"] == code)
    assert {language: accuracy(each) for language, each in right.items() if accuracy(each) < 0.8} == {}


@pytest.mark.parametrize(
    "text", ["", "   ", "😍🔥🔥", "3:45", "2-1", "!!!", "Ronaldo", "asdfgh", "ok", "@someone", "🇪🇬"]
)
def test_what_is_too_short_or_no_language_is_not_guessed(reader, text):
    assert detect(reader, text) == [UNKNOWN]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Χαίρετε", "el"),
        ("안녕하세요", "ko"),
        ("すごい", "ja"),
        ("שלום לכולם", "he"),
        ("ยอดเยี่ยม", "th"),
        ("நன்றி", "ta"),
        ("Дякую, дуже цікаво", "uk"),
        ("بہت خوب", "ur"),
        ("خیلی عالی بود", "fa"),
        ("روعة", "ar"),
        ("मला हे खूप आवडले", "mr"),
    ],
)
def test_the_script_and_its_letters_decide_even_for_a_word_or_two(reader, text, language):
    assert detect(reader, text) == [language]


def test_a_single_word_decides_when_only_one_language_has_it(reader):
    assert detect(reader, "Gracias", "Hermoso!", "Beautiful", "Mantap") == ["es", "es", "en", "id"]


def test_arabic_and_hindi_in_latin_letters_are_told_from_the_languages_of_latin_letters(reader):
    texts = ("3anjad kteer 7elo", "kya mast gaana hai yaar", "2nd goal at 3pm was great")
    assert detect(reader, *texts) == ["ar-Latn", "hi-Latn", "en"]


def test_gulf_arabic_with_persian_letters_stays_arabic(reader):
    assert detect(reader, "وش هالگروب الحلو اللي عندكم") == ["ar"]


def test_links_and_names_of_accounts_tell_nothing(reader):
    assert detect(reader, "@the_best_channel https://example.com/this/is/the/page 😂") == [UNKNOWN]


def test_the_script_is_the_one_of_most_letters():
    assert main_script("مباراة Liverpool اليوم كانت ممتعة جدا")[0] == "Arabic"


def test_half_an_emoji_does_no_harm(reader):
    assert detect(reader, "Сегодня \ud83d просто мой текст", "this is \ud83d a broken text") == ["ru", "en"]


def test_shouting_and_line_breaks_do_not_change_the_language(reader):
    assert detect(reader, "ESTE VIDEO\nES LO MEJOR DEL AÑO") == ["es"]
