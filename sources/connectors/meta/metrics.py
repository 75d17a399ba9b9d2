"""The metrics of Meta's insights by name: which of them tell what, best first, and which are dead and since when."""

import csv
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

TABLE = Path(__file__).parent.parent.parent / "data" / "meta_metrics.csv"


@dataclass(frozen=True)
class Metric:
    """One name, or with `*` many; `sunset` is the day since which Meta no longer answers it, "" while it does."""

    level: str
    role: str
    name: str
    unit: str
    sunset: str


@cache
def metrics() -> tuple[Metric, ...]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(Metric(**row) for row in csv.DictReader(file))


@cache
def choices(level: str, role: str) -> tuple[Metric, ...]:
    """Return the living metrics that tell `role` (total, people, countries ...) of a level, the best one first."""
    return tuple(metric for metric in metrics() if (metric.level, metric.role) == (level, role) and not metric.sunset)


@cache
def sunset(name: str) -> str:
    """Return the day since which a metric is dead, "" when it is not known to be."""
    return next((metric.sunset for metric in metrics() if metric.sunset and fnmatchcase(name, metric.name)), "")
