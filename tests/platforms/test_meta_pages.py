"""Meta's own client reads the fake page and account as it reads the Graph."""

import pytest
from facebook_business.adobjects.advideo import AdVideo
from facebook_business.adobjects.iguser import IGUser
from facebook_business.adobjects.page import Page
from facebook_business.adobjects.pagepost import PagePost
from facebook_business.adobjects.user import User
from facebook_business.api import FacebookAdsApi
from facebook_business.exceptions import FacebookRequestError
from facebook_business.session import FacebookSession

from tests.platforms.meta_figures import people_map
from tests.platforms.meta_reading import PAGE, SECRET, USER, served
from tests.platforms.meta_world import make_world


@pytest.fixture(scope="module")
def world():
    return make_world(posts=40, videos=30, media=5)


@pytest.fixture
def graph(world, monkeypatch):
    with served(world) as page:
        monkeypatch.setattr(FacebookSession, "GRAPH", f"{page.graph.server.base}/graph")
        yield page


def api(token=PAGE):
    return FacebookAdsApi(FacebookSession(app_secret=SECRET, access_token=token), api_version="v26.0")


def test_it_reads_the_pages_of_a_person(graph, world):
    (page,) = User("me", api=api(USER)).get_accounts(["id", "access_token", "instagram_business_account"])
    assert (page["id"], page["access_token"]) == (world.page, PAGE)
    assert page["instagram_business_account"]["id"] == world.account


def test_it_reads_posts_over_several_pages_of_a_list(graph, world):
    posts = Page(world.page, api=api()).get_published_posts(["id", "message"], {"limit": 7})
    assert {post["id"] for post in posts} == {world.post_id(item) for item in world.posts}


def test_it_reads_a_videos_viewers(graph, world):
    item = max(world.posts[:30], key=lambda item: item.total)
    asked = {"metric": ["total_video_views_by_age_bucket_and_gender"], "period": "lifetime"}
    (told,) = AdVideo(world.video_id(item), api=api()).get_video_insights(params=asked)
    assert told["values"][0]["value"] == people_map(item.counts)


def test_it_reads_comments(graph, world):
    item = max(world.posts, key=lambda item: len(item.comments))
    comments = PagePost(world.post_id(item), api=api()).get_comments(["message"], {"filter": "stream"})
    assert [comment["message"] for comment in comments] == [text for text, *_ in item.comments]


def test_it_reads_an_instagram_accounts_media(graph, world):
    media = IGUser(world.account, api=api()).get_media(["id", "timestamp"])
    assert len(list(media)) == 5


def test_it_understands_that_a_page_wants_its_own_token(graph, world):
    with pytest.raises(FacebookRequestError, match="Page Access Token") as told:
        Page(world.page, api=api(USER)).get_insights(params={"metric": ["page_media_view"], "period": "day"})
    assert told.value.api_error_code() == 190


def test_it_understands_a_dead_metric(graph, world):
    with pytest.raises(FacebookRequestError, match="valid insights metric") as told:
        AdVideo(world.video_id(world.posts[0]), api=api()).get_video_insights(params={"metric": ["page_fans"]})
    assert told.value.api_error_code() == 100
