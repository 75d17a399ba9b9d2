"""A planted channel: who watched which video in which month, cell by cell, and what was said about it."""

import csv
import string
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from sources.connectors.harvests import GroupKey, Window
from tests.platforms.stories import TOPICS, Story, tastes

SAMPLES = Path(__file__).parent / "samples"
# How YouTube writes them, in the order of the axes; ours beside them.
AGES = {
    "age13-17": "13-17",
    "age18-24": "18-24",
    "age25-34": "25-34",
    "age35-44": "35-44",
    "age45-54": "45-54",
    "age55-64": "55-64",
    "age65-": "65+",
}
GENDERS = {"female": "female", "male": "male", "user_specified": "user_specified"}
STATUSES = ("SUBSCRIBED", "UNSUBSCRIBED")
COUNTRIES = (
    *("US", "IN", "GB", "DE", "BR", "MX", "EG", "SA", "PH", "FR", "ID", "CA", "PK", "NG", "ES", "TR", "MA", "QA", "KE"),
    *("AU", "AE", "IT", "PL", "NL", "ZA", "JP", "AR", "CO", "SE", "NZ", "ZZ"),
)
LEANINGS = ("young", "old", "female", "male", "young female", "young male", "old female", "old male")
TITLES = (
    "{}",
    "The truth about {}",
    "{}, explained",
    "What nobody told you about {}",
    "A day with {}",
    "Why we love {}",
)
OWN_TASTE = 0.25  # how much of a country's taste is for the one video, beside that for its topic
Cells = np.ndarray[Any, np.dtype[np.int64]]
Parts = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Said:
    """A comment; replies stand under it."""

    id: str
    text: str
    at: datetime
    likes: int
    replies: tuple["Said", ...] = ()


