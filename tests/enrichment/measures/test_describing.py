import re
from dataclasses import replace
from itertools import product

import pytest

from enrichment.measures.countries import with_article
from enrichment.measures.describing import Facts, describe, percent, shorten
from enrichment.measures.remarking import Contrast
from enrichment.measures.topics import Topic

TOPICS = (Topic("Politics", 0.3, 2.43), Topic("Football", 0.2, 1.5), Topic("Art", 0.1, 1.1), Topic("Chess", 0.1, 1.0))
FULL = Facts(
    name="Mona Hassan", gender="female", age=34, country="Egypt", share=0.123, topics=TOPICS,
    title="The vote explained", title_lift=3.1, groups=5, group_share=0.4,
)  # fmt: skip


def sentences(text):
    return re.split(r"(?<=[.])\s+(?=[A-Z“])", text)


def forms(facts):
    return [describe(replace(facts, place=place)) for place in range(16)]


FULL_WORDS = ("Mona Hassan", "34-year-old woman", "Egypt", "12%", "4 others", "40%", "vote explained")
OPTIONS = {
    "gender": ("female", "male", "user_specified", ""),
    "age": (34, None),
    "country": ("Egypt", ""),
    "share": (0.123, None),
    "topics": (TOPICS, TOPICS[2:3], ()),
    "title": ("The vote explained", ""),
}


@pytest.mark.parametrize("values", list(product(*OPTIONS.values())))
def test_any_facts_give_two_whole_sentences(values):
    facts = replace(FULL, **dict(zip(OPTIONS, values, strict=True)))
    for text in forms(facts)[:4]:
        assert len(sentences(text)) == 2, text
        assert all(sentence[0].isupper() or sentence[0] == "“" for sentence in sentences(text))
        assert not re.search(r"  | ,|,,|None|\ban? (a|an)\b| \.", text), text


def test_the_forms_of_sixteen_personas_of_a_set_differ():
    assert len(set(forms(FULL))) == 16


def test_the_key_decides_the_form():
    assert describe(replace(FULL, key="a")) == describe(replace(FULL, key="a"))
    assert len({describe(replace(FULL, key=str(key))) for key in range(30)}) > 6


def test_every_fact_is_said_in_every_form():
    for text in forms(FULL):
        for word in (*FULL_WORDS, "2.4 times", "Politics", "Football"):
            assert word in text


def test_only_numbers_that_were_given_are_said():
    for text in forms(FULL):
        assert set(re.findall(r"[\d.]*\d", text)) <= {"34", "12", "4", "40", "2.4"}


@pytest.mark.parametrize(
    ("groups", "group_share", "words"),
    [
        (5, 0.4, "12% of the audience, a part made up of this group (40%) and 4 others."),
        (2, 0.4, "12% of the audience, a part made up of this group (40%) and another."),
        (5, None, "12% of the audience across 5 demographic groups."),
        (1, 1.0, "12% of the audience."),
    ],
)
def test_the_groups_behind_the_persona_are_counted(groups, group_share, words):
    facts = Facts("A B", share=0.12, age=30, groups=groups, group_share=group_share)
    assert describe(facts).endswith(f"They stand for {words}")


def test_an_unremarkable_lift_is_not_boasted_of():
    facts = replace(FULL, topics=TOPICS[2:], title_lift=1.0)
    assert all("times" not in text and "ompared" not in text for text in forms(facts))


@pytest.mark.parametrize(
    ("gender", "right", "wrong"),
    [("female", "she|her", "he|his|they|their"), ("male", "he|his", "she|her|they"), ("", "they|their", "she|he|his")],
)
def test_the_pronoun_follows_the_gender(gender, right, wrong):
    for text in forms(replace(FULL, gender=gender)):
        assert re.search(rf"\b({right})\b", text, re.IGNORECASE)
        assert not re.search(rf"\b({wrong})\b", text, re.IGNORECASE)


