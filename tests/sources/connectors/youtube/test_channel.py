"""A YouTube channel through the fake: who it is, its videos, and how a collection is cut into shards."""

from datetime import date

import pytest

from sources.connectors.faults import PlatformError, QuotaUsedUp, ReconnectNeeded, WrongAccount
from sources.connectors.google import oauth as google_oauth
from sources.connectors.harvests import Known, Window
from sources.connectors.youtube.channel import accounts
from tests.platforms.google_contract import check_request
from tests.platforms.server import Answer
from tests.platforms.youtube_case import OCTOBER, REPORTS, case
from tests.platforms.youtube_data import error

AUTUMN = Window(date(2026, 9, 1), date(2026, 10, 31))


@pytest.fixture
def channel():
    with case() as one:
        yield one


def test_the_account_is_the_channel_that_was_chosen(channel):
    (account,) = accounts(channel.http(), channel.addresses)
    assert (account.id, account.name) == (channel.fake.world.channel, "The Planted Channel")
    assert account.detail == "12 videos, 48,300 subscribers"


def test_a_number_of_subscribers_that_the_channel_hides_is_not_told(channel):
    counts = {"videoCount": "3", "subscriberCount": "0", "hiddenSubscriberCount": True}
    channel.server.fail("GET", "/channels$", Answer({"items": [{"id": "UC1", "statistics": counts}]}))
    assert [(account.name, account.detail) for account in accounts(channel.http(), channel.addresses)] == [
        ("UC1", "3 videos")
    ]


def test_a_google_account_without_a_channel_is_told_of_brand_accounts(channel):
    channel.fake.data.has_channel = False
    with pytest.raises(WrongAccount, match=r"no YouTube channel.*brand account"):
        accounts(channel.http(), channel.addresses)


def test_the_word_of_google_for_nobody_with_a_channel_is_a_wrong_account_too(channel):
    channel.server.fail("GET", "/channels$", error(401, "youtubeSignupRequired", "Unauthorized", "youtube.header"))
    with pytest.raises(WrongAccount, match=r"no YouTube channel.*brand account"):
        accounts(channel.http(), channel.addresses)


def test_a_channel_that_is_gone_is_a_wrong_account(channel):
    channel.fake.data.has_channel = False
    with pytest.raises(WrongAccount, match="does not find the channel"):
        channel.shards("contents")[0].read()


def test_every_video_comes_with_what_is_told_of_it():
    with case(videos=120) as channel:
        rows = {row.external_id: row for row in channel.read("contents").contents}
        world = channel.fake.world
        assert sorted(rows) == channel.ids
        for video, identifier in enumerate(world.ids):
            row, subject = rows[identifier], world.subjects[video]
            assert (row.title, row.category) == (world.title_of(video), subject["category"])
            assert row.tags == tuple(subject["tags"].split("|"))
            assert row.published_at == world.published(video)
            assert row.url.endswith(identifier)
            assert row.thumbnail.endswith(f"{identifier}/mqdefault.jpg")


def test_the_list_of_uploads_alone_tells_titles_and_days(channel):
    rows = channel.shards("contents")[0].read().contents
    assert [row.external_id for row in rows] == channel.fake.world.ids
    assert all(row.title and row.published_at and row.description for row in rows)


def test_refused_names_of_categories_take_no_stored_category_away(channel):
    channel.server.fail("GET", "/videoCategories$", error(403, "forbidden", "Forbidden."))
    _, details = channel.shards("contents")
    harvest = details.read()
    assert "does not tell the names of the categories" in harvest.complaints[0]
    assert harvest.said == ("title", "description", "tags", "url", "thumbnail", "published_at")
    assert "category" in details.read().said


def test_a_video_that_is_gone_is_told(channel):
    known = Known(lambda: [*channel.ids, "goneforever"])
    assert channel.read("contents", known=known).complaints == [
        "No longer on YouTube, or not visible: 1 video (goneforever)."
    ]


@pytest.mark.parametrize("title", ["Deleted video", "Private video"])
def test_a_video_of_which_the_list_says_only_that_it_is_gone_is_not_described_anew(channel, title):
    gone = {"contentDetails": {"videoId": channel.ids[0]}, "snippet": {"title": title, "thumbnails": {}}}
    channel.server.fail("GET", "/playlistItems$", Answer({"items": [gone]}))
    assert channel.shards("contents")[0].read().contents == []


def test_a_video_may_be_titled_like_one_that_is_gone(channel):
    item = {"contentDetails": {"videoId": "v1", "videoPublishedAt": "2026-10-01T00:00:00Z"}}
    channel.server.fail("GET", "/playlistItems$", Answer({"items": [item | {"snippet": {"title": "Deleted video"}}]}))
    assert [row.external_id for row in channel.shards("contents")[0].read().contents] == ["v1"]


