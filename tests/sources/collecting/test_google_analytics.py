"""The whole way: a fake Google Analytics over HTTP, the real connector, the run, the tables."""

from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from sources.connecting.reconnecting import new_connection
from sources.connectors.google import oauth as google_oauth
from sources.connectors.oauth import Grant
from sources.models import Collection, ContentUnit, DataSource, DemographicGroup, Loyalty
from sources.models import PackedInteractions as Columns
from sources.packing import COUNTS, IDS, unpack
from tests.platforms.google_accounts import GoogleAccounts
from tests.platforms.google_analytics import GoogleAnalyticsFake
from tests.platforms.google_analytics_world import AGES, COUNTRIES, GENDERS, World
from tests.platforms.server import PlatformServer
from tests.running import run

SCOPES = [google_oauth.ANALYTICS]
PAGES = 30


@pytest.fixture
def month():
    return f"{timezone.now().date().replace(day=1) - timedelta(days=1):%Y-%m}"


@pytest.fixture
def property_of(settings, organization, owner):
    """Serve a property of a world, and connect a source to it; gives both."""
    server = PlatformServer()
    accounts = GoogleAccounts(server)
    settings.GOOGLE_CLIENT_ID, settings.GOOGLE_CLIENT_SECRET = accounts.client

    def connected(base, **world):
        fake = GoogleAnalyticsFake(server, World(**({"pages": PAGES, "views": 90.0} | world)), accepts=accounts.accepts)
        settings.PLATFORM_ADDRESSES = settings.PLATFORM_ADDRESSES | accounts.addresses(base) | fake.addresses(base)
        grant = Grant(accounts.give(SCOPES), tuple(SCOPES))
        source = DataSource.objects.create(
            organization=organization,
            name=fake.name,
            kind=DataSource.Kind.GOOGLE_ANALYTICS,
            account=fake.number,
            connection=new_connection(organization=organization, provider="google", grant=grant, user=owner),
            options={"months": 1},
            due_at=timezone.now(),
        )
        return fake, source

    with server.running() as base:
        yield lambda **world: connected(base, **world)


def collect(source) -> Collection:
    return run(Collection.objects.create(source=source))


def matrix(period: str) -> dict[str, dict[tuple, int]]:
    groups = {one.pk: (one.gender, one.age_group, one.country) for one in DemographicGroup.objects.all()}
    return {
        column.content.external_id: {
            groups[pk]: round(count)
            for pk, count in zip(
                unpack(column.group_ids, IDS).tolist(), unpack(column.counts, COUNTS).tolist(), strict=True
            )
        }
        for column in Columns.objects.filter(period=period).select_related("content")
    }


def planted(world: World, period: str) -> dict[str, dict[tuple, int]]:
    known = world.truth(period)[:, 1:, :-1, :-1]
    return {
        world.path(page): {
            (GENDERS[g], AGES[a], COUNTRIES[c + 1]): int(cells[c, a, g]) for c, a, g in np.argwhere(cells > 0)
        }
        for page, cells in enumerate(known)
    }


def test_the_matrix_is_the_planted_truth(property_of, month):
    fake, source = property_of()
    done = collect(source)
    assert (done.state, done.error) == ("done", "")
    assert matrix(month) == planted(fake.world, month)
    assert ContentUnit.objects.count() == PAGES
    everybody = Loyalty.objects.get(period=month, gender="", age_group="", country="")
    assert (everybody.loyal, everybody.total) == (fake.world.returning(month).sum(), fake.world.site(month).sum())


def test_all_views_are_explained_suppressed_or_unknown(property_of):
    fake, source = property_of(threshold=3)
    coverage = collect(source).summary["coverage"]
    periods = {column.period for column in Columns.objects.all()}
    assert coverage["suppressed"] > 0
    assert sum(coverage[part] for part in ("explained", "suppressed", "unknown")) == pytest.approx(
        sum(fake.world.site(period).sum() for period in periods)
    )


def test_views_of_pages_without_a_name_count_as_unknown(property_of):
    fake, source = property_of(cap=10)
    coverage = collect(source).summary["coverage"]
    periods = {column.period for column in Columns.objects.all()}
    folded = sum(fake.world.other(period).sum() for period in periods)
    assert coverage["unknown"] >= folded > 0
    assert sum(coverage[part] for part in ("explained", "suppressed", "unknown")) == pytest.approx(
        sum(fake.world.site(period).sum() for period in periods)
    )


def test_what_was_raked_is_marked_in_the_tables(property_of, month):
    _, source = property_of(threshold=6)
    collect(source)
    estimated = Columns.objects.filter(estimated=True, period=month)
    assert estimated
    assert {column.seed for column in estimated} == {"age, gender and country of the whole property"}


def test_a_quota_in_the_middle_is_gone_on_with_and_the_matrix_is_whole(property_of, month):
    fake, source = property_of()
    fake.limited = True
    fake.left["potentiallyThresholdedRequestsPerHour"] = 17
    paused = collect(source)
    assert paused.goes_on_at
    assert "of the hour about age and gender" in paused.summary["stopped"]
    fake.renew()
    assert collect(source).goes_on_at is None
    assert matrix(month) == planted(fake.world, month)


