"""Loyalty where a platform counts the loyal: the part of what some people saw that subscribers or returners saw."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from enrichment.measures.likeliest import FALLBACK, LEAST_COVERAGE

Floats = npt.NDArray[np.float64]
Group = tuple[str, str, str]
Key = TypeVar("Key")

KINDS = ("returning", "subscribed", "follower")
"""Of kinds that cover as much of a persona the first is told."""
ANYBODY = ("", "", "")
CONTENTS, GROUPS = "contents", "groups"


@dataclass(frozen=True)
class LoyalCount:
    """Interactions with one content (None: all of a source) by one group, and those of them by the loyal of a kind.

    Blank dimensions of the group are any.
    """

    kind: str
    content: int | None
    group: Group
    loyal: float
    total: float


@dataclass(frozen=True)
class CountedLoyalty:
    """The part (0 to 1) of the loyal among some people and in the whole audience, as `kind` defines them.

    by says what told the people apart, coverage for what part of them there are counts.
    """

    kind: str
    share: float
    usual: float
    coverage: float
    by: tuple[str, ...]


@dataclass(frozen=True)
class _View:
    """The part of the loyal of each content or each group (n,), NaN where nobody counted it, and its usual weight."""

    by: str
    rates: Floats
    usual: Floats

    def of(self, weights: Floats) -> tuple[float, float, float]:
        """Return the part of the loyal for these weights (n,) and for the usual ones, and what part has counts."""
        known = ~np.isnan(self.rates)
        covered, usually = float(weights[known].sum()), float(self.usual[known].sum())
        if not covered or not usually:
            return 0.0, 0.0, 0.0
        rates = self.rates[known]
        return float(weights[known] @ rates) / covered, float(self.usual[known] @ rates) / usually, min(covered, 1.0)


class LoyalCounts:
    """The counts of an audience's sources, laid out for its contents and its groups."""

    def __init__(
        self,
        rows: Iterable[LoyalCount],
        contents: Sequence[int],
        totals: Floats,
        groups: Sequence[Group],
        sizes: Floats,
    ) -> None:
        """Take the contents (c,) and the groups (g,) of the audience with the interactions of each."""
        by_kind: dict[str, list[LoyalCount]] = defaultdict(list)
        for row in rows:
            if row.total > 0:
                by_kind[row.kind].append(row)
        usual, parts = totals / (totals.sum() or 1.0), sizes / (sizes.sum() or 1.0)
        self._views = {
            kind: (
                _View(CONTENTS, _of_contents(by_kind[kind], contents), usual),
                _View(GROUPS, _of_groups(by_kind[kind], groups), parts),
            )
            for kind in KINDS
            if kind in by_kind
        }

    def of(self, content_weights: Floats, group_weights: Floats) -> CountedLoyalty | None:
        """Return the loyalty of the part with these shares of contents (c,) and of groups (g,).

        The rates of the contents are weighted by their shares in what the part saw, those of the groups by their
        shares in the part: two views of the same people, whose mean is told where both have counts of at least 30 %
        of them. None where no view of any kind has.
        """
        found = []
        for kind, views in self._views.items():
            told = [
                (view.by, *view.of(weights))
                for view, weights in zip(views, (content_weights, group_weights), strict=True)
            ]
            if told := [one for one in told if one[3] >= LEAST_COVERAGE]:
                by, shares, usual, covered = zip(*told, strict=True)
                found.append(CountedLoyalty(kind, _mean(shares), _mean(usual), min(covered), by))
        return max(found, key=lambda one: one.coverage, default=None)


def _of_contents(rows: Iterable[LoyalCount], contents: Sequence[int]) -> Floats:
    """Return the rates of contents (c,): from what is counted of anybody, else from the sum of the groups."""
    whole: dict[int, tuple[float, float]] = {}
    summed: dict[int, tuple[float, float]] = {}
    for row in rows:
        if row.content is not None:
            _add(whole if row.group == ANYBODY else summed, row.content, row)
    sums = summed | whole
    return np.array([_rate(sums.get(content)) for content in contents])


def _of_groups(rows: Iterable[LoyalCount], groups: Sequence[Group]) -> Floats:
    """Return the rates of groups (g,): each its own or that of the nearest wider one that names a dimension."""
    whole: dict[Group, tuple[float, float]] = {}
    summed: dict[Group, tuple[float, float]] = {}
    for row in rows:
        if row.group != ANYBODY:
            _add(whole if row.content is None else summed, row.group, row)
    sums = summed | whole
    return np.array([_rate(_nearest(sums, group)) for group in groups])


def _add(sums: dict[Key, tuple[float, float]], key: Key, row: LoyalCount) -> None:
    loyal, total = sums.get(key, (0.0, 0.0))
    sums[key] = loyal + row.loyal, total + row.total


def _nearest(sums: Mapping[Group, tuple[float, float]], group: Group) -> tuple[float, float] | None:
    for common in FALLBACK[:-1]:
        gender, age, country = (part if kept else "" for part, kept in zip(group, common, strict=True))
        if (gender, age, country) in sums and (gender, age, country) != ANYBODY:
            return sums[gender, age, country]
    return None


def _rate(sums: tuple[float, float] | None) -> float:
    return sums[0] / sums[1] if sums else float("nan")


def _mean(values: Sequence[float]) -> float:
    return float(sum(values) / len(values))
