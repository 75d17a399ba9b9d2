"""Topics by rule: another label, one of several, none at all; in both numbers and whatever the spelling."""

import numpy as np
import pytest

from enrichment.measures.topic_rules import TopicRules
from enrichment.measures.topics import TopicIndex


def topics(rules: dict[str, str], tags, weights=None) -> dict[str, tuple[float, float]]:
    index = TopicIndex([""] * len(tags), tags, TopicRules(rules))
    found = index.topics(np.array(weights or [1.0] * len(tags)), np.ones(len(tags)))
    return {topic.label: (round(topic.share, 3), round(topic.lift, 3)) for topic in found}


TAGS = [["Goals"], ["Goals"], ["Soccer"], ["Soccer"], ["News"], ["News"], ["News"], ["News"]]


def test_without_a_rule_nothing_changes():
    assert topics({}, TAGS) == {"News": (0.5, 1.0), "Goals": (0.25, 1.0), "Soccer": (0.25, 1.0)}


def test_a_hidden_topic_is_gone():
    assert "Soccer" not in topics({"soccer": ""}, TAGS)


def test_a_renamed_topic_keeps_its_numbers():
    assert topics({"soccer": "Football"}, TAGS)["Football"] == (0.25, 1.0)


def test_merged_topics_are_counted_together_and_a_content_with_both_once():
    tags = [["Goals"], ["Goals", "Soccer"], ["Soccer"], ["News"], ["News"]]
    assert topics({"goals": "Soccer"}, tags)["Soccer"] == (0.6, 1.0)


def test_a_rule_holds_for_the_other_number_and_for_any_spelling():
    for spelled in ("goal", "#GOALS", "Goals"):
        assert "Soccer" in topics({"goals": "Soccer"}, [[spelled], [spelled], ["News"], ["News"]])


def test_rule_follows_upon_rule():
    assert TopicRules({"goals": "Soccer", "soccer": ""}).label("Goals") == ""


@pytest.mark.parametrize("rules", [{"a": "B", "b": "A"}, {"goal": "Goals"}, {"goal": "goal"}])
def test_rules_in_a_circle_end(rules):
    assert TopicRules(rules).label(next(iter(rules))) != ""


def test_another_spelling_of_the_same_label_is_written_as_wished():
    assert "NEWS" in topics({"news": "NEWS"}, TAGS)
