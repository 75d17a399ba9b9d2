"""YouTube Analytics over a planted channel: which questions it takes, and the tables that it answers with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from tests.platforms.server import Request
from tests.platforms.youtube_world import AGES, GENDERS, STATUSES, World

AXES = ("video", "country", "ageGroup", "gender", "subscribedStatus")
# The documented reports: dimensions, whether they are of percentages, and what may be a filter beside them.
REPORTS = {
    (frozenset(), False): {"video", "country", "subscribedStatus"},
    (frozenset({"country"}), False): {"video", "subscribedStatus"},
    (frozenset({"subscribedStatus"}), False): {"video", "country"},
    (frozenset({"country", "subscribedStatus"}), False): {"video"},
    (frozenset({"ageGroup", "gender"}), True): {"video", "country", "subscribedStatus"},
    (frozenset({"ageGroup", "gender", "subscribedStatus"}), True): {"video", "country"},
}
COUNTED = {"views": 1.0, "engagedViews": 0.8}
TOP_VIDEOS = 200
MOST_IDS = 500


class NotKnown(Exception):
    """The query is not supported."""


@dataclass
class Reports:
    """The reports of a world. Cells of fewer than `few` views are left out of percentages, which have `decimals`.

    row_cap: rows of one answer, however many are asked for, told to nobody. renamed: new words for old values.
    allow_multi_value: whether many values of a filter may stand among the dimensions.
    """

    world: World
    few: int = 0
    decimals: int = 1
    row_cap: int | None = None
    allow_multi_value: bool = True
    renamed: dict[str, str] = field(default_factory=dict)

    def answer(self, request: Request) -> dict[str, Any]:
        """Return the body of a 200; raises NotKnown for what is answered with 400."""
        dimensions = [name for name in request.one("dimensions").split(",") if name]
        metrics = request.one("metrics").split(",")
        filters = dict(part.split("==", 1) for part in request.one("filters").split(";") if part)
        values = {name: value.split(",") for name, value in filters.items()}
        self._refuse(dimensions, metrics, values, request)
        rows = [] if int(request.one("startIndex", "1")) > 1 else self._rows(dimensions, metrics, values, request)
        order = request.one("sort")
        if order:
            place = [*dimensions, *metrics].index(order.lstrip("-"))
            rows.sort(key=lambda row: row[place], reverse=order.startswith("-"))
        most = min(int(request.one("maxResults", "1000000")), self.row_cap or 1_000_000)
        body = {"kind": "youtubeAnalytics#resultTable", "columnHeaders": _headers(dimensions, metrics)}
        return body | ({"rows": rows[:most]} if rows else {})

    def _refuse(
        self, dimensions: list[str], metrics: list[str], filters: Mapping[str, list[str]], request: Request
    ) -> None:
        if any(len(values) > MOST_IDS for values in filters.values()):
            raise NotKnown
        many = {name for name in filters if name in dimensions}
        if any(len(values) > 1 and name not in many for name, values in filters.items()):
            raise NotKnown
        if dimensions == ["video"] and not many:  # the top videos, which have rules of their own
            if not 1 <= int(request.one("maxResults", "0")) <= TOP_VIDEOS or request.one("sort") != f"-{metrics[0]}":
                raise NotKnown
            return
        if many and not self.allow_multi_value:
            raise NotKnown
        report = frozenset(dimensions) - (many & {"video"}), metrics == ["viewerPercentage"]
        if many and report[0] == frozenset() and not report[1]:
            return
        if report not in REPORTS or not set(filters) - many <= REPORTS[report]:
            raise NotKnown
        if not report[1] and not set(metrics) <= set(COUNTED):
            raise NotKnown

    def _rows(
        self, dimensions: list[str], metrics: list[str], filters: Mapping[str, list[str]], request: Request
    ) -> list[list[Any]]:
        names = self._names()
        place_of = {video: place for place, video in enumerate(self.world.ids)}
        asked = filters.get("video")
        videos = [place_of[v] for v in dict.fromkeys(asked) if v in place_of] if asked else range(self.world.videos)
        names["video"] = [self.world.ids[video] for video in videos]
        first, last = (date.fromisoformat(request.one(name)) for name in ("startDate", "endDate"))
        cells = self.world.between(first, last, videos)
        for axis, name in enumerate(AXES[1:], 1):
            if name in filters:
                kept = [place for place, value in enumerate(names[name]) if value in filters[name]]
                cells, names[name] = np.take(cells, kept, axis), [names[name][place] for place in kept]
        table = cells.sum(axis=tuple(axis for axis, name in enumerate(AXES) if name not in dimensions))
        order = [name for name in AXES if name in dimensions]
        if metrics == ["viewerPercentage"]:
            people = tuple(order.index(name) for name in ("ageGroup", "gender"))
            whole = table.sum(axis=people, keepdims=True)
            shares = np.round(100 * table / np.maximum(whole, 1), self.decimals)
            figures = [np.where(table >= max(self.few, 1), shares, 0.0)]
        else:
            figures = [np.floor(table * COUNTED[metric]).astype(int) for metric in metrics]
        rows = []
        for cell in np.argwhere(figures[0] > 0):
            said = {name: names[name][place] for name, place in zip(order, cell, strict=True)}
            rows.append([*(said[name] for name in dimensions), *(figure[tuple(cell)].item() for figure in figures)])
        return rows

    def _names(self) -> dict[str, list[str]]:
        names = {
            "country": list(self.world.countries),
            "ageGroup": list(AGES),
            "gender": list(GENDERS),
            "subscribedStatus": list(STATUSES),
        }
        return {name: [self.renamed.get(value, value) for value in values] for name, values in names.items()}


def _headers(dimensions: list[str], metrics: list[str]) -> list[dict[str, str]]:
    kinds = {"viewerPercentage": "FLOAT"}
    found = [{"name": name, "columnType": "DIMENSION", "dataType": "STRING"} for name in dimensions]
    return found + [{"name": name, "columnType": "METRIC", "dataType": kinds.get(name, "INTEGER")} for name in metrics]
