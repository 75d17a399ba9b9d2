"""Illustrated faces of people who do not exist: traits drawn by gender, age and country, then rendered offline."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from enrichment.measures.chance import draw, pick
from enrichment.measures.illustrating import Traits, render

DATA = Path(__file__).resolve().parent.parent / "data"
WORLD = "world"
SKIN = {
    "t1": "#fbdcc4",
    "t2": "#f1c7a2",
    "t3": "#dfa878",
    "t4": "#c48a5a",
    "t5": "#a36a40",
    "t6": "#805033",
    "t7": "#654232",
}
HAIRS = {
    "black": "#1c1a1a",
    "dark-brown": "#3a2620",
    "brown": "#5f3f2c",
    "light-brown": "#8f6840",
    "blond": "#d5ae6b",
    "red": "#a9522b",
}
GREYS = ("#8e8d8f", "#b3b2b4", "#d7d6d6")
FABRICS = ("#2f4858", "#6b4e71", "#7a8b8b", "#c8b6a0", "#395b50", "#8c4a52", "#d9d2c7", "#23272e")
CLOTHES = ("#8fa7df", "#7fbf9a", "#e9b872", "#c58bb5", "#d98a75", "#8ec3c6", "#5f7fa8", "#b5ba8b", "#9a8fbf", "#cf6f6f")
BACKGROUNDS = ("#e3ecf5", "#e6f1ea", "#f6eedf", "#f1e7f2", "#f8e6e0", "#e2f0f2", "#eeeee6", "#e8e6f4")

Heads = tuple[str, ...]
WOMEN: Heads = (
    "bangs",
    "bangs2",
    "grayBun",
    "grayMedium",
    "long",
    "longBangs",
    "medium1",
    "medium2",
    "medium3",
    "mediumBangs",
    "mediumBangs2",
)
GIRLS: Heads = ("bangs", "bangs2", "long", "longBangs", "medium2", "medium3", "mediumBangs", "mediumBangs3")
OLDER_WOMEN: Heads = ("bangs", "grayBun", "grayMedium", "medium1", "medium2", "medium3", "mediumBangs", "mediumBangs2")
MEN: Heads = ("grayShort", "pomp", "short1", "short2", "short4", "short5", "shaved2")
BOYS: Heads = ("short1", "short2", "short4", "short5", "shaved2")
OLDER_MEN: Heads = ("grayShort", "grayShort", "noHair1", "noHair2", "noHair3", "noHair3", "short2", "short4")
EITHER: Heads = ("medium1", "short3", "short5", "shaved2", "dreads2")
COILY_WOMEN: Heads = ("afro", "bun", "bun2", "cornrows", "cornrows2", "dreads1", "longCurly")
COILY_MEN: Heads = ("dreads2", "flatTop", "noHair1", "short1", "short2", "twists", "twists2")
COILY_EITHER: Heads = ("afro", "dreads2", "twists", "twists2")
DARK_HAIR = {"t4": ("black", "dark-brown", "brown"), "t5": ("black", "dark-brown"), "t6": ("black",), "t7": ("black",)}
"""Hair colours that go with the darker skins; any goes with the others."""
COILY_TONES = frozenset({"t5", "t6", "t7"})
BARE = frozenset({"noHair1", "noHair2"})

CALM = {"smile": 0.65, "calm": 0.35}
"""The only expressions used: friendly and quiet ones."""
GLASSES = {"glasses": 1.0, "glasses2": 1.0, "glasses3": 1.0, "glasses5": 1.0}
BEARDS = {"chin": 3.0, "full": 3.0, "full2": 1.0, "full4": 2.0, "goatee1": 1.0, "goatee2": 1.0, "moustache9": 1.0}

SHORT_BEARDS = {"chin": 2.0, "full": 1.0, "goatee1": 1.0}


@dataclass(frozen=True)
class Look:
    """How people of some countries look: shares of skin tones and hair colours, percent of coily hair and of beards."""

    skin: Mapping[str, float]
    hair: Mapping[str, float]
    percent: Mapping[str, float]


def draw_picture(*, gender: str, age: int, country: str, key: str, size: int = 512) -> bytes:
    """Return a square PNG of size pixels, the same bytes for the same arguments."""
    traits = picture_traits(gender=gender, age=age, country=country, key=key)
    return render(traits, size)


def picture_traits(*, gender: str, age: int, country: str, key: str) -> Traits:
    """Draw the traits of a face; gender is female, male or other, age in years, country ISO alpha-2 or blank."""
    look_slug, headscarf, turban = _countries().get(country.upper(), (WORLD, 0.0, 0.0))
    look = _looks()[look_slug]
    tone = pick(look.skin, "skin", key)
    headwear = _headwear(gender, headscarf, turban, key)
    grey = draw("grey", key) < _grey_chance(gender, age)
    hair = (
        _one(GREYS[: 2 if age < 60 else 3], "grey shade", key)
        if grey
        else HAIRS[pick(_hair_shares(look, tone), "hair", key)]
    )
    return Traits(
        head=headwear or _head(gender, age, tone in COILY_TONES and _happens(look, "coily", key), key),
        skin=SKIN[tone],
        hair=hair,
        grey=grey,
        expression=pick(CALM, "expression", key),
        glasses=pick(GLASSES, "glasses kind", key) if draw("glasses", key) < _glasses_chance(age) else "",
        beard=_beard(gender, age, look, key),
        headwear=headwear,
        fabric=_one(FABRICS, "fabric", key),
        clothes=_one(CLOTHES, "clothes", key),
        background=_one(BACKGROUNDS, "background", key),
    )


def _head(gender: str, age: int, coily: bool, key: str) -> str:
    heads = {"female": _women(age, coily), "male": _men(age, coily, key)}.get(gender)
    return _one(heads or (COILY_EITHER if coily else EITHER), "head", key)


def _hair_shares(look: Look, tone: str) -> Mapping[str, float]:
    usual = DARK_HAIR.get(tone, tuple(HAIRS))
    return {color: share for color, share in look.hair.items() if color in usual}


def _women(age: int, coily: bool) -> Heads:
    if age >= 60 or (age >= 50 and not coily):
        return OLDER_WOMEN
    if coily:
        return COILY_WOMEN
    return GIRLS if age < 25 else WOMEN


def _men(age: int, coily: bool, key: str) -> Heads:
    if age >= 60 and draw("older head", key) < 0.8:
        return OLDER_MEN
    if coily:
        return COILY_MEN if age >= 30 else tuple(head for head in COILY_MEN if head not in BARE)
    return BOYS if age < 18 else MEN


def _headwear(gender: str, headscarf: float, turban: float, key: str) -> str:
    percent, variant = {"female": (headscarf, "hijab"), "male": (turban, "turban")}.get(gender, (0.0, ""))
    return variant if draw("headwear", key) * 100 < percent else ""


def _grey_chance(gender: str, age: int) -> float:
    """Return the chance of grey hair; women of the same age dye theirs more often."""
    chance = 0.0 if age < 40 else 0.08 if age < 45 else 0.3 if age < 55 else 0.65 if age < 65 else 0.95
    return chance * 0.9 if gender == "female" else chance


def _glasses_chance(age: int) -> float:
    return 0.1 if age < 18 else 0.16 if age < 45 else 0.32 if age < 65 else 0.5


def _beard(gender: str, age: int, look: Look, key: str) -> str:
    if gender != "male" or age < 20 or not _happens(look, "beard", key):
        return ""
    return pick(BEARDS if age >= 25 else SHORT_BEARDS, "beard kind", key)


def _happens(look: Look, name: str, key: str) -> bool:
    return draw(name, key) * 100 < look.percent.get(name, 0.0)


def _one(choices: tuple[str, ...], *parts: object) -> str:
    return choices[int(draw(*parts) * len(choices))]


@lru_cache(maxsize=1)
def _looks() -> Mapping[str, Look]:
    traits: dict[str, dict[str, dict[str, float]]] = {}
    for row in _rows("looks.csv"):
        look = traits.setdefault(row["look"], {"skin": {}, "hair": {}, "percent": {}})
        look[row["trait"]][row["value"]] = float(row["weight"])
    return {slug: Look(**values) for slug, values in traits.items()}


@lru_cache(maxsize=1)
def _countries() -> Mapping[str, tuple[str, float, float]]:
    """Return country -> look, percent of women with a headscarf, percent of men with a turban; none is 100."""
    return {
        row["country"]: (row["look"], float(row["headscarf_percent"]), float(row["turban_percent"]))
        for row in _rows("looks_countries.csv")
    }


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
