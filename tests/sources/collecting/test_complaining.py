"""Complaints of many parts, told once."""

from datetime import date

import pytest

from sources.collecting.complaining import as_stored, complaints_of, with_titles
from sources.connectors.wording import Complaint
from sources.models import ContentUnit, Cycle

OFF = "Comments are turned off on {video}: {names}."


@pytest.fixture
def cycle(source):
    return Cycle.objects.create(source=source, first_day=date(2026, 8, 1), last_day=date(2026, 8, 31))


def keep(cycle, *complaints):
    cycle.checkpoints.create(key=str(cycle.checkpoints.count()), complaints=as_stored(complaints))


def test_sentences_that_count_become_one_for_all_parts(cycle):
    keep(cycle, Complaint.about(OFF, "video", ["v1", "v2"]))
    keep(cycle, Complaint.about(OFF, "video", ["v3"]))
    told = {"words": "Comments are turned off on 3 videos: v1, v2, v3.", "count": 1, "named": ["v1", "v2", "v3"]}
    assert complaints_of(cycle) == ([told], 1)


def test_all_that_are_counted_are_told_though_few_are_named(cycle):
    for shard in range(3):
        keep(cycle, Complaint.about(OFF, "video", [f"v{shard}{number}" for number in range(20)]))
    ((told,), _) = complaints_of(cycle)
    assert told["words"] == "Comments are turned off on 60 videos: v00, v01, v02, v03, v04 and 55 more."


def test_each_number_of_a_sentence_is_added_up(cycle):
    for interactions in (10.0, 5.5):
        keep(cycle, Complaint("{content} with {interaction}.", {"content": 1, "interaction": interactions}))
    assert complaints_of(cycle)[0][0]["words"] == "2 contents with 16 interactions."


def test_the_same_plain_words_are_counted_and_come_first(cycle):
    keep(cycle, "Seldom.", "Often.")
    keep(cycle, "Often.")
    assert complaints_of(cycle) == ([{"words": "Often.", "count": 2}, {"words": "Seldom.", "count": 1}], 2)


def test_contents_that_are_named_are_shown_by_their_titles(source):
    ContentUnit.objects.create(source=source, external_id="v1", title="Bread")
    ContentUnit.objects.create(source=source, external_id="v2")
    told = {"words": "Comments are turned off on 2 videos: v1, v2.", "count": 1, "named": ["v1", "v2"]}
    (shown,) = with_titles(source, [told])
    assert [unit.title if unit else words for words, unit in shown["pieces"]] == [
        "Comments are turned off on 2 videos: ",
        "Bread",
        ", v2.",
    ]


def test_words_that_name_nothing_stay_as_they_are(source):
    ContentUnit.objects.create(source=source, external_id="is", title="Title")
    (shown,) = with_titles(source, [{"words": "Nothing is known.", "count": 2}])
    assert shown["pieces"] == [("Nothing is known.", None)]
