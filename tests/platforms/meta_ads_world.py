"""What is planted for Meta's advertising API: people with jobs, education and relationships, and ads that they saw."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import numpy as np

AGES = ("13-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65+")
GENDERS = ("female", "male")
COUNTRIES = ("QA", "EG", "US", "GB", "IN", "AE", "ID", "BR")
RELATIONSHIPS = (1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13)
EDUCATIONS = tuple(range(1, 14))
UNDECLARED = {"relationship_statuses": 6, "education_statuses": 12}
INDUSTRIES = {
    "6008888954983": "Administrative Services",
    "6008888961983": "Production",
    "6008888972183": "Arts, Entertainment, Sports and Media",
    "6008888978783": "Business and Finance",
    "6008888980183": "Computation and Mathematics",
    "6009003307783": "Education and Libraries",
    "6009003311983": "Healthcare and Medical Services",
    "6011903424383": "Food and Restaurants",
    "6012903320383": "Sales",
    "6012903299983": "Transportation and Moving",
}
DEPRECATED = {"6012903167183": "Temporary and Seasonal", "6012903168383": "Veterans (US)"}
SUBJECTS = (
    "The morning briefing in five minutes",
    "How a delta city learned to live with water",
    "Why your phone is slower than last year",
    "Street food that travels",
    "The long way to a first job",
    "Three questions about solar power",
    "Football behind the scenes",
    "What schools do with ten new languages",
)
FORMATS = ("short film", "carousel", "story")
AIMS = (("QA",), ("US",), ("QA", "AE", "EG"), (), ("IN", "ID"), ("GB", "US"), ("BR",), ())
UNKNOWN = {"gender": 0.03, "country": 0.01}  # part of the impressions whose dimension Meta does not know


@dataclass(frozen=True)
class Cells:
    """What one ad did on some days: (country, age, gender), the last country and the last gender being unknown."""

    impressions: np.ndarray
    clicks: np.ndarray


class Population:
    """People of a country, an age and a gender, and for each of these the shares of what they tell of themselves."""

    def __init__(self, seed: int = 1, scale: float = 20.0) -> None:
        random = np.random.default_rng(seed)
        cells = (len(COUNTRIES), len(AGES), len(GENDERS))
        sizes = random.lognormal(12.5, 0.8, len(COUNTRIES))[:, None, None] * random.dirichlet(np.full(14, 6.0)).reshape(
            1, len(AGES), len(GENDERS)
        )
        self.people = np.round(sizes * random.uniform(0.7, 1.3, cells) * scale)
        self.shares = {
            "relationship_statuses": _shares(random, cells, RELATIONSHIPS),
            "education_statuses": _shares(random, cells, EDUCATIONS),
            "industries": _shares(random, cells, (*INDUSTRIES, "none")),
        }

    def count(self, spec: Mapping[str, Any]) -> float:
        """How many people a targeting_spec is about."""
        groups = self._targeted(spec)
        part = np.ones(self.people.shape)
        for wanted in spec.get("flexible_spec", []):
            told = np.zeros(self.people.shape)
            for field, values in wanted.items():
                for value in values:
                    told += self.shares[field].get(value["id"] if isinstance(value, dict) else value, 0.0)
            part *= told
        return float((self.people * part)[groups].sum())

    def truth(self, group: tuple[str, str, str], field: str) -> dict[Any, float]:
        """The true shares of the values of a field among those people of a group who tell one."""
        gender, age, country = group
        cell = COUNTRIES.index(country), AGES.index(age), GENDERS.index(gender)
        silent = (UNDECLARED.get(field), "none")
        told = {value: float(shares[cell]) for value, shares in self.shares[field].items() if value not in silent}
        return {value: share / sum(told.values()) for value, share in told.items()}

    @staticmethod
    def _targeted(spec: Mapping[str, Any]) -> np.ndarray:
        countries = np.isin(COUNTRIES, spec["geo_locations"]["countries"])
        ages = [spec.get("age_min", 18) <= int(a[:2]) and int(a[:2]) <= spec.get("age_max", 65) for a in AGES]
        genders = np.isin([2, 1], spec.get("genders", [1, 2]))
        return countries[:, None, None] & np.array(ages)[:, None] & genders


def _shares(random: np.random.Generator, cells: tuple[int, ...], values: tuple[Any, ...]) -> dict[Any, np.ndarray]:
    usual = random.dirichlet(np.full(len(values), 1.5))
    drawn = random.gamma(usual * 30 + 0.1, size=(*cells, len(values)))
    return dict(zip(values, np.moveaxis(drawn / drawn.sum(axis=-1, keepdims=True), -1, 0), strict=True))


class Ads:
    """An account's ad sets and ads, and what they did on each day, drawn from the seed and the day."""

    def __init__(self, seed: int = 1, per_set: int = 3, daily: float = 600.0) -> None:
        self.seed = seed
        random = np.random.default_rng(seed)
        usual = random.dirichlet(np.full(len(AGES) * len(GENDERS), 4.0)).reshape(1, len(AGES), len(GENDERS))
        by_country = usual * random.gamma(4.0, 0.25, (len(COUNTRIES), len(AGES), len(GENDERS)))
        self.sets = [_ad_set(number, aim) for number, aim in enumerate(AIMS)]
        self.ads: list[dict[str, Any]] = []
        self.rates: dict[str, np.ndarray] = {}
        for number, aim in enumerate(AIMS):
            for turn in range(per_set):
                ad = _ad(number, turn)
                self.ads.append(ad)
                taste = random.gamma(3.0, 1 / 3, by_country.shape[1:])
                reached = np.isin(COUNTRIES, aim or COUNTRIES)[:, None, None] * by_country * taste
                rate = reached / reached.sum() * daily * random.uniform(0.4, 1.6)
                self.rates[ad["id"]] = _with_unknown(rate, 0.0 if len(aim) == 1 else UNKNOWN["country"])

    def between(self, ad: str, first: date, last: date) -> Cells:
        """What an ad did on the days from first to last."""
        days = [self._on(ad, day) for day in _days(first, last)]
        return Cells(sum(one.impressions for one in days), sum(one.clicks for one in days))

    @lru_cache(maxsize=20_000)  # noqa: B019 (a world lives as long as its test)
    def _on(self, ad: str, day: date) -> Cells:
        random = np.random.default_rng([self.seed, int(ad[-6:]), day.toordinal()])
        impressions = random.poisson(self.rates[ad])
        return Cells(impressions, random.binomial(impressions, 0.02))

    def truth(self, first: date, last: date) -> dict[str, dict[tuple[str, str, str], int]]:
        """The impressions of each ad by (gender, age, country), of people of whom all three are known."""
        return {ad["id"]: dict(_known(self.between(ad["id"], first, last).impressions)) for ad in self.ads}


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


