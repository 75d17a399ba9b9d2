import math
from collections import defaultdict

import numpy as np
import pytest

from enrichment.measures.sentiment import labels, load_sentiment
from tests.enrichment.measures.labelled import DATA, accuracy, rows, sentiments

LABELLED = "comments_labelled.csv"
HELD_OUT = "comments_held_out.csv"


@pytest.fixture(scope="module")
def reader():
    return load_sentiment(DATA)


def label(reader, text, language="en"):
    return labels(reader.score([text], [language]))[0]


def score(reader, text, language="en"):
    return float(reader.score([text], [language])[0])


def scored(name):
    """Return (language, label, found) of the comments of a labelled list that are scored."""
    pairs = zip(rows(name), sentiments(name), strict=True)
    return [(row["language"], row["sentiment"], found) for row, found in pairs if found != "none"]


@pytest.mark.parametrize(("name", "floor"), [(LABELLED, 0.95), (HELD_OUT, 0.8)])
def test_most_scored_comments_of_a_labelled_list_get_their_sentiment(name, floor):
    assert accuracy([label == found for _, label, found in scored(name)]) >= floor


@pytest.mark.parametrize(("name", "floor"), [(LABELLED, 0.8), (HELD_OUT, 0.5)])
def test_enough_comments_of_a_labelled_list_are_scored(name, floor):
    assert len(scored(name)) >= floor * len(rows(name))


@pytest.mark.parametrize(("name", "most"), [(LABELLED, 1), (HELD_OUT, 2)])
def test_praise_is_hardly_ever_taken_for_blame_or_blame_for_praise(name, most):
    wrong = [pair for pair in scored(name) if set(pair[1:]) == {"positive", "negative"}]
    assert len(wrong) <= most


def test_no_language_of_the_labelled_comments_is_neglected():
    each = defaultdict(list)
    for language, label, found in scored(LABELLED):
        each[language].append(label == found)
    assert {language: accuracy(found) for language, found in each.items() if accuracy(found) < 0.75} == {}


def test_what_cannot_be_understood_is_not_scored():
    wrong = [
        row["text"]
        for row, found in zip(rows(LABELLED), sentiments(LABELLED), strict=True)
        if row["sentiment"] == "none" and found != "none"
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The bridge was built by my uncle", "en"),
        ("mi primo trabaja ahí desde marzo", "es"),
        ("هذا الجسر موجود في المدينة", "ar"),
    ],
)
def test_a_statement_without_a_known_word_is_not_called_neutral(reader, text, language):
    assert label(reader, text, language) == ""


@pytest.mark.parametrize(
    ("text", "language"),
    [("What time is the match", "en"), ("la entrevista dónde está?", "es"), ("متى المباراة القادمة", "ar")],
)
def test_what_only_asks_is_neutral(reader, text, language):
    assert label(reader, text, language) == "neutral"


@pytest.mark.parametrize("text", ["😍🔥🔥", "❤️❤️", "👏🏽👏🏽👏🏽", "🐐"])
def test_emoji_alone_are_scored_whatever_the_language(reader, text):
    assert label(reader, text, "unknown") == "positive"


@pytest.mark.parametrize("text", ["😭", "⚽", "🇪🇬", "👀", "", "qwerty"])
def test_emoji_without_a_meaning_of_their_own_and_nothing_at_all_are_not_scored(reader, text):
    assert label(reader, text, "unknown") == ""


def test_a_language_without_a_list_is_scored_by_its_emoji_only(reader):
    assert label(reader, "Bardzo dobry film", "pl") == ""
    assert label(reader, "Bardzo dobry film ❤️", "pl") == "positive"


def test_a_mocking_emoji_turns_praise(reader):
    assert label(reader, "Great, another price hike 🙄") == "negative"


def test_repeating_an_emoji_does_not_strengthen_it_without_end(reader):
    assert score(reader, "😡" * 3, "unknown") == score(reader, "😡" * 50, "unknown")


@pytest.mark.parametrize(
    ("language", "plain", "denied"),
    [
        ("en", "this is good", "this is not good"),
        ("es", "es bonito", "no es bonito"),
        ("ar", "الفيلم جميل", "الفيلم مو جميل"),
        ("fr", "c'est beau", "ce n'est pas beau"),
        ("de", "das ist toll", "das ist nicht toll"),
        ("pt", "é bonito", "não é bonito"),
        ("it", "è bello", "non è bello"),
        ("hi", "यह अच्छा है", "यह अच्छा नहीं है"),
        ("id", "ini keren", "ini tidak keren"),
        ("tr", "bu komik", "bu komik değil"),
        ("ru", "это красиво", "это не красиво"),
        ("tl", "maganda ito", "hindi maganda ito"),
        ("ja", "これは美しい", "これは面白くない"),
    ],
)
def test_a_denial_turns_praise_in_every_language(reader, language, plain, denied):
    assert (label(reader, plain, language), label(reader, denied, language)) == ("positive", "negative")


def test_a_denial_ends_with_its_clause(reader):
    assert label(reader, "No, this is beautiful") == "positive"


def test_intensifiers_strengthen_and_diminishers_weaken(reader):
    plain, more, less = (score(reader, f"{word}boring") for word in ("", "so ", "slightly "))
    assert more < plain < less < 0


def test_what_follows_a_but_counts_more(reader):
    assert label(reader, "beautiful pictures but terrible sound") == "negative"
    assert label(reader, "terrible sound but beautiful pictures") == "positive"


def test_a_question_with_mild_praise_is_no_praise(reader):
    assert label(reader, "is there a better camera for this?") == "neutral"


@pytest.mark.parametrize("text", ["رائــــع", "رائعٌ جدًّا", "رااااائع", "والرائع", "رائعه", "رائعة"])
def test_arabic_is_read_without_vowels_tatweel_and_variants_of_letters(reader, text):
    assert label(reader, text, "ar") == "positive"


def test_accents_and_drawn_out_letters_make_no_difference(reader):
    texts = ["qué pésimo", "que pesimo", "que pesimooooo", "QUE PESIMO"]
    assert {score(reader, text, "es") for text in texts} == {score(reader, "que pesimo", "es")}


def test_a_near_language_is_read_with_the_list_it_shares(reader):
    assert label(reader, "video ini sangat bagus", "ms") == "positive"


def test_hindi_in_latin_letters_is_scored_only_where_a_word_is_known(reader):
    assert label(reader, "bahut zabardast", "hi-Latn") == "positive"
    assert label(reader, "agla part kal aayega", "hi-Latn") == ""


def test_arabic_in_latin_letters_is_not_scored(reader):
    assert label(reader, "3anjad kteer 7elo", "ar-Latn") == ""


def test_scores_lie_between_minus_one_and_one_and_have_the_shape_of_the_texts(reader):
    found = reader.score(["best " * 400, "worst " * 400, "x"], ["en", "en", "unknown"])
    assert found.shape == (3,)
    assert -1 <= found[1] < -0.9 < 0.9 < found[0] <= 1
    assert math.isnan(found[2])


def test_labels_leave_blank_what_is_not_scored():
    assert labels(np.array([0.5, -0.5, 0.0, np.nan])) == ["positive", "negative", "neutral", ""]


def test_each_text_needs_a_language(reader):
    with pytest.raises(ValueError, match="2 texts but 1 languages"):
        reader.score(["a", "b"], ["en"])
