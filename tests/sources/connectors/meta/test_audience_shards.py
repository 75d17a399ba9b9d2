"""Estimates as parts of a collection of ads."""

from datetime import date

import pytest

from sources.connectors.harvests import Harvest, Known, Shard, Window
from sources.connectors.meta.audience_shards import SHARES_ARE_OF, AudienceShards
from sources.connectors.records import AttributeRow

WOMEN, ANY = ("female", "25-34", "QA"), ("", "18-24", "EG")
UNTOLD = "female, 25-34, QA, education: Meta cannot tell of 2 of 13 values, so no shares are told of it."
SHARE = AttributeRow(*WOMEN, "job", "Sales", 0.4, "Meta")


class Asking:
    def __init__(self, told: Harvest) -> None:
        self.told, self.asked = told, []

    def of(self, group):
        self.asked.append(group)
        return self.told


def shards(told: Harvest = Harvest()) -> tuple[Asking, list[Shard]]:  # noqa: B008 (it is frozen)
    asking, window = Asking(told), Window(date(2026, 11, 1), date(2026, 11, 2))
    return asking, list(AudienceShards(asking, [WOMEN, ANY]).shards(window, Known(list)))


def test_every_group_is_a_shard_with_a_key_of_its_own():
    _, found = shards()
    assert [(one.stage, one.key, one.place, one.total) for one in found] == [
        ("audience", "audience female 25-34 QA", 1, 2),
        ("audience", "audience any 18-24 EG", 2, 2),
    ]


def test_nothing_is_asked_before_a_shard_is_read():
    asking, found = shards()
    assert asking.asked == []
    found[1].read()
    assert asking.asked == [ANY]


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (Harvest(attributes=[SHARE], complaints=["female, 25-34, QA, job: 3 tell none."]), [SHARES_ARE_OF]),
        (Harvest(attributes=[SHARE], complaints=[UNTOLD]), [UNTOLD]),
        (Harvest(attributes=[SHARE], complaints=["female: 3 tell none.", UNTOLD]), [SHARES_ARE_OF, UNTOLD]),
        (Harvest(attributes=[SHARE]), []),
        (Harvest(complaints=["female: at most 1,000 people."]), ["female: at most 1,000 people."]),
    ],
)
def test_what_shares_leave_open_is_said_alike_of_all_groups(told, words):
    _, found = shards(told)
    assert list(found[0].read().complaints) == words
