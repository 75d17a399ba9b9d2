"""From a planted page and Instagram account to the tables, over the way that every collection goes."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from sources.connecting.choosing import choose, offers_of
from sources.connecting.reconnecting import new_connection
from sources.connectors.oauth import Grant
from sources.frames import read_interactions
from sources.models import Collection, Comment, Connection, DataSource, DemographicGroup, Loyalty, PackedInteractions
from tests.platforms.meta_reading import PAGE, SECRET, USER, served
from tests.platforms.meta_world import make_world
from tests.running import run


@pytest.fixture(scope="module")
def world():
    first = datetime.now(UTC).replace(hour=0, minute=0) - timedelta(days=91)
    return make_world(posts=40, videos=25, media=20, countries=12, first_day=first)


@pytest.fixture
def page(world, settings):
    with served(world) as page:
        settings.PLATFORM_ADDRESSES = settings.PLATFORM_ADDRESSES | page.addresses
        settings.META_APP_ID, settings.META_APP_SECRET = "1", SECRET
        yield page


@pytest.fixture
def choosing(page, organization, owner):
    """Connect and choose, as a person does."""

    def choosing(kind: str) -> DataSource:
        grant = Grant(USER, ("pages_show_list",), account="the page's owner")
        connection = new_connection(
            organization=organization, provider=Connection.Provider.META, grant=grant, user=owner
        )
        offers = offers_of(connection, kind)
        (source,) = choose(connection=connection, kind=kind, ids=[offers[0].account.id], offers=offers)
        return source

    return choosing


def stored_by_group(source, content_id):
    columns = PackedInteractions.objects.filter(content__source=source, content__external_id=content_id)
    stored = read_interactions(columns)
    groups = DemographicGroup.objects.in_bulk(stored.group.tolist())
    names = [(groups[pk].gender, groups[pk].age_group, groups[pk].country) for pk in stored.group.tolist()]
    return dict(zip(names, stored.count.tolist(), strict=True))


def test_a_page_is_collected_with_its_own_token_to_the_last_view(choosing, world):
    source = choosing("facebook")
    collected = run(Collection.objects.create(source=source))
    assert collected.state == Collection.State.DONE
    assert source.token == PAGE
    stored = read_interactions(PackedInteractions.objects.filter(content__source=source))
    assert stored.total == pytest.approx(sum(item.total for item in world.posts))
    assert {column.period for column in PackedInteractions.objects.all()} == {""}
    assert source.contents.count() == 40
    assert Comment.objects.count() == sum(len(item.comments) for item in world.posts)


def test_what_a_video_tells_of_its_viewers_is_what_is_stored(choosing, world):
    source = choosing("facebook")
    run(Collection.objects.create(source=source))
    item = max(world.posts[:25], key=lambda item: item.total)
    truth = world.truth()[world.post_id(item)]
    stored = stored_by_group(source, world.post_id(item))
    for place in (0, 1):
        for value in {group[place] for group in truth}:
            planted = sum(count for group, count in truth.items() if group[place] == value)
            assert sum(count for group, count in stored.items() if group[place] == value) == pytest.approx(planted)


def test_a_second_collection_changes_no_figure(choosing, page, world):
    source = choosing("facebook")
    run(Collection.objects.create(source=source))
    columns = PackedInteractions.objects.order_by("content__external_id")
    before = list(columns.values_list("content__external_id", "group_ids", "counts", "unknown", "estimated"))
    run(Collection.objects.create(source=source))
    assert list(columns.values_list("content__external_id", "group_ids", "counts", "unknown", "estimated")) == before
    assert Comment.objects.count() == sum(len(item.comments) for item in world.posts)


def test_what_old_posts_gained_since_is_stored_once_a_week(choosing, world):
    source = choosing("facebook")
    run(Collection.objects.create(source=source))
    columns = PackedInteractions.objects.filter(content__source=source)
    columns.all().delete()  # stands for figures of another week
    run(Collection.objects.create(source=source))
    total = sum(item.total for item in world.posts)
    assert read_interactions(columns.all()).total < total
    source.cycles.update(last_day=timezone.now().date() - timedelta(days=8))
    run(Collection.objects.create(source=source))
    assert read_interactions(columns.all()).total == pytest.approx(total)


def test_followers_are_stored_by_content_and_by_month(choosing, world):
    source = choosing("facebook")
    run(Collection.objects.create(source=source))
    assert Loyalty.objects.filter(source=source, content__isnull=False, period="", kind="follower").count() == 40
    month = Loyalty.objects.filter(source=source, content=None).exclude(period="").order_by("period").first()
    assert 0.3 < month.loyal / month.total < 0.45


def test_a_limit_in_the_middle_goes_on_where_it_was(choosing, page, world):
    source = choosing("facebook")
    full = page.graph.error("(#80001) There have been too many calls to this Page account.", 80001)
    usage = '{"1": [{"type": "pages", "estimated_time_to_regain_access": 12}]}'
    full.headers["X-Business-Use-Case-Usage"] = usage
    page.graph.server.fail("GET", "video_insights", full, skip=10)
    first = run(Collection.objects.create(source=source))
    assert "goes_on_at" in first.summary
    source.refresh_from_db()
    assert timedelta(minutes=11) < source.due_at - timezone.now() < timedelta(minutes=13)
    read = page.graph.server.count("video_insights")
    run(Collection.objects.create(source=source))
    assert page.graph.server.count("video_insights") - read < 25
    stored = read_interactions(PackedInteractions.objects.filter(content__source=source))
    assert stored.total == pytest.approx(sum(item.total for item in world.posts))


def test_an_instagram_account_is_collected_through_its_page(choosing, world):
    source = choosing("instagram")
    collected = run(Collection.objects.create(source=source))
    assert (collected.state, source.token) == (Collection.State.DONE, PAGE)
    stored = read_interactions(PackedInteractions.objects.filter(content__source=source))
    assert stored.total == pytest.approx(sum(item.total for item in world.media))
    seeds = set(PackedInteractions.objects.filter(estimated=True).values_list("seed", flat=True))
    assert seeds == {"the account's engaged audience and independence"}


def test_a_page_whose_token_died_asks_to_reconnect(choosing, page):
    source = choosing("facebook")
    page.graph.dead[PAGE] = 460
    collected = run(Collection.objects.create(source=source))
    assert collected.state == Collection.State.FAILED
    source.refresh_from_db()
    assert (source.link, "password" in source.trouble) == ("reconnect", True)
