"""A planted page and Instagram account: who viewed what, drawn from behaviours that tie people to countries.

Nothing here is of anybody real: titles and comments are put together from lists of words.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sources.connectors.vocabulary import AGE_GROUPS
from tests.platforms.meta import GraphError
from tests.platforms.stories import Story, tastes

LETTERS = ("F", "M", "U")  # as Meta spells female, male and unknown
GENDERS = ("female", "male", "")
CODES = (
    "QA SA EG US GB IN PK AE KW JO LB MA TN DZ IQ OM BH TR DE FR ES IT NL SE CA AU ID MY PH BD "
    "LK NP NG KE ZA GH ET SD YE LY PS BR MX AR CO CL PE JP KR SG TH VN PL RO GR PT BE CH AT NO"
)
COUNTRIES = tuple(CODES.split())
SUBJECTS = (
    "The market that opens at midnight",
    "How a desert city saves water",
    "Five dishes for a long evening",
    "A school on a boat",
    "What the tide leaves behind",
    "Trains that run on sunlight",
    "The last map maker",
    "Learning to code at sixty",
    "A football pitch on a roof",
    "Why bees like this hospital",
    "The price of bread",
    "Night shift at the observatory",
    "A library without walls",
    "Growing rice with less rain",
    "The old radios",
)
LEADS = ("", "Watch: ", "In two minutes: ", "Explained: ", "Our story: ", "You asked: ")
HASHTAGS = ("#city", "#food", "#science", "#learning", "#sea", "#work", "#sport")
COMMENTS = (
    "This made my day 😍",
    "I did not know that, thank you.",
    "Please make more of these!",
    "Too short, I wanted more.",
    "شكرا على هذا التقرير الرائع",
    "Qué historia tan bonita",
    "I disagree, the numbers look wrong.",
    "My town needs one too",
    "Très beau reportage",
    "Where was this filmed?",
    "The sound is terrible 😡",
    "Sharing this with my class.",
)
BEHAVIOURS = 6
FIRST_DAY = datetime(2026, 8, 1, 9, 30, tzinfo=UTC)
DAYS = 90


@dataclass(frozen=True)
class Item:
    """One content of the world. counts (3, 7, countries) are its viewers' views by letter, age group and country."""

    number: int
    title: str
    made: datetime
    counts: NDArray[np.int64]
    followers: int
    comments: tuple[tuple[str, datetime, int], ...]
    hashtag: str

    @property
    def total(self) -> int:
        return int(self.counts.sum())


@dataclass
class World:
    """A page of `posts`, the first `videos` of which are videos, and an account of `media`."""

    page: str = "106391075531104"
    account: str = "17841400000000001"
    name: str = "Gulf Stories"
    posts: list[Item] = field(default_factory=list)
    media: list[Item] = field(default_factory=list)
    videos: int = 0

    def truth(self) -> dict[str, dict[tuple[str, str, str], int]]:
        """The joint counts of each video by group, under the id of its post; of known genders only."""
        return {self.post_id(item): groups_of(item.counts) for item in self.posts[: self.videos]}

    def joint(self) -> dict[tuple[str, str, str], float]:
        """The joint of the whole page: what a seed could know at best."""
        return dict(groups_of(sum(item.counts for item in self.posts[: self.videos])))

    def item(self, key: str) -> Item:
        """The content that goes by an id of Meta's; raises GraphError."""
        if key not in self._items:
            raise GraphError(f"Unsupported get request. Object with ID '{key}' does not exist", 100, 33)
        return self._items[key]

    @cached_property
    def _items(self) -> dict[str, Item]:
        named = {name(item): item for item in self.posts for name in (self.post_id, self.video_id)}
        return named | {self.media_id(item): item for item in self.media}

    def post_id(self, item: Item) -> str:
        return f"{self.page}_{700_000 + item.number}"

    def video_id(self, item: Item) -> str:
        return str(888_000 + item.number)

    def media_id(self, item: Item) -> str:
        return f"179{item.number:08d}"


