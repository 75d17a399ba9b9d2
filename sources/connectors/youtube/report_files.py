"""What the files of the YouTube Reporting API say: two files of a day joined into views by group and subscription.

channel_basic tells the views of video, country, kind (live or not) and subscription; channel_demographics the
percentages of their viewers by age and gender. Small cells are anonymised: left empty, or left out.
https://developers.google.com/youtube/reporting/v1/reports/channel_reports
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from sources.connectors.faults import Refused
from sources.connectors.harvests import ContentCounts, GroupKey, LoyaltyRow
from sources.connectors.storable import storable
from sources.connectors.youtube.words import Words

KEY = ("date", "video_id", "country_code", "live_or_on_demand", "subscribed_status")
COLUMNS = {"views": "views", "engagedViews": "engaged_views"}
DEMOGRAPHICS = ("age_group", "gender", "views_percentage")
Key = tuple[str, ...]
Days = Sequence[tuple[bytes, bytes]]


class Damaged(Refused):
    """A file is not what it should be."""


@dataclass
class _Sums:
    """What the days of one video and month sum to."""

    groups: dict[GroupKey, float] = field(default_factory=lambda: defaultdict(float))
    unknown: float = 0.0
    suppressed: float = 0.0
    loyal: float = 0.0
    total: float = 0.0


@dataclass(frozen=True)
class Joined:
    """Counts by period and video, the subscribers' part of each, and complaints."""

    counts: list[ContentCounts]
    loyalty: list[LoyaltyRow]
    complaints: list[str]


def joined(days: Iterable[tuple[bytes, bytes]], metric: str = "views") -> Joined:
    """Join the files of each day (channel_basic, channel_demographics; CSV) and sum the days into months.

    metric is "views" or "engagedViews". Each day is read once and let go. Views whose country or person nobody knows
    are unknown; what the percentages leave of 100, and rows without any, are suppressed. Raises Damaged for a file
    that cannot be read or has not the columns that are needed.
    """
    words = Words()
    sums: dict[tuple[str, str], _Sums] = defaultdict(_Sums)
    for basic, demographics in days:
        views, people = _views(basic, COLUMNS[metric], words), _people(demographics)
        for key, number in views.items():
            day, video, place, _, status = key
            column = sums[f"{day[:4]}-{day[4:6]}", video]
            column.total += number
            column.loyal += number if status.lower() == "subscribed" else 0.0
            _tell(column, number, words.value("country", place), people.get(key, ()), words)
    counts, loyalty = [], []
    for (period, video), column in sorted(sums.items()):
        groups = sorted(column.groups)
        numbers = np.array([column.groups[group] for group in groups], dtype=np.float64)
        counts.append(ContentCounts(video, period, groups, numbers, column.unknown, column.suppressed))
        loyalty.append(LoyaltyRow("subscribed", period, video, ("", "", ""), column.loyal, column.total))
    return Joined(counts, loyalty, words.complaints)


def check(data: bytes, family: str, metric: str = "views") -> None:
    """Raise Damaged for a file ("basic" or "demographics") that `joined` could not read."""
    if family == "basic":
        _views(data, COLUMNS[metric], Words())
    else:
        _people(data)


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except (ValueError, csv.Error) as error:
        raise Damaged(f"A file of the YouTube Reporting API cannot be read: {error}.", "file") from None


def _tell(column: _Sums, number: float, country: str, people: Sequence[tuple[str, str, float]], words: Words) -> None:
    if not country:
        column.unknown += number
        return
    known = sum(percent for _, _, percent in people)
    part = number / max(known, 100.0)
    for age, gender, percent in people:
        if person := words.person(age, gender):
            column.groups[(*person, country)] += part * percent
        else:
            column.unknown += part * percent
    column.suppressed += max(number - part * known, 0.0)


def _views(data: bytes, column: str, words: Words) -> dict[Key, float]:
    views: dict[Key, float] = defaultdict(float)
    kept_back = 0
    with _readable():
        for key, (number,) in _rows(data, (column,)):
            if number:
                views[key] += float(number)
            else:
                kept_back += 1
        for day in {key[0] for key in views}:
            datetime.strptime(day, "%Y%m%d")
    if kept_back:
        words.complain("YouTube keeps back the views of some small cells of its files; they are in no video's count.")
    return views


def _people(data: bytes) -> dict[Key, list[tuple[str, str, float]]]:
    people: dict[Key, list[tuple[str, str, float]]] = defaultdict(list)
    with _readable():
        for key, (age, gender, percent) in _rows(data, DEMOGRAPHICS):
            if percent:
                people[key].append((age, gender, float(percent)))
    return people


def _rows(data: bytes, columns: Sequence[str]) -> Iterator[tuple[Key, tuple[str, ...]]]:
    """Yield the key and these columns of every row, by the names in the header; a file of size zero has none."""
    if not data.strip():
        return
    reader = csv.DictReader(io.StringIO(storable(data.decode("utf-8-sig")), newline=""))
    missing = [name for name in (*KEY, *columns) if name not in (reader.fieldnames or ())]
    if missing:
        raise Damaged(f"A file of the YouTube Reporting API has no column {missing[0]}.", "columns")
    for row in reader:
        if None in row.values():
            raise ValueError(f"line {reader.line_num} is cut off")
        yield tuple(row[name] for name in KEY), tuple(row[name] or "" for name in columns)
