"""What becomes of people from month to month, told by arithmetic that can be done by hand."""

import numpy as np
import pytest

from personas.pipeline.over_time import report, step, topics_changed

AUGUST = {1: ("a", "b", "c"), 2: ("a", "d", "e"), 3: ("f", "g", "h")}
SEPTEMBER = {1: ("B", "a", "x"), 2: ("a", "d", "e"), 4: ("f",)}


def test_who_stays_comes_and_goes():
    found = step(AUGUST, SEPTEMBER)
    assert (found.stayed, found.came, found.went) == ({1, 2}, {4}, {3})
    assert found.persistence == pytest.approx(2 / 3)


def test_topics_are_compared_whatever_their_order_and_case():
    assert step(AUGUST, SEPTEMBER).topic_change == {1: pytest.approx(1 / 3), 2: 0}
    assert step(AUGUST, SEPTEMBER).mean_topic_change == pytest.approx(1 / 6)


@pytest.mark.parametrize(
    ("before", "now", "changed"),
    [
        (("a", "b", "c", "d"), ("a", "b", "c", "e"), 0),
        (("a", "b", "c"), ("x", "y", "z"), 1),
        (("a",), ("a", "b"), 0.5),
        (("a", "b"), (), 1),
        ((), (), None),
    ],
)
def test_only_the_top_three_count_and_the_longer_list_decides(before, now, changed):
    assert topics_changed(before, now) == changed


def test_report_weighs_every_person_and_month_the_same():
    told, steps = report([AUGUST, SEPTEMBER, SEPTEMBER], [True, True])
    assert (told.unique, len(steps)) == (4, 2)
    assert told.persistence == pytest.approx(5 / 6)
    assert told.topic_change == pytest.approx((1 / 3) / 5)


def test_a_month_that_does_not_carry_on_counts_in_no_figure():
    told, steps = report([AUGUST, SEPTEMBER, AUGUST], [True, False])
    assert (told.unique, told.persistence, steps[1]) == (4, pytest.approx(2 / 3), None)
    assert told.topic_change == pytest.approx(1 / 6)


@pytest.mark.parametrize("months", [[], [AUGUST]])
def test_fewer_than_two_months_have_nothing_to_compare(months):
    told, steps = report(months, [])
    assert (told.unique, told.persistence, told.topic_change, steps) == (3 * len(months), None, None, [])


def test_parts_lie_between_none_and_all_on_any_months():
    random = np.random.default_rng(5)
    for _ in range(50):
        months = [
            {int(who): tuple(map(str, random.integers(0, 6, 3))) for who in random.integers(0, 9, 5)} for _ in range(4)
        ]
        told, steps = report(months, [True] * 3)
        assert told.unique == len({who for month in months for who in month})
        assert all(
            0 <= one.persistence <= 1 and one.stayed | one.came == now.keys()
            for one, now in zip(steps, months[1:], strict=True)
        )
        assert told.topic_change is None or 0 <= told.topic_change <= 1
