"""The contract with Google: true samples pass, and what the platform would never say or hear does not."""

import copy
import json
from pathlib import Path

import pytest

from tests.platforms.google_contract import ContractBroken, check_answer, check_error, check_request
from tests.platforms.server import Request

SAMPLES = json.loads((Path(__file__).parent / "samples" / "google.json").read_text(encoding="utf-8"))
REPORTS = "youtubeAnalytics.reports.query"


def asked(path: str, method: str = "GET", body: bytes = b"", **query: str | list[str]) -> Request:
    values = {name: value if isinstance(value, list) else [value] for name, value in query.items()}
    return Request(method, path, values, {}, body)


def sample(method: str) -> dict:
    return copy.deepcopy(next(one["body"] for one in SAMPLES["answers"] if one["method"] == method))


@pytest.mark.parametrize("one", SAMPLES["answers"], ids=lambda one: one["method"])
def test_true_answers_pass(one):
    check_answer(one["api"], one["method"], one["body"])


@pytest.mark.parametrize("one", SAMPLES["requests"], ids=lambda one: one["path"])
def test_true_questions_pass(one):
    request = asked(one["path"], "POST", json.dumps(one["body"]).encode())
    assert check_request(one["api"], request).startswith("analyticsdata.properties.")


def test_a_metric_as_a_number_is_no_answer_of_google_analytics():
    body = sample("analyticsdata.properties.runReport")
    body["rows"][0]["metricValues"][0]["value"] = 812
    with pytest.raises(ContractBroken, match="812 is not of type 'string'"):
        check_answer("analytics_data", "analyticsdata.properties.runReport", body)


def test_a_word_outside_an_enum_is_no_answer():
    body = sample("analyticsdata.properties.runReport")
    body["metricHeaders"][0]["type"] = "TYPE_WHOLE"
    with pytest.raises(ContractBroken, match="TYPE_WHOLE"):
        check_answer("analytics_data", "analyticsdata.properties.runReport", body)


def test_a_row_narrower_than_the_headers_is_no_answer_of_google_analytics():
    body = sample("analyticsdata.properties.runReport")
    body["rows"][0]["metricValues"].pop()
    with pytest.raises(ContractBroken, match="does not fit its headers"):
        check_answer("analytics_data", "analyticsdata.properties.runReport", body)


def test_a_statistic_as_a_number_is_no_answer_of_youtube():
    body = sample("youtube.videos.list")
    body["items"][0]["statistics"]["viewCount"] = 15231
    with pytest.raises(ContractBroken, match="viewCount"):
        check_answer("youtube", "youtube.videos.list", body)


def test_an_unknown_field_is_no_answer():
    with pytest.raises(ContractBroken, match="nextPage"):
        check_answer("youtube", "youtube.videos.list", sample("youtube.videos.list") | {"nextPage": "x"})


def test_a_cell_of_another_type_than_its_header_is_no_answer():
    body = sample(REPORTS)
    body["rows"][0][3] = "12.4"
    with pytest.raises(ContractBroken, match="does not fit its headers"):
        check_answer("youtube_analytics", REPORTS, body)


def test_an_answer_without_what_is_always_there_is_none():
    body = sample("youtubereporting.jobs.reports.list")
    del body["reports"][0]["downloadUrl"]
    with pytest.raises(ContractBroken, match="downloadUrl"):
        check_answer("youtube_reporting", "youtubereporting.jobs.reports.list", body)


def test_a_time_that_is_none_is_no_answer():
    body = sample("youtubereporting.jobs.create") | {"createTime": "yesterday"}
    with pytest.raises(ContractBroken, match="yesterday"):
        check_answer("youtube_reporting", "youtubereporting.jobs.create", body)


@pytest.mark.parametrize("prefix", ["", "/youtube"])
def test_a_path_is_found_with_and_without_the_fakes_prefix(prefix):
    request = asked(f"{prefix}/youtube/v3/videos", part="snippet", id="a,b")
    assert check_request("youtube", request) == "youtube.videos.list"


def test_a_file_is_downloaded_by_a_name_with_slashes():
    request = asked("/youtube_reporting/v1/media/CHANNEL/UC1/jobs/1/reports/2", alt="media")
    assert check_request("youtube_reporting", request) == "youtubereporting.media.download"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"maxResults": "101"}, "maxResults is '101', not a whole number from 1 to 100"),
        ({"order": "hot"}, "order is 'hot', not one of"),
        ({"sinceDate": "2026-01-01"}, "has no parameter sinceDate"),
        ({"videoId": ["a", "b"]}, "videoId is given 2 times"),
    ],
)
def test_a_wrong_parameter_is_no_question(query, words):
    with pytest.raises(ContractBroken, match=words):
        check_request("youtube", asked("/youtube/v3/commentThreads", part="snippet", **query))


def test_a_missing_part_is_no_question():
    with pytest.raises(ContractBroken, match="not asked without part"):
        check_request("youtube", asked("/youtube/v3/videos", id="a"))


@pytest.mark.parametrize("left_out", ["ids", "startDate", "endDate", "metrics"])
def test_a_report_is_not_asked_for_without_what_its_text_requires(left_out):
    query = {"ids": "channel==MINE", "startDate": "2026-10-01", "endDate": "2026-10-31", "metrics": "views"}
    assert check_request("youtube_analytics", asked("/v2/reports", **query)) == REPORTS
    del query[left_out]
    with pytest.raises(ContractBroken, match=f"not asked without {left_out}"):
        check_request("youtube_analytics", asked("/v2/reports", **query))


def test_a_report_of_no_rows_is_not_asked_for():
    query = {"ids": "channel==MINE", "startDate": "2026-10-01", "endDate": "2026-10-31", "metrics": "views"}
    with pytest.raises(ContractBroken, match="maxResults is '0'"):
        check_request("youtube_analytics", asked("/v2/reports", **query, maxResults="0"))


def test_a_path_that_is_not_there_is_no_question():
    with pytest.raises(ContractBroken, match="no method for GET"):
        check_request("youtube", asked("/youtube/v3/views"))


def test_an_unknown_field_of_a_body_is_no_question():
    body = json.dumps({"dimension": [{"name": "date"}]}).encode()
    with pytest.raises(ContractBroken, match="dimension"):
        check_request("analytics_data", asked("/v1beta/properties/1:runReport", "POST", body))


def test_an_error_carries_its_own_status():
    check_error({"error": {"code": 404, "message": "Not found."}}, 404)
    with pytest.raises(ContractBroken, match="says 404, its answer 403"):
        check_error({"error": {"code": 404, "message": "Not found."}}, 403)
