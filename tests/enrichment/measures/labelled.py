"""The labelled lists: comments with language and sentiment, quotes with the reason they must get."""

import csv
from functools import lru_cache
from pathlib import Path

from enrichment.measures.reading import Readings, load_reader
from enrichment.measures.sentiment import labels

FOLDER = Path(__file__).resolve().parent / "data"
DATA = Path(__file__).resolve().parents[3] / "enrichment" / "data"


@lru_cache(maxsize=8)
def rows(name: str) -> tuple[dict[str, str], ...]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@lru_cache(maxsize=8)
def readings(name: str) -> Readings:
    return load_reader(DATA).read([row["text"] for row in rows(name)])


def sentiments(name: str) -> list[str]:
    return [label or "none" for label in labels(readings(name).scores)]


def accuracy(right: list[bool]) -> float:
    return sum(right) / len(right)
