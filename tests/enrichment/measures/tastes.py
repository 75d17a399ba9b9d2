"""Months of contents whose kinds, tags and viewers' tastes are known beforehand."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

KINDS, TAGS = 12, 6
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Month:
    """Contents (c,) with a category and two tags each, and the share of each in what every viewer saw (viewers, c)."""

    categories: list[str]
    tags: list[list[str]]
    seen: Floats

    @property
    def usual(self) -> Floats:
        return np.asarray(self.seen.mean(axis=0))


@dataclass(frozen=True)
class Tastes:
    """How often each viewer likes each kind (viewers, kinds), and the tags inside the kinds (viewers, kinds, tags)."""

    kinds: Floats
    tags: Floats


def draw_tastes(rng: np.random.Generator, viewers: int = 8) -> Tastes:
    return Tastes(rng.gamma(0.35, size=(viewers, KINDS)), rng.lognormal(0, 0.6, (viewers, KINDS, TAGS)))


def draw_month(tastes: Tastes, rng: np.random.Generator, contents: int = 300, chance: float = 1.0) -> Month:
    """Draw a month's own contents; with a chance of 0 all are as popular as their kinds are liked."""
    kind = rng.integers(KINDS, size=contents)
    tags = np.array([rng.choice(TAGS, 2, replace=False) for _ in range(contents)])
    seen = tastes.kinds[:, kind] * tastes.tags[:, kind, tags[:, 0]] * tastes.tags[:, kind, tags[:, 1]]
    seen *= rng.lognormal(0, 0.95 * chance, contents) * rng.lognormal(0, 0.35 * chance, seen.shape)
    return Month(
        categories=[f"kind {chr(97 + one)}" for one in kind],
        tags=[[f"tag {chr(97 + one)}{chr(97 + tag)}" for tag in own] for one, own in zip(kind, tags, strict=True)],
        seen=seen / seen.sum(axis=1, keepdims=True),
    )
