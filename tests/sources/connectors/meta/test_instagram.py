"""An Instagram account, read from a planted world: views as they are, divided as its audience is."""

import logging

import numpy as np
import pytest

from sources.connectors.faults import ReconnectNeeded, WrongAccount
from sources.connectors.harvests import Known
from sources.connectors.meta.instagram import Instagram, accounts
from tests.platforms.meta_reading import PAGE, USER, by_group, distance, harvest, served, summed
from tests.platforms.meta_world import AGE_GROUPS, COUNTRIES, groups_of, make_world
from tests.platforms.server import Answer

ONLY_COUNTS = "interactions".__eq__


@pytest.fixture(scope="module")
def world():
    return make_world(posts=1, videos=1)


@pytest.fixture
def account(world):
    with served(world) as account:
        yield account


@pytest.fixture
def instagram(account, world):
    return Instagram(account.http(), account.addresses, world.account)


@pytest.fixture(scope="module")
def read(world):
    with served(world) as account:
        yield harvest(Instagram(account.http(), account.addresses, world.account)), account


def test_the_accounts_of_a_persons_pages_are_told_with_their_pages_tokens(account, world):
    (told,) = accounts(account.http(USER), account.addresses)
    assert (told.id, told.name, told.token) == (world.account, "@gulfstories", PAGE)
    assert told.detail == "of the page Gulf Stories, 52,100 followers"


def test_pages_without_an_account_are_the_wrong_account(account):
    body = {"data": [{"id": "1", "name": "Bare", "access_token": "EAAX"}]}
    account.graph.server.fail("GET", "/me/accounts", Answer(body))
    with pytest.raises(WrongAccount, match="manages no page that has a professional Instagram account"):
        accounts(account.http(USER), account.addresses)


def test_media_are_the_contents(read, world):
    contents = {row.external_id: row for row in read[0].contents}
    item = world.media[8]
    row = contents[world.media_id(item)]
    assert len(contents) == 60
    assert (row.title.startswith(item.title), row.url, row.tags) == (
        True,
        "https://www.instagram.com/p/x8/",
        ("food",),
    )


def test_the_views_of_every_medium_are_all_accounted_for(read, world):
    counts = {one.content_id: one for one in read[0].counts}
    for item in world.media:
        one = counts[world.media_id(item)]
        assert np.sum(one.counts) + one.unknown + one.suppressed == pytest.approx(item.total)


def test_views_are_divided_as_the_engaged_audience_is(read):
    told, account = read
    people = account.instagram.people()
    one = max(told.counts, key=lambda one: np.sum(one.counts))
    truth = {key: float(count) for key, count in groups_of(people).items()}
    assert distance(summed(by_group(one), 0, 1), summed(truth, 0, 1)) == pytest.approx(0, abs=1e-9)
    places = people.sum(axis=(0, 1))
    everywhere = {(COUNTRIES[place],): float(places[place]) for place in np.flatnonzero(places)}
    assert distance(summed(by_group(one), 2), everywhere) == pytest.approx(0, abs=1e-9)
    assert one.unknown / (np.sum(one.counts) + one.unknown) == pytest.approx(people[2].sum() / people.sum())
    assert (one.estimated, one.seed, one.period) == (
        True,
        "the account's engaged audience and independence",
        "",
    )


def test_a_seed_makes_the_accounts_joint_truer(account, world, read):
    people = {key: float(count) for key, count in groups_of(account.instagram.people()).items()}
    seeded = Instagram(account.http(), account.addresses, world.account, people, "own channel")
    with_seed = distance(by_group(harvest(seeded, wanted=ONLY_COUNTS).counts[0]), people)
    assert with_seed < 0.02 < 0.1 < distance(by_group(read[0].counts[0]), people)


def test_followers_stand_in_where_the_engaged_are_not_told(account, instagram):
    account.instagram.alive["account"] -= {"engaged_audience_demographics"}
    told = harvest(instagram, wanted=ONLY_COUNTS)
    assert told.counts[0].seed.startswith("the account's followers")
    assert any("engaged_audience_demographics" in words for words in told.complaints)


