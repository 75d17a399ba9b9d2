"""Comments through the fake: threads, replies and what is turned off; never who wrote them."""

from datetime import timedelta

import pytest

from sources.connectors.faults import QuotaUsedUp, ReconnectNeeded
from sources.connectors.harvests import Known
from tests.platforms.youtube import ASKED, WITH_COMMENTS
from tests.platforms.youtube_case import case
from tests.platforms.youtube_data import REPLIES_SHOWN, error

THREADS = "/commentThreads$"


@pytest.fixture
def channel():
    with case() as one:
        one.fake.data.silent.clear()
        one.fake.scopes_of = lambda token: WITH_COMMENTS
        yield one


def planted(channel):
    """Every planted comment and reply: id -> (video, text, likes)."""
    found = {}
    for video, threads in zip(channel.fake.world.ids, channel.fake.world.said, strict=True):
        for said in threads:
            found |= {one.id: (video, one.text, one.likes) for one in (said, *said.replies)}
    return found


def test_every_comment_and_every_reply_comes_once(channel):
    rows = channel.read("comments").comments
    assert len(rows) == len(planted(channel)) > 250
    assert {row.external_id: (row.content_id, row.text, row.likes) for row in rows} == planted(channel)


def test_the_times_of_comments_carry_their_zone(channel):
    rows = {row.external_id: row for row in channel.read("comments").comments}
    said = channel.fake.world.said[0][0]
    assert rows[said.id].published_at == said.at


def test_nobody_who_wrote_is_kept(channel):
    assert "a-planted-viewer" not in repr(channel.read("comments"))


def test_replies_that_stand_with_their_thread_are_not_asked_for_again(channel):
    channel.read("comments")
    many = [said for threads in channel.fake.world.said for said in threads if len(said.replies) > 5]
    assert channel.server.count("/v3/comments$") == len(many) > 0


def test_comments_are_asked_for_in_plain_text_and_newest_first(channel):
    channel.read("comments")
    asked = [request for request in channel.server.asked if request.path.endswith("/commentThreads")]
    assert {(r.one("textFormat"), r.one("order"), r.one("maxResults")) for r in asked} == {("plainText", "time", "100")}


def test_only_what_is_newer_than_the_stored_ones_is_read(channel):
    video, threads = channel.fake.world.ids[0], channel.fake.world.said[0]
    since = threads[3].at.date()
    known = Known(lambda: [video], lambda: {video: since})
    rows = channel.read("comments", known=known).comments
    assert {row.external_id for row in rows if ".r" not in row.external_id} == {
        said.id for said in threads if said.at.date() >= since
    }
    assert channel.server.count(THREADS) == 1


def test_a_video_whose_newest_comment_is_stored_costs_one_question(channel):
    video = channel.fake.world.ids[0]
    after = channel.fake.world.said[0][0].at.date() + timedelta(days=1)
    known = Known(lambda: [video], lambda: {video: after})
    assert channel.read("comments", known=known).comments == []
    assert len(channel.server.asked) == 1


def test_comments_that_are_turned_off_are_a_complaint(channel):
    off = channel.ids[3]
    channel.fake.data.silent.add(off)
    harvest = channel.read("comments")
    assert harvest.complaints == [f"Comments are turned off on 1 video: {off}."]
    assert off not in {row.content_id for row in harvest.comments}
    assert len({row.content_id for row in harvest.comments}) >= 9


def test_a_video_that_is_gone_is_a_complaint(channel):
    known = Known(lambda: ["goneforever", *channel.ids])
    harvest = channel.read("comments", known=known)
    assert "The comments on 1 video were not read (goneforever)" in harvest.complaints[0]
    assert len(harvest.comments) == len(planted(channel))


def test_a_thread_that_is_deleted_while_it_is_read_takes_no_other_with_it(channel):
    channel.server.fail("GET", "/v3/comments$", error(404, "commentNotFound", "The comment cannot be found."))
    harvest = channel.read("comments")
    shown = {row.external_id for row in harvest.comments}
    (cut,) = [said for threads in channel.fake.world.said for said in threads if {r.id for r in said.replies} - shown]
    assert shown == set(planted(channel)) - {reply.id for reply in cut.replies[:-REPLIES_SHOWN]}
    assert harvest.complaints == []


def test_a_video_that_is_refused_half_way_keeps_none_of_its_comments(channel):
    channel.server.fail("GET", "/v3/comments$", error(403, "forbidden", "Forbidden."), times=99)
    many = {v for v, said in zip(channel.fake.world.ids, channel.fake.world.said, strict=True) if _is_asked_for(said)}
    harvest = channel.read("comments")
    assert many
    assert {row.content_id for row in harvest.comments} == set(channel.ids) - many
    assert len(harvest.complaints) == len(many)


def _is_asked_for(threads):
    return any(len(said.replies) > REPLIES_SHOWN for said in threads)


def test_a_permission_without_comments_is_a_complaint_and_asked_about_once(channel):
    channel.fake.scopes_of = lambda token: ASKED
    harvest = channel.read("comments")
    assert harvest.comments == []
    assert "YOUTUBE_API_KEY" in harvest.complaints[0]
    assert len(channel.server.asked) == 1


def test_an_api_key_that_is_not_good_is_a_complaint_and_asked_about_once(channel):
    words = "API key not valid. Please pass a valid API key."
    channel.server.fail("GET", THREADS, error(400, "keyInvalid", words, "usageLimits"), times=99)
    harvest = channel.read("comments", api_key=channel.fake.key)
    assert [words in told for told in harvest.complaints] == [True]
    assert len(channel.server.asked) == 1


def test_an_api_key_reads_comments_without_the_permission_and_stands_in_no_address(channel):
    channel.fake.scopes_of = lambda token: ASKED
    assert len(channel.read("comments", api_key=channel.fake.key).comments) == len(planted(channel))
    assert all(request.token == "" for request in channel.server.asked)
    assert not any(channel.fake.key in str(request.query) for request in channel.server.asked)


def test_a_dead_token_is_no_complaint(channel):
    channel.fake.accepts = lambda token: False
    with pytest.raises(ReconnectNeeded):
        channel.read("comments")


def test_an_empty_quota_stops_the_comments(channel):
    channel.fake.left["youtube"] = 2
    with pytest.raises(QuotaUsedUp):
        channel.read("comments")


def test_comments_are_read_in_shards_of_some_videos():
    with case(videos=60) as channel:
        channel.fake.scopes_of = lambda token: WITH_COMMENTS
        shards = channel.shards("comments")
        assert [(shard.place, shard.total) for shard in shards] == [(1, 3), (2, 3), (3, 3)]
        assert {row.content_id for row in shards[0].read().comments} <= set(channel.ids[:25])
