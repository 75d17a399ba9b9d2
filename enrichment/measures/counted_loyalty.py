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
FEWEST = 50.0
"""Of fewer interactions the part of the loyal is not told of a group: a wider one stands for it."""
CONTENTS, GROUPS = "contents", "groups"


@dataclass(frozen=True)
class LoyalCount:
    """Interactions with one content (None: all of a source) by one group, and those of them by the loyal of a kind.

    source is the key of the source that counted them. Blank dimensions of the group are any.
    """

    source: int
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
    """The part of the loyal of each content, or each group in each source (n,), and its usual weight.

    The part is NaN where nobody counted it.
    """

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
        sources: Sequence[int],
        totals: Floats,
        groups: Sequence[Group],
        sizes: Floats,
    ) -> None:
        """Take the contents (c,), each with the key of its source, and the groups (g,), with the interactions of each.

        What a source counts of groups tells of what these saw there, and of no more.
        """
        by_kind: dict[str, list[LoyalCount]] = defaultdict(list)
        for row in rows:
            if row.total > 0:
                by_kind[row.kind].append(row)
        keys, self._of_source = np.unique(np.asarray(sources, dtype=np.int64), return_inverse=True)
        usual, parts = totals / (totals.sum() or 1.0), sizes / (sizes.sum() or 1.0)
        self._views = {
            kind: (
                _View(CONTENTS, _of_contents(by_kind[kind], contents), usual),
                _View(GROUPS, _of_groups(by_kind[kind], keys.tolist(), groups), self._by_source(usual, parts)),
            )
            for kind in KINDS
            if kind in by_kind
        }

    def of(self, content_weights: Floats, group_weights: Floats) -> CountedLoyalty | None:
        """Return the loyalty of the part with these shares of contents (c,) and of groups (g,).

        The rates of the contents are weighted by their shares in what the part saw, those of the groups by their
        shares in the part and by what part of it lies in the source that counted them: two views of the same people,
        whose mean is told where both have counts of at least 30 % of them. None where no view of any kind has.
        """
        found = []
        both = content_weights, self._by_source(content_weights, group_weights)
        for kind, views in self._views.items():
            told = [(view.by, *view.of(weights)) for view, weights in zip(views, both, strict=True)]
            if told := [one for one in told if one[3] >= LEAST_COVERAGE]:
                by, shares, usual, covered = zip(*told, strict=True)
                found.append(CountedLoyalty(kind, _mean(shares), _mean(usual), min(covered), by))
        return max(found, key=lambda one: one.coverage, default=None)

    def _by_source(self, content_weights: Floats, group_weights: Floats) -> Floats:
        """Return the weight of each group in each source (s * g,), as if the groups were alike in all of them."""
        of_sources = np.bincount(self._of_source, weights=content_weights)
        return np.outer(of_sources, group_weights).ravel()


def _of_contents(rows: Iterable[LoyalCount], contents: Sequence[int]) -> Floats:
    """Return the rates of contents (c,): from what is counted of anybody, else from the sum of the groups."""
    whole: dict[int, tuple[float, float]] = {}
    summed: dict[int, tuple[float, float]] = {}
    for row in rows:
        if row.content is not None:
            _add(whole if row.group == ANYBODY else summed, row.content, row.loyal, row.total)
    sums = summed | whole
    return np.array([_rate(sums.get(content)) for content in contents])


def _of_groups(rows: Iterable[LoyalCount], sources: Sequence[int], groups: Sequence[Group]) -> Floats:
    """Return the rates of groups in each source (s * g,): each its own or that of the nearest wider one.

    A wider one names a dimension still. Of a group that is counted, but seldom, it may be the sum of narrower ones.
    """
    by_source: dict[int, list[LoyalCount]] = {source: [] for source in sources}
    for row in rows:
        if row.group != ANYBODY and row.source in by_source:
            by_source[row.source].append(row)
    told = [_sums(mine) for mine in by_source.values()]
    return np.array(
        [
            _rate(_nearest(sums, wider, group))
            for sums, wider in zip(told, map(_widened, told), strict=True)
            for group in groups
        ]
    )


def _sums(rows: Iterable[LoyalCount]) -> dict[Group, tuple[float, float]]:
    """Return the counts of groups: what is counted of a whole source, else the sum of its contents."""
    whole: dict[Group, tuple[float, float]] = {}
    summed: dict[Group, tuple[float, float]] = {}
    for row in rows:
        _add(whole if row.content is None else summed, row.group, row.loyal, row.total)
    return summed | whole


def _widened(sums: Mapping[Group, tuple[float, float]]) -> dict[Group, tuple[float, float]]:
    """Return the counts of wider groups, those that are not counted themselves summed from narrower ones."""
    by_dimensions: dict[tuple[bool, ...], dict[Group, tuple[float, float]]] = defaultdict(dict)
    for group, counts in sums.items():
        by_dimensions[_named(group)][group] = counts
    wider: dict[Group, tuple[float, float]] = {}
    for common in FALLBACK[:-1]:
        # One set of dimensions only: the sum of several would count the same people more than once.
        told = (one for one in (common, *FALLBACK) if one in by_dimensions and _lies_in(common, one))
        for group, counts in by_dimensions.get(next(told, common), {}).items():
            _add(wider, _kept(group, common), *counts)
    return wider


def _named(group: Group) -> tuple[bool, ...]:
    return tuple(bool(part) for part in group)


def _lies_in(common: Sequence[bool], other: Sequence[bool]) -> bool:
    return all(theirs for mine, theirs in zip(common, other, strict=True) if mine)


def _kept(group: Group, common: Sequence[bool]) -> Group:
    gender, age, country = (part if kept else "" for part, kept in zip(group, common, strict=True))
    return gender, age, country


def _add(sums: dict[Key, tuple[float, float]], key: Key, loyal: float, total: float) -> None:
    before = sums.get(key, (0.0, 0.0))
    sums[key] = before[0] + loyal, before[1] + total


def _nearest(
    told: Mapping[Group, tuple[float, float]], wider: Mapping[Group, tuple[float, float]], group: Group
) -> tuple[float, float] | None:
    """The counts of the group itself or of the nearest wider one, of enough interactions; None where there are none."""
    counted = False
    for key in (_kept(group, common) for common in FALLBACK[:-1]):
        counted = counted or key in told
        # The sum of others says nothing of a group that the source does not know at all.
        found = (wider if counted else told).get(key)
        if found and found[1] >= FEWEST:
            return found
    return None


def _rate(sums: tuple[float, float] | None) -> float:
    return sums[0] / sums[1] if sums else float("nan")


def _mean(values: Sequence[float]) -> float:
    return float(sum(values) / len(values))
