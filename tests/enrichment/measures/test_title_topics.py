"""Topics found in planted titles of five scripts."""

from collections import Counter

import pytest

from enrichment.measures.terms import terms
from enrichment.measures.title_topics import title_topics
from tests.enrichment.measures.headlines import SUBJECTS, headlines


def found_in(titles, **more):
    return title_topics(titles, [""] * len(titles), **more)


@pytest.mark.parametrize("seed", range(3))
def test_most_titles_of_a_subject_have_a_topic_that_is_mostly_theirs(seed):
    titles, subjects = headlines(seed)
    found = found_in(titles)
    subject_of = {
        label: Counter(s for s, one in zip(subjects, found.of_contents, strict=True) if one == label).most_common(1)[0][
            0
        ]
        for label in found.labels
    }
    right = [subject_of.get(one) == subject for one, subject in zip(found.of_contents, subjects, strict=True)]
    assert sum(right) / len(right) > 0.85
    assert {name.split()[0] for name in subject_of.values()} == {name.split()[0] for name in SUBJECTS}


def test_labels_are_one_to_three_words_that_titles_have():
    titles, _ = headlines(0)
    for label in found_in(titles).labels:
        words = label.replace(" · ", " ").split()
        assert 1 <= len(words) <= 3
        assert all(any(word.casefold() in title.casefold() for title in titles) for word in words)


def test_words_of_scripts_without_blanks_are_not_cut():
    labels = " ".join(found_in(headlines(0)[0]).labels)
    assert all(word in labels for word in ("ต้มยำ", "ทะเล", "智能", "股票"))


def test_the_same_titles_give_the_same_topics():
    assert found_in(headlines(1)[0]) == found_in(headlines(1)[0])


def test_a_later_month_keeps_the_labels_of_what_it_is_still_about():
    before = found_in(headlines(0)[0])
    alone, carried = found_in(headlines(7)[0]), found_in(headlines(7)[0], known=before.labels)
    assert len(set(carried.labels) & set(before.labels)) >= len(before.labels) / 2
    assert len(set(carried.labels) & set(before.labels)) >= len(set(alone.labels) & set(before.labels))
    assert len(set(carried.labels)) == len(set(alone.labels))


def test_small_words_are_left_out():
    assert terms("A garden of the house", {"the"}) == ["garden", "house", "garden house"]


def test_vowel_signs_and_tone_marks_stay_with_their_letters():
    assert terms("हिन्दी") == ["हिन्दी"]
    assert terms("น้ำ") == ["น้ำ"]
    assert terms("العربيّة") == ["العربية"]
    assert terms("东京tower") == ["东京", "tower"]
    assert terms("ភាសាខ្មែរ")[0] == "ភាសា"


def test_punctuation_parts_pairs():
    assert terms("Chess, openings") == ["chess", "openings"]


def test_few_titles_and_titles_without_common_terms_have_no_topics():
    assert found_in(["one title"] * 5).labels == ()
    assert found_in([f"word{n}x" for n in range(30)]).labels == ()


def test_titles_and_descriptions_must_be_as_many():
    with pytest.raises(ValueError, match="2 titles but 1"):
        title_topics(["a", "b"], [""])
