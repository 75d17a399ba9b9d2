"""How Meta writes figures of groups: maps of age and gender, of countries, and Instagram's breakdowns."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sources.connectors.vocabulary import AGE_GROUPS
from tests.platforms.meta import Body, GraphError
from tests.platforms.meta_world import COUNTRIES, LETTERS
from tests.platforms.server import Request

FEWEST_PEOPLE = 100  # for demographics
LONGEST_LIST = 45  # of countries and regions
Counts = NDArray[np.int64]  # (3, 7, countries): letter, age group, country


def told(request: Request, alive: set[str], insights: Mapping[str, Body], period: str = "lifetime") -> Body:
    """Answer the metrics that were asked for; one that is not alive fails them all."""
    asked = names_in(request.one("metric"))
    if not set(asked) <= alive:
        raise GraphError("(#100) The value must be a valid insights metric", 100)
    node = request.path.split("/")[3]
    return {
        "data": [
            {
                "name": name,
                "period": period,
                "title": name.replace("_", " "),
                "description": "…",
                "id": f"{node}/insights/{name}/{period}",
                **insights[name],
            }
            for name in asked
        ]
    }


def names_in(text: str) -> list[str]:
    """Read a list as the Graph does: parted by commas, as we write it, or in JSON, as Meta's client does."""
    return json.loads(text) if text.startswith("[") else text.split(",")


def values(told_values: Mapping[str, Any]) -> dict[str, Body]:
    """Single values by metric, as insights."""
    return {name: {"values": [{"value": value}]} for name, value in told_values.items()}


def video_figures(counts: Counts) -> dict[str, Any]:
    """What is told of a video's viewers; of fewer than 100 the total only, and empty maps."""
    shown = counts.sum() >= FEWEST_PEOPLE
    people, places = (people_map(counts), top(place_map(counts))) if shown else ({}, {})
    regions = {f"Capital - {REGIONS.get(code, code)}": 11000 * count for code, count in places.items()}
    return {
        "total_video_views": int(counts.sum()),
        "total_video_views_by_age_bucket_and_gender": people,
        "total_video_views_by_country_id": places,
        "total_video_view_time_by_age_bucket_and_gender": {key: 11000 * count for key, count in people.items()},
        "total_video_view_time_by_region_id": regions,
    }


REGIONS = {"QA": "Qatar", "SA": "Saudi Arabia", "GB": "United Kingdom", "US": "United States"}


def stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}+0000"


def people_map(counts: Counts) -> dict[str, int]:
    """As `{"F.18-24": 3}`, of positive cells."""
    sums = counts.sum(axis=2)
    return {f"{LETTERS[g]}.{AGE_GROUPS[a]}": int(sums[g, a]) for g, a in zip(*np.nonzero(sums), strict=True)}


def place_map(counts: Counts) -> dict[str, int]:
    sums = counts.sum(axis=(0, 1))
    return {COUNTRIES[place]: int(sums[place]) for place in np.flatnonzero(sums)}


def top(places: Mapping[str, int]) -> dict[str, int]:
    """The longest list that Meta gives."""
    return dict(sorted(places.items(), key=lambda pair: (-pair[1], pair[0]))[:LONGEST_LIST])


def breakdown(counts: Counts, by: list[str]) -> Iterator[Body]:
    """The results of an Instagram account's demographics, the largest first."""
    axes = {"gender": (0, LETTERS), "age": (1, AGE_GROUPS), "country": (2, COUNTRIES)}
    kept = [axes[name][0] for name in by]
    sums = np.moveaxis(counts, kept, range(len(kept))).reshape(*(counts.shape[axis] for axis in kept), -1).sum(axis=-1)
    cells = sorted(zip(*np.nonzero(sums), strict=True), key=lambda cell: -sums[cell])[:LONGEST_LIST]
    for cell in cells:
        names = [axes[name][1][place] for name, place in zip(by, cell, strict=True)]
        yield {"dimension_values": ["LAST_90_DAYS", *names], "value": int(sums[cell])}
