"""Words of an installation, laid over the project's lists."""

import numpy as np
import pytest

from enrichment.listing import DATA
from enrichment.measures.amending import Amendment, amended
from enrichment.measures.reading import load_reader

PLAIN = "The zorbling of the river was shown for an hour"


def read(text: str, *amendments: Amendment):
    found = load_reader(DATA, amendments).read([text])
    return found.languages[0], found.scores[0], found.reasons[0]


def test_an_added_word_has_sentiment():
    _, before, _ = read(PLAIN)
    _, after, _ = read(PLAIN, Amendment("sentiment", "en", "zorbling", "-3", "add"))
    assert np.isnan(before)
    assert after < -0.5


def test_a_word_gets_another_score():
    _, score, _ = read("That was wonderful to see", Amendment("sentiment", "en", "wonderful", "-4", "add"))
    assert score < -0.5


def test_a_word_that_is_taken_out_has_no_sentiment():
    _, score, _ = read("That was a wonderful river", Amendment("sentiment", "en", "wonderful", "", "remove"))
    assert np.isnan(score)


@pytest.mark.parametrize(("name", "kind", "reason"), [("blocked", "insult", "insult"), ("spam", "scam", "scam")])
def test_an_added_word_is_blocked(name, kind, reason):
    assert read(PLAIN)[2] is None
    assert read(PLAIN, Amendment(name, "en", "zorbling", kind, "add"))[2] == reason


def test_a_word_of_any_language_is_blocked_in_all():
    everywhere = Amendment("blocked", "any", "zorbling", "insult", "add")
    assert read("Me gusta mucho el zorbling de este río tan grande", everywhere)[::2] == ("es", "insult")


def test_a_word_that_is_taken_out_is_not_blocked():
    text = "You are an idiot about the river, my friend"
    assert read(text)[2] == "insult"
    assert read(text, Amendment("blocked", "en", "idiot*", "", "remove"))[2] is None


def test_the_version_tells_lists_apart_and_not_their_order():
    one, other = (Amendment("blocked", "en", word, "insult", "add") for word in ("zorbling", "gribbling"))
    plain, both, turned = load_reader(DATA), load_reader(DATA, (one, other)), load_reader(DATA, (other, one))
    assert plain.version != both.version == turned.version
    assert load_reader(DATA, (one,)).version not in (plain.version, both.version)


def test_the_project_s_lists_stay_as_they_are():
    read(PLAIN, Amendment("blocked", "en", "zorbling", "insult", "add"))
    assert read(PLAIN)[2] is None


def test_a_word_for_one_language_leaves_the_rows_of_others():
    rows = [("a", {"language": "en", "word": "x", "kind": "k"}), ("b", {"language": "es", "word": "x", "kind": "k"})]
    assert list(amended(rows, [Amendment("blocked", "en", "x", "", "remove")], column="kind")) == rows[1:]
