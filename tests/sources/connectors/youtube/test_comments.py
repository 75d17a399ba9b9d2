"""Comments through the fake: threads, replies and what is turned off; never who wrote them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from sources.connectors.faults import PutOff, QuotaUsedUp, ReconnectNeeded
from sources.connectors.harvests import Known, Window
from sources.connectors.wording import Complaint
from sources.connectors.youtube.comments import CUT, FORBIDDEN
from tests.platforms.youtube import ASKED, WITH_COMMENTS
from tests.platforms.youtube_case import OCTOBER, case
from tests.platforms.youtube_data import REPLIES_SHOWN, error

THREADS = "/commentThreads$"


@pytest.fixture
def channel():
    with case() as one:
        one.fake.data.silent.clear()
        one.fake.scopes_of = lambda token: WITH_COMMENTS
        yield one


def planted(channel):
    """Every planted comment, and the replies shown beside it: id -> (video, text, likes)."""
    found = {}
    for video, threads in zip(channel.fake.world.ids, channel.fake.world.said, strict=True):
        for said in threads:
            found |= {one.id: (video, one.text, one.likes) for one in (said, *said.replies[-REPLIES_SHOWN:])}
    return found


def test_every_comment_comes_once_with_the_replies_beside_it(channel):
    rows = channel.read("comments").comments
    assert len(rows) == len(planted(channel)) > 250
    assert {row.external_id: (row.content_id, row.text, row.likes) for row in rows} == planted(channel)


def test_the_times_of_comments_carry_their_zone(channel):
    rows = {row.external_id: row for row in channel.read("comments").comments}
    said = channel.fake.world.said[0][0]
    assert rows[said.id].published_at == said.at


def test_nobody_who_wrote_is_kept(channel):
    assert "a-planted-viewer" not in repr(channel.read("comments"))


def test_replies_cost_no_questions_of_their_own(channel):
    channel.read("comments")
    assert any(len(said.replies) > REPLIES_SHOWN for threads in channel.fake.world.said for said in threads)
    assert channel.server.count("/v3/comments$") == 0


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
    assert channel.server.count(THREADS) == 1


def test_comments_that_are_turned_off_are_a_complaint(channel):
    off = channel.ids[3]
    channel.fake.data.silent.add(off)
    harvest = channel.read("comments")
    assert harvest.complaints == [f"Comments are turned off on 1 video: {off}."]
    assert off not in {row.content_id for row in harvest.comments}
    assert len({row.content_id for row in harvest.comments}) >= 9
    assert off not in asked_about(channel)


def test_comments_that_are_turned_off_a_moment_ago_are_the_same_complaint(channel):
    channel.server.fail("GET", THREADS, error(403, "commentsDisabled", "Off.", "youtube.commentThread"))
    (video,) = channel.ids[:1]
    assert channel.read("comments").complaints == [f"Comments are turned off on 1 video: {video}."]


def test_a_video_that_is_gone_or_has_no_comment_is_not_asked_for_any(channel):
    channel.fake.world.said[1][:] = []
    channel.read("comments", known=Known(lambda: ["goneforever", *channel.ids]))
    assert asked_about(channel) == {*channel.ids} - {channel.fake.world.ids[1]}


def asked_about(channel):
    asked = [request for request in channel.server.asked if request.path.endswith("/commentThreads")]
    return {request.one("videoId") for request in asked}


def test_numbers_of_comments_come_with_the_details_and_are_asked_for_after_a_restart_only(channel):
    shards = list(channel.connector().shards(OCTOBER, Known(lambda: channel.ids)))
    for shard in shards:
        if shard.stage in ("contents", "comments"):
            shard.read()
    assert channel.server.count("/v3/videos$") == 1
    channel.read("comments")
    assert channel.server.count("/v3/videos$") == 2


def test_a_video_of_very_many_comments_costs_three_questions_and_its_oldest_are_left(channel):
    (video, *_), (threads, *_) = channel.fake.world.ids, channel.fake.world.said
    threads += [replace(threads[-1], id=f"old{number}", replies=()) for number in range(400)]
    harvest = channel.read("comments", known=Known(lambda: [video]))
    assert channel.server.count(THREADS) == 3
    assert {row.external_id for row in harvest.comments if ".r" not in row.external_id} == {t.id for t in threads[:300]}
    assert harvest.complaints == [str(Complaint.about(CUT, "video", [video]))]


def test_a_video_of_just_as_many_comments_as_are_read_is_no_complaint(channel):
    (video, *_), (threads, *_) = channel.fake.world.ids, channel.fake.world.said
    threads += [replace(threads[-1], id=f"old{number}", replies=()) for number in range(300 - len(threads))]
    assert channel.read("comments", known=Known(lambda: [video])).complaints == []


@pytest.mark.parametrize(("days", "nights"), [(28, 70), (29, 10)])
def test_a_video_without_a_new_comment_for_four_weeks_has_its_turn_about_once_a_week(channel, days, nights):
    video, asked = channel.fake.world.ids[0], 0
    for number in range(70):
        day = OCTOBER.last + timedelta(days=number)
        known = Known(lambda: [video], lambda day=day: {video: day - timedelta(days=days)})
        before = channel.server.count(THREADS)
        channel.read("comments", Window(day, day), known)
        asked += channel.server.count(THREADS) > before
    assert abs(asked - nights) <= nights // 2 * (nights < 70)


def test_videos_of_which_no_comment_is_stored_come_first():
    with case(videos=60) as channel:
        channel.fake.scopes_of = lambda token: WITH_COMMENTS
        last = channel.ids[50:]
        known = Known(lambda: channel.ids, lambda: {video: OCTOBER.last for video in channel.ids if video not in last})
        first, *_ = channel.shards("comments", known=known)
        assert {row.content_id for row in first.read().comments} <= {*last}


def test_parts_that_are_alike_come_in_another_order_every_day_under_the_same_keys(channel):
    orders = [
        [shard.key for shard in channel.shards("comments", Window(day, day), comments_per_shard=1)]
        for day in (date(2026, 10, number) for number in range(1, 31))
    ]
    assert len({*map(frozenset, orders)}) == 1
    assert len({order[0] for order in orders}) > 6


def test_a_video_that_is_refused_half_way_keeps_none_of_its_comments(channel):
    channel.server.fail("GET", THREADS, error(403, "forbidden", "Forbidden."), skip=1)
    known = Known(lambda: channel.fake.world.ids[:1])
    harvest = channel.read("comments", known=known)
    assert channel.server.count(THREADS) == 2
    assert harvest.comments == []
    assert harvest.complaints[0].startswith(f"The comments on 1 video were not read ({channel.fake.world.ids[0]})")


def test_a_permission_without_comments_is_a_complaint_and_asked_about_once(channel):
    channel.fake.scopes_of = lambda token: ASKED
    harvest = channel.read("comments")
    assert harvest.comments == []
    assert "YOUTUBE_API_KEY" in harvest.complaints[0]
    assert channel.server.count(THREADS) == 1


def test_a_refusal_for_all_videos_is_remembered_from_part_to_part(channel):
    channel.fake.scopes_of = lambda token: ASKED
    harvest = channel.read("comments", comments_per_shard=2)
    assert harvest.complaints == [FORBIDDEN] * 6
    assert channel.server.count(THREADS) == channel.server.count("/v3/videos$") == 1


def test_an_api_key_that_is_not_good_is_a_complaint_and_asked_about_once(channel):
    words = "API key not valid. Please pass a valid API key."
    channel.server.fail("GET", THREADS, error(400, "keyInvalid", words, "usageLimits"), times=99)
    harvest = channel.read("comments", api_key=channel.fake.key)
    assert [words in told for told in harvest.complaints] == [True]
    assert channel.server.count(THREADS) == 1


def test_an_api_key_reads_comments_without_the_permission_and_stands_in_no_address(channel):
    channel.fake.scopes_of = lambda token: ASKED
    assert len(channel.read("comments", api_key=channel.fake.key).comments) == len(planted(channel))
    asked = [request for request in channel.server.asked if request.path.endswith("/commentThreads")]
    assert all(request.token == "" for request in asked)
    assert not any(channel.fake.key in str(request.query) for request in channel.server.asked)


def test_a_dead_token_is_no_complaint(channel):
    channel.fake.accepts = lambda token: False
    with pytest.raises(ReconnectNeeded):
        channel.read("comments")


def test_an_empty_quota_puts_the_rest_of_the_comments_off(channel):
    channel.fake.left["youtube"] = 2
    with pytest.raises(PutOff, match="The day's quota"):
        channel.read("comments")


def test_questions_that_come_too_fast_are_waited_for_and_not_put_off(channel):
    channel.server.fail("GET", THREADS, error(403, "rateLimitExceeded", "Slow down.", "usageLimits"), times=99)
    with pytest.raises(QuotaUsedUp) as stopped:
        channel.read("comments")
    assert (type(stopped.value), stopped.value.wait) == (QuotaUsedUp, 3600.0)


def test_a_video_for_which_youtube_does_not_answer_is_told_and_the_others_are_read(channel):
    channel.server.fail("GET", THREADS, error(500, "backendError", "Backend Error"), times=4)
    harvest = channel.read("comments")
    assert len(channel.waits) == 3
    assert [words for words in harvest.complaints if "Google could not answer: Backend Error" in words] != []
    assert len({row.content_id for row in harvest.comments}) >= 9


def test_comments_are_put_off_when_youtube_does_not_answer_time_and_again(channel):
    channel.server.fail("GET", THREADS, error(500, "backendError", "Backend Error"), times=99)
    with pytest.raises(PutOff, match="Backend Error"):
        channel.read("comments")
    assert channel.server.count(THREADS) == 3 * 4


def test_one_collection_leaves_a_part_of_the_days_quota_to_others(channel):
    first, second = channel.shards("comments", comments_per_shard=6, comment_questions=3)
    assert first.read().comments
    asked = len(channel.server.asked)
    with pytest.raises(PutOff, match="asks for comments 3 times at most"):
        second.read()
    assert len(channel.server.asked) == asked


def test_comments_are_read_in_shards_of_some_videos():
    with case(videos=60) as channel:
        channel.fake.scopes_of = lambda token: WITH_COMMENTS
        shards = channel.shards("comments")
        assert [(shard.place, shard.total) for shard in shards] == [(1, 3), (2, 3), (3, 3)]
        told = {row.content_id for row in shards[0].read().comments}
        assert any(told <= set(channel.ids[start : start + 25]) for start in (0, 25, 50))