@pytest.mark.parametrize("limit", [60, 100_000])
def test_a_page_that_was_deleted_and_restated_is_no_longer_in_the_matrix(property_of, month, limit):
    fake, source = property_of()
    source.options["limit"] = limit
    source.save()
    collect(source)
    fake.world = World(pages=PAGES, views=90.0, gone=frozenset({0, 7, 8, 29}))
    collect(source)
    wanted = {path: cells for path, cells in planted(fake.world, month).items() if cells}
    assert (len(wanted), matrix(month)) == (PAGES - 4, wanted)


def test_a_month_without_any_views_left_has_no_columns(property_of, month):
    fake, source = property_of()
    collect(source)
    fake.world = World(pages=PAGES, views=0.0)
    collect(source)
    assert not Columns.objects.filter(period=month).exists()


SAMPLED = {"samplingMetadatas": [{"samplesReadCount": "500000", "samplingSpaceSize": "1200000"}]}


@pytest.mark.parametrize(("metadata", "cap"), [({}, 20), (SAMPLED, None), ({"subjectToThresholding": True}, None)])
def test_a_page_vanishes_from_a_property_that_is_never_told_in_full(property_of, month, metadata, cap):
    fake, source = property_of(cap=cap)
    fake.metadata = metadata
    collect(source)
    named = sorted(matrix(month))
    gone = frozenset(page for page in range(PAGES) if fake.world.path(page) in named[::4])
    fake.world = World(pages=PAGES, views=90.0, cap=cap, gone=gone)
    collect(source)
    wanted = {path for page, path in enumerate(map(fake.world.path, range(PAGES))) if fake.world.kept(month)[page]}
    assert set(matrix(month)) == wanted - {fake.world.path(page) for page in gone}


def test_a_page_that_is_lumped_together_later_is_counted_once(property_of, month):
    fake, source = property_of()
    collect(source)
    fake.world = World(pages=PAGES, views=90.0, cap=10)
    coverage = collect(source).summary["coverage"]
    assert Columns.objects.filter(period=month).count() == 10
    periods = {column.period for column in Columns.objects.all()}
    stored = sum(column.total for column in Columns.objects.all())
    folded = sum(fake.world.other(period).sum() for period in periods)
    everything = sum(fake.world.site(period).sum() for period in periods)
    assert stored + folded == pytest.approx(everything)
    assert sum(coverage[part] for part in ("explained", "suppressed", "unknown")) == pytest.approx(everything)


def test_what_was_taken_out_of_a_month_is_told(property_of, month):
    fake, source = property_of()
    collect(source)
    before = fake.world.truth(month).sum(axis=(1, 2, 3))
    fake.world = World(pages=PAGES, views=90.0, cap=10)
    told = [complaint["words"] for complaint in collect(source).summary["complaints"]]
    lost = int(before[~fake.world.kept(month)].sum())
    assert f"{month}: No longer told, and so taken out: 20 contents with {lost:,} interactions." in told


CUT = {"dataTruncationReasons": [{"dataTruncationMessage": "Before retention.", "dataTruncationDate": "2026-08-05"}]}


@pytest.mark.parametrize("metadata", [CUT, {"emptyReason": "Data is not ready."}])
def test_an_answer_that_leaves_out_days_lets_nothing_vanish(property_of, month, metadata):
    fake, source = property_of()
    collect(source)
    fake.world, fake.metadata = World(pages=PAGES, views=0.0), metadata
    collect(source)
    assert Columns.objects.filter(period=month).count() == PAGES


def test_what_was_uploaded_of_a_page_and_google_does_not_tell_stays(property_of):
    _, source = property_of()
    collect(source)
    source.contents.update(title="", description="Uploaded.", tags=["one"], thumbnail="https://example.org/1.png")
    collect(source)
    told = set(source.contents.values_list("description", "tags__0", "thumbnail"))
    assert told == {("Uploaded.", "one", "https://example.org/1.png")}
    assert all(source.contents.values_list("title", flat=True))


def test_views_of_pages_that_google_keeps_back_count_as_unknown(property_of):
    fake, source = property_of(withheld=frozenset({3, 4, 5, 6}), cap=20)
    done = collect(source).summary
    periods = {column.period for column in Columns.objects.all()}
    assert sum(done["coverage"][part] for part in ("explained", "suppressed", "unknown")) == pytest.approx(
        sum(fake.world.site(period).sum() for period in periods)
    )
    assert any("of pages that Google Analytics does not tell" in one["words"] for one in done["complaints"])


def test_a_property_that_google_no_longer_gives_stops_alone(property_of, organization):
    _, source = property_of()
    taken = DataSource.objects.create(
        organization=organization, name="Shop", kind=source.kind, account="999", connection=source.connection
    )
    assert collect(taken).state == "failed"
    taken = DataSource.objects.get(pk=taken.pk)
    assert (taken.link, taken.connection.is_live) == ("reconnect", True)
    assert "gets the role Viewer again" in taken.trouble
    assert collect(source).state == "done"
