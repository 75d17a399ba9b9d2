"""The numbers by which Meta's advertising API calls things, in words."""

import csv
from dataclasses import dataclass
from functools import cache

from sources.connectors.vocabulary import DATA


@dataclass(frozen=True)
class Code:
    """One value of a field: the API's number, and the words; `told` is false for people who tell no value."""

    code: int
    words: str
    told: bool


@cache
def codes(table: str) -> dict[int, Code]:
    """Return the values of relationship, education or account_status by their number."""
    with (DATA / "meta_codes.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["table"] == table]
    return {int(row["code"]): Code(int(row["code"]), row["words"], row["told"] == "1") for row in rows}
