"""A Facebook page, read from a planted world: what is known equals the truth, what is raked comes near it."""

import logging
from datetime import date, timedelta

import numpy as np
import pytest

from sources.connectors.faults import QuotaUsedUp, ReconnectNeeded, WrongAccount
from sources.connectors.harvests import Known, Window
from sources.connectors.meta.facebook import Facebook, accounts
from tests.platforms.meta_figures import people_map
from tests.platforms.meta_reading import PAGE, USER, WHOLE, by_group, distance, harvest, served, summed
from tests.platforms.meta_world import make_world
from tests.platforms.server import Answer

ONLY_COUNTS = "interactions".__eq__
ONLY_CONTENTS = "contents".__eq__


@pytest.fixture(scope="module")
def world():
    return make_world()


@pytest.fixture
def page(world):
    with served(world) as page:
        yield page


@pytest.fixture
def facebook(page, world):
    return Facebook(page.http(), page.addresses, world.page)


@pytest.fixture(scope="module")
def read(world):
    """Everything that the page tells, and what was asked for it."""
    with served(world) as page:
        yield harvest(Facebook(page.http(), page.addresses, world.page)), page.asked


@pytest.fixture(scope="module")
def counts(read):
    return {one.content_id: one for one in read[0].counts}


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
    assert told.complaints == ["Facebook tells nothing of the viewers of a video. What was stored of it stays."]


def test_a_post_without_video_has_views_by_nobody_known(counts, world):
    for item in world.posts[world.videos :]:
        told = counts[world.post_id(item)]
        assert (len(told.groups), told.unknown, told.estimated) == (0, item.total, False)


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


def test_followers_among_the_viewers_are_told_per_post_and_per_month(read, page, world):
    rows = {(row.content_id, row.period): row for row in read[0].loyalty}
    item = world.posts[3]
    assert (rows[world.post_id(item), ""].loyal, rows[world.post_id(item), ""].total) == (item.followers, item.total)
    days = [page.pages.viewers_on(date(2026, 9, day)) for day in range(1, 31)]
    month = rows["", "2026-09"]
    assert (month.total, month.loyal) == (sum(total for total, _ in days), sum(loyal for _, loyal in days))
    assert {row.kind for row in rows.values()} == {"follower"}


def test_a_month_is_told_whole_though_the_window_begins_in_it(page, facebook):
    (row,) = harvest(facebook, Window(date(2026, 9, 12), date(2026, 9, 30)), wanted="audience".__eq__).loyalty
    assert row.total == sum(page.pages.viewers_on(date(2026, 9, day))[0] for day in range(1, 31))


def test_a_month_that_is_too_much_is_asked_for_in_parts(page, facebook):
    too_much = page.graph.error(
        "Please reduce the amount of data you're asking for, then retry your request", 1, 0, 500
    )
    page.graph.server.fail("GET", "/insights", too_much, times=2)
    (row,) = harvest(facebook, Window(date(2026, 9, 1), date(2026, 9, 30)), wanted="audience".__eq__).loyalty
    assert row.total == sum(page.pages.viewers_on(date(2026, 9, day))[0] for day in range(1, 31))


def test_a_page_of_few_followers_still_tells_its_views(page, facebook, world):
    page.pages.few_followers = True
    told = harvest(facebook, wanted=ONLY_COUNTS)
    assert told.loyalty == []
    assert {one.content_id: one.unknown for one in told.counts}[world.post_id(world.posts[119])] > 0
    assert sum("is_from_followers" in words for words in told.complaints) == 1
    assert page.graph.server.count("insights") < 2 * 120 + 20


def test_one_post_that_is_not_for_us_does_not_end_the_asking_for_followers(page, facebook):
    page.graph.server.fail("GET", "_\\d+/insights", page.graph.error("(#10) Not permitted", 10, status=403))
    told = harvest(facebook, wanted=ONLY_COUNTS)
    assert (len(told.counts), len(told.loyalty)) == (119, 119)
    assert told.complaints == ["Facebook does not give this: (#10) Not permitted"]


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


def test_a_metric_that_died_is_found_and_spoils_nothing_else(page, facebook, world):
    page.pages.alive["video"] -= {"total_video_views_by_country_id", "total_video_views_by_age_bucket_and_gender"}
    told = harvest(facebook, Window(date(2026, 9, 1), date(2026, 9, 7)), wanted=ONLY_COUNTS)
    item = next(item for item in world.posts if item.total > 1000 and item.made.date() == date(2026, 9, 2))
    cells = by_group(next(one for one in told.counts if one.content_id == world.post_id(item)))
    truth = summed(world.truth()[world.post_id(item)], 0, 1)
    assert summed(cells, 0, 1) == pytest.approx(truth)  # by the time watched, which here goes with the views
    assert len([words for words in told.complaints if "does not give total_video_views_by" in words]) == 2


