"""Loyalty, what sets apart, and likely job, education and relationship: of one part of an audience after another."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from enrichment.measures.counted_loyalty import CountedLoyalty, LoyalCount, LoyalCounts
from enrichment.measures.distinguishing import Attribute, Difference, Units, distinguish
from enrichment.measures.likeliest import LEAST_COVERAGE, Estimates, Likely
from enrichment.measures.loyalty import FEWEST_CONTENTS, Loyalty, loyalty
from enrichment.measures.percentages import percent
from enrichment.measures.remarking import Contrast
from enrichment.measures.topics import TopicIndex
from sources.attributing import read_attributes
from sources.countries import place_name
from sources.loyalty import read_loyalty
from sources.models import AudienceAttribute, Gender

Group = tuple[str, str, str]
Floats = NDArray[np.floating]

KINDS = ("gender", "age_group", "country")
GENDERS = {"female": "women", "male": "men"}
NO_LOYALTY = (
    "No source of this organization tells enough of who came back, and on fewer than "
    f"{FEWEST_CONTENTS} contents are there enough interactions to tell whether this persona over-indexes."
)
NOT_APART = "No topic, gender, age or country differs from the rest of the audience by more than chance."
NO_ESTIMATES = "It needs estimates by group, which no source that these personas are made of brings."
NO_PEERS = "There are estimates of others behind this persona, and none of people of the same gender and age."


@dataclass(frozen=True)
class Whole:
    """The groups (g,) of the whole audience: gender, age group and place, and their interactions; a blank is unknown.

    scatter (c,) tells how many times more the counts of each content scatter over the groups than by chance; the
    period (YYYY-MM) is blank where the interactions are of all.
    """

    groups: Sequence[Group]
    totals: Floats
    scatter: Floats
    period: str = ""


@dataclass(frozen=True)
class Attributes:
    """What was found, and what is not available, each with why."""

    loyalty: Loyalty | CountedLoyalty | None
    apart: tuple[Difference, ...]
    likely: tuple[Likely, ...]
    unavailable: tuple[tuple[str, str], ...]


class Attributer:
    """Finds the attributes of the parts of one audience; what all parts share is laid out once."""

    def __init__(
        self,
        whole: Whole,
        contents: Sequence[int],
        owners: Sequence[int],
        totals: Floats,
        topics: TopicIndex,
        sources: Iterable[int],
    ) -> None:
        """Take the groups, the ids of the contents (c,) and of the sources that they are of, the interactions with
        each, their topics, and the sources that tell of the groups.
        """
        sources = list(sources)
        self._whole, self._totals = whole, np.asarray(totals, dtype=float)
        kinds = ["category" if is_one else "topic" for is_one in topics.is_category]
        labels = [Attribute(kind, label) for kind, label in zip(kinds, topics.labels, strict=True)]
        self._contents = Units(self._totals, topics.incidence, labels)
        self._groups = _group_units(whole)
        self._estimates = Estimates(read_attributes(sources), whole.groups)
        counted = [
            LoyalCount(source, kind, content, (gender, age, country), loyal, total)
            for source, kind, content, gender, age, country, loyal, total in read_loyalty(sources, whole.period)
        ]
        sizes = np.asarray(whole.totals, dtype=float)
        self._loyal = LoyalCounts(counted, contents, owners, self._totals, whole.groups, sizes)

    def of(self, content_weights: Floats, group_weights: Floats, share: float, face: Group) -> Attributes:
        """Return the attributes of the part with these shares of contents (c,), of groups (g,) and of the audience.

        `face` is the group that gives it its gender, age and country.
        """
        groups = np.asarray(group_weights, dtype=float)
        contents = np.asarray(content_weights, dtype=float)
        place = self._whole.groups.index(face)
        loyal = self._loyal.of(contents, groups) or loyalty(
            contents, share, self._totals, np.asarray(self._whole.scatter, dtype=float)
        )
        tested = self._groups.candidates(groups, share) + self._contents.candidates(contents, share)
        apart = distinguish(tested)
        likely, unlikely = likely_of(self._estimates, groups, place)
        absent = [] if loyal else [("Loyalty", NO_LOYALTY)]
        absent += [] if apart else [("What sets them apart", NOT_APART)]
        return Attributes(loyal, apart, likely, (*absent, *unlikely))


class Together:
    """Finds what the groups behind several patterns of one audience say together."""

    def __init__(self, groups: Sequence[Group], totals: Floats, sources: Iterable[int]) -> None:
        """Take the groups (g,) of the whole audience, the interactions of each, and the ids of the data sources."""
        self.groups = groups
        self._units = _group_units(Whole(groups, totals, np.ones(0)))
        self._estimates = Estimates(read_attributes(sources), groups)

    def of(self, weights: Floats, share: float, face: int) -> Attributes:
        """Return what sets these groups apart, by shares (g,), and their likely job, education and relationship.

        `face` is the place of the group that gives the persona its gender, age and country. There is no loyalty.
        """
        weights = np.asarray(weights, dtype=float)
        apart = distinguish(self._units.candidates(weights, share))
        return Attributes(None, apart, *likely_of(self._estimates, weights, face))


def likely_of(
    estimates: Estimates, groups: NDArray[np.float64], face: int
) -> tuple[tuple[Likely, ...], tuple[tuple[str, str], ...]]:
    """Return the likely value of every attribute, and for the others why there is none."""
    found = {name: estimates.likeliest(name, groups, face) for name in AudienceAttribute.Attribute.values}
    absent = [(AudienceAttribute.Attribute(n).label, _why(estimates, n, groups)) for n, one in found.items() if not one]
    return tuple(filter(None, found.values())), tuple((str(label), why) for label, why in absent)


def _why(estimates: Estimates, name: str, groups: NDArray[np.float64]) -> str:
    if name not in estimates:
        return NO_ESTIMATES
    covered = estimates.coverage(name, groups)
    if covered >= LEAST_COVERAGE:
        return NO_PEERS
    told = percent(covered) if covered else "none"
    return f"The estimates cover {told} of the people behind this persona; it needs {percent(LEAST_COVERAGE)}."


def difference_label(difference: Difference) -> str:
    """Return the value of a difference in words."""
    if difference.kind == "gender":
        return str(Gender(difference.value).label)
    return place_name(difference.value) if difference.kind == "country" else difference.value


def contrasts(differences: Iterable[Difference], face: Group) -> tuple[Contrast, ...]:
    """Return differences in words for a sentence, without those that the face says anyway."""
    own = set(zip(KINDS, face, strict=True))
    return tuple(
        Contrast(_in_a_sentence(one), one.share, one.rest) for one in differences if (one.kind, one.value) not in own
    )


def _in_a_sentence(difference: Difference) -> str:
    if difference.kind == "age_group":
        return f"the age group {difference.value}"
    if difference.kind == "gender":
        return f"the group of {GENDERS.get(difference.value, 'people of another gender')}"
    return difference_label(difference)


def _group_units(whole: Whole) -> Units:
    attributes: dict[Attribute, int] = {}
    rows, columns = [], []
    for row, group in enumerate(whole.groups):
        for kind, value in zip(KINDS, group, strict=True):
            if value:
                rows.append(row)
                columns.append(attributes.setdefault(Attribute(kind, value), len(attributes)))
    shape = (len(whole.groups), len(attributes))
    table = sparse.coo_array((np.ones(len(rows)), (rows, columns)), shape=shape).tocsr()
    return Units(np.asarray(whole.totals, dtype=float), table, list(attributes))
