"""The ground of the Graph: who is let in, how lists are paged, and that the SDK understands what it says."""

import pytest
import requests
from facebook_business.adobjects.user import User
from facebook_business.api import FacebookAdsApi
from facebook_business.exceptions import FacebookRequestError
from facebook_business.session import FacebookSession

from tests.platforms.meta import Graph, proof_of
from tests.platforms.server import PlatformServer

PAGES = [{"id": str(number), "name": f"Page {number}"} for number in range(60)]


@pytest.fixture
def graph():
    server = PlatformServer()
    graph = Graph(server, accepts=lambda token: token.startswith("EAA"), secret="app-secret")
    graph.get("me/accounts", "User", "get_accounts", lambda request, _: graph.listed(request, PAGES), answers="Page")
    with server.running():
        yield graph


def ask(graph, token="EAAuser", **params):
    params = {"appsecret_proof": proof_of("app-secret", token), **params}
    address = f"{graph.addresses(graph.server.base)['graph']}/me/accounts"
    return requests.get(address, params, headers={"Authorization": f"Bearer {token}"}, timeout=5)


def test_a_list_is_read_to_its_end_by_cursors(graph):
    names, after = [], None
    while True:
        body = ask(graph, fields="name", limit=25, after=after).json()
        names += [page["name"] for page in body["data"]]
        if "next" not in body["paging"]:
            break
        after = body["paging"]["cursors"]["after"]
    assert names == [page["name"] for page in PAGES]


def test_an_empty_page_has_a_next_one(graph):
    graph.empty_pages = {25}
    second = ask(graph, after=ask(graph).json()["paging"]["cursors"]["after"]).json()
    assert second["data"] == []
    third = ask(graph, after=second["paging"]["cursors"]["after"]).json()
    assert third["data"][0]["id"] == "25"


def test_the_next_address_holds_the_token(graph):
    assert "access_token=EAAuser" in ask(graph).json()["paging"]["next"]


@pytest.mark.parametrize(
    ("token", "params", "code"),
    [("nonsense", {}, 190), ("EAAuser", {"appsecret_proof": "wrong"}, 100), ("EAAdead", {}, 190)],
)
def test_who_is_not_let_in_is_told_why(graph, token, params, code):
    graph.dead["EAAdead"] = 460
    answer = ask(graph, token, **params)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)


def test_a_page_wants_its_own_token(graph):
    graph.get(
        "106/insights", "Page", "get_insights", lambda request, _: {"data": []}, answers="InsightsResult", page=True
    )
    address = f"{graph.addresses(graph.server.base)['graph']}/106/insights"
    params = {"appsecret_proof": proof_of("app-secret", "EAAuser")}
    answer = requests.get(address, params, headers={"Authorization": "Bearer EAAuser"}, timeout=5).json()
    assert "must be called with a Page Access Token" in answer["error"]["message"]


def test_too_long_a_page_is_too_much_data(graph):
    graph.largest = 10
    assert "reduce the amount of data" in ask(graph, limit=11).json()["error"]["message"]
    assert len(ask(graph, limit=10).json()["data"]) == 10


def test_what_the_sdk_does_not_know_is_a_violation(graph):
    ask(graph, fields="shoe_size")
    assert graph.violations == ["User.get_accounts: field shoe_size of Page"]


def test_the_official_client_reads_a_list_and_an_error(graph, monkeypatch):
    monkeypatch.setattr(FacebookSession, "GRAPH", f"{graph.server.base}/graph")
    api = FacebookAdsApi(FacebookSession(app_secret="app-secret", access_token="EAAuser"), api_version="v26.0")
    assert [page["name"] for page in User("me", api=api).get_accounts(["name"])] == [page["name"] for page in PAGES]
    graph.dead["EAAuser"] = 463
    with pytest.raises(FacebookRequestError) as told:
        list(User("me", api=api).get_accounts(["name"]))
    assert (told.value.api_error_code(), told.value.api_error_subcode()) == (190, 463)
    assert not graph.violations
