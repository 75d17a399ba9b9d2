"""What Facebook and Instagram leave out for a while: lists, contents, who the audience is. Nothing stored is lost."""

import pytest

from sources.connectors.faults import Unavailable
from sources.connectors.meta import facebook as facebook_pages
from sources.connectors.meta.instagram import Instagram
from tests.platforms.meta_reading import USER, by_group, distance, harvest, served, summed
from tests.platforms.meta_world import make_world
from tests.platforms.server import Answer

ONLY_COUNTS = "interactions".__eq__
VIDEO = "total_video_views"


@pytest.fixture
def small():
    return make_world(posts=6, videos=6)


@pytest.fixture
def account():
    with served(make_world(posts=1, videos=1)) as account:
        yield account


def columns(counts):
    return {one.content_id: by_group(one) for one in counts}


def never_answered(page, path, times=99):
    page.graph.server.fail("GET", path, page.graph.error("An unknown error occurred", 1, 0, 500), times=times)


def test_a_video_goes_by_its_post_when_the_post_is_no_longer_listed(page, facebook, world, counts):
    page.graph.server.fail("GET", "published_posts", Answer({"data": []}))
    told = harvest(facebook, wanted=ONLY_COUNTS)
    named = [world.post_id(item) for item in world.posts[: world.videos] if item.number % 3]
    assert {one.content_id for one in told.counts} >= {*named}
    assert columns(told.counts)[named[0]] == by_group(counts[named[0]])


def test_the_comments_of_a_video_without_its_post_are_asked_of_the_video(page, facebook, world):
    page.graph.server.fail("GET", "published_posts", Answer({"data": []}))
    told = harvest(facebook, wanted="comments".__eq__)
    commented = {world.post_id(item) for item in world.posts[: world.videos] if item.comments and item.number % 3}
    assert {row.content_id for row in told.comments} >= commented
    assert page.graph.server.count(r"888\d+/comments") == world.videos


def test_posts_know_their_videos_while_the_lists_of_videos_are_refused(page, facebook, counts):
    for edge in ("videos", "video_reels"):
        page.graph.server.fail("GET", f"/{edge}$", page.graph.error("(#200) Missing permission", 200))
    told = harvest(facebook, wanted=ONLY_COUNTS)
    assert columns(told.counts) == columns(counts.values())


def test_a_post_whose_video_nobody_names_stays_as_it_is_stored(page, facebook, world):
    item = world.posts[3]
    attached = {"data": [{"media_type": "video", "target": {}}]}
    post = {"id": world.post_id(item), "created_time": "2026-09-02T10:00:00+0000", "attachments": attached}
    page.graph.server.fail("GET", "published_posts", Answer({"data": [post]}))
    for edge in ("videos", "video_reels"):
        page.graph.server.fail("GET", f"/{edge}$", page.graph.error("(#200) Missing permission", 200))
    told = harvest(facebook, wanted=ONLY_COUNTS)
    assert told.counts == []
    assert any("shows a video that Facebook does not name" in words for words in told.complaints)


def test_as_many_posts_as_facebook_lists_of_a_year_are_perhaps_not_all(page, facebook):
    posts = [{"id": f"1_{number}", "created_time": "2025-03-01T10:00:00+0000"} for number in range(595)]
    page.graph.server.fail("GET", "published_posts", Answer({"data": posts}))
    told = harvest(facebook, wanted="contents".__eq__)
    assert any("as many of 2025: others may be missing" in words for words in told.complaints)


def test_a_list_of_pages_that_breaks_off_takes_no_page_away(page):
    broken = {"data": [{"id": "500", "name": "One", "access_token": "EAAX"}], "paging": {"next": "x"}}
    page.graph.server.fail("GET", "/me/accounts", Answer(broken))
    with pytest.raises(Unavailable, match="list of pages breaks off"):
        facebook_pages.accounts(page.http(USER), page.addresses)


def test_a_content_that_facebook_can_never_answer_is_left_out(page, facebook, world):
    never_answered(page, "888001/video_insights")
    told = harvest(facebook, wanted=ONLY_COUNTS)
    assert len(told.counts) == 119
    assert any("could not answer" in words for words in told.complaints)


def test_three_contents_in_a_row_without_an_answer_end_the_collection(page, facebook):
    never_answered(page, "video_insights")
    with pytest.raises(Unavailable, match="could not answer"):
        harvest(facebook, wanted=ONLY_COUNTS)


def test_comments_that_break_off_are_all_read_the_next_time(page, facebook, world):
    item = max(world.posts, key=lambda item: len(item.comments))
    page.graph.largest = 1
    path = f"{world.post_id(item)}/comments"
    page.graph.server.fail("GET", path, page.graph.error("An unknown error occurred", 1, 0, 500), times=99, skip=8)
    told = harvest(facebook, wanted="comments".__eq__)
    assert world.post_id(item) not in {row.content_id for row in told.comments}
    assert told.comments


def test_times_watched_are_views_of_the_other_list_where_the_total_is_not_told(page, facebook, world):
    page.pages.alive["video"] -= {VIDEO, f"{VIDEO}_by_age_bucket_and_gender"}
    told = columns(harvest(facebook, wanted=ONLY_COUNTS).counts)
    item = max(world.posts[: world.videos], key=lambda item: item.total)
    truth = world.truth()[world.post_id(item)]
    assert sum(told[world.post_id(item)].values()) == pytest.approx(sum(truth.values()), rel=0.2)
    assert distance(summed(told[world.post_id(item)], 0, 1), summed(truth, 0, 1)) == pytest.approx(0, abs=1e-6)


def test_times_watched_alone_are_not_that_nobody_watched(page, facebook, world):
    page.pages.alive["video"] -= {VIDEO, f"{VIDEO}_by_age_bucket_and_gender", f"{VIDEO}_by_country_id"}
    told = harvest(facebook, wanted=ONLY_COUNTS)
    videos = {world.post_id(item) for item in world.posts[: world.videos]}
    assert not videos & {one.content_id for one in told.counts}
    assert any("tells nothing of the viewers of a video" in words for words in told.complaints)


def instagram_of(account):
    return Instagram(account.http(), account.addresses, account.instagram.world.account)


def test_groups_stay_as_they_are_stored_while_instagram_refuses_who_the_audience_is(account):
    account.instagram.alive["account"].clear()
    told = harvest(instagram_of(account), wanted=ONLY_COUNTS)
    assert told.counts == []
    assert any("What was stored of who viewed what stays" in words for words in told.complaints)


def test_age_and_gender_apart_do_where_together_nothing_is_told(account):
    name = "engaged_audience_demographics"
    account.graph.server.fail("GET", r"/insights$", Answer({"data": [{"name": name, "total_value": {}}]}), skip=1)
    told = harvest(instagram_of(account), wanted=ONLY_COUNTS)
    assert told.counts[0].seed.startswith("the account's engaged audience")