def _known(cells: np.ndarray) -> Iterator[tuple[tuple[str, str, str], int]]:
    for country, age, gender in np.argwhere(cells[: len(COUNTRIES), :, : len(GENDERS)]):
        yield (GENDERS[gender], AGES[age], COUNTRIES[country]), int(cells[country, age, gender])


def _with_unknown(rate: np.ndarray, of_country: float) -> np.ndarray:
    """Move parts of the rates to an unknown country and an unknown gender."""
    with_gender = np.concatenate([rate, rate.sum(axis=2, keepdims=True) * UNKNOWN["gender"]], axis=2)
    return np.concatenate([with_gender, with_gender.sum(axis=0, keepdims=True) * of_country], axis=0)


def _ad_set(number: int, aim: tuple[str, ...]) -> dict[str, Any]:
    places = {"countries": list(aim)} if aim else {"country_groups": ["worldwide"]}
    located = {**places, "location_types": ["home", "recent"]}
    return {"id": f"2385{number:06d}", "name": f"Ad set {number + 1}", "targeting": {"geo_locations": located}}


def _ad(number: int, turn: int) -> dict[str, Any]:
    subject = SUBJECTS[number % len(SUBJECTS)]
    return {
        "id": f"2386{number:03d}{turn:03d}",
        "name": f"{subject}, {FORMATS[turn % len(FORMATS)]}" + (f" {turn + 1}" if turn >= len(FORMATS) else ""),
        "adset_id": f"2385{number:06d}",
        "created_time": f"2026-{1 + (number + turn) % 8:02d}-{3 + number:02d}T09:30:00+0000",
        "creative": {"id": f"2387{number:03d}{turn:03d}", "title": subject, "body": f"{subject}. Now in our app."},
    }
