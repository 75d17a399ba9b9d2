"""Words for places: countries by ISO alpha-2 code, and the regions of the UN's M49 list."""

import csv
from functools import cache
from pathlib import Path

from django_countries import countries

REGIONS = Path(__file__).parent / "data" / "regions.csv"


@cache
def region_of_countries() -> dict[str, str]:
    """Return the slug of the region of every country."""
    return {row["country"]: row["region"] for row in _rows()}


@cache
def region_names() -> dict[str, str]:
    """Return the name of every region by its slug."""
    return {row["region"]: row["region_name"] for row in _rows()}


def place_name(code: str) -> str:
    """Return the words for a country's code or a region's slug; what is neither is returned as it is."""
    return region_names().get(code) or countries.name(code) or code


def _rows() -> list[dict[str, str]]:
    with REGIONS.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
