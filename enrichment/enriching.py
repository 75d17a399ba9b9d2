"""The door of enrichment: a group, its weighted contents and a key in; a name, a face and a profile out.

It does not know that personas exist; whoever asks stores what it gives.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from enrichment.attributing import Attributer, Whole, contrasts
from enrichment.facing import AGE_FOR_DRAWING, picture_of
from enrichment.library import PhotoLibrary
from enrichment.listening import Heard, Missing, QuoteKey, Sentiment, Voices, sentiment_and_quotes
from enrichment.measures import demographics, describing, naming
from enrichment.measures.counted_loyalty import CountedLoyalty
from enrichment.measures.distinguishing import Difference
from enrichment.measures.likeliest import Likely
from enrichment.measures.loyalty import Loyalty
from enrichment.measures.remarking import Contrast
from enrichment.measures.topic_rules import TopicRules
from enrichment.measures.topics import Topic, TopicIndex
from enrichment.name_pools import effective_pools
from enrichment.titling import found_in_titles, tags_with, titled
from sources.attributing import read_sizes, telling_of
from sources.connectors.harvests import AudienceSizeRow
from sources.connectors.meta.audience_targeting import unavailable
from sources.errors import DataError
from sources.frames import read_contents
from sources.models import Comment

LEVELS = {
    "country": "Names usual in the country",
    "region": "Names usual in the region: the country has no pool of its own",
    "international": "International names: the country is not known or has no pool",
}
SOURCE_DELETED = "A source was deleted while this ran, and what was read of it is gone. Please start it again."
UNSCORED = "The comments are stored, and not yet read for it."
NO_COMMENTS = "It needs comments, which no source of this organization brings."
MEASURED_ABOVE = "The measured share and count stand above."
NO_SIZE = (
    "Only Facebook's advertising tells it: with an ad account connected, ask for audience sizes on the data page. "
    f"{MEASURED_ABOVE}"
)
NO_SIZE_OF_GROUP = f"No platform has estimated how many people there are in this group. {MEASURED_ABOVE}"
NO_SIZE_OF_REGION = f"Platforms estimate groups by country, and this persona stands for a region. {MEASURED_ABOVE}"
NO_TOPICS = "The contents have no category and no tags, and their titles have no topics in common."


@dataclass(frozen=True)
class Before:
    """What a person was told to be like at the time before: labels of topics, the foremost first, and quoted comments.

    These are told again as long as nothing else is ahead of them by more than chance.
    """

    topics: tuple[str, ...] = ()
    quotes: frozenset[int] = frozenset()


NOBODY = Before()


@dataclass(frozen=True)
class Subject:
    """A part of an audience that is to become a person.

    `country` is the ISO alpha-2 code that decides name and looks, `place` the words for where the person lives;
    blank fields mean that the data lacks the dimension. `ages` gives the share of each age band in the groups behind,
    `weights` (c,) the share of each content in this part's interactions, in the order of the content ids given to
    the Enricher, and `group_weights` (g,) that of each group of the whole audience; `face` is
    the group among them that gives the person its gender, age and country. `before` is what was told of the same
    person at the time before, if it was there.
    """

    key: str
    gender: str
    age_group: str
    country: str
    place: str
    ages: Mapping[str, float]
    share: float
    groups: int
    group_share: float
    weights: NDArray[np.floating]
    position: int
    group_weights: NDArray[np.floating]
    face: tuple[str, str, str]
    before: Before = NOBODY


@dataclass(frozen=True)
class Face:
    """A name and a picture, each with where it comes from; `photo` is the key of a photo in the library, if it is one.

    The picture is a JPEG when it is a photo, else a PNG.
    """

    name: str
    name_origin: str
    picture: bytes
    picture_origin: str
    photo: int | None = None


@dataclass(frozen=True)
class Profile:
    """What the data says of the person, and what it cannot say, each with why."""

    age: int | None
    topics: tuple[Topic, ...]
    description: str
    loyalty: Loyalty | CountedLoyalty | None
    apart: tuple[Difference, ...]
    likely: tuple[Likely, ...]
    unavailable: tuple[tuple[str, str], ...]
    sentiment: Sentiment | None = None
    quotes: tuple[QuoteKey, ...] = ()
    size: AudienceSizeRow | None = None


class Enricher:
    """Enriches the parts of one audience; what all parts share is read and indexed once."""

    def __init__(
        self,
        content_ids: NDArray[np.int64],
        audience_weights: NDArray[np.floating],
        year: int,
        whole: Whole,
        rules: TopicRules | None = None,
        known: Collection[str] = (),
        *,
        sources: Iterable[int],
    ) -> None:
        """Take the contents (c,) with the interactions of the whole audience, the year that ages are told in, the
        groups, what was decided about topics, labels of topics that are known from the time before, and the ids of
        the sources that may tell of the groups, whether they have contents or not.

        Raises DataError when a content is gone.
        """
        found = read_contents(content_ids.tolist())
        if len(found) < len(content_ids):
            raise DataError(SOURCE_DELETED)
        contents = [found[pk] for pk in content_ids.tolist()]
        self._titles = [content.title for content in contents]
        self._usual = np.asarray(audience_weights, dtype=float) / np.sum(audience_weights)
        self.rules = rules or TopicRules()
        self._titled = titled(content_ids.tolist(), contents, known)
        labels = [content.category for content in contents], tags_with(contents, self._titled)
        self._topics = TopicIndex(*labels, self.rules)
        self._found = found_in_titles(self._topics, self._titled)
        owners = [content.source for content in contents]
        telling = telling_of(sources)
        self._attributer = Attributer(whole, content_ids.tolist(), owners, audience_weights, self._topics, telling)
        self._sizes = read_sizes(telling)
        self._has_comments = Comment.objects.filter(content__source__in=set(owners)).exists()
        self._voices = Voices(content_ids, self._usual, set(owners))
        self._year = year

    @cached_property
    def _pools(self) -> naming.NamePools:
        return effective_pools()

    def age(self, subject: Subject) -> int | None:
        """Return one age in years inside the band, drawn to the side of the heavier neighbours."""
        return demographics.choose_age(subject.age_group, subject.ages, subject.key)

    def face(self, subject: Subject, taken: Collection[str], library: PhotoLibrary | None = None) -> Face:
        """Return a name that nobody in `taken` has, and a photo of the library or, when it has none, an illustration.

        A photo counts as used in the library from then on.
        """
        age = self.age(subject)
        picture = picture_of(
            gender=subject.gender,
            age=age,
            age_group=subject.age_group,
            place=subject.country,
            key=subject.key,
            library=library,
        )
        name = naming.choose_name(
            self._pools,
            country=subject.country,
            gender=subject.gender or picture.gender,
            birth_year=demographics.birth_year(age or AGE_FOR_DRAWING, self._year),
            key=subject.key,
            taken=taken,
        )
        return Face(name.full, LEVELS[name.level], picture.content, picture.origin, picture.photo)

    def profile(self, subject: Subject, name: str) -> Profile:
        """Return the attributes that the data supports for the person of that name."""
        weights = np.asarray(subject.weights, dtype=float)
        topics = self._told_of(weights, self._topics.topics(weights, self._usual, subject.before.topics))
        found = self._attributer.of(weights, subject.group_weights, subject.share, subject.face)
        age = self.age(subject)
        best = int(np.argmax(weights))
        facts = describing.Facts(
            name=name,
            gender=subject.gender,
            age=age,
            age_group=subject.age_group,
            country=subject.place,
            share=subject.share,
            topics=topics,
            title=self._titles[best],
            title_lift=float(weights[best] / self._usual[best]) if self._usual[best] else None,
            groups=subject.groups,
            group_share=subject.group_share,
            apart=self._contrasts(found.apart, subject.face),
            likely=tuple((one.attribute, one.value) for one in found.likely),
            key=subject.key,
            place=subject.position,
        )
        sentiment, quotes, missing = self._heard(weights, subject.before.quotes)
        return Profile(
            age=age,
            topics=topics,
            description=describing.describe(facts),
            loyalty=found.loyalty,
            apart=found.apart,
            likely=found.likely,
            unavailable=(*_unavailable(subject, topics, [*missing, *self._no_size(subject)]), *found.unavailable),
            sentiment=sentiment,
            quotes=quotes,
            size=self._sizes.get(subject.face),
        )

    def _told_of(self, weights: NDArray[np.floating], topics: tuple[Topic, ...]) -> tuple[Topic, ...]:
        """Return the topics, those found in titles with what titles cover."""
        if not self._found:
            return topics
        covered = float(sum(weights[place] for place, label in self._titled.items() if label) / weights.sum())
        coverage = min(covered, 1.0)
        return tuple(replace(one, coverage=coverage) if one.label in self._found else one for one in topics)

    def _contrasts(self, apart: Sequence[Difference], face: tuple[str, str, str]) -> tuple[Contrast, ...]:
        """Return what sets apart for a sentence: topics found in titles last."""
        return contrasts(sorted(apart, key=lambda one: one.value in self._found), face)

    def _heard(self, weights: NDArray[np.floating], before: Collection[int]) -> Heard:
        """Return sentiment and quotes, and what of it is missing with why."""
        if self._voices.read:
            return sentiment_and_quotes(self._voices, weights, before)
        why = UNSCORED if self._has_comments else NO_COMMENTS
        return None, (), [("Sentiment", why), ("Quotes", why)]

    def _no_size(self, subject: Subject) -> Missing:
        """Return why nothing is said of the size of the group that gives the face; nothing where something is."""
        if subject.face in self._sizes:
            return []
        return [("Audience size", why_no_size(subject.face, any_told=bool(self._sizes)))]


def why_no_size(face: tuple[str, str, str], *, any_told: bool) -> str:
    """Say why nothing is known of the size of a group; `any_told`: whether that of any other is."""
    if len(face[2]) > len("QA"):
        return NO_SIZE_OF_REGION
    why_not = unavailable(face)
    if why_not:
        return f"{why_not.removeprefix('Not available: ')} {MEASURED_ABOVE}"
    return NO_SIZE_OF_GROUP if any_told else NO_SIZE


def _unavailable(subject: Subject, topics: Sequence[Topic], further: Missing) -> list[tuple[str, str]]:
    dimensions = (("Gender", subject.gender), ("Age", subject.age_group), ("Country", subject.place))
    absent = [(name, "The interactions of this audience do not say it.") for name, value in dimensions if not value]
    if not topics:
        absent.append(("Topics of interest", NO_TOPICS))
    return [*absent, *further]