@dataclass
class World:
    """A channel of `videos` videos and the views of each in `months`, drawn from a planted structure by `seed`.

    The axes of all cells are video, country, age, gender, subscribed. Videos lean to the young, the old, women or men,
    and each country has its own mixture of people: age and gender go together with the country, video by video.
    stories: what the videos tell, one for each; without them titles and comments are drawn from short lists.
    """

    videos: int = 300
    months: Sequence[str] = ("2026-09", "2026-10")
    views: float = 20_000.0
    seed: int = 0
    channel: str = "UCplantedchannel0000apg0"
    title: str = "The Planted Channel"
    countries: Sequence[str] = COUNTRIES
    stories: Sequence[Story] = ()
    divided: dict[tuple[int, str], Cells] = field(default_factory=dict, repr=False)

    @cached_property
    def ids(self) -> list[str]:
        """Ids of eleven characters; the newest video stands first, as in a list of uploads."""
        letters = np.array(list(string.ascii_letters + string.digits + "-_"))
        rng = np.random.default_rng([self.seed, 1])
        return ["".join(rng.choice(letters, 11)) for _ in range(self.videos)]

    @cached_property
    def subjects(self) -> list[dict[str, str]]:
        if self.stories:
            return [story.subject for story in self.stories]
        with (SAMPLES / "youtube_subjects.csv").open(encoding="utf-8", newline="") as file:
            every = list(csv.DictReader(file))
        return [every[place] for place in np.random.default_rng([self.seed, 2]).integers(0, len(every), self.videos)]

    def title_of(self, video: int) -> str:
        if self.stories:
            return self.stories[video].title
        title = TITLES[video % len(TITLES)].format(self.subjects[video]["subject"])
        return f"{title[0].upper()}{title[1:]}, part {1 + video // len(TITLES)}"

    def published(self, video: int) -> datetime:
        newest = datetime.fromisoformat(f"{self.months[0]}-01T10:00:00+00:00")
        return newest - timedelta(days=3 * video, hours=video % 9)

    @cached_property
    def expected(self) -> Parts:
        """The parts (country, leaning, age, gender) of the views of a video of a leaning; sums to 1 over all but it."""
        leans = np.ones((1, len(LEANINGS), 7, 3))
        slope = np.linspace(1.0, -1.0, 7)[:, None]
        leans[0, 0], leans[0, 1] = np.exp(1.2 * slope), np.exp(-1.2 * slope)
        leans[0, 2], leans[0, 3] = np.array([2.5, 0.6, 1.0]), np.array([0.5, 2.0, 1.0])
        leans[0, 4:] = [leans[0, age] * leans[0, gender] for age in (0, 1) for gender in (2, 3)]
        parts = self._people[:, None] * leans
        return parts / parts.sum(axis=(0, 2, 3))[None, :, None, None]

    @cached_property
    def _people(self) -> Parts:
        """Who lives in each country and how many (countries, ages, genders)."""
        size = len(self.countries)
        people = np.random.default_rng([self.seed, 3]).dirichlet(np.full(21, 4.0), size).reshape(size, 7, 3)
        return people * np.array([1.0, 1.15, 0.02]) / np.arange(1, size + 1)[:, None, None] ** 0.9

    @cached_property
    def cells(self) -> dict[str, Cells]:
        """The views of each month (video, country, age, gender, subscribed)."""
        return {month: self._month(place) for place, month in enumerate(self.months)}

    def _month(self, place: int) -> Cells:
        rng = np.random.default_rng([self.seed, 4, place])
        size = self.views * np.random.default_rng([self.seed, 5]).lognormal(0, 1.2, self.videos) * rng.uniform(0.6, 1.4)
        taste = np.random.default_rng([self.seed, 6]).gamma(2.0, 0.5, (self.videos, len(self.countries), 1, 1))
        parts = self._told_parts * taste**OWN_TASTE if self.stories else self._leaning_parts * taste
        views = rng.poisson(parts / parts.sum(axis=(1, 2, 3), keepdims=True) * size[:, None, None, None])
        loyal = np.clip(0.25 + 0.1 * np.linspace(-1, 1, 7)[None, None, :, None], 0.02, 0.9)
        subscribed = rng.binomial(views, np.broadcast_to(loyal, views.shape))
        return np.stack([subscribed, views - subscribed], axis=-1).astype(np.int64)

    @property
    def _leaning_parts(self) -> Parts:
        """The viewers of each video (videos, countries, ages, genders) by its leaning."""
        leaning = [LEANINGS.index(subject["leaning"]) for subject in self.subjects]
        return self.expected.transpose(1, 0, 2, 3)[leaning]

    @property
    def _told_parts(self) -> Parts:
        """The viewers of each video (videos, countries, ages, genders) by what it tells, and everybody's taste."""
        taste = np.ones((len(TOPICS), len(self.countries), len(AGES), len(GENDERS)))
        taste[..., :2] = tastes(tuple(self.countries))
        return (self._people * taste)[[story.topic for story in self.stories]]

    def days_of(self, video: int, month: str) -> Cells:
        """The month's views of one video, divided among its days (day, country, age, gender, subscribed)."""
        if (video, month) not in self.divided:
            days = monthrange(int(month[:4]), int(month[5:]))[1]
            rng = np.random.default_rng([self.seed, 7, self.months.index(month), video])
            parts = rng.multinomial(self.cells[month][video], np.full(days, 1 / days))
            self.divided[video, month] = np.moveaxis(parts, -1, 0).astype(np.int32)
        return self.divided[video, month]

    def between(self, first: date, last: date, videos: Sequence[int] | None = None) -> Cells:
        """The views (video, country, age, gender, subscribed) of some videos, all by default, on these days."""
        chosen = list(range(self.videos)) if videos is None else list(videos)
        total = np.zeros((len(chosen), len(self.countries), 7, 3, 2), dtype=np.int64)
        for part in Window(first, last).months():
            if part.period not in self.cells:
                continue
            if part.first.day == 1 and (part.last + timedelta(days=1)).day == 1:
                total += self.cells[part.period][chosen]
            else:
                days = slice(part.first.day - 1, part.last.day)
                total += np.stack([self.days_of(video, part.period)[days].sum(axis=0) for video in chosen])
        return total

    def truth(self, month: str) -> dict[str, dict[GroupKey, int]]:
        """The planted views of each video by (gender, age group, country), in our spelling; ZZ stands for nowhere."""
        views = self.cells[month].sum(axis=-1)
        ages, genders = list(AGES.values()), list(GENDERS.values())
        found: dict[str, dict[GroupKey, int]] = {video: {} for video in self.ids}
        for video, place, age, gender in np.argwhere(views):
            group = (genders[gender], ages[age], self.countries[place])
            found[self.ids[video]][group] = int(views[video, place, age, gender])
        return found

    @cached_property
    def said(self) -> list[list[Said]]:
        """The comment threads of each video, newest first; some have many replies."""
        with (SAMPLES / "youtube_comments.csv").open(encoding="utf-8", newline="") as file:
            texts = [row["text"] for row in csv.DictReader(file)]
        rng = np.random.default_rng([self.seed, 8])
        threads = []
        for video in range(self.videos):
            texts = self.stories[video].comments if self.stories else texts
            made = [self._thread(rng, texts, video, number) for number in range(int(rng.integers(0, 12)))]
            threads.append(sorted(made, key=lambda thread: thread.at, reverse=True))
        if self.stories:
            return threads
        threads[0] += [self._thread(rng, texts, 0, number) for number in range(100, 240)]
        threads[0].sort(key=lambda thread: thread.at, reverse=True)
        return threads

    def _thread(self, rng: np.random.Generator, texts: Sequence[str], video: int, number: int) -> Said:
        at = self.published(video) + timedelta(minutes=int(rng.integers(5, 60 * 24 * 30)))
        name = f"Ug{self.seed}{video:05d}x{number:04d}AaABAg"
        replies = tuple(
            Said(f"{name}.r{reply}", texts[rng.integers(len(texts))], at + timedelta(hours=reply + 1), 0)
            for reply in range(int(rng.choice([0, 0, 0, 1, 2, 8])))
        )
        return Said(name, texts[rng.integers(len(texts))], at.astimezone(UTC), int(rng.geometric(0.2)) - 1, replies)
