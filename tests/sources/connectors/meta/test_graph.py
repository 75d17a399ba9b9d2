"""Reading the Graph: lists to their end, insights without the dead, and a pace that keeps the limits."""

import pytest
import requests

from sources.connectors.faults import NotSupported, QuotaUsedUp, TooMuch, Unavailable
from sources.connectors.http import Http
from sources.connectors.meta.faults import judge
from sources.connectors.meta.graph import Graph
from sources.connectors.meta.metrics import choices, metrics, sunset
from tests.platforms.meta import Graph as Served
from tests.platforms.meta import GraphError
from tests.platforms.server import Answer, PlatformServer

ITEMS = [{"id": str(number)} for number in range(230)]
ALIVE = {"a", "b", "c", "d"}


@pytest.fixture
def served():
    server = PlatformServer()
    served = Served(server)
    served.get("me/accounts", "User", "get_accounts", lambda request, _: served.listed(request, ITEMS), answers="Page")
    served.get("8/video_insights", "AdVideo", "get_video_insights", insights, answers="InsightsResult")
    with server.running():
        yield served
    assert served.violations == []


def insights(request, found):
    asked = request.one("metric").split(",")
    if not set(asked) <= ALIVE:
        raise GraphError("(#100) The value must be a valid insights metric", 100)
    return {"data": [{"name": name, "values": [{"value": 1}]} for name in asked]}


@pytest.fixture
def waits():
    return []


@pytest.fixture
def graph(served, waits):
    session = requests.Session()
    session.headers["Authorization"] = "Bearer EAAX"
    return Graph(Http(session, judge, waits.append), served.addresses(served.server.base))


def ids(graph):
    return [item["id"] for item in graph.listed("me/accounts", "id")]


def test_a_list_is_read_to_its_end(graph, served):
    served.empty_pages = {0, 100, 200}
    assert ids(graph) == [item["id"] for item in ITEMS]
    assert len(served.server.asked) == 6


@pytest.mark.parametrize("body", [{}, {"data": None}, {"data": {}}])
def test_an_answer_without_a_list_is_not_the_end_of_it(graph, served, body):
    served.server.fail("GET", "me/accounts", Answer(body))
    with pytest.raises(Unavailable, match="without a list"):
        ids(graph)


def test_a_list_without_word_of_pages_is_whole(graph, served):
    served.server.fail("GET", "me/accounts", Answer({"data": [{"id": "1"}], "paging": None}))
    assert ids(graph) == ["1"]


def test_no_next_address_is_followed(graph, served):
    ids(graph)
    assert not any("access_token" in request.query for request in served.server.asked)


def test_a_list_gets_smaller_pages_until_they_are_not_too_much(graph, served):
    served.largest = 1
    assert len(ids(graph)) == 230
    limits = [int(request.one("limit")) for request in served.server.asked]
    assert limits[:8] == [100, 50, 25, 12, 6, 3, 1, 1]


def test_one_item_that_is_too_much_is_given_up(graph, served):
    served.largest = 0
    with pytest.raises(TooMuch):
        ids(graph)


@pytest.mark.parametrize("cursors", ["same same same", "one other one other", " one", "one  other"])
def test_a_list_that_goes_in_a_circle_or_tells_no_cursor_ends_and_is_told(graph, served, cursors):
    for cursor in cursors.split(" "):
        paging = {"cursors": {"after": cursor}, "next": "https://graph.facebook.com/x"}
        served.server.fail("GET", "accounts", Answer({"data": [{"id": "1"}], "paging": paging}))
    assert ids(graph) == ["1"]
    assert "breaks off after 1" in graph.complaints()[0]


def test_dead_metrics_are_found_by_halving(graph, served):
    assert set(graph.insights("8/video_insights", ["a", "x", "b", "c", "y", "d"])) == ALIVE
    assert graph.refused == {("x", ""), ("y", "")}
    assert len(graph.complaints()) == 2


def test_a_refused_metric_is_not_asked_for_again(graph, served):
    graph.insights("8/video_insights", ["x", "a"])
    before = len(served.server.asked)
    assert set(graph.insights("8/video_insights", ["x", "a"])) == {"a"}
    assert graph.insights("8/video_insights", ["x"]) == {}
    assert len(served.server.asked) == before + 1


def test_an_error_that_is_not_about_the_metric_kills_no_metric(graph, served):
    wrong = served.error("(#100) Param since must be a date", 100)
    served.server.fail("GET", "video_insights", wrong, times=3)
    with pytest.raises(NotSupported):
        graph.insights("8/video_insights", ["a"])
    assert graph.refused == set()


def test_a_metric_known_to_be_dead_is_never_asked_for(graph, served):
    assert graph.insights("8/video_insights", ["page_fans_gender_age", "post_impressions_unique"]) == {}
    assert served.server.asked == []


def test_the_registry_names_living_and_dead():
    assert choices("video", "people")[0].name == "total_video_views_by_age_bucket_and_gender"
    assert sunset("page_impressions_unique") == "2025-11-15"
    assert not any(sunset(metric.name) for metric in metrics() if not metric.sunset)


def test_complaints_that_are_the_same_are_counted(graph):
    for _ in range(3):
        graph.complain("Gone.")
    assert graph.complaints() == ["Gone.", "Gone.", "Gone."]
    assert graph.complaints() == []


@pytest.mark.parametrize(("percent", "pause"), [(40, []), (75, []), (80, [7.5]), (95, [30.0])])
def test_it_slows_down_above_three_quarters_of_a_limit(graph, served, waits, percent, pause):
    served.usage = {"X-App-Usage": {"call_count": percent}}
    graph.get("me/accounts")
    graph.get("me/accounts")
    assert waits == pause


@pytest.mark.parametrize(("entry", "wait"), [({}, 3600.0), ({"estimated_time_to_regain_access": 7}, 420.0)])
def test_it_stops_before_a_limit_is_full(graph, served, waits, entry, wait):
    served.usage = {"X-Business-Use-Case-Usage": {"1": [{"type": "pages", "total_time": 96, **entry}]}}
    graph.get("me/accounts")
    with pytest.raises(QuotaUsedUp) as told:
        graph.get("me/accounts")
    assert (told.value.wait, len(served.server.asked)) == (wait, 1)