def test_a_channel_that_never_had_a_video_has_an_empty_list(channel):
    refusal = error(404, "playlistNotFound", "The playlist cannot be found.", "youtube.playlistItem")
    channel.server.fail("GET", "/playlistItems$", refusal)
    assert channel.shards("contents")[0].read().contents == []
    assert [channel.shards(stage, known=Known(list)) for stage in ("interactions", "comments")] == [[], []]


def test_the_videos_of_50_pages_are_asked_for_in_batches_of_50():
    with case(videos=120) as channel:
        channel.read("contents")
        counts = channel.server.counts()
        assert counts["GET /youtube/youtube/v3/playlistItems"] == 3
        assert counts["GET /youtube/youtube/v3/videos"] == 3
        assert counts["GET /youtube/youtube/v3/videoCategories"] == 1


def test_pages_that_turn_in_a_circle_are_left(channel):
    channel.server.fail("GET", "/playlistItems$", Answer({"items": [], "nextPageToken": "AT0"}), times=9)
    with pytest.raises(PlatformError, match="turns in a circle"):
        channel.shards("contents")[0].read()
    assert channel.server.count("/playlistItems$") == 2


def test_nothing_is_asked_before_a_shard_is_read(channel):
    assert len(list(channel.connector().shards(OCTOBER, Known(lambda: channel.ids)))) == 5
    assert channel.server.asked == []


def test_the_keys_of_shards_are_the_same_after_a_restart_and_all_different(channel):
    keys = [[s.key for s in channel.connector(batch=5).shards(AUTUMN, Known(lambda: channel.ids))] for _ in "12"]
    assert keys[0] == keys[1]
    assert len(set(keys[0])) == len(keys[0])


def test_a_shard_of_other_videos_has_another_key(channel):
    one, other = (channel.shards("interactions", known=Known(lambda part=part: part))[0] for part in (["a"], ["b"]))
    assert one.key != other.key


@pytest.mark.parametrize("stage", ["contents", "interactions", "comments", "audience"])
def test_shards_are_numbered_within_their_stage(channel, stage):
    shards = channel.shards(stage, AUTUMN, batch=5, comments_per_shard=5)
    first = 0 if stage == "contents" else 1
    assert [shard.place for shard in shards][1 - first :] == list(range(2 - first, len(shards) + 1))
    assert shards[-1].total == len(shards)


def test_an_empty_quota_costs_the_shard_that_it_stopped_and_no_other(channel):
    first, second, _ = channel.shards("interactions", batch=5)
    first.read()
    channel.fake.left["youtube_analytics"] = 3
    with pytest.raises(QuotaUsedUp, match="The day's quota"):
        second.read()
    asked = channel.server.count(REPORTS)
    assert channel.waits == []
    channel.fake.renew()
    assert len(second.read().counts) == 5
    assert channel.server.count(REPORTS) == asked + 22  # subscribers, countries, and one for each of 20 countries


def test_a_dead_token_is_asked_about_once(channel):
    channel.fake.accepts = lambda token: False
    with pytest.raises(ReconnectNeeded):
        channel.shards("interactions")[0].read()
    assert len(channel.server.asked) == 1


def test_a_permission_that_was_not_given_is_asked_about_once(channel):
    channel.fake.scopes_of = lambda token: {google_oauth.YOUTUBE}
    with pytest.raises(ReconnectNeeded, match="without a permission"):
        channel.shards("interactions")[0].read()
    assert len(channel.server.asked) == 1


def test_every_question_stands_in_the_discovery_documents_and_no_token_in_an_address(channel):
    accounts(channel.http(), channel.addresses)
    for stage in ("contents", "interactions", "comments", "audience"):
        channel.read(stage, api_key=channel.fake.key)
    methods = {check_request(request.path.split("/")[1], request) for request in channel.server.asked}
    assert methods == {
        "youtube.channels.list",
        "youtube.playlistItems.list",
        "youtube.videos.list",
        "youtube.videoCategories.list",
        "youtube.commentThreads.list",
        "youtubeAnalytics.reports.query",
    }
    sent = [value for request in channel.server.asked for values in request.query.values() for value in values]
    assert not any("ya29" in value for value in sent)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"metric": "likes"}, "metric is one of views, engagedViews"),
        ({"source_of_counts": "both"}, "source_of_counts is one of analytics, bulk"),
        ({"batch": 501}, "batch is from 1 to 500 videos, not 501"),
    ],
)
def test_a_wrong_option_is_refused(channel, options, words):
    with pytest.raises(ValueError, match=words):
        channel.connector(**options)
