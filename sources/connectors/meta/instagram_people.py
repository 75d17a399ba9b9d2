"""Who the audience of an Instagram account is, from the two lists that Instagram gives of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sources.connectors.faults import NotSupported, Refused
from sources.connectors.harvests import ContentCounts, GroupKey
from sources.connectors.http import Json
from sources.connectors.meta.graph import Graph
from sources.connectors.meta.metrics import Metric, choices
from sources.connectors.meta.people import Audience, counted, countries_of, people_of

ENGAGED, FOLLOWERS = "the account's engaged audience", "the account's followers"
TIMEFRAME = "this_month"  # of the engaged; followers are those of now


@dataclass(frozen=True)
class Viewership:
    """The account's people in one column, of which every medium's views are a part; empty when nobody is told."""

    column: ContentCounts
    people: float

    def of(self, views: float) -> ContentCounts:
        """Divide views as the account's people are; all of them are suppressed where nothing is told of the people."""
        if not self.people:
            return ContentCounts("", "", (), np.zeros(0), suppressed=views)
        part, one = views / self.people, self.column
        counts = np.asarray(one.counts) * part
        unknown, suppressed = one.unknown * part, one.suppressed * part
        return ContentCounts("", "", one.groups, counts, unknown, suppressed, len(counts) > 0, one.seed)


def viewership_of(graph: Graph, account: str, joint: Mapping[GroupKey, float] | None, seed: str) -> Viewership | None:
    """Return who engaged with the account this month, or else who follows it; the column's seed says which.

    None when Instagram refuses to tell: that is not the same as nobody, and what is stored stays.
    """
    refused = False
    for role, title in (("engaged", ENGAGED), ("followers", FOLLOWERS)):
        audience = _audience(graph, account, choices("account", role)[0])
        if audience is None:
            refused = True
            continue
        if audience.people.known and audience.countries.known:
            (column,), complaints = counted([audience], joint, seed)
            for words in complaints:
                graph.tell_once(words)
            named = f"{title} and {column.seed}"
            whole = float(np.sum(column.counts)) + column.unknown + column.suppressed
            return Viewership(replace(column, seed=named), whole)
    if refused:
        graph.tell_once("Instagram does not give who the audience is. What was stored of who viewed what stays.")
        return None
    graph.tell_once(
        "Instagram tells nothing of who the audience is; it does so for accounts with at least 100 people. "
        "The views are stored without groups."
    )
    return Viewership(ContentCounts("", "", (), np.zeros(0)), 0.0)


def _audience(graph: Graph, account: str, metric: Metric) -> Audience | None:
    """The people by age and gender and by country; None when a list is refused. Only the first is whole: the total."""
    pairs = _told(graph, account, metric, "age,gender")
    if not pairs:  # not given together: as if the one had nothing to do with the other
        ages, genders = _told(graph, account, metric, "age"), _told(graph, account, metric, "gender")
        pairs = None if ages is None or genders is None else _product(ages, genders)
    places = _told(graph, account, metric, "country")
    if pairs is None or places is None:
        return None
    people = people_of({f"{gender}.{age}": count for (age, gender), count in pairs.items()})
    countries = countries_of({place: count for (place,), count in places.items()})
    return Audience(account, people.total, people, countries)


def _told(graph: Graph, account: str, metric: Metric, by: str) -> dict[tuple[str, ...], float] | None:
    """Return the people by the values of the breakdown's dimensions; None when it is refused."""
    asked = {"metric_type": "total_value", "period": "lifetime", "breakdown": by}
    if metric.role == "engaged":
        asked["timeframe"] = TIMEFRAME
    try:
        told = graph.insights(f"{account}/insights", [metric.name], **asked).get(metric.name)
    except (Refused, NotSupported) as error:
        graph.refuse(metric.name, by, error)
        return None
    if told is None and (metric.name, by) in graph.refused:
        return None
    return dict(_results(told or {}, by.split(",")))


def _results(told: Json, dimensions: list[str]) -> Iterator[tuple[tuple[str, ...], float]]:
    """Yield the values of the dimensions, read by name for others may stand beside them, and the people."""
    for breakdown in told.get("total_value", {}).get("breakdowns", []):
        keys: list[str] = breakdown.get("dimension_keys", [])
        places = [keys.index(name) for name in dimensions if name in keys]
        if len(places) < len(dimensions):
            continue
        for result in breakdown.get("results", []):
            values: list[Any] = result.get("dimension_values", [])
            yield tuple(str(values[place]) for place in places), float(result.get("value") or 0)


def _product(
    ages: Mapping[tuple[str, ...], float], genders: Mapping[tuple[str, ...], float]
) -> dict[tuple[str, ...], float]:
    whole = sum(genders.values())
    return {
        (age, gender): count * part / whole
        for (age,), count in ages.items()
        for (gender,), part in genders.items()
        if whole
    }
