"""The fake YouTube speaks the real dialect: Google's own client reads it, and it has YouTube's limits."""

import json
from datetime import date

import pytest
import requests
from analytix.auth import Scopes
from analytix.errors import InvalidRequest
from analytix.queries import ReportQuery
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build_from_document
from googleapiclient.discovery_cache import get_static_doc
from googleapiclient.errors import HttpError

from sources.connectors.google import oauth as google_oauth
from sources.connectors.youtube.reporting import ensure_jobs
from tests.platforms.google_contract import ContractBroken, check_answer
from tests.platforms.youtube import WITH_COMMENTS
from tests.platforms.youtube_case import OCTOBER, case

# Documented in words only, so that the oracle refuses them: a filter of several values among the dimensions.
MULTI_VALUE = {"video,subscribedStatus", "video,country", "video,ageGroup,gender"}
DAYS = {"ids": "channel==MINE", "startDate": "2026-10-01", "endDate": "2026-10-31"}


@pytest.fixture
def channel():
    with case(videos=60, views=500.0) as one:
        one.fake.scopes_of = lambda token: WITH_COMMENTS
        yield one


def official(channel, name, version, api):
    """Google's client of one API, pointed at the fake."""
    return build_from_document(
        json.loads(get_static_doc(name, version)),
        credentials=Credentials("ya29.planted"),
        client_options={"api_endpoint": f"{channel.server.base}/{api}/"},
    )


@pytest.fixture
def data(channel):
    return official(channel, "youtube", "v3", "youtube")


@pytest.fixture
def reports(channel):
    return official(channel, "youtubeAnalytics", "v2", "youtube_analytics").reports()


def test_googles_client_pages_through_the_uploads(channel, data):
    (own,) = data.channels().list(part="contentDetails", mine=True).execute()["items"]
    uploads = own["contentDetails"]["relatedPlaylists"]["uploads"]
    request, found = data.playlistItems().list(part="contentDetails", playlistId=uploads, maxResults=50), []
    while request:
        body = request.execute()
        found += [item["contentDetails"]["videoId"] for item in body["items"]]
        request = data.playlistItems().list_next(request, body)
    assert found == channel.fake.world.ids


def test_googles_client_reads_videos_categories_and_comments(channel, data):
    video = channel.fake.world.ids[0]
    (item,) = data.videos().list(part="snippet", id=video).execute()["items"]
    (category,) = data.videoCategories().list(part="snippet", id=item["snippet"]["categoryId"]).execute()["items"]
    assert category["snippet"]["title"] == channel.fake.world.subjects[0]["category"]
    threads = data.commentThreads().list(part="snippet", videoId=video, maxResults=100).execute()
    assert (len(threads["items"]), "nextPageToken" in threads) == (100, True)


def test_googles_client_reads_a_report(channel, reports):
    body = reports.query(**DAYS, metrics="views", dimensions="country", maxResults=300).execute()
    views = channel.fake.world.cells["2026-10"].sum(axis=(0, 2, 3, 4))
    assert dict(body["rows"]) == {
        place: number for place, number in zip(channel.fake.world.countries, views.tolist(), strict=True) if number
    }


def test_googles_client_makes_a_job_and_reads_its_file(channel):
    channel.fake.files.days = [date(2026, 10, 1)]
    client = official(channel, "youtubereporting", "v1", "youtube_reporting")
    assert client.jobs().list().execute() == {}
    job = client.jobs().create(body={"reportTypeId": "channel_basic_a3", "name": "apg"}).execute()
    (report,) = client.jobs().reports().list(jobId=job["id"]).execute()["reports"]
    name = report["downloadUrl"].partition("/v1/media/")[2].removesuffix("?alt=media")
    assert client.media().download_media(resourceName=name).execute().startswith(b"date,channel_id,")


@pytest.mark.parametrize(
    ("change", "status", "reason"),
    [
        (lambda fake: setattr(fake, "scopes_of", lambda token: set()), 403, "insufficientPermissions"),
        (lambda fake: fake.empty("youtube"), 403, "quotaExceeded"),
        (lambda fake: fake.data.silent.update(fake.world.ids), 403, "commentsDisabled"),
    ],
)
def test_googles_client_finds_status_and_reason_of_an_error(channel, data, change, status, reason):
    change(channel.fake)
    with pytest.raises(HttpError) as told:
        data.commentThreads().list(part="snippet", videoId=channel.fake.world.ids[0]).execute()
    assert told.value.resp.status == status
    assert json.loads(told.value.content)["error"]["errors"][0]["reason"] == reason


def test_a_day_of_units_ends():
    with case(videos=1) as channel:
        channel.fake.left["youtube"] = 2
        url = f"{channel.addresses['youtube']}/youtube/v3/videoCategories?part=snippet&id=25"
        answers = [requests.get(url, headers={"Authorization": "Bearer t"}) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 403]


def status_of(reports, **query):
    try:
        reports.query(**{**DAYS, "metrics": "views", **query}).execute()
    except HttpError as error:
        return error.resp.status
    return 200


@pytest.mark.parametrize(("ids", "status"), [(500, 200), (501, 400)])
def test_a_filter_has_at_most_500_ids(channel, reports, ids, status):
    asked = ",".join((channel.fake.world.ids * 9)[:ids])
    assert status_of(reports, dimensions="video,country", filters=f"video=={asked}", maxResults=9999) == status


@pytest.mark.parametrize(("most", "status"), [(200, 200), (201, 400)])
def test_top_videos_are_at_most_200(reports, most, status):
    assert status_of(reports, dimensions="video", sort="-views", maxResults=most) == status