def groups_of(counts: NDArray[np.int64]) -> dict[tuple[str, str, str], int]:
    """Return the positive cells of known genders by our names."""
    return {
        (GENDERS[gender], AGE_GROUPS[age], COUNTRIES[country]): int(counts[gender, age, country])
        for gender, age, country in zip(*np.nonzero(counts), strict=True)
        if GENDERS[gender]
    }


def make_world(
    posts: int = 120,
    videos: int = 80,
    media: int = 60,
    seed: int = 1,
    countries: int = 40,
    typical: float = 3000.0,
    first_day: datetime = FIRST_DAY,
    stories: Sequence[Story] = (),
) -> World:
    """Draw a world: views are log-normal about `typical`, so that a few videos have fewer than 100 viewers.

    countries: so many are viewed from; more than 45 do not fit into Meta's lists. The contents are published
    evenly over the 90 days from first_day. stories: what the posts tell, and the media after them; without them titles
    and comments are put together from short lists.
    """
    rng = np.random.default_rng(seed)
    behaviours = _behaviours(rng, countries)
    drawn = [_item(rng, number, posts, behaviours, typical, first_day, stories[:posts]) for number in range(posts)]
    told = stories[posts:]
    shown = [_item(rng, number, media, behaviours, typical, first_day, told) for number in range(media)]
    return World(posts=drawn, media=shown, videos=videos)


def _behaviours(rng: np.random.Generator, countries: int) -> NDArray[np.float64]:
    """Return shares (behaviours, 3, 7, countries): each ties its ages and genders to some countries of its own."""
    base = rng.dirichlet(np.full(countries, 0.7), size=BEHAVIOURS)
    people = rng.dirichlet(np.full(2 * 7, 0.6), size=(BEHAVIOURS, 3)).reshape(BEHAVIOURS, 3, 2, 7)
    regions = rng.integers(0, 3, countries)  # each behaviour's people differ between three parts of the world
    shares = np.zeros((BEHAVIOURS, 3, 7, len(COUNTRIES)))
    for behaviour in range(BEHAVIOURS):
        for country in range(countries):
            known = people[behaviour, regions[country]] * base[behaviour, country]
            shares[behaviour, :2, :, country] = known * 0.96
            shares[behaviour, 2, :, country] = known.sum(axis=0) * 0.04
    return shares / shares.sum(axis=(1, 2, 3), keepdims=True)


def _item(
    rng: np.random.Generator,
    number: int,
    total: int,
    behaviours: NDArray[np.float64],
    typical: float,
    first_day: datetime,
    stories: Sequence[Story],
) -> Item:
    story = stories[number] if stories else None
    mixture = rng.dirichlet(np.full(len(behaviours), 0.3))
    shares = np.tensordot(mixture, behaviours, axes=1)
    if story:
        shares = behaviours.mean(axis=0)
        shares[:2] *= tastes(COUNTRIES)[story.topic].transpose(2, 1, 0)
        shares = shares / shares.sum()
    views = int(rng.lognormal(np.log(typical), 1.3)) + 1
    counts = rng.multinomial(views, shares.ravel()).reshape(shares.shape)
    made = first_day + timedelta(days=(total - 1 - number) * DAYS / total, minutes=int(rng.integers(600)))
    title = (
        story.title
        if story
        else f"{LEADS[number % len(LEADS)]}{SUBJECTS[number % len(SUBJECTS)]} ({number // len(SUBJECTS) + 1})"
    )
    hashtag = f"#{story.topic_name.lower()}" if story else HASHTAGS[number % len(HASHTAGS)]
    texts = story.comments if story else COMMENTS
    said = [
        (texts[int(rng.integers(len(texts)))], made + timedelta(hours=int(hour)), int(rng.integers(30)))
        for hour in sorted(rng.integers(1, 400, size=int(rng.integers(0, 12))))
    ]
    return Item(number, title, made, counts, int(rng.binomial(views, 0.35)), tuple(said), hashtag)
