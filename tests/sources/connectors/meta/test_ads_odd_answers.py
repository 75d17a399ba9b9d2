"""Answers of odd forms to questions about ads: nothing is made of them."""

from datetime import date

import pytest
import requests

from sources.connectors.faults import Unavailable
from sources.connectors.harvests import Window
from sources.connectors.http import Http
from sources.connectors.meta.ads_insights import Insights
from sources.connectors.meta.faults import judge
from tests.platforms.meta import error_body
from tests.platforms.server import Answer, PlatformServer

OCTOBER = Window(date(2026, 10, 1), date(2026, 10, 31))
TOO_MUCH = Answer(error_body("Please reduce the amount of data you're asking for", 1), 500)


@pytest.fixture
def server():
    served = PlatformServer()
    with served.running():
        yield served


@pytest.fixture
def insights(server):
    return Insights(Http(requests.Session(), judge, lambda seconds: None), server.base, "act_1", "impressions")


@pytest.mark.parametrize("body", [{}, {"data": None}, {"data": {}}])
def test_an_answer_without_a_list_is_not_that_nobody_saw_an_ad(server, insights, body):
    server.fail("GET", "/act_1/insights", Answer(body))
    with pytest.raises(Unavailable, match="without a list"):
        insights.cells(OCTOBER, ("country",))


@pytest.mark.parametrize("body", [b"<h1>Sign in</h1>", b"{}", b"[]"])
def test_an_answer_that_names_no_report_is_none(server, insights, body):
    server.fail("GET", "/act_1/insights", TOO_MUCH, times=99)
    server.fail("POST", "/act_1/insights", Answer(body))
    with pytest.raises(Unavailable):
        insights.cells(OCTOBER, ("country",))
    assert server.asked[-1].method == "POST"
