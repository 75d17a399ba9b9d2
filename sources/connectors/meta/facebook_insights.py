"""Facebook's figures of one video, post or page: its viewers by group, and how many of them follow the page."""

from collections.abc import Mapping
from datetime import date, timedelta

from sources.connectors.faults import Refused, TooMuch
from sources.connectors.harvests import Window
from sources.connectors.http import Json
from sources.connectors.meta.graph import Graph
from sources.connectors.meta.metrics import choices
from sources.connectors.meta.parts import moment, value_of
from sources.connectors.meta.people import Audience, countries_of, people_of

FOLLOWERS = "is_from_followers"
TOO_FEW_FOLLOWERS = "200/"
VIEWS = "views"  # the unit of a metric
ROLES = ("total", "people", "countries")
Viewers = tuple[float | None, float | None]  # by followers and in all; None: not told


def audience_of(graph: Graph, content_id: str, video: str) -> Audience | None:
    """Return what is told of a video's viewers: by views where that is given, else by the time that they watched.

    None when nothing is told: that is not the same as no viewers, and what is stored of it stays.
    """
    path, choice = f"{video}/video_insights", {role: choices("video", role) for role in ROLES}
    told = graph.insights(path, [metrics[0].name for metrics in choice.values()], period="lifetime")
    for first, *others in choice.values():
        if (first.name, "") in graph.refused:
            told |= graph.insights(path, [other.name for other in others], period="lifetime")
    total = value_of(told.get(choice["total"][0].name))
    margins: dict[str, Mapping[str, float]] = {}
    units: dict[str, str] = {}
    for role in ("people", "countries"):
        metric = next((metric for metric in choice[role] if metric.name in told), choice[role][0])
        margins[role], units[role] = value_of(told.get(metric.name)) or {}, metric.unit
    views = total
    if views is None:  # then as many as the one list tells, where the other tells times
        views = max((sum(margins[role].values()) for role in margins if units[role] == VIEWS), default=0.0)
    groups = {role: _in_views(margins[role], units[role], views) for role in margins}
    if total is None and not any(sum(group.values()) for group in groups.values()):
        graph.complain("Facebook tells nothing of the viewers of a video. What was stored of it stays.")
        return None
    return Audience(content_id, total, people_of(groups["people"]), countries_of(groups["countries"]))


def viewers_of(graph: Graph, post: str) -> Viewers:
    """Return the media views of a post."""
    path, name = f"{post}/insights", choices("post", "total")[0].name
    try:
        told = graph.insights(path, [name], breakdown=FOLLOWERS).get(name)
    except Refused as error:
        if not error.code.startswith(TOO_FEW_FOLLOWERS):
            raise
        graph.refuse(name, FOLLOWERS, error)
        told = None
    if told is None:
        told = graph.insights(path, [name]).get(name)
    return _by_followers(told.get("values", [])) if told else (None, None)


def page_viewers(graph: Graph, page: str, span: Window) -> Viewers:
    """Return the media views of a page on some days, at most 90; fewer days at a time where they are too many.

    Nothing is told of days of which Facebook has forgotten the first: what is stored of them was of all.
    """
    name = choices("page", "total")[0].name
    # A day ends at 7 or 8 o'clock UTC of the next one: one day more is asked for, and what is too much left out.
    days = {"since": span.first.isoformat(), "until": (span.last + timedelta(days=2)).isoformat()}
    try:
        told = graph.insights(f"{page}/insights", [name], period="day", breakdown=FOLLOWERS, **days)
    except TooMuch:
        if span.first == span.last:
            raise
        middle = span.first + (span.last - span.first) // 2
        halves = Window(span.first, middle), Window(middle + timedelta(days=1), span.last)
        loyal, total = zip(*(page_viewers(graph, page, half) for half in halves), strict=True)
        return _summed(loyal), _summed(total)
    values = told.get(name, {}).get("values", [])
    if span.first not in map(_day_of, values):
        return None, None
    return _by_followers([value for value in values if span.first <= _day_of(value) <= span.last])


def _day_of(value: Json) -> date:
    ends = moment(str(value.get("end_time", "")))
    return (ends - timedelta(days=1)).date() if ends else date.min


def _by_followers(values: list[Json]) -> Viewers:
    told = [value for value in values if FOLLOWERS in value]
    loyal = [float(value.get("value") or 0) for value in told if str(value[FOLLOWERS]).lower() in ("1", "true")]
    total = [float(value.get("value") or 0) for value in values]
    return (sum(loyal) if told else None), (sum(total) if values else None)


def _summed(parts: tuple[float | None, ...]) -> float | None:
    return None if None in parts else sum(filter(None, parts))


def _in_views(value: Mapping[str, float], unit: str, views: float) -> Mapping[str, float]:
    """Return the counts by group; where they are times, the views in all in proportion to them."""
    whole = sum(value.values())
    if unit == VIEWS or not whole:
        return value
    return {name: count * views / whole for name, count in value.items()}
