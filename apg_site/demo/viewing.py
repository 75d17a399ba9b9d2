"""Who viewed what, month by month: planted tastes, popular and unpopular videos, local favourites and chance."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from apg_site.demo import audience
from apg_site.demo.contents import Content
from apg_site.demo.tables import read_table

MONTHS = (
    ("2026-08", datetime(2026, 8, 1), datetime(2026, 9, 1)),
    ("2026-09", datetime(2026, 9, 1), datetime(2026, 10, 1)),
    ("2026-10", datetime(2026, 10, 1), datetime(2026, 11, 1)),
)
VIEWS = 1_250_000
DAYS_OF_ATTENTION = 22.0
HOME_STORY = 2.0
OVER_DISPERSION = 0.5

Counts = NDArray[np.int64]


def make_views(contents: Sequence[Content], rng: np.random.Generator) -> Counts:
    """Return counts of views, months x contents x groups (in the order of `audience.groups()`)."""
    expected = _expected(contents, rng)
    months = _attention(contents).T[:, :, None]
    rates = VIEWS * months * expected[None, :, :]
    rates *= rng.gamma(1 / OVER_DISPERSION, OVER_DISPERSION, size=rates.shape)
    return np.asarray(rng.poisson(rates), dtype=np.int64)


def _expected(contents: Sequence[Content], rng: np.random.Generator) -> audience.Floats:
    """Contents x groups: the share of all views that this group gives to this video."""
    popularity = rng.lognormal(0.0, 0.95, size=len(contents))
    tastes = np.array([[_pull(number, content) for number in sorted(audience.behaviours())] for content in contents])
    tastes *= rng.lognormal(0.0, 0.35, size=tastes.shape) * popularity[:, None]
    tastes /= tastes.sum(axis=0)
    mixture = audience.affinities() * rng.lognormal(0.0, 0.25, size=(len(audience.groups()), tastes.shape[1]))
    mixture /= mixture.sum(axis=1, keepdims=True)
    expected = tastes @ mixture.T * _local(contents, rng) * _leanings(contents)
    expected *= audience.sizes(rng) / expected.sum(axis=0)
    return np.asarray(expected)


def _pull(behaviour: int, content: Content) -> float:
    pull = audience.weight(behaviour, "topic", content.category)
    for tag in content.tags:
        pull *= audience.weight(behaviour, "tag", tag)
    return pull


def _leanings(contents: Sequence[Content]) -> audience.Floats:
    """Contents x groups: smaller tastes inside the behaviours, as of the young for games."""
    leanings = np.ones((len(contents), len(audience.groups())))
    for row in read_table("leanings"):
        about = [row["tag"] in content.tags for content in contents]
        drawn = [getattr(group, row["dimension"]) == row["value"] for group in audience.groups()]
        leanings[np.ix_(about, drawn)] *= float(row["weight"])
    return leanings


def _local(contents: Sequence[Content], rng: np.random.Generator) -> audience.Floats:
    """Contents x groups: a country's own favourites, foremost the stories about itself."""
    places = list(dict.fromkeys(group.place for group in audience.groups()))
    taste = rng.lognormal(0.0, 0.3, size=(len(contents), len(places)))
    for column, place in enumerate(places):
        home = [place in content.tags for content in contents]
        taste[home, column] *= HOME_STORY
    return np.asarray(taste[:, [places.index(group.place) for group in audience.groups()]])


def _attention(contents: Sequence[Content]) -> audience.Floats:
    """Contents x months: what part of a video's views falls into each month, fading from the day it came out."""
    parts = np.array([[_fading(content.published_at, start, end) for _, start, end in MONTHS] for content in contents])
    return np.asarray(parts / parts.sum(axis=1, keepdims=True))


def _fading(published: datetime, start: datetime, end: datetime) -> float:
    since, until = (max(0.0, (moment - published).total_seconds() / 86_400) for moment in (start, end))
    return float(np.exp(-since / DAYS_OF_ATTENTION) - np.exp(-until / DAYS_OF_ATTENTION))