def test_a_metric_that_died_is_not_asked_for_again(page, facebook):
    page.pages.alive["video"] -= {"total_video_views_by_country_id"}
    harvest(facebook, wanted=ONLY_COUNTS)
    asked = [r for r in page.asked if "total_video_views_by_country_id" in r.one("metric")]
    assert len(asked) == 3  # with the others, with one of them, alone


def test_what_was_stored_stays_where_every_metric_died(page, facebook):
    page.pages.alive["video"], page.pages.alive["post"] = set(), set()
    told = harvest(facebook, wanted=ONLY_COUNTS)
    assert told.counts == []
    assert told.complaints


def test_a_group_that_is_new_to_us_is_unknown_and_told(page, facebook, world):
    page.pages.strange["total_video_views_by_age_bucket_and_gender"] = {"N.18-24": 7, "F.100-110": 3}
    told = harvest(facebook, Window(date(2026, 9, 1), date(2026, 9, 7)), wanted=ONLY_COUNTS)
    assert any("N.18-24" in words for words in told.complaints)
    one = next(one for one in told.counts if one.estimated)
    item = next(item for item in world.posts if world.post_id(item) == one.content_id)
    assert one.unknown > item.counts[2].sum()


def test_another_version_than_the_one_asked_for_is_told_once(page, facebook):
    page.graph.version = "v27.0"
    complaints = harvest(facebook, wanted=ONLY_CONTENTS).complaints
    assert [words for words in complaints if "v27.0" in words] == complaints != []


def test_a_video_that_was_deleted_meanwhile_leaves_the_others(page, facebook, world):
    gone = page.graph.error("Unsupported get request. Object with ID '888001' does not exist", 100, 33)
    page.graph.server.fail("GET", "888001/video_insights", gone)
    told = harvest(facebook, wanted=ONLY_COUNTS)
    assert len(told.counts) == 119
    assert any("does not find this" in words for words in told.complaints)


def test_the_token_of_a_person_is_not_that_of_the_page(page, world):
    with pytest.raises(WrongAccount, match="Choose the page again"):
        harvest(Facebook(page.http(USER), page.addresses, world.page))


@pytest.mark.parametrize("sub", [458, 459, 460, 463, 464, 467, 492])
def test_a_dead_token_asks_to_reconnect_in_its_own_words(page, facebook, sub):
    page.graph.dead[PAGE] = sub
    with pytest.raises(ReconnectNeeded) as told:
        harvest(facebook)
    assert told.value.code == f"190/{sub}"
    assert "no longer accepts" not in str(told.value)


def test_a_used_up_limit_ends_the_collection_with_the_minutes_that_it_names(page, facebook):
    page.graph.usage = {"X-Business-Use-Case-Usage": {"1": [{"type": "pages", "estimated_time_to_regain_access": 19}]}}
    page.graph.server.fail("GET", "video_insights", page.graph.error("(#80001) Too many calls", 80001), times=9)
    with pytest.raises(QuotaUsedUp) as told:
        harvest(facebook)
    assert told.value.wait == 19 * 60
    assert page.waits == []


def test_the_token_stands_in_no_address_log_error_or_complaint(page, facebook, caplog):
    caplog.set_level(logging.DEBUG)
    page.graph.empty_pages = {100}
    page.pages.few_followers = True
    leak = page.graph.error(f"Error for https://graph.facebook.com/x?access_token={PAGE} with {PAGE}", 100, 33)
    page.graph.server.fail("GET", "888001/video_insights", leak)
    told = harvest(facebook)
    assert told.complaints
    assert PAGE not in " ".join(told.complaints)
    assert PAGE not in caplog.text
    assert not any(PAGE in str(request.query) for request in page.asked)


def test_no_call_is_wasted(read):
    """A page of 120 contents: lists, one question per post, one per video, comments, and one per month."""
    assert len(read[1]) == 2 + 1 + 1 + 120 + 80 + 120 + 3


def test_the_fake_spells_groups_as_meta_does(world):
    assert set(people_map(world.posts[0].counts)) <= {
        f"{letter}.{age}" for letter in "FMU" for age in ("13-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65+")
    }
