"""The fake of Google Analytics speaks the real dialect: Google's own client reads it, and it keeps the real's rules."""

import json

import pytest
from google.auth.credentials import AnonymousCredentials
from googleapiclient.discovery import build_from_document
from googleapiclient.discovery_cache import get_static_doc
from googleapiclient.errors import HttpError

from tests.platforms.google_analytics import ADMIN, DATA, GoogleAnalyticsFake
from tests.platforms.google_analytics_world import World
from tests.platforms.google_contract import check_error
from tests.platforms.server import PlatformServer

JOINT = ("pagePath", "countryId", "userAgeBracket", "userGender")
PROPERTY = "properties/421337"


def client(fake, server, api: str, version="v1beta"):
    name = {DATA: "analyticsdata", ADMIN: "analyticsadmin"}[api]
    return build_from_document(
        get_static_doc(name, version),
        credentials=AnonymousCredentials(),
        client_options={"api_endpoint": f"{fake.addresses(server.base)[api]}/"},
    )


@pytest.fixture
def served():
    """Serve a world; gives the fake and Google's client of the Data API."""
    server = PlatformServer()
    with server.running():
        yield lambda fake_options=None, **world: made(server, fake_options or {}, world)


def made(server, options, world):
    server.routes.clear()
    fake = GoogleAnalyticsFake(server, World(**({"pages": 30, "views": 80.0} | world)), **options)
    return fake, client(fake, server, DATA), client(fake, server, ADMIN)


def question(*dimensions, **more):
    return {
        "dateRanges": [{"startDate": "2026-08-01", "endDate": "2026-08-31"}],
        "dimensions": [{"name": name} for name in dimensions],
        "metrics": [{"name": "screenPageViews"}],
        "orderBys": [{"dimension": {"dimensionName": name}} for name in dimensions],
        "returnPropertyQuota": True,
        **more,
    }


def rows(answer):
    return [
        (*(cell["value"] for cell in row["dimensionValues"]), int(row["metricValues"][0]["value"]))
        for row in answer.get("rows", [])
    ]


def ask(data, *dimensions, **more):
    return data.properties().runReport(property=PROPERTY, body=question(*dimensions, **more)).execute()


def test_googles_client_reads_the_planted_views(served):
    fake, data, _ = served()
    answer = ask(data, *JOINT, limit="250000")
    assert sum(row[-1] for row in rows(answer)) == fake.world.truth("2026-08").sum()
    assert answer["rowCount"] == len(rows(answer))


def test_googles_client_reads_the_list_of_properties(served):
    _, _, admin = served({"others": 3})
    first = admin.accountSummaries().list(pageSize=2).execute()
    second = admin.accountSummaries().list(pageSize=2, pageToken=first["nextPageToken"]).execute()
    assert [len(part["accountSummaries"]) for part in (first, second)] == [2, 2]
    assert "nextPageToken" not in second


def test_googles_client_finds_its_own_error(served):
    _, data, _ = served()
    with pytest.raises(HttpError) as error:
        data.properties().runReport(property="properties/1", body=question(*JOINT)).execute()
    check_error(json.loads(error.value.content), 403)
    assert "sufficient permissions" in error.value.reason


@pytest.mark.parametrize("cap", [None, 12])
def test_pages_of_rows_join_to_the_whole_in_its_order(served, cap):
    _, data, _ = served(cap=cap)
    whole = rows(ask(data, *JOINT, limit="250000"))
    parts = [rows(ask(data, *JOINT, limit="700", offset=str(at))) for at in range(0, len(whole), 700)]
    assert [row for part in parts for row in part] == whole == sorted(whole)


def test_small_cells_are_withheld_where_people_are_asked_about_only(served):
    fake, data, _ = served(threshold=5)
    joint, views = ask(data, *JOINT, limit="250000"), ask(data, "pagePath")
    assert joint["metadata"]["subjectToThresholding"]
    assert min(row[-1] for row in rows(joint) if row[2] != "unknown") >= 5
    assert (
        sum(row[-1] for row in rows(joint)) < sum(row[-1] for row in rows(views)) == fake.world.truth("2026-08").sum()
    )


def test_pages_beyond_the_cap_are_one_row_named_other(served):
    fake, data, _ = served(cap=12)
    told = dict(rows(ask(data, "pagePath")))
    assert len(told) == 13
    assert told["(other)"] == fake.world.other("2026-08").sum() > 0
    assert sum(told.values()) == fake.world.truth("2026-08").sum()


def test_a_share_of_people_is_unknown(served):
    _, data, _ = served(unknown=0.5)
    told = rows(ask(data, "userAgeBracket"))
    assert dict(told)["unknown"] / sum(views for _, views in told) == pytest.approx(0.5, abs=0.03)


def test_each_report_of_a_batch_is_counted_when_it_asks_about_people(served):
    _, data, _ = served({"limited": True})
    body = {"requests": [question(*JOINT), question("pagePath"), question("pagePath", "userAgeBracket", "userGender")]}
    answer = data.properties().batchRunReports(property=PROPERTY, body=body).execute()
    left = [part["propertyQuota"]["potentiallyThresholdedRequestsPerHour"] for part in answer["reports"]]
    assert left == [
        {"consumed": 1, "remaining": 119},
        {"consumed": 0, "remaining": 119},
        {"consumed": 1, "remaining": 118},
    ]


def test_the_121st_question_about_people_is_refused_until_the_hour_is_over(served):
    fake, data, _ = served({"limited": True})
    for _ in range(120):
        ask(data, *JOINT, limit="1")
    with pytest.raises(HttpError, match="potentially thresholded"):
        ask(data, *JOINT, limit="1")
    fake.renew()
    assert rows(ask(data, *JOINT, limit="1"))


def test_an_unknown_dimension_is_an_error(served):
    _, data, _ = served()
    with pytest.raises(HttpError, match="shoeSize is not a valid dimension"):
        ask(data, "shoeSize")


def test_without_data_there_is_no_key_for_rows(served):
    _, data, _ = served(views=0.0)
    assert "rows" not in ask(data, "pagePath")


def test_the_returning_and_the_new_are_all(served):
    fake, data, _ = served()
    told = dict(rows(ask(data, "newVsReturning")))
    assert told["returning"] == fake.world.returning("2026-08").sum()
    assert sum(told.values()) == fake.world.site("2026-08").sum()
