"""The part of the loyal among a persona's interactions, from planted counts of a platform."""

import numpy as np
import pytest

from enrichment.measures.counted_loyalty import LoyalCount, LoyalCounts

GROUPS = [("female", "18-24", "DE"), ("male", "18-24", "DE"), ("female", "18-24", "IN"), ("male", "65+", "IN")]
SIZES = np.array([100.0, 300.0, 400.0, 200.0])
CONTENTS = [11, 12, 13, 14]
TOTALS = np.array([500.0, 300.0, 100.0, 100.0])
SEEN = np.array([0.1, 0.2, 0.3, 0.4])
BEHIND = np.array([0.7, 0.0, 0.3, 0.0])


def counted(rows, seen=SEEN, behind=BEHIND, further=(), sources=(1, 1, 1, 1)):
    """Rows are of source 1, further ones of source 2."""
    counts = [LoyalCount(source, *row) for source, mine in ((1, rows), (2, further)) for row in mine]
    return LoyalCounts(counts, CONTENTS, sources, TOTALS, GROUPS, SIZES).of(seen, behind)


def of_contents(rates, kind="subscribed", group=("", "", "")):
    return [(kind, content, group, rate * 1000, 1000) for content, rate in zip(CONTENTS, rates, strict=True)]


def test_rates_of_contents_are_weighted_by_what_was_seen():
    told = counted(of_contents([0.1, 0.2, 0.3, 0.4]))
    assert told.share == pytest.approx(0.01 + 0.04 + 0.09 + 0.16)
    assert told.usual == pytest.approx(0.05 + 0.06 + 0.03 + 0.04)
    assert (told.kind, told.by, told.coverage) == ("subscribed", ("contents",), pytest.approx(1))


def test_rates_of_groups_are_weighted_by_the_groups_behind():
    rows = [
        ("returning", None, group, rate * 100, 100) for group, rate in zip(GROUPS, [0.1, 0.2, 0.5, 0.9], strict=True)
    ]
    told = counted(rows)
    assert (told.share, told.usual, told.by) == (pytest.approx(0.22), pytest.approx(0.45), ("groups",))


def test_a_group_without_counts_has_those_of_the_nearest_wider_one():
    told = counted([("returning", None, ("", "", "DE"), 30, 100), ("returning", None, ("female", "", ""), 60, 100)])
    assert told.share == pytest.approx(0.7 * 0.3 + 0.3 * 0.6)


def test_of_contents_and_groups_the_mean_is_told():
    both = [
        *of_contents([0.2] * 4),
        ("subscribed", None, ("", "", ""), 90, 99),
        ("subscribed", None, GROUPS[0], 60, 100),
    ]
    told = counted(both)
    assert (told.share, told.by, told.coverage) == (pytest.approx(0.4), ("contents", "groups"), pytest.approx(0.7))


def test_counts_of_groups_by_content_tell_of_both():
    rows = [
        row
        for group, rate in zip(GROUPS, [0.1, 0.1, 0.5, 0.5], strict=True)
        for row in of_contents([rate] * 4, group=group)
    ]
    told = counted(rows)
    assert told.by == ("contents", "groups")
    assert told.share == pytest.approx((0.3 + 0.22) / 2)


def test_months_of_a_content_are_added_before_the_rate_is_taken():
    rows = [("follower", content, ("", "", ""), *counts) for content in CONTENTS for counts in [(1, 10), (29, 90)]]
    assert counted(rows).share == pytest.approx(0.3)


def test_everybody_of_a_source_alone_tells_nothing_of_a_persona():
    assert counted([("follower", None, ("", "", ""), 5, 10)]) is None


def test_counts_of_too_small_a_part_tell_nothing():
    rows = of_contents([0.5] * 4)
    assert counted(rows[:2]) is not None
    assert counted(rows[:1]) is None


def test_of_several_kinds_the_one_that_covers_most_is_told():
    rows = of_contents([0.5] * 4, kind="follower") + of_contents([0.1] * 4, kind="returning")[2:]
    assert counted(rows).kind == "follower"
    assert (
        counted(of_contents([0.5] * 4, kind="follower") + of_contents([0.1] * 4, kind="returning")).kind == "returning"
    )


def test_counts_of_nothing_are_left_out():
    assert counted([("subscribed", 11, ("", "", ""), 0, 0)]) is None


def of_groups(rates, total=100, kind="returning"):
    return [(kind, None, group, rate * total, total) for group, rate in zip(GROUPS, rates, strict=True)]


def test_a_small_source_does_not_speak_for_what_was_seen_elsewhere():
    seen = np.array([0.5, 0.3, 0.199, 0.001])
    told = counted(of_contents([0.4] * 4)[:3], seen, further=of_groups([1.0] * 4), sources=(1, 1, 1, 2))
    assert (told.kind, told.share, told.coverage) == ("subscribed", pytest.approx(0.4), pytest.approx(0.999))


def test_what_sources_count_of_groups_weighs_as_much_as_they_were_seen():
    told = counted(of_groups([0.2] * 4), further=of_groups([0.8] * 4), sources=(1, 1, 1, 2))
    assert (told.share, told.usual, told.coverage) == (pytest.approx(0.44), pytest.approx(0.26), pytest.approx(1))


def test_a_persona_that_saw_nothing_of_a_source_is_told_nothing_by_its_groups():
    seen = np.array([0.5, 0.3, 0.2, 0.0])
    assert counted([], seen, further=of_groups([0.5] * 4), sources=(1, 1, 1, 2)) is None


def test_a_group_with_few_interactions_has_the_rate_of_its_gender_and_age_in_all_countries():
    rows = [("returning", None, GROUPS[0], 1, 1), ("returning", None, GROUPS[2], 50, 199)]
    told = counted(rows, behind=np.array([1.0, 0, 0, 0]))
    assert told.share == pytest.approx(51 / 200)


def test_of_fewer_than_fifty_interactions_in_all_nothing_is_told():
    assert counted(of_groups([0.5] * 4, total=16)) is None
    assert counted(of_groups([0.5] * 4, total=17)).share == pytest.approx(0.5)


def test_wider_groups_that_are_counted_themselves_are_not_summed_once_more():
    wide = ("returning", None, ("female", "18-24", ""), 10, 100)
    told = counted([("returning", None, GROUPS[0], 49, 49), wide], behind=np.array([1.0, 0, 0, 0]))
    assert told.share == pytest.approx(0.1)
