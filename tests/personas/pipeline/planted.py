"""Audiences made from known behaviours, with heavy tails, over-dispersion and each country's own taste."""

from dataclasses import dataclass

import numpy as np
from scipy import optimize, sparse

from personas.pipeline.matrix import Audience, Group

AGES = ("13-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65+")
GENDERS = ("female", "male")
LEAST_VIEWS = 100


@dataclass(frozen=True)
class Planted:
    """Counts (groups x contents) and what they were made from: mixture (groups x K) and behaviours (K x contents)."""

    counts: sparse.csr_array
    groups: tuple[Group, ...]
    mixture: np.ndarray
    behaviours: np.ndarray

    def audience(self) -> Audience:
        """The audience that a perfect import would give: nothing unknown, nothing small."""
        return audience_of(self.counts, self.groups)


def audience_of(counts, groups=None, sources=None) -> Audience:
    """An audience straight from a matrix of counts."""
    V = sparse.csr_array(counts, dtype=np.float64)
    groups = tuple(groups) if groups is not None else plain_groups(V.shape[0])
    sources = np.zeros(V.shape[1], dtype=np.int64) if sources is None else np.asarray(sources)
    return Audience(
        V=V,
        groups=groups,
        content_ids=np.arange(V.shape[1], dtype=np.int64),
        sources=sources,
        unknown=0.0,
        small=0.0,
        small_groups=0,
        total=float(V.sum()),
        naming_countries=tuple(group.country for group in groups),
    )


def plain_groups(count) -> tuple[Group, ...]:
    """As many groups, country by country."""
    kinds = [(gender, age) for gender in GENDERS for age in AGES]
    return tuple(Group(*kinds[i % 14], f"C{i // 14:03d}") for i in range(count))


def planted(*, countries=36, contents=5000, patterns=8, views=3e6, dispersion=0.5, local=0.5, seed=0) -> Planted:
    """Draw one audience of countries x 14 groups."""
    rng = np.random.default_rng(seed)
    groups = plain_groups(countries * 14)
    country, kind = np.divmod(np.arange(len(groups)), 14)
    mixture = _mixture(rng, country, kind, patterns)
    behaviours = _behaviours(rng, contents, patterns)
    sizes = _zipf(rng, countries)[country] * rng.dirichlet(np.full(14, 2.0), countries)[country, kind]
    expected = (sizes / sizes.sum() * views)[:, None] * (mixture @ behaviours)
    expected *= _noise(rng, (countries, contents), local)[country] * _noise(rng, expected.shape, dispersion)
    return Planted(sparse.csr_array(rng.poisson(expected).astype(np.float64)), groups, mixture, behaviours)


def accuracy(truth: Planted, found_mass, found_contents) -> float:
    """Share of the groups of some size whose dominant behaviour is the dominant one found.

    `found_mass` is groups x p, `found_contents` p x contents; behaviours are matched by the cosine of their contents.
    """
    rows = found_contents / np.linalg.norm(found_contents, axis=1, keepdims=True)
    behaviours = truth.behaviours / np.linalg.norm(truth.behaviours, axis=1, keepdims=True)
    planted_k, found_k = optimize.linear_sum_assignment(-(behaviours @ rows.T))
    meant = dict(zip(found_k, planted_k, strict=True))
    big = np.asarray(truth.counts.sum(axis=1)).ravel() >= LEAST_VIEWS
    guesses = np.array([meant.get(k, -1) for k in found_mass.argmax(axis=1)])
    return float((guesses == truth.mixture.argmax(axis=1))[big].mean())


def _mixture(rng, country, kind, patterns):
    regions = rng.integers(0, 6, country.max() + 1)
    by_region, by_age = rng.normal(size=(6, patterns)), rng.normal(size=(7, patterns))
    by_gender, by_chance = rng.normal(size=(2, patterns)), rng.normal(size=(len(country), patterns))
    score = by_region[regions[country]] + by_age[kind % 7] + by_gender[kind // 7] + by_chance
    weights = np.exp(score)
    return weights / weights.sum(axis=1, keepdims=True)


def _behaviours(rng, contents, patterns):
    popular = _zipf(rng, contents)
    taste = popular * rng.gamma(0.5, size=(patterns, contents))
    return taste / taste.sum(axis=1, keepdims=True)


def _zipf(rng, count):
    return rng.permutation(1 / np.arange(1, count + 1))


def _noise(rng, shape, variance):
    return rng.gamma(1 / variance, variance, shape) if variance else np.ones(shape)
