"""Numbers in sentences."""

import pytest

from sources.connectors.wording import Complaint, counted, listed


@pytest.mark.parametrize(("number", "words"), [(0, "0 pages"), (1, "1 page"), (1.2, "1 page"), (2000, "2,000 pages")])
def test_a_number_takes_its_noun_in_the_right_form(number, words):
    assert counted(number, "page") == words


def test_of_many_names_the_first_are_told_and_how_many_more_there_are():
    assert listed("abc") == "a, b, c"
    assert listed("abcdefg") == "a, b, c, d, e and 2 more"
    assert listed("abc", 1200) == "a, b, c and 1,197 more"


def test_a_complaint_counts_what_it_is_about():
    complaint = Complaint.about("Comments are turned off on {video}: {names}.", "video", ["v1", "v2"])
    assert complaint == "Comments are turned off on 2 videos: v1, v2."


def test_a_complaint_leaves_other_brackets_as_they_are():
    assert Complaint('{page}: {"error": {}}', {"page": 1}) == '1 page: {"error": {}}'