def test_they_take_the_plural_verb():
    text = " ".join(forms(replace(FULL, gender="user_specified")))
    assert "they turn to" in text
    assert not re.search(r"\bthey (turns|is|gives|follows|stands)\b", text, re.IGNORECASE)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (Facts("A B", gender="female", age=18), "an 18-year-old woman"),
        (Facts("A B", gender="male", age=80), "an 80-year-old man"),
        (Facts("A B", gender="male", age=15), "a 15-year-old boy"),
        (Facts("A B", age=40), "a 40-year-old."),
        (Facts("A B", gender="female", age_group="65+"), "a woman aged 65 or over"),
        (Facts("A B", age_group="25-34"), "a person aged 25 to 34"),
        (Facts("A B", gender="female", age_group="13-17"), "a girl aged 13 to 17"),
        (Facts("A B", country="Philippines"), "a person in the Philippines"),
        (Facts("A B"), "stands for a part of the audience. Nothing more is known"),
    ],
)
def test_the_person_is_called_by_what_is_known(facts, words):
    assert words in describe(facts)


def test_a_description_without_a_name_is_refused():
    with pytest.raises(ValueError, match="name"):
        describe(Facts(" "))


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.123, "12%"),
        (0.0345, "3.5%"),
        (0.03, "3%"),
        (0.0999, "10%"),
        (0.0004, "less than 0.1%"),
        (1.0, "100%"),
        (0.9996, "over 99%"),
    ],
)
def test_shares_are_said_in_few_digits(share, words):
    assert percent(share) == words


def test_long_titles_are_shortened_at_a_word():
    assert shorten("one two three", 9) == "one two…"
    assert shorten("one two", 7) == "one two"
    assert shorten("x" * 90, 10) == "x" * 9 + "…"


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("United States", "the United States"),
        ("United States of America", "the United States of America"),
        ("Netherlands", "the Netherlands"),
        ("Bahamas (the)", "the Bahamas"),
        ("Congo (the Democratic Republic of the)", "the Democratic Republic of the Congo"),
        ("Korea (the Republic of)", "South Korea"),
        ("Korea (the Democratic People's Republic of)", "North Korea"),
        ("Palestine, State of", "Palestine"),
        ("Bolivia (Plurinational State of)", "Bolivia"),
        ("Northern Africa", "Northern Africa"),
        ("Caribbean", "the Caribbean"),
        ("Solomon Islands", "the Solomon Islands"),
        ("Mexico", "Mexico"),
    ],
)
def test_countries_take_the_article_where_english_asks_for_it(name, written):
    assert with_article(name) == written


APART = (Contrast("Opera", 0.2, 0.05), Contrast("India", 0.3, 0.1))


def test_a_third_sentence_says_what_sets_apart_and_was_not_said():
    text = describe(Facts("Mona Farid", topics=(Topic("Opera", 0.2, 3.0),), apart=APART, place=0))
    assert "India makes up 30% here and 10% in the rest of the audience." in text
    assert text.count("Opera") <= 2


def test_a_fourth_sentence_says_what_estimates_say():
    likely = (("job", "Nurse"), ("education", "College"))
    text = describe(Facts("Mona Farid", share=0.2, apart=APART, likely=likely, place=0))
    assert text.endswith("By estimates, the likeliest job is Nurse and the likeliest education is College.")


def test_further_sentences_differ_between_neighbours():
    likely = (("job", "Nurse"),)
    texts = {describe(Facts("A", apart=APART, likely=likely, place=place)).split(". ", 2)[-1] for place in range(8)}
    assert len(texts) >= 6


def test_a_difference_downwards_is_said_as_such():
    texts = [describe(Facts("A", apart=(Contrast("Sport", 0.02, 0.2),), place=place)) for place in range(8)]
    assert any("Sport falls behind at 2%, against 20%" in text for text in texts)


def test_topics_found_in_texts_are_named_only_where_there_are_no_others():
    found = Topic("slower last", 0.4, 3.0, coverage=0.9)
    both, alone = replace(FULL, topics=(found, *TOPICS)), replace(FULL, topics=(found,))
    assert all("slower last" not in text and "Politics" in text for text in forms(both))
    assert all("slower last" in text.lower() for text in forms(alone))
