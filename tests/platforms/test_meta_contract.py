"""The check against Meta's SDK lets pass what the Graph really says, and catches what it does not."""

import json

import pytest

from tests.platforms.meta_contract import NotInContract, check_answer, check_error, check_request, field_names
from tests.platforms.server import Request

PAGE = {"id": "106", "name": "Acme", "followers_count": 5, "access_token": "EAAG", "tasks": ["ANALYZE"]}
VIDEO = {"id": "888", "title": "t", "created_time": "2026-10-01T10:00:00+0000", "length": 63.4, "views": 5000}
INSIGHT = {"name": "total_video_views", "period": "lifetime", "id": "8/x", "values": [{"value": {"F.18-24": 3}}]}
AD_ROW = {"ad_id": "238", "impressions": "1200", "date_start": "2026-10-01", "age": "25-34", "gender": "female"}
TARGETING = {"geo_locations": {"countries": ["QA"]}, "age_min": 25, "genders": [2], "flexible_spec": [{}]}


@pytest.mark.parametrize(
    ("node", "body"),
    [
        ("Page", PAGE),
        ("Page", {**PAGE, "instagram_business_account": {"id": "178"}}),
        ("AdVideo", {"data": [VIDEO], "paging": {"cursors": {"before": "a", "after": "b"}, "next": "https://x"}}),
        ("InsightsResult", {"data": [INSIGHT]}),
        ("InsightsResult", {"data": []}),
        ("AdsInsights", {"data": [AD_ROW]}),
        ("AdAccountReachEstimate", {"data": {"users_lower_bound": 1, "users_upper_bound": 2, "estimate_ready": True}}),
        ("Targeting", TARGETING),
    ],
)
def test_what_the_graph_says_passes(node, body):
    check_answer(node, body)


@pytest.mark.parametrize(
    ("node", "body", "words"),
    [
        ("Page", {**PAGE, "followers_count": "5"}, "followers_count is '5'"),
        ("Page", {**PAGE, "followers_count": -1}, "not of type unsigned int"),
        ("Page", {**PAGE, "fans": 5}, "fans is unknown"),
        ("Page", {**PAGE, "instagram_business_account": {"handle": "x"}}, "handle is unknown"),
        ("AdVideo", {"data": [{**VIDEO, "created_time": "yesterday"}]}, "created_time"),
        ("AdVideo", {"data": [VIDEO], "nextPageToken": "x"}, "nextPageToken beside data"),
        ("AdVideo", {"data": [VIDEO], "paging": {"after": "x"}}, "paging.after"),
        ("InsightsResult", {"data": [{**INSIGHT, "values": {"value": 3}}]}, "is no list"),
        ("InsightsResult", {"data": [{**INSIGHT, "values": [{"total": 3}]}]}, "total is unknown"),
        ("AdsInsights", {"data": [{**AD_ROW, "impressions": 1200}]}, "impressions is 1200"),
        ("Ad", {"id": "1", "effective_status": "SLEEPING"}, "none of the enum"),
        ("Targeting", {**TARGETING, "genders": "2"}, "is no list"),
        ("Targeting", {**TARGETING, "geo_locations": {"planets": ["Mars"]}}, "planets is unknown"),
    ],
)
def test_what_it_does_not_say_is_caught(node, body, words):
    with pytest.raises(NotInContract, match=words):
        check_answer(node, body)


def test_an_error_needs_its_envelope():
    check_error({"error": {"message": "No.", "type": "OAuthException", "code": 190, "fbtrace_id": "E"}})
    with pytest.raises(NotInContract, match="no type in an error"):
        check_error({"error": {"message": "No.", "code": 190, "fbtrace_id": "E"}})


def asked(path: str, **query: str) -> Request:
    return Request("GET", f"/graph/v26.0/{path}", {name: [value] for name, value in query.items()}, {}, b"")


@pytest.mark.parametrize(
    ("request_", "node", "call"),
    [
        (asked("me/accounts", fields="id,access_token,tasks", limit="100"), "User", "get_accounts"),
        (asked("1/published_posts", fields="id,message,attachments{media_type,target}"), "Page", "get_published_posts"),
        (asked("1_2/insights", metric="post_media_view", breakdown="is_from_followers"), "PagePost", "get_insights"),
        (asked("8/video_insights", metric="a,b", period="lifetime"), "AdVideo", "get_video_insights"),
        (asked("1_2/comments", filter="stream", order="chronological", after="x"), "PagePost", "get_comments"),
        (asked("17/insights", metric="follower_demographics", breakdown="age,gender"), "IGUser", "get_insights"),
        (asked("act_1/reachestimate", targeting_spec=json.dumps(TARGETING)), "AdAccount", "get_reach_estimate"),
    ],
)
def test_questions_that_the_sdk_asks_pass(request_, node, call):
    check_request(request_, node, call)


@pytest.mark.parametrize(
    ("request_", "node", "call", "words"),
    [
        (asked("me/pages"), "User", "get_accounts", "me/pages is not GET me/accounts"),
        (asked("1_2/comments", order="hot"), "PagePost", "get_comments", "none of the enum order_enum"),
        (asked("1_2/comments", sort="time"), "PagePost", "get_comments", "parameter sort"),
        (asked("8/video_insights", period="century"), "AdVideo", "get_video_insights", "period_enum"),
        (asked("1/videos", fields="id,heading"), "Page", "get_videos", "field heading of AdVideo"),
        (asked("17/insights", metric="shoe_size"), "IGUser", "get_insights", "shoe_size"),
        (asked("act_1/reachestimate", targeting_spec='{"agemin":1}'), "AdAccount", "get_reach_estimate", "agemin"),
    ],
)
def test_questions_that_it_does_not_ask_are_caught(request_, node, call, words):
    with pytest.raises(NotInContract, match=words):
        check_request(request_, node, call)


def test_fields_may_be_unfolded():
    assert field_names("id,attachments{media_type,target{id}},message") == ["id", "attachments", "message"]
