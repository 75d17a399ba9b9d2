"""The whole way: a fake YouTube over HTTP, the real connector, the run, the tables."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from sources.collecting.keeping import folder_of
from sources.connecting.reconnecting import new_connection
from sources.connectors.google import oauth as google_oauth
from sources.connectors.oauth import Grant
from sources.connectors.youtube.comments import FORBIDDEN
from sources.models import (
    Collection,
    Comment,
    Connection,
    ContentUnit,
    DataSource,
    DemographicGroup,
    Loyalty,
    PlatformFile,
)
from sources.models import PackedInteractions as Columns
from sources.organizing import delete_source
from sources.packing import COUNTS, IDS, unpack
from tests.platforms.google_accounts import GoogleAccounts
from tests.platforms.server import PlatformServer
from tests.platforms.youtube import UNITS, FakeYouTube
from tests.platforms.youtube_data import error
from tests.platforms.youtube_world import World
from tests.running import run

SCOPES = [google_oauth.YOUTUBE, google_oauth.YOUTUBE_ANALYTICS]
NOT_SO_FAST = replace(error(429, "rateLimitExceeded", "Slow down."), headers={"Retry-After": "3600"})


@pytest.fixture
def last_month():
    return f"{timezone.now().date().replace(day=1) - timedelta(days=1):%Y-%m}"


@pytest.fixture
def server():
    return PlatformServer()


@pytest.fixture
def accounts(server):
    return GoogleAccounts(server)


@pytest.fixture
def youtube(settings, server, accounts, last_month):
    """A channel of 30 videos, watched in the last whole month, told without rounding."""
    world = World(videos=30, months=[last_month], views=4000.0)
    fake = FakeYouTube(server, world, accepts=accounts.accepts, scopes_of=accounts.scopes_of)
    fake.reports.decimals = 9
    with server.running() as base:
        settings.PLATFORM_ADDRESSES = settings.PLATFORM_ADDRESSES | accounts.addresses(base) | fake.addresses(base)
        settings.GOOGLE_CLIENT_ID, settings.GOOGLE_CLIENT_SECRET = accounts.client
        settings.YOUTUBE_API_KEY = fake.key
        yield fake
    assert fake.broken == []


@pytest.fixture
def channel(organization, owner, youtube, accounts):
    grant = Grant(accounts.give(SCOPES), tuple(SCOPES))
    return DataSource.objects.create(
        organization=organization,
        name=youtube.world.title,
        kind=DataSource.Kind.YOUTUBE,
        account=youtube.world.channel,
        connection=new_connection(organization=organization, provider="google", grant=grant, user=owner),
        options={"share": 1.0, "most_countries": 99, "months": 1},
        due_at=timezone.now(),
    )


def collect(source) -> Collection:
    return run(Collection.objects.create(source=source))


def matrix(period: str) -> dict[str, dict[tuple, int]]:
    groups = {one.pk: (one.gender, one.age_group, one.country) for one in DemographicGroup.objects.all()}
    return {
        column.content.external_id: {
            groups[pk]: count
            for pk, count in zip(
                unpack(column.group_ids, IDS).tolist(), np.rint(unpack(column.counts, COUNTS)).tolist(), strict=True
            )
        }
        for column in Columns.objects.filter(period=period).select_related("content")
    }


def planted(youtube, month: str) -> dict[str, dict[tuple, int]]:
    truth = youtube.truth(month)
    return {video: {g: n for g, n in views.items() if g[2] != "ZZ"} for video, views in truth.items()}


def test_the_matrix_is_the_planted_truth(channel, youtube, last_month):
    done = collect(channel)
    assert (done.state, done.error) == ("done", "")
    assert matrix(last_month) == planted(youtube, last_month)
    every = sum(sum(views.values()) for views in youtube.truth(last_month).values())
    assert sum(done.summary["coverage"][part] for part in ("explained", "suppressed", "unknown")) == pytest.approx(
        every
    )
    assert set(ContentUnit.objects.values_list("external_id", flat=True)) == set(youtube.world.ids)
    assert Comment.objects.exists()


def test_a_quota_in_the_middle_is_gone_on_with_and_the_matrix_is_whole(channel, youtube, last_month):
    youtube.left["youtube_analytics"] = 3
    paused = collect(channel)
    assert paused.goes_on_at
    assert "The day's quota at Google is used up." in paused.summary["stopped"]
    listed = youtube.server.count("playlistItems")
    youtube.renew()
    assert collect(channel).goes_on_at is None
    assert youtube.server.count("playlistItems") == listed
    assert matrix(last_month) == planted(youtube, last_month)


def test_a_quota_that_ends_in_the_comments_holds_up_no_views_and_all_comments_come_in_time(channel, youtube):
    collect(channel)
    wanted = set(Comment.objects.values_list("external_id", flat=True))
    Comment.objects.all().delete()
    Loyalty.objects.all().delete()
    cost, stopped = UNITS["youtube"] - youtube.left["youtube"], []
    for _ in range(2):
        youtube.left["youtube"] = cost - 1
        done = collect(channel)
        assert done.goes_on_at is None
        assert Loyalty.objects.filter(content=None).exists()
        stopped += [told["words"] for told in done.summary["complaints"] if "quota" in told["words"]]
    assert len(stopped) == 1
    assert set(Comment.objects.values_list("external_id", flat=True)) == wanted


def test_a_stop_after_the_list_of_videos_takes_no_category_and_no_tag_away(channel, youtube):
    collect(channel)
    before = set(ContentUnit.objects.values_list("external_id", "category", "tags__0"))
    youtube.left["youtube"] = 2  # the channel, and its list
    assert collect(channel).goes_on_at
    assert set(ContentUnit.objects.values_list("external_id", "category", "tags__0")) == before
    assert all(category for _, category, _ in before)


def test_a_list_of_videos_that_changes_between_stop_and_resume_counts_nothing_twice(channel, youtube, server):
    server.fail("GET", "/commentThreads$", NOT_SO_FAST)
    assert collect(channel).goes_on_at
    ContentUnit.objects.first().delete()
    youtube.renew()
    coverage = collect(channel).summary["coverage"]
    stored = sum(column.total for column in Columns.objects.all())
    assert sum(coverage[part] for part in ("explained", "suppressed", "unknown")) == pytest.approx(stored)


def test_a_channel_that_is_no_longer_the_accounts_is_told_though_everybody_finds_it(channel, youtube, server):
    youtube.data.is_own = False
    server.fail("GET", "/v2/reports", error(403, "forbidden", "Forbidden"), times=999)
    failed = collect(channel)
    assert (failed.state, "gave no interactions" in failed.error) == ("failed", True)
    channel = DataSource.objects.get(pk=channel.pk)
    assert (channel.link, channel.connection.is_live) == ("reconnect", True)
    assert channel.trouble.startswith("Google no longer gives this channel to the account that connected it.")


def test_without_a_right_to_comments_all_else_is_collected_and_the_connection_lives(channel, youtube, settings):
    settings.YOUTUBE_API_KEY = ""
    done = collect(channel)
    assert (done.state, done.goes_on_at) == ("done", None)
    assert [told["words"] for told in done.summary["complaints"]] == [FORBIDDEN]
    assert Connection.objects.get().state == Connection.State.LIVE


def test_a_permission_withdrawn_in_the_middle_asks_for_a_reconnect(channel, youtube, accounts):
    accounts.withdraw()
    failed = collect(channel)
    assert failed.state == "failed"
    assert "econnect" in failed.error
    assert Connection.objects.get().state == Connection.State.RECONNECT


@pytest.fixture
def by_files(channel, youtube):
    """The channel counted from daily files, of two whole months up to yesterday; the first two days are restated."""
    first, yesterday = timezone.now().date().replace(day=1), timezone.now().date() - timedelta(days=1)
    first = (first - timedelta(days=1)).replace(day=1)
    youtube.files.days = [first + timedelta(days=number) for number in range((yesterday - first).days + 1)]
    youtube.files.restated, youtube.files.versions = youtube.files.days[:2], 1
    channel.options = {"source_of_counts": "bulk", "months": 1}
    channel.save()
    for kind in ("channel_basic_a3", "channel_demographics_a1"):
        youtube.files.create(kind)
    return channel


def on_disk(source) -> list[str]:
    return sorted(path.name for path in folder_of(source).glob("*"))


def test_each_file_is_downloaded_once_and_a_restated_day_is_replaced(by_files, youtube, server, last_month):
    assert collect(by_files).state == "done"
    downloads = server.count("/v1/media/")
    assert downloads == 2 * len(youtube.files.days) == PlatformFile.objects.count() == len(on_disk(by_files))
    collect(by_files)
    assert server.count("/v1/media/") == downloads
    before = set(on_disk(by_files))
    youtube.files.versions = 2
    collect(by_files)
    assert server.count("/v1/media/") == downloads + 4
    assert len(on_disk(by_files)) == len(before)
    assert len(before - set(on_disk(by_files))) == 4
    every = sum(sum(views.values()) for views in youtube.truth(last_month).values())
    assert sum(Columns.objects.filter(period=last_month).values_list("total", flat=True)) == pytest.approx(every)


def test_days_whose_files_the_platform_has_deleted_are_read_from_ours(by_files, youtube, last_month):
    collect(by_files)
    wanted = matrix(last_month)
    assert any(wanted.values())
    Columns.objects.all().delete()
    youtube.files.days = youtube.files.days[-3:]
    collect(by_files)
    assert matrix(last_month) == wanted


def test_a_month_that_files_cover_only_after_a_stop_is_counted_once(by_files, youtube, server, last_month):
    youtube.files.restated, every = [], youtube.files.days
    youtube.files.days = every[1:]
    server.fail("GET", "/commentThreads$", NOT_SO_FAST)
    assert collect(by_files).goes_on_at
    youtube.files.days = every
    youtube.renew()
    coverage = collect(by_files).summary["coverage"]
    stored = sum(column.total for column in Columns.objects.filter(period=last_month))
    assert PlatformFile.objects.exists()
    assert sum(coverage[part] for part in ("explained", "suppressed", "unknown")) == pytest.approx(stored)


def test_a_file_that_is_gone_from_the_disk_is_downloaded_again(by_files, youtube, server):
    collect(by_files)
    downloads = server.count("/v1/media/")
    next(folder_of(by_files).glob("*")).unlink()
    collect(by_files)
    assert server.count("/v1/media/") == downloads + 1


def test_deleting_the_source_deletes_its_files(by_files, django_capture_on_commit_callbacks):
    collect(by_files)
    folder = folder_of(by_files)
    assert on_disk(by_files)
    with django_capture_on_commit_callbacks(execute=True):
        delete_source(source=by_files)
    assert not folder.exists()
    assert not PlatformFile.objects.exists()


def test_without_the_option_no_file_is_kept(channel):
    collect(channel)
    assert not PlatformFile.objects.exists()
