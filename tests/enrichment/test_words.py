"""The words of an installation: checked, previewed, taken from a CSV and given as one."""

import pytest

from enrichment.listing import current_reader, read_amendment
from enrichment.measures.amending import Amendment
from enrichment.models import ListedWord
from enrichment.previewing import preview
from enrichment.wording import WordsError, read_words, refuse_needless, take_words, write_words
from sources.errors import DataError
from tests.builders import make_contents
from tests.comments import BLAME, PRAISE, make_comments

ZORBLING = Amendment("blocked", "en", "zorbling", "insult", "add")


def wish(**fields) -> dict[str, str]:
    return {"list": "sentiment", "language": "en", "word": "zorbling", "value": "2", "action": "add", **fields}


def test_a_word_is_kept_in_the_form_that_the_reader_looks_it_up_by():
    assert read_amendment(**wish(word="  Über  Zorbling* ", value="+2.0")) == Amendment(
        "sentiment", "en", "uber zorbling*", "2", "add"
    )


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"list": "poems"}, "no list “poems”"),
        ({"language": "nl"}, "has no language “nl”"),
        ({"language": "any"}, "has no language “any”"),
        ({"word": "..."}, "cannot stand in a list"),
        ({"word": ""}, "cannot stand in a list"),
        ({"word": "x" * 101}, "too long"),
        ({"value": "5"}, "from -4 to 4"),
        ({"value": "nan"}, "from -4 to 4"),
        ({"value": ""}, "from -4 to 4"),
        ({"list": "blocked", "value": "rude"}, "is no kind of the list blocked"),
        ({"action": "praise"}, "no action “praise”"),
    ],
)
def test_what_cannot_stand_in_a_list_is_told(fields, words):
    with pytest.raises(DataError, match=words):
        read_amendment(**wish(**fields))


def test_only_a_word_that_is_there_is_taken_out():
    assert refuse_needless(Amendment("sentiment", "en", "wonderful", "", "remove"))
    with pytest.raises(DataError, match="has no “zorbling” in en to take out"):
        refuse_needless(Amendment("sentiment", "en", "zorbling", "", "remove"))


def test_stored_words_make_another_version(db, owner):
    before = current_reader().version
    take_words(amendments=[ZORBLING], by=owner)
    assert current_reader().version != before
    assert ListedWord.objects.get().changed_by == owner


def test_the_preview_tells_which_comments_change_and_stores_nothing(organization):
    make_comments(
        make_contents(organization, 2), [PRAISE.format(1), BLAME.format(2), "A zorbling in the wild green hills"]
    )
    found = preview([ZORBLING])
    assert (found.stored, found.scanned, found.holding, found.hidden, found.changed) == (3, 3, 1, 1, 1)
    assert found.examples[0].before.endswith("may be quoted")
    assert found.examples[0].after.endswith("not quoted: it insults")
    assert not ListedWord.objects.exists()


def test_the_preview_of_another_score_counts_other_sentiment(organization):
    make_comments(make_contents(organization, 2), [PRAISE.format(1), BLAME.format(2)])
    found = preview([Amendment("sentiment", "en", "wonderful", "-4", "add")])
    assert (found.sentiment, found.hidden, found.changed) == (1, 0, 1)


def test_the_preview_of_a_word_that_nobody_wrote_changes_nothing(organization):
    make_comments(make_contents(organization, 2), [PRAISE.format(1)])
    assert preview([ZORBLING]).changed == 0


def test_the_preview_of_a_word_taken_back_tells_what_comes_back(organization, owner):
    make_comments(make_contents(organization, 2), ["A zorbling in the wild green hills"])
    take_words(amendments=[ZORBLING], by=owner)
    assert preview([], without=[ZORBLING]).allowed == 1


def test_what_is_written_as_csv_is_read_again(db, owner):
    words = [ZORBLING, Amendment("sentiment", "es", "zorblar*", "-2.5", "add")]
    take_words(amendments=words, by=owner)
    assert read_words(write_words(ListedWord.objects.all())) == words


def test_a_word_that_is_taken_in_again_gets_what_the_file_says(db, owner):
    take_words(amendments=[ZORBLING], by=owner)
    take_words(amendments=read_words("list,language,word,value\nblocked,en,Zorbling,threat\n"), by=owner)
    assert ListedWord.objects.get().value == "threat"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "The column list is missing"),
        ("list,language,word\n", "The column value is missing"),
        ("list,language,word,value\n", "no word below"),
        ("list,language,word,value\nblocked,en,x,rude\n", "Line 2: “rude” is no kind"),
        ("list,language,word,value\nblocked,en,xy,threat\nblocked,en,XY,insult\n", "Line 3: “xy” stands there twice"),
        ("list,language,word,value,action\nblocked,en,zorbling,,remove\n", "Line 2: The project's list has no"),
    ],
)
def test_a_file_that_cannot_be_taken_says_where_and_why(text, words):
    with pytest.raises(WordsError, match=words):
        read_words(text)
