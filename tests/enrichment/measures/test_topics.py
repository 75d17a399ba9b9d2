import math
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrichment.measures.topics import TopicIndex


def topics(rows):
    """Topics of contents given as weight of the persona, weight of the audience, category and tags."""
    persona, audience, categories, tags = zip(*rows, strict=True)
    return TopicIndex(categories, tags).topics(np.array(persona, dtype=float), np.array(audience, dtype=float))


def labels(rows):
    return [topic.label for topic in topics(rows)]


def test_share_and_lift_are_computed_from_the_weights():
    rows = [(3, 4, "Sport", []), (3, 4, "Sport", []), (2, 4, "News", []), (2, 4, "News", [])]
    sport = topics(rows)[0]
    assert (sport.label, sport.share, sport.lift) == ("Sport", pytest.approx(0.6), pytest.approx(1.2))


def test_what_the_persona_prefers_comes_before_what_everyone_watches():
    rows = [(60, 700, "News", []), (5, 60, "News", [])] + [(10, 20, "Chess", [])] * 3
    assert labels(rows)[0] == "Chess"


def test_spellings_are_merged_without_case_and_the_most_frequent_is_shown():
    spellings = ["climate change", "Climate-Change", "Climate change", "Climate change", "#CLIMATE_CHANGE"]
    rows = [(1, 1, "", [spelling]) for spelling in spellings] + [(1, 9, "Art", [])] * 2
    assert labels(rows) == ["Climate change"]


def test_a_tag_that_repeats_the_category_is_merged_into_it():
    rows = [(5, 5, "Politics", ["politics", "elections"])] * 4 + [(1, 9, "Art", [])] * 3
    assert labels(rows) == ["Politics"]


def test_a_plural_is_merged_with_its_singular():
    rows = [(5, 5, "", ["elections"])] * 3 + [(5, 5, "", ["election"])] + [(1, 9, "Art", [])] * 3
    assert labels(rows) == ["elections"]


def test_near_empty_labels_and_single_contents_are_dropped():
    rows = [
        (500, 500, "News", []),
        (500, 900, "News", []),
        (90, 90, "Lone", []),
        (1, 1, "Rare", []),
        (1, 1, "Rare", []),
    ]
    assert labels(rows) == ["News"]


def test_labels_without_a_letter_and_blanks_are_no_topics():
    rows = [(5, 5, "", ["", "2024", " # "])] * 3 + [(1, 1, "News", [])] * 2
    assert labels(rows) == ["News"]


def test_at_most_eight_topics_are_given():
    rows = [(10 + i, 5, f"Topic {chr(65 + i)}", []) for i in range(12) for _ in range(2)]
    rows += [(1, 999, "Other", [])] * 2
    assert len(labels(rows)) == 8


def test_what_a_persona_surely_likes_is_not_filled_up_with_what_it_does_not():
    rows = [(9, 3, "Chess", [])] * 9 + [(1, 5, "News", []), (1, 5, "Sport", [])] * 4
    assert labels(rows) == ["Chess"]


def test_a_persona_like_the_whole_audience_still_has_its_largest_topics():
    rows = [(i, i, f"Topic {chr(65 + i)}", []) for i in range(1, 6) for _ in range(2)]
    assert labels(rows) == ["Topic F", "Topic E", "Topic D"]


def test_other_scripts_stay_whole():
    rows = [(5, 5, "राजनीति", ["新闻"]), (5, 5, "كرة القدم", ["ข่าว"])] * 2
    assert set(labels(rows)) == {"राजनीति", "كرة القدم"}
    assert set(TopicIndex(*list(zip(*rows, strict=True))[2:]).labels) == {"राजनीति", "كرة القدم", "新闻", "ข่าว"}


def test_a_persona_without_weight_has_no_topics():
    assert labels([(0, 5, "News", []), (0, 5, "News", [])]) == []
    assert TopicIndex([], []).topics(np.zeros(0), np.zeros(0)) == ()


def test_weights_of_another_length_are_refused():
    with pytest.raises(ValueError, match="2 contents"):
        TopicIndex(["a", "b"], [[], []]).topics(np.ones(3), np.ones(3))


def test_the_index_agrees_with_a_naive_count():
    random = np.random.default_rng(0)
    categories = [f"cat {chr(97 + i)}" for i in random.integers(0, 9, 80)]
    tags = [[f"tag {chr(97 + i)}" for i in random.integers(0, 20, 3)] for _ in categories]
    persona, audience = random.gamma(0.3, size=80), random.gamma(3, size=80)
    for topic in TopicIndex(categories, tags).topics(persona, audience):
        has = np.array(
            [topic.label == category or topic.label in own for category, own in zip(categories, tags, strict=True)]
        )
        share, usual = persona[has].sum() / persona.sum(), audience[has].sum() / audience.sum()
        assert math.isclose(topic.share, share)
        assert math.isclose(topic.lift, share / usual)


def test_twelve_thousand_contents_are_quick():
    random = np.random.default_rng(0)
    tags = [[f"t{chr(97 + i % 26)}{i}" for i in row] for row in random.zipf(1.4, (12_000, 8)) % 5_000]
    index = TopicIndex([f"cat {chr(97 + i)}" for i in random.integers(0, 15, 12_000)], tags)
    audience = random.gamma(0.5, size=12_000)
    start = time.process_time()
    for _ in range(20):
        index.topics(random.gamma(0.1, size=12_000), audience)
    assert (time.process_time() - start) / 20 < 0.1


KEYS = dict.fromkeys(["News", "news", "NEWS ", "NEWS", "#news"], "news") | dict.fromkeys(["", "12"], "")
KEYS |= {"Gaming-Fun": "gaming fun", "gaming fun": "gaming fun", "Café": "café"}
LABELS = st.sampled_from(sorted(KEYS))


@given(st.lists(st.tuples(st.integers(0, 9), LABELS, st.lists(LABELS, max_size=4)), min_size=1, max_size=12))
def test_share_of_a_label_is_that_of_the_contents_that_carry_it_however_often(rows):
    weights, categories, tags = (list(column) for column in zip(*rows, strict=True))
    for topic in TopicIndex(categories, tags).topics(np.array(weights, float), np.ones(len(rows))):
        carried = [
            weight for weight, *labels, more in rows if KEYS[topic.label] in {KEYS[label] for label in (*labels, *more)}
        ]
        assert topic.share == pytest.approx(sum(carried) / sum(weights))
