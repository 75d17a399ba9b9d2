"""The channel's videos: titles written by hand or filled from templates, with tags that tell their topic."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from apg_site.demo.tables import read_table

FIRST_DAY = datetime(2026, 6, 25)
DAYS = 127
USES_OF_A_TEMPLATE = 4
MOST_TAGS = 8
ALPHABET = np.array(list("abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"))
SLOT = re.compile(r"\{(\w+)\}")

Vocabulary = dict[str, list[tuple[str, list[str]]]]


@dataclass(frozen=True)
class Content:
    """One video of the channel; `published_at` is UTC."""

    content_id: str
    title: str
    description: str
    category: str
    tags: tuple[str, ...]
    published_at: datetime

    @property
    def url(self) -> str:
        """The page a viewer would open."""
        return f"https://example.org/watch/{self.content_id}"

    @property
    def thumbnail(self) -> str:
        """The still image of the video."""
        return f"https://example.org/stills/{self.content_id}.jpg"


def make_contents(rng: np.random.Generator) -> list[Content]:
    """Return every video of the channel, oldest first; titles and identifiers are distinct."""
    core = {row["topic"]: row["core_tags"].split("|") for row in read_table("topics")}
    closing = {row["topic"]: row["programmes"].split("|") for row in read_table("topics")}
    stories = [story for row in read_table("titles") for story in _stories(row, _vocabulary(), rng)]
    identifiers = _identifiers(len(stories), rng)
    contents = [
        Content(
            content_id=identifier,
            title=title,
            description=f"{description} {rng.choice(closing[topic])}",
            category=topic,
            tags=_tags(tags, core[topic], rng),
            published_at=_moment(rng),
        )
        for identifier, (topic, title, description, tags) in zip(identifiers, stories, strict=True)
    ]
    return sorted(contents, key=lambda content: (content.published_at, content.content_id))


def _vocabulary() -> Vocabulary:
    vocabulary: Vocabulary = {}
    for row in read_table("vocabulary"):
        vocabulary.setdefault(row["slot"], []).append((row["value"], _split(row["tags"])))
    return vocabulary


def _split(tags: str) -> list[str]:
    return [tag for tag in tags.split("|") if tag]


def _stories(
    row: dict[str, str], vocabulary: Vocabulary, rng: np.random.Generator
) -> list[tuple[str, str, str, list[str]]]:
    """Fill a template several times, each time with words not used in it before; a plain title stays one story."""
    slots = list(dict.fromkeys(SLOT.findall(row["title"])))
    orders = {slot: rng.permutation(len(vocabulary[slot])) for slot in slots}
    uses = min([USES_OF_A_TEMPLATE, *(len(order) for order in orders.values())]) if slots else 1
    stories = []
    for use in range(uses):
        chosen = {slot: vocabulary[slot][orders[slot][use]] for slot in slots}
        words = {slot: value for slot, (value, _) in chosen.items()}
        tags = _split(row["tags"]) + [tag for _, own in chosen.values() for tag in own]
        title = row["title"].format(**words)
        stories.append((row["topic"], title[0].upper() + title[1:], row["description"].format(**words), tags))
    return stories


def _tags(own: list[str], core: list[str], rng: np.random.Generator) -> tuple[str, ...]:
    """The topic's own tag first, one or two more that fit all its videos, then what this video is about."""
    general = [core[0], *rng.choice(core[1:], size=int(rng.integers(1, 3)), replace=False)]
    tags = list(dict.fromkeys([*general, *own]))[:MOST_TAGS]
    missing = [tag for tag in core if tag not in tags]
    return tuple(str(tag) for tag in tags + missing[: max(0, 4 - len(tags))])


def _identifiers(count: int, rng: np.random.Generator) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(rng.choice(ALPHABET, size=11))] = None
    return list(found)


def _moment(rng: np.random.Generator) -> datetime:
    day = FIRST_DAY + timedelta(days=int(rng.integers(DAYS)))
    return day + timedelta(hours=int(rng.integers(4, 22)), minutes=5 * int(rng.integers(12)))
