"""A platform in memory: a planted world, told in shards as a connector tells it, with scripted faults."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

import numpy as np

from sources.connectors.harvests import (
    AudienceSizeRow,
    ContentCounts,
    Harvest,
    Known,
    LoyaltyRow,
    Shard,
    Window,
)
from sources.connectors.records import AttributeRow, CommentRow, ContentRow

GROUPS = [(gender, age, place) for gender in ("female", "male") for age in ("18-24", "25-34") for place in ("QA", "DE")]
AT_ONCE = 5  # contents in a shard


def content_id(number: int) -> str:
    return f"v{number:02}"


@dataclass
class World:
    """What the platform would tell: counts by (content, period), and the comments of each content."""

    size: int = 12
    counts: dict[tuple[str, str], ContentCounts] = field(default_factory=dict)
    comments: dict[str, list[CommentRow]] = field(default_factory=dict)

    @property
    def ids(self) -> list[str]:
        return [content_id(number) for number in range(self.size)]

    def of(self, name: str, period: str) -> ContentCounts:
        """The column of a content in a period, drawn from a seed of its own where nothing is planted."""
        return self.counts.get((name, period)) or _drawn(name, period)

    def comments_of(self, name: str) -> list[CommentRow]:
        return self.comments.get(name) or [
            CommentRow(
                name, f"Comment {number} on {name}", f"{name}-{number}", datetime(2026, 9, number + 1, tzinfo=UTC)
            )
            for number in range(3)
        ]


def _drawn(name: str, period: str) -> ContentCounts:
    random = np.random.default_rng([*name.encode(), *period.encode()])
    counts = random.poisson(20, len(GROUPS)).astype(float)
    return ContentCounts(name, period, GROUPS, counts, unknown=float(random.integers(9)), suppressed=2.0)


@dataclass
class PlantedConnector:
    """Tells a world; `faults` are raised once each by the shard whose key they stand at, `asked` logs the reads.

    `waits` are slept once each, in seconds, by the shard whose key they stand at.
    """

    world: World = field(default_factory=World)
    faults: dict[str, Exception] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)
    waits: dict[str, float] = field(default_factory=dict)
    sleep: Callable[[float], None] = time.sleep

    def shards(self, window: Window, known: Known) -> Iterator[Shard]:
        self.windows.append(window)
        yield from self._stage("contents", [("list", self.world.ids)], lambda ids: Harvest(contents=_described(ids)))
        parts = list(_chunks(known.content_ids()))
        months = [month.period for month in window.months()]
        named = [(f"{period}/{place}", (ids, period)) for period in months for place, ids in enumerate(parts)]
        yield from self._stage("interactions", named, self._interactions)
        commented = known.commented()
        named = [(str(place), ids) for place, ids in enumerate(parts)]
        yield from self._stage("comments", named, lambda ids: Harvest(comments=self._comments(ids, commented)))
        yield from self._stage("audience", [("all", window.period)], _audience)

    def _stage(self, stage, parts, read) -> Iterator[Shard]:
        for place, (name, given) in enumerate(parts, start=1):
            key = f"{stage}/{name}"
            yield Shard(stage, key, place, len(parts), lambda key=key, given=given: self._read(key, read, given))

    def _read(self, key: str, read, given) -> Harvest:
        self.asked.append(key)
        if key in self.waits:
            self.sleep(self.waits.pop(key))
        if key in self.faults:
            raise self.faults.pop(key)
        return read(given)

    def _interactions(self, part: tuple[list[str], str]) -> Harvest:
        ids, period = part
        loyalty = [LoyaltyRow("subscribed", period, name, ("", "", ""), 3.0, 9.0) for name in ids]
        complaints = ["Small groups are kept back."]
        return Harvest(counts=[self.world.of(name, period) for name in ids], loyalty=loyalty, complaints=complaints)

    def _comments(self, ids: list[str], commented: dict[str, date]) -> list[CommentRow]:
        rows = [row for name in ids for row in self.world.comments_of(name)]
        return [row for row in rows if row.published_at.date() >= commented.get(row.content_id, date.min)]


def nothing(name: str, period: str) -> ContentCounts:
    return ContentCounts(name, period, [], np.array([]))


def half_estimated(world: World, period: str) -> None:
    """Have the first half of the contents estimated in a period."""
    for name in world.ids[: world.size // 2]:
        world.counts[name, period] = replace(world.of(name, period), estimated=True, seed="the channel")


def _described(ids: list[str]) -> list[ContentRow]:
    return [ContentRow(name, f"Title of {name}", category="Science", tags=("one", "two")) for name in ids]


def _audience(month: str) -> Harvest:
    return Harvest(
        attributes=[AttributeRow("female", "25-34", "QA", "job", "Teacher", 0.2, "planted")],
        sizes=[AudienceSizeRow(("female", "25-34", "QA"), 1000, 2000, month, "planted")],
    )


def _chunks(ids: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]