@pytest.mark.parametrize(
    "query",
    [
        {"dimensions": "ageGroup,gender,country", "metrics": "viewerPercentage"},
        {"dimensions": "ageGroup,gender", "metrics": "views"},
        {"dimensions": "video", "maxResults": 200},
        {"dimensions": "country", "metrics": "likedness"},
        {"dimensions": "country", "filters": "video==a,b"},
    ],
)
def test_a_combination_that_is_not_documented_is_refused(reports, query):
    assert status_of(reports, **query) == 400


def test_a_start_index_gives_silently_nothing(reports):
    assert "rows" not in reports.query(**DAYS, metrics="views", dimensions="country", startIndex=2).execute()


def test_rows_are_cut_at_what_was_asked_for(reports):
    assert len(reports.query(**DAYS, metrics="views", dimensions="country", maxResults=4).execute()["rows"]) == 4


@pytest.mark.parametrize("few", [0, 3])
def test_percentages_sum_to_100_for_each_subscribed_status_unless_cells_are_small(channel, reports, few):
    channel.fake.reports.few, channel.fake.reports.decimals = few, 9
    only = f"video=={channel.fake.world.ids[1]}"
    dimensions = "ageGroup,gender,subscribedStatus"
    rows = reports.query(**DAYS, metrics="viewerPercentage", dimensions=dimensions, filters=only).execute()["rows"]
    for status in ("SUBSCRIBED", "UNSUBSCRIBED"):
        total = sum(row[3] for row in rows if row[2] == status)
        assert total == pytest.approx(100) if not few else total < 100


def test_an_account_without_a_channel_gets_no_items(channel, data):
    channel.fake.data.has_channel = False
    assert "items" not in data.channels().list(part="snippet", mine=True).execute()


def test_every_report_that_we_ask_for_is_known_to_an_independent_oracle():
    with case(videos=3) as channel:
        channel.fake.reports.allow_multi_value = False
        channel.read("interactions")
        channel.read("audience")
        found = {report["dimensions"]: known(report) for report in channel.reports()}
    assert {dimensions for dimensions, good in found.items() if not good} == MULTI_VALUE
    assert {dimensions for dimensions, good in found.items() if good} == {
        "country",
        "subscribedStatus",
        "ageGroup,gender",
        "country,subscribedStatus",
        "subscribedStatus,ageGroup,gender",
    }


def known(report):
    filters = dict(part.split("==") for part in report.get("filters", "").split(";") if part)
    query = ReportQuery(
        dimensions=report["dimensions"].split(","),
        filters=filters,
        metrics=[report["metrics"]],
        sort_options=[part for part in report.get("sort", "").split(",") if part],
        max_results=int(report["maxResults"]),
        start_date=OCTOBER.first,
        end_date=OCTOBER.last,
    )
    try:
        query.validate(Scopes.READONLY)
    except InvalidRequest:
        return False
    return True


def test_every_question_of_ours_about_jobs_is_in_the_documents(channel):
    ensure_jobs(channel.http(), channel.addresses, OCTOBER.last)
    paths = {request.path for request in channel.server.asked}
    assert paths == {"/youtube_reporting/v1/jobs", "/youtube_reporting/v1/reportTypes"}
    assert channel.fake.broken == []


def test_a_fake_that_answers_wrongly_is_found(channel):
    channel.fake.world.title = 7
    url = f"{channel.addresses['youtube']}/youtube/v3/channels?part=snippet&mine=true"
    assert requests.get(url, headers={"Authorization": "Bearer t"}).status_code == 400
    assert "7 is not of type 'string'" in channel.fake.broken.pop()


def test_a_token_that_is_not_good_is_answered_with_401(channel):
    channel.fake.accepts = lambda token: token == "good"
    url = f"{channel.addresses['youtube']}/youtube/v3/channels?part=snippet&mine=true"
    answers = [requests.get(url, headers={"Authorization": f"Bearer {token}"}) for token in ("good", "bad")]
    assert [answer.status_code for answer in answers] == [200, 401]
    assert answers[1].json()["error"]["errors"][0]["reason"] == "authError"


def test_the_worlds_truth_is_the_same_for_the_same_seed():
    with case(seed=3) as one, case(seed=3) as same, case(seed=4) as other:
        assert one.fake.truth("2026-10") == same.fake.truth("2026-10")
        assert list(one.fake.truth("2026-10").values()) != list(other.fake.truth("2026-10").values())


def test_days_sum_to_their_month():
    with case() as channel:
        world = channel.fake.world
        for video in range(3):
            assert (world.days_of(video, "2026-10").sum(axis=0) == world.cells["2026-10"][video]).all()


def test_a_body_of_another_method_is_no_answer(channel):
    with pytest.raises(ContractBroken):
        check_answer("youtube", "youtube.videos.list", channel.fake.files.create("channel_basic_a3"))


def test_a_token_that_nobody_speaks_of_reads_no_comments_for_our_application_asks_for_none():
    with case() as one:
        threads = official(one, "youtube", "v3", "youtube").commentThreads()
        with pytest.raises(HttpError, match="insufficient authentication scopes"):
            threads.list(part="snippet", videoId=one.fake.world.ids[0]).execute()


def test_a_token_may_do_what_its_person_ticked(channel, data):
    channel.fake.scopes_of = {"ya29.planted": [google_oauth.YOUTUBE]}.__getitem__
    assert data.channels().list(part="snippet", mine=True).execute()["items"]
    with pytest.raises(HttpError, match="insufficient authentication scopes"):
        data.comments().list(part="snippet", parentId="any").execute()