def test_an_audience_too_small_to_be_told_is_suppressed():
    small = make_world(posts=1, videos=1, media=4, typical=40)
    with served(small) as account:
        told = harvest(Instagram(account.http(), account.addresses, small.account), wanted=ONLY_COUNTS)
    assert sorted(one.suppressed for one in told.counts) == sorted(item.total for item in small.media)
    assert any("at least 100 people" in words for words in told.complaints)


def test_age_and_gender_apart_do_where_they_are_not_told_together(account, instagram, read):
    refused = account.graph.error("(#100) Invalid breakdown: age,gender", 100)
    account.graph.server.fail("GET", f"{account.instagram.world.account}/insights", refused)
    one = harvest(instagram, wanted=ONLY_COUNTS).counts[0]
    people = account.instagram.people()
    shares = summed(by_group(one), 1)
    ages = people.sum(axis=(0, 2))
    assert distance(shares, {(AGE_GROUPS[a],): float(n) for a, n in enumerate(ages)}) == pytest.approx(0, abs=1e-9)


def test_the_audience_is_asked_for_once(read):
    insights = [
        request for request in read[1].asked if request.path.endswith(f"{read[1].instagram.world.account}/insights")
    ]
    assert len(insights) == 2
    assert len(read[1].asked) == 1 + 60 + 2 + 60


def test_a_medium_whose_views_are_refused_is_left_as_it_was(account, instagram, world):
    before = account.graph.error("(#100) Media posted before business account conversion", 100, 2108006)
    account.graph.server.fail("GET", f"{world.media_id(world.media[3])}/insights", before)
    told = harvest(instagram, wanted=ONLY_COUNTS)
    assert len(told.counts) == 59
    assert any("before business account conversion" in words for words in told.complaints)


@pytest.mark.parametrize("told", [[], [{"name": "views", "values": []}], [{"name": "views", "values": [{}]}]])
def test_views_that_are_not_told_are_not_none_at_all(account, instagram, world, told):
    account.graph.server.fail("GET", f"{world.media_id(world.media[3])}/insights", Answer({"data": told}))
    found = harvest(instagram, wanted=ONLY_COUNTS)
    assert world.media_id(world.media[3]) not in {one.content_id for one in found.counts}
    assert len(found.counts) == 59
    assert any("does not tell how often a post was viewed" in words for words in found.complaints)


def test_comments_are_read_without_their_authors(read, world):
    told = {(row.content_id, row.text, row.likes) for row in read[0].comments}
    assert told == {(world.media_id(item), text, likes) for item in world.media for text, _, likes in item.comments}
    assert not any("username" in request.one("fields") for request in read[1].asked)


def test_comments_older_than_those_stored_are_left_out(instagram, world):
    item = max(world.media, key=lambda item: len(item.comments))
    newest = item.comments[-2][1].date()
    known = Known(content_ids=list, commented=lambda: {world.media_id(item): newest})
    told = [row for row in harvest(instagram, known=known).comments if row.content_id == world.media_id(item)]
    assert sorted(row.published_at for row in told) == [made for _, made, _ in item.comments if made.date() >= newest]


def test_figures_by_another_dimension_than_asked_for_are_not_mistaken(account, instagram, world):
    cities = {"dimension_keys": ["timeframe", "city"], "results": [{"dimension_values": ["x", "Doha"], "value": 9}]}
    insight = {"name": "engaged_audience_demographics", "total_value": {"breakdowns": [cities]}}
    answer = Answer({"data": [insight]})
    account.graph.server.fail("GET", f"{world.account}/insights", answer, times=2)
    assert harvest(instagram, wanted=ONLY_COUNTS).counts[0].seed.startswith("the account's followers")


def test_a_dead_token_asks_to_reconnect(account, instagram):
    account.graph.dead[PAGE] = 463
    with pytest.raises(ReconnectNeeded, match="has run out"):
        harvest(instagram)


def test_the_token_stands_in_no_address_log_or_complaint(account, instagram, caplog):
    caplog.set_level(logging.DEBUG)
    account.graph.largest = 20
    account.instagram.alive["account"] = set()
    told = harvest(instagram)
    assert told.complaints
    assert PAGE not in caplog.text + " ".join(told.complaints) + "".join(str(r.query) for r in account.asked)
