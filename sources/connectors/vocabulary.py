"""The words of the three dimensions: every spelling that platforms and people use, and the one we keep."""

import csv
import difflib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent.parent / "data"
AGE_GROUPS = ("13-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65+")
GENDERS = ("female", "male", "user_specified")
_AGE = re.compile(r"(?:age[sd]? ?)?(\d{1,3})(?: ?(?:to )?(\d{1,3})|to(\d{1,3}))?(?: ?(?:years?|yrs?|yo))?(?: old)?")


@dataclass(frozen=True)
class Vocabulary:
    """The values of one dimension: codes index `values`, and code 0, "", stands for unknown."""

    name: str
    values: tuple[str, ...]
    spellings: dict[str, int]
    titles: dict[str, str]
    expected: str

    def code(self, value: str) -> int | None:
        """Return the code of a value in any known spelling, 0 when it says unknown, None when it is not one of ours."""
        key = spelling_key(value)
        if not key:
            return 0
        code = self.spellings.get(key)
        return self.spellings.get(_age_key(key), code) if code is None and self.name == "age_group" else code

    def reason(self, value: str, *, suggest: bool = True) -> str:
        """Say why the value is not one of ours, with the nearest that is; a suggestion costs about a millisecond."""
        key = spelling_key(value)
        near = difflib.get_close_matches(key, self.titles, n=1, cutoff=0.75) if suggest else []
        if near:
            return f"not {self.expected}; did you mean {self.titles[near[0]]}?"
        return f"not {self.expected}"


@cache
def vocabulary(dimension: str) -> Vocabulary:
    """Return the vocabulary of gender, age_group or country."""
    if dimension == "country":
        return _countries()
    values = ("", *(GENDERS if dimension == "gender" else AGE_GROUPS))
    spellings = {spelling_key(value): code for code, value in enumerate(values) if value}
    spellings |= {key: values.index(value) for value, key in _spellings(dimension)}
    name = {"gender": "a gender", "age_group": "an age group"}[dimension]
    expected = f"{name} we know ({', '.join(values[1:])})"
    titles = {key: values[code] for key, code in spellings.items() if code and len(key) > 3}
    return Vocabulary(dimension, values, spellings, titles, expected)


def spelling_key(text: str) -> str:
    """Return the text without case, accents and punctuation: what two spellings of one word have in common."""
    plain = unicodedata.normalize("NFKD", text.replace("&", " and ")).casefold()
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = "".join(letter if letter.isalnum() else " " for letter in letters).split()
    telling = [word for word in words if word != "the"] or words
    return " ".join("saint" if word == "st" else word for word in telling)


def _age_key(key: str) -> str:
    match = _AGE.fullmatch(key)
    if match is None:
        return key
    return " ".join(part for part in match.groups() if part)


def _countries() -> Vocabulary:
    values, titles = [""], dict[str, str]()
    spellings = {key: 0 for _, key in _spellings("country")}
    with (DATA / "countries.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            names = [row["name"], *filter(None, row["variants"].split("|"))]
            titles |= {spelling_key(name): f"{row['name']} ({row['alpha2']})" for name in names if len(name) > 3}
            spellings |= {spelling_key(name): len(values) for name in (row["alpha2"], row["alpha3"], *names)}
            values.append(row["alpha2"])
    expected = "a country we know by ISO code or English name"
    return Vocabulary("country", tuple(values), spellings, titles, expected)


def _spellings(dimension: str) -> Iterator[tuple[str, str]]:
    """Yield (value, spelling key) of the dimension and of the words for unknown that all share."""
    with (DATA / "spellings.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["column"] in (dimension, "any"):
                yield from ((row["value"], spelling_key(spelling)) for spelling in row["spellings"].split("|"))
