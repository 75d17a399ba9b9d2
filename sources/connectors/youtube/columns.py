"""The views of one video in one month, told apart: known groups, nobody we know, and what YouTube keeps back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from sources.connectors.harvests import ContentCounts, GroupKey
from sources.connectors.wording import Complaint
from sources.connectors.youtube.analytics import Row
from sources.connectors.youtube.words import Words
from sources.raking import RakingError, rake_demographics

Person = tuple[str, str]  # gender, age group
People = dict[Person | None, float]  # percentages, those of nobody we know under None


@dataclass
class Column:
    """The views of one video in one month, as they are told apart."""

    video: str
    total: float
    places: dict[str, float]  # views by our country code, the largest countries of the channel only
    groups: dict[GroupKey, float] = field(default_factory=dict)
    unknown: float = 0.0
    suppressed: float = 0.0
    seed: str = ""

    def tell(self, country: str, people: People | None) -> None:
        """Divide the views from a country among people; what YouTube keeps back of them is suppressed."""
        views = self.places[country]
        shares = people or {}
        known = sum(shares.values())
        part = views / max(known, 100.0)  # of one percent: rounded ones may sum to a little more than 100
        for person, percent in shares.items():
            if person is None:
                self.unknown += part * percent
            else:
                group = (*person, country)
                self.groups[group] = self.groups.get(group, 0.0) + part * percent
        self.suppressed += max(views - part * known, 0.0)

    def counts(self, period: str) -> ContentCounts:
        """The column as it is stored; views from the other countries are of nobody we know."""
        elsewhere = max(self.total - sum(self.places.values()), 0.0)
        groups = sorted(self.groups)
        numbers = np.array([self.groups[group] for group in groups], dtype=np.float64)
        estimated, unknown = bool(self.seed), self.unknown + elsewhere
        return ContentCounts(self.video, period, groups, numbers, unknown, self.suppressed, estimated, self.seed)


def people_of(rows: Iterable[Row], words: Words) -> dict[str, People]:
    """Return the percentages of viewers of each video from rows (video, age, gender, percentage)."""
    people: dict[str, People] = {}
    for video, age, gender, percent in rows:
        shares, person = people.setdefault(video, {}), words.person(age, gender)
        shares[person] = shares.get(person, 0.0) + float(percent)
    return people


def estimate(
    columns: Sequence[Column], people: dict[str, People], joint: dict[GroupKey, float], seed: str, words: Words
) -> None:
    """Estimate the groups of each column; ages that are kept back are taken to be so in every country alike."""
    told = [column for column in columns if any(person for person in people.get(column.video, {}))]
    margins, places = [], []
    for column in columns:
        shares, here = people.get(column.video, {}), sum(column.places.values())
        known, nobody = sum(shares.values()), shares.get(None, 0.0)
        scale = 1 / max(known, 100.0)
        column.unknown += here * nobody * scale
        column.suppressed += max(here * (1 - known * scale), 0.0)
        if column in told:
            margins.append({person: here * part * scale for person, part in shares.items() if person})
            explained = (known - nobody) * scale
            places.append({country: views * explained for country, views in column.places.items()})
    try:
        raked = rake_demographics(margins, places, joint)
    except RakingError as error:
        raked, refusal = [], str(error)
        words.complain(f"Nothing could be estimated: {refusal}")
    for index, column in enumerate(told):
        if index < len(raked) and not raked[index].refusal:
            column.groups = dict(zip(raked[index].groups, map(float, raked[index].counts), strict=True))
            column.seed = seed
            continue
        column.suppressed += sum(margins[index].values())
        if index < len(raked):
            refused = f"{{video}} could not be estimated ({{names}}): {raked[index].refusal}"
            words.complain(Complaint.about(refused, "video", [column.video]))
