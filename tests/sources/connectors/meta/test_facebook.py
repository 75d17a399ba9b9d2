"""A Facebook page's contents and comments, read from a planted world, and what is asked for them."""

from datetime import date, timedelta

import pytest

from sources.connectors.faults import WrongAccount
from sources.connectors.harvests import Known, Window
from sources.connectors.meta.facebook import Facebook, accounts
from tests.platforms.meta_reading import PAGE, USER, WHOLE, harvest
from tests.platforms.server import Answer

ONLY_CONTENTS = "contents".__eq__


def test_the_pages_of_a_person_are_told_with_their_tokens(page, world):
    (account,) = accounts(page.http(USER), page.addresses)
    assert (account.id, account.token, account.detail) == (world.page, PAGE, "130,220 followers")
    assert PAGE not in repr(account)


def test_a_role_that_may_not_see_insights_is_told(page):
    page.pages.tasks = ["MODERATE"]
    (account,) = accounts(page.http(USER), page.addresses)
    assert "ANALYZE" in account.detail


def test_a_person_without_pages_has_the_wrong_account(page):
    page.graph.server.fail("GET", "/me/accounts", Answer({"data": []}))
    with pytest.raises(WrongAccount):
        accounts(page.http(USER), page.addresses)


def test_a_video_and_the_post_that_shows_it_are_one_content(read, world):
    contents = {row.external_id: row for row in read[0].contents}
    assert set(contents) == {world.post_id(item) for item in world.posts}
    assert len(read[0].contents) == 120


def test_a_video_whose_post_is_of_the_next_day_is_no_content_of_its_own(page, facebook, world):
    item = world.posts[0]
    attached = {"media_type": "video", "target": {"id": world.video_id(item)}}
    tomorrow = f"{item.made.date() + timedelta(days=1)}T00:10:00+0000"
    post = {"id": world.post_id(item), "created_time": tomorrow, "attachments": {"data": [attached]}}
    page.graph.server.fail("GET", "published_posts", Answer({"data": [post]}))
    told = harvest(facebook, Window(item.made.date(), item.made.date()), wanted=ONLY_CONTENTS).contents
    assert world.video_id(item) not in {row.external_id for row in told}


def test_contents_say_what_they_are(read, world):
    item = world.posts[7]
    row = next(row for row in read[0].contents if row.external_id == world.post_id(item))
    assert (row.title, row.published_at, row.tags) == (item.title, item.made.replace(second=0), ("city",))
    assert row.url.startswith("https://www.facebook.com/")


def test_comments_are_read_without_their_authors(read, world):
    told = {(row.content_id, row.text, row.likes) for row in read[0].comments}
    assert told == {(world.post_id(item), text, likes) for item in world.posts for text, _, likes in item.comments}
    assert not any("from" in request.one("fields").split(",") for request in read[1])


def test_comments_that_are_known_are_not_asked_for_again(page, facebook, world):
    item = max(world.posts, key=lambda item: len(item.comments))
    newest = item.comments[-1][1].date()
    known = Known(content_ids=list, commented=lambda: {world.post_id(item): newest})
    told = harvest(facebook, known=known, wanted="comments".__eq__).comments
    mine = [row for row in told if row.content_id == world.post_id(item)]
    assert [row.published_at for row in mine] == [made for _, made, _ in item.comments if made.date() >= newest]
    asked = [request.one("since") for request in page.asked if request.path.endswith(f"{world.post_id(item)}/comments")]
    assert asked == [(newest - timedelta(days=1)).isoformat()]  # Facebook does not say whose midnight it means


def test_an_empty_page_of_posts_is_not_the_end(page, facebook):
    page.graph.empty_pages = {0, 100}
    assert len(harvest(facebook, wanted=ONLY_CONTENTS).contents) == 120


def test_less_is_asked_at_a_time_where_that_is_too_much(page, facebook):
    page.graph.largest = 7
    assert len(harvest(facebook, wanted=ONLY_CONTENTS).contents) == 120
    limits = [int(request.one("limit")) for request in page.asked if request.path.endswith("published_posts")]
    assert limits[:5] == [100, 50, 25, 12, 6]


def test_only_what_was_published_on_the_days_of_the_window_is_asked_for(facebook, world):
    window = Window(date(2026, 9, 5), date(2026, 9, 20))
    told = harvest(facebook, window)
    inside = {world.post_id(item) for item in world.posts if window.first <= item.made.date() <= window.last}
    assert {row.external_id for row in told.contents} == {one.content_id for one in told.counts} == inside


def test_shards_have_the_same_names_after_a_restart_and_can_be_read_alone(page, world):
    first, second = (Facebook(page.http(), page.addresses, world.page).shards(WHOLE, None) for _ in range(2))
    named = {shard.key: shard for shard in first}
    assert list(named) == [shard.key for shard in second]
    alone = named["interactions 2026-09-08"].read()
    assert {one.content_id for one in alone.counts} == {
        world.post_id(item) for item in world.posts if date(2026, 9, 8) <= item.made.date() <= date(2026, 9, 14)
    }


def test_no_call_is_wasted(read):
    """A page of 120 contents: lists, one question per post, one per video, comments, and one per month."""
    assert len(read[1]) == 2 + 1 + 1 + 120 + 80 + 120 + 3
