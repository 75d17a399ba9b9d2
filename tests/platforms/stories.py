"""What the demo's platforms show: titles, topics and comments of the sample channel, each story on one platform only.

The planted worlds have words of their own, few and plain, which suffice for tests; these are for people to look at.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from apg_site.demo import audience
from apg_site.demo.comments import Phrasebook
from apg_site.demo.contents import Content, make_contents
from apg_site.demo.tables import read_table
from sources.connectors.vocabulary import AGE_GROUPS

OWN = 0.2  # how much (log-normal) a country's taste for a topic differs from its region's
# How YouTube files a topic.
CATEGORIES = {
    "World": ("25", "News & Politics"),
    "Business": ("25", "News & Politics"),
    "Technology": ("28", "Science & Technology"),
    "Science": ("27", "Education"),
    "Health": ("26", "Howto & Style"),
    "Climate": ("29", "Nonprofits & Activism"),
    "Sport": ("17", "Sports"),
    "Culture": ("24", "Entertainment"),
    "Travel": ("19", "Travel & Events"),
    "Opinion": ("22", "People & Blogs"),
}
TOPICS = tuple(CATEGORIES)
Taste = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@dataclass(frozen=True)
class Story:
    """A content's words; `topic` is its place among TOPICS."""

    title: str
    description: str
    tags: tuple[str, ...]
    topic: int
    comments: tuple[str, ...]

    @property
    def topic_name(self) -> str:
        return TOPICS[self.topic]

    @property
    def slug(self) -> str:
        return re.sub(r"[^a-z0-9]+", "-", self.title.lower()).strip("-")

    @property
    def subject(self) -> dict[str, str]:
        """As YouTube's world tells what a video is about."""
        number, category = CATEGORIES[self.topic_name]
        more = {"description": self.description, "title": self.title}
        return {"category_id": number, "category": category, "tags": "|".join(self.tags)} | more


class Shelf:
    """All stories in a shuffled order, of which each platform takes its part."""

    def __init__(self, seed: int = 0) -> None:
        self.rng = np.random.default_rng([seed, 9])
        contents = make_contents(self.rng)
        self.contents = [contents[place] for place in self.rng.permutation(len(contents))]
        self.book = Phrasebook(self.rng)
        rows = read_table("languages")
        self.languages = {row.pop("topic"): {name: float(share) for name, share in row.items()} for row in rows}

    def take(self, count: int, comments: int = 0) -> list[Story]:
        """Return the next stories, each with so many comments to choose from."""
        taken, self.contents = self.contents[:count], self.contents[count:]
        if len(taken) < count:
            raise ValueError(f"There are {len(taken)} stories left, and {count} are wanted")
        return [self._story(content, comments) for content in taken]

    def _story(self, content: Content, comments: int) -> Story:
        topic = TOPICS.index(content.category)
        said = tuple(self.book.text(self._language(content), "welcome", content) for _ in range(comments))
        return Story(content.title, content.description, content.tags, topic, said)

    def _language(self, content: Content) -> str:
        shares = self.languages[content.category]
        chances = np.array(list(shares.values()))
        return list(shares)[int(self.rng.choice(len(chances), p=chances / chances.sum()))]


@lru_cache(maxsize=8)
def tastes(countries: tuple[str, ...]) -> Taste:
    """How much more than others each group views of a topic (topics, countries, ages, genders: female, male).

    They are those of the behaviours that are planted in the sample channel, and a little of each country's own: the
    same on every platform, so that what all platforms tell goes together.
    """
    numbers = sorted(audience.behaviours())
    regions = {row["country"]: row["region"] for row in read_table("countries")}

    def pulls(dimension: str, values: Iterable[str]) -> list[list[float]]:
        return [[audience.weight(number, dimension, value) for number in numbers] for value in values]

    places, ages = pulls("region", [regions.get(code, "") for code in countries]), pulls("age_group", AGE_GROUPS)
    drawn = np.einsum("cb,ab,gb->cagb", places, ages, pulls("gender", audience.GENDERS)) ** audience.CONTRAST
    topics = np.array(pulls("topic", TOPICS))
    parts = np.einsum("cagb,tb->tcag", drawn / drawn.sum(axis=-1, keepdims=True), topics / topics.mean(axis=0))
    own = [
        np.random.default_rng([ord(letter) for letter in code]).lognormal(0.0, OWN, len(TOPICS)) for code in countries
    ]
    return parts * np.array(own).T[:, :, None, None]
