"""What people see of the demo's platforms: different titles, comments in several languages, tastes that go together."""

import numpy as np
import pytest

from tests.platforms.google_analytics_world import World as AnalyticsWorld
from tests.platforms.meta_world import make_world
from tests.platforms.stories import TOPICS, Shelf, tastes
from tests.platforms.youtube_world import World


@pytest.fixture(scope="module")
def stories():
    return Shelf().take(60, comments=4)


def test_no_two_contents_of_any_platform_are_called_the_same(stories):
    shelf = Shelf()
    titles = [story.title for part in (200, 280) for story in shelf.take(part)]
    assert len(set(titles)) == 480
    with pytest.raises(ValueError, match="There are 0 stories left, and 1 are wanted"):
        shelf.take(1)


def test_a_channel_shows_its_stories(stories):
    world = World(videos=60, months=["2026-09"], stories=stories)
    assert [world.title_of(video) for video in range(60)] == [story.title for story in stories]
    said = {one.text for threads in world.said for one in threads}
    assert said <= {text for story in stories for text in story.comments}


def test_a_site_files_its_stories_under_their_topics(stories):
    ordered = sorted(stories, key=lambda story: story.topic_name)
    world = AnalyticsWorld(pages=60, stories=ordered)
    assert world.path(0).startswith(f"/{ordered[0].topic_name.lower()}/000000-")
    paths = [world.path(page) for page in range(60)]
    assert paths == sorted(paths)


def test_a_page_and_an_account_show_their_stories(stories):
    world = make_world(40, videos=20, media=20, stories=stories)
    assert [item.title for item in (*world.posts, *world.media)] == [story.title for story in stories]


def test_a_country_has_the_same_taste_on_every_platform():
    few, more = tastes(("DE", "EG")), tastes(("EG", "QA", "DE"))
    assert few.shape == (len(TOPICS), 2, 7, 2)
    assert np.array_equal(few[:, 0], more[:, 2])
