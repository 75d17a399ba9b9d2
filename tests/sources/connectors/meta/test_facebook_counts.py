"""The counts of a Facebook page's contents: what is known equals the truth, what is raked comes near it."""

from datetime import date

import numpy as np
import pytest

from sources.connectors.harvests import Window
from sources.connectors.meta.facebook import Facebook
from tests.platforms.meta_figures import people_map
from tests.platforms.meta_reading import by_group, distance, harvest, served, summed
from tests.platforms.meta_world import make_world
from tests.platforms.server import Answer

ONLY_COUNTS = "interactions".__eq__


def test_age_by_gender_and_country_of_a_video_equal_the_truth(counts, world):
    complete = 0
    for content_id, truth in world.truth().items():
        told, cells = counts[content_id], by_group(counts[content_id])
        if not told.estimated:
            continue
        complete += 1
        known = sum(cells.values())
        for dimensions in ((0, 1), (0,), (1,)):
            assert summed(cells, *dimensions) == pytest.approx(summed(truth, *dimensions))
        shares = {key: count / known for key, count in summed(cells, 2).items()}
        item = next(item for item in world.posts if world.post_id(item) == content_id)
        everybody = item.counts.sum(axis=(0, 1)) / item.total
        assert sorted(shares.values()) == pytest.approx(sorted(everybody[everybody > 0]))
    assert complete > 70


def test_known_unknown_and_suppressed_make_up_all_views(counts, world):
    for item in world.posts[: world.videos]:
        told = counts[world.post_id(item)]
        assert np.sum(told.counts) + told.unknown + told.suppressed == pytest.approx(item.total)


def test_viewers_of_unknown_gender_are_unknown(counts, world):
    item = next(item for item in world.posts if item.total > 1000)
    assert counts[world.post_id(item)].unknown == pytest.approx(item.counts[2].sum())


def test_a_video_of_few_people_is_suppressed_and_not_zero(page, world):
    small = make_world(posts=6, videos=6, media=1, typical=40)
    with served(small) as page:
        told = harvest(Facebook(page.http(), page.addresses, small.page), wanted=ONLY_COUNTS).counts
    few = [item for item in small.posts if item.total < 100]
    suppressed = {one.content_id: one.suppressed for one in told if not len(one.groups)}
    assert few
    assert suppressed == {small.post_id(item): item.total for item in few}


def test_a_video_of_which_nothing_is_told_is_left_as_it_was(page, facebook):
    page.graph.server.fail("GET", "888001/video_insights", Answer({"data": []}))
    told = harvest(facebook, wanted=ONLY_COUNTS)
    assert len(told.counts) == 119
    assert "Facebook tells nothing of the viewers of a video. What was stored of it stays." in told.complaints


def test_a_post_without_video_has_views_by_nobody_known(counts, world):
    for item in world.posts[world.videos :]:
        told = counts[world.post_id(item)]
        assert (len(told.groups), told.unknown, told.estimated) == (0, item.total, False)


def test_posts_without_video_are_counted_in_what_could_not_be_had(facebook, world):
    told = harvest(facebook, wanted=ONLY_COUNTS)
    posts = [words for words in told.complaints if "does not tell who saw" in words]
    assert sum(complaint.numbers["post"] for complaint in posts) == len(world.posts) - world.videos
    named = {name for complaint in posts for name in complaint.names}
    assert named <= {world.post_id(item) for item in world.posts[world.videos :]}
    views = sum(complaint.numbers["view"] for complaint in posts)
    assert views == sum(item.total for item in world.posts[world.videos :])


def test_lifetime_views_are_undated_and_name_their_seed(counts):
    assert {one.period for one in counts.values()} == {""}
    assert {one.seed for one in counts.values() if one.estimated} == {"independence"}


def error_of(counts, world):
    """The total variation distance to the truth, on average over the videos weighted by views."""
    truth = {key: cells for key, cells in world.truth().items() if len(counts[key].groups)}
    weights = [sum(cells.values()) for cells in truth.values()]
    return np.average([distance(by_group(counts[key]), cells) for key, cells in truth.items()], weights=weights)


def test_a_seed_that_knows_the_page_takes_away_a_quarter_of_the_error(page, world, counts, record_property):
    joint = world.joint()
    seeded = harvest(Facebook(page.http(), page.addresses, world.page, joint, "own channel"), wanted=ONLY_COUNTS)
    seeded_counts = {one.content_id: one for one in seeded.counts}
    without, with_seed = error_of(counts, world), error_of(seeded_counts, world)
    record_property("total variation distance", f"{without:.3f} without, {with_seed:.3f} with a seed")
    assert with_seed < 0.75 * without
    assert without < 0.35
    assert with_seed < 0.22
    assert {one.seed for one in seeded.counts if one.estimated} == {"own channel"}


def test_more_countries_than_fit_into_the_list_are_suppressed():
    wide = make_world(posts=3, videos=3, media=1, countries=60, typical=200000)
    with served(wide) as page:
        told = harvest(Facebook(page.http(), page.addresses, wide.page), wanted=ONLY_COUNTS).counts
    for item in wide.posts:
        one = next(one for one in told if one.content_id == wide.post_id(item))
        by_country = np.sort(item.counts.sum(axis=(0, 1)))
        assert one.suppressed == pytest.approx(by_country[:-45].sum() * item.counts[:2].sum() / item.total)
        assert np.sum(one.counts) + one.unknown + one.suppressed == pytest.approx(item.total)


def test_a_group_that_is_new_to_us_is_unknown_and_told(page, facebook, world):
    page.pages.strange["total_video_views_by_age_bucket_and_gender"] = {"N.18-24": 7, "F.100-110": 3}
    told = harvest(facebook, Window(date(2026, 9, 1), date(2026, 9, 7)), wanted=ONLY_COUNTS)
    assert any("N.18-24" in words for words in told.complaints)
    one = next(one for one in told.counts if one.estimated)
    item = next(item for item in world.posts if world.post_id(item) == one.content_id)
    assert one.unknown > item.counts[2].sum()


def test_the_fake_spells_groups_as_meta_does(world):
    assert set(people_map(world.posts[0].counts)) <= {
        f"{letter}.{age}" for letter in "FMU" for age in ("13-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65+")
    }
