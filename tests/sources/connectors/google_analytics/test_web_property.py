"""Google Analytics read from its fake: counts are the planted ones, columns are whole, nothing is lost in silence."""

from contextlib import contextmanager
from datetime import date

import numpy as np
import pytest
import requests

from sources.connectors.faults import (
    AccountLost,
    NotSupported,
    QuotaUsedUp,
    ReconnectNeeded,
    Unavailable,
    WrongAccount,
)
from sources.connectors.google.faults import judge_analytics
from sources.connectors.google_analytics.web_property import GoogleAnalytics, accounts
from sources.connectors.harvests import Known, Window
from sources.connectors.http import Http
from sources.connectors.identifiers import stored_id
from tests.platforms.google_analytics import GoogleAnalyticsFake, failure
from tests.platforms.google_analytics_world import AGES, COUNTRIES, GENDERS, SHAPE, World
from tests.platforms.google_contract import check_request
from tests.platforms.server import PlatformServer

AUGUST = Window(date(2026, 8, 1), date(2026, 8, 31))
SMALL = {"pages": 24, "views": 60.0}
EXHAUSTED = "Exhausted potentially thresholded requests quota. This quota will refresh in under an hour."


class Reading:
    """A fake property and a connector that reads it."""

    def __init__(self, server: PlatformServer, fake: GoogleAnalyticsFake, base: str) -> None:
        self.server, self.fake, self.world = server, fake, fake.world
        self.addresses, self.waits = fake.addresses(base), list[float]()
        self.http = Http(requests.Session(), judge_analytics, self.waits.append)

    def connector(self, account: str = "421337", **options) -> GoogleAnalytics:
        return GoogleAnalytics(self.http, self.addresses, account, **options)

    def harvests(self, window: Window = AUGUST, **options) -> dict:
        return {shard.key: shard.read() for shard in self.connector(**options).shards(window, Known(list))}

    def columns(self, **options) -> dict:
        counts = [one for harvest in self.harvests(**options).values() for one in harvest.counts]
        assert len({(one.content_id, one.period) for one in counts}) == len(counts)
        return {one.content_id: one for one in counts}


@contextmanager
def reading(world=None, **options):
    server = PlatformServer()
    fake = GoogleAnalyticsFake(server, World(**(SMALL | (world or {}))), **options)
    with server.running() as base:
        yield Reading(server, fake, base)


def known_truth(world: World, page: int, period: str = "2026-08") -> dict:
    cells = world.truth(period)[page]
    return {
        (GENDERS[g], AGES[a], COUNTRIES[c]): int(cells[c, a, g])
        for c, a, g in np.argwhere(cells > 0)
        if COUNTRIES[c] != "(not set)" and AGES[a] != "unknown" and GENDERS[g] != "unknown"
    }


def as_dict(column) -> dict:
    return dict(zip(column.groups, column.counts.tolist(), strict=True))


def test_a_joint_that_is_whole_gives_the_true_counts():
    with reading() as read:
        columns = read.columns()
        for page in range(SMALL["pages"]):
            assert as_dict(columns[read.world.path(page)]) == known_truth(read.world, page)


@pytest.mark.parametrize("limit", [7, 50, 333])
def test_pages_that_straddle_shards_come_whole_and_once(limit):
    with reading({"pages": 7}) as read:
        columns = read.columns(limit=limit)
        for page in range(7):
            assert as_dict(columns[read.world.path(page)]) == known_truth(read.world, page)


@pytest.mark.parametrize("threshold", [0, 4, 15])
def test_explained_suppressed_and_unknown_add_up_to_all_views(threshold):
    with reading({"threshold": threshold}) as read:
        views = read.world.truth("2026-08").sum(axis=(1, 2, 3))
        for page, column in enumerate(read.columns(limit=90).values()):
            told = column.counts.sum() + column.suppressed + column.unknown
            assert told == pytest.approx(views[page])


def test_people_who_are_not_known_are_told_and_in_no_group():
    with reading() as read:
        column = read.columns()[read.world.path(0)]
        cells = read.world.truth("2026-08")[0]
        assert column.unknown == cells.sum() - cells[1:, :-1, :-1].sum() > 0
        assert column.suppressed == 0


def test_small_groups_are_suppressed_and_not_zero():
    with reading({"threshold": 3}) as read:
        column = read.columns(share=0.0)[read.world.path(0)]
        cells = read.world.truth("2026-08")[0]
        known = cells[1:, :-1, :-1]
        assert column.suppressed >= known[known < 3].sum() > 0
        assert not column.estimated
        assert min(column.counts) >= 3


def test_a_page_whose_groups_are_all_withheld_has_an_empty_column():
    with reading({"threshold": 10_000}) as read:
        columns = read.columns()
        assert len(columns) == SMALL["pages"]
        assert all(len(column.groups) == 0 and column.suppressed > 0 for column in columns.values())


def distance(column, truth: dict) -> float:
    """Total variation between what a column and the truth say of the groups."""
    told, all_told, all_true = as_dict(column), column.counts.sum(), sum(truth.values())
    return 0.5 * sum(abs(told.get(g, 0) / all_told - truth.get(g, 0) / all_true) for g in truth.keys() | told.keys())


def test_raked_columns_are_far_nearer_to_the_truth_than_what_the_joint_kept():
    with reading({"views": 4000.0, "threshold": 60}) as read:
        raked, kept = read.columns(), read.columns(share=0.0)
        paths = {read.world.path(page): known_truth(read.world, page) for page in range(SMALL["pages"])}
    estimated = [path for path in paths if raked[path].estimated and len(kept[path].groups)]
    errors = [(distance(raked[path], paths[path]), distance(kept[path], paths[path])) for path in estimated]
    ours, theirs = np.mean(errors, axis=0)
    assert len(errors) > 8
    assert ours < 0.25
    assert ours < theirs / 2


def test_cells_that_the_joint_tells_stay_as_they_are_in_a_raked_column():
    with reading({"views": 4000.0, "threshold": 60}) as read:
        raked, kept = read.columns(), read.columns(share=0.0)
    for path, column in raked.items():
        told, estimated = as_dict(kept[path]), as_dict(column)
        assert all(estimated[group] == pytest.approx(views, rel=0.01) for group, views in told.items())


def test_what_was_raked_is_marked_with_the_name_of_its_seed():
    with reading({"views": 4000.0, "threshold": 60}) as read:
        column = next(column for column in read.columns(share=1.0).values() if column.estimated)
    assert column.seed == "age, gender and country of the whole property"


def test_pages_folded_into_other_are_told_and_no_content():
    with reading({"cap": 10}) as read:
        harvests = read.harvests()
        complaints = [words for harvest in harvests.values() for words in harvest.complaints]
        columns = [one for harvest in harvests.values() for one in harvest.counts]
        folded = int(read.world.other("2026-08").sum())
    assert {content.external_id for harvest in harvests.values() for content in harvest.contents} == {
        one.content_id for one in columns
    }
    assert len(columns) == 10
    assert f"2026-08: Google Analytics does not name the pages of {folded:,} views." in complaints
    assert any("'(other)'" in words for words in complaints)


def test_each_month_of_the_window_is_a_period_of_its_own():
    with reading() as read:
        harvests = read.harvests(window=Window(date(2026, 7, 10), date(2026, 8, 20)))
        days = {(asked["startDate"], asked["endDate"]) for asked in asked_days(read)}
    assert {one.period for harvest in harvests.values() for one in harvest.counts} == {"2026-07", "2026-08"}
    assert ("2026-07-10", "2026-07-31") in days
    assert ("2026-08-01", "2026-08-20") in days


def asked_days(read):
    batches = [request.json for request in read.server.asked if request.path.endswith("batchRunReports")]
    return [asked["dateRanges"][0] for batch in batches for asked in batch["requests"]]


def test_a_title_is_the_one_with_most_views():
    with reading({"views": 6.0}) as read:
        contents = {c.external_id: c for harvest in read.harvests(limit=11).values() for c in harvest.contents}
        path = read.world.path(5)
        assert contents[path].title == read.world.title(5)
        assert contents[path].url == f"https://www.example.org{path}"
        assert contents[path].category == path.split("/")[1].title()
        assert len(contents) == np.count_nonzero(read.world.truth("2026-08").sum(axis=(1, 2, 3)))


def test_loyalty_is_the_share_of_the_returning_in_each_group():
    with reading() as read:
        rows = {row.group: row for harvest in read.harvests().values() for row in harvest.loyalty}
        back, site = read.world.returning("2026-08"), read.world.site("2026-08")
    assert (rows["", "", ""].loyal, rows["", "", ""].total) == (back.sum(), site.sum())
    at = np.unravel_index(site[1:, :-1, :-1].argmax(), (SHAPE[0] - 1, SHAPE[1] - 1, SHAPE[2] - 1))
    group = (GENDERS[at[2]], AGES[at[1]], COUNTRIES[at[0] + 1])
    place = (at[0] + 1, at[1], at[2])
    assert (rows[group].loyal, rows[group].total) == (back[place], site[place])
    assert {row.kind for row in rows.values()} == {"returning"}


def test_a_shard_read_alone_is_the_same_as_in_its_row():
    with reading({"threshold": 4}) as read:
        whole = read.harvests(limit=80)
        for shard in list(read.connector(limit=80).shards(AUGUST, Known(list)))[::-1]:
            told = shard.read()
            assert [(one.content_id, as_dict(one), one.suppressed, one.unknown) for one in told.counts] == [
                (one.content_id, as_dict(one), one.suppressed, one.unknown) for one in whole[shard.key].counts
            ]
            assert (told.contents, told.loyalty) == (whole[shard.key].contents, whole[shard.key].loyalty)


def test_an_empty_property_gives_no_columns_and_no_error():
    with reading({"views": 0.0}) as read:
        harvests = read.harvests()
    assert not any(harvest.counts or harvest.contents for harvest in harvests.values())
    assert [(row.loyal, row.total) for harvest in harvests.values() for row in harvest.loyalty] == [(0, 0)]


def test_every_question_stands_in_the_discovery_documents():
    with reading({"threshold": 5}) as read:
        read.harvests(limit=60)
        accounts(read.http, read.addresses)
        asked = {check_request(request.path.split("/")[1], request) for request in read.server.asked}
    assert asked == {
        "analyticsdata.properties.checkCompatibility",
        "analyticsdata.properties.batchRunReports",
        "analyticsadmin.accountSummaries.list",
    }


def test_joint_and_margins_are_asked_for_in_one_batch_with_the_quota():
    with reading() as read:
        read.harvests()
        batches = [request.json["requests"] for request in read.server.asked if b"requests" in request.body]
        batch = batches[2]  # after the counts of rows, and the pages
    assert [len(asked["dimensions"]) for asked in batch] == [4, 3, 2, 1]
    assert all(asked["returnPropertyQuota"] for asked in batch)


def test_compatibility_is_asked_once_and_a_refusal_names_the_dimension():
    with reading(incompatible=("userGender",)) as read:
        with pytest.raises(NotSupported, match="userGender"):
            read.harvests()
        assert read.server.count("checkCompatibility") == 1


def test_sampling_and_cut_data_are_told_in_words():
    metadata = {
        "samplingMetadatas": [{"samplesReadCount": "500000", "samplingSpaceSize": "1200000"}],
        "dataTruncationReasons": [
            {"dataTruncationMessage": "Before retention.", "dataTruncationDate": "2026-08-05"},
        ],
    }
    with reading(metadata=metadata) as read:
        said = {words for harvest in read.harvests().values() for words in harvest.complaints}
    days = "2026-08-01 to 2026-08-31"
    assert f"{days}: The counts are reckoned from a sample of 500,000 of 1,200,000 events (41.7%)." in said
    assert f"{days}: Google Analytics has cut off data before 2026-08-05: Before retention." in said


def test_collecting_stops_before_the_last_tenth_of_the_hours_questions():
    with reading(limited=True) as read:
        with pytest.raises(QuotaUsedUp, match=r"1[2-6] of 120") as stopped:
            read.harvests(limit=10)
        assert stopped.value.wait == 3600
        assert read.fake.left["potentiallyThresholdedRequestsPerHour"] >= 12


def test_a_collection_that_stopped_goes_on_to_the_same_end():
    with reading({"pages": 60}, limited=True) as read:
        done, stops = {}, 0
        while stops < 30:
            try:
                for shard in read.connector(limit=60).shards(AUGUST, Known(list)):
                    if shard.key not in done:
                        done[shard.key] = shard.read()
                break
            except QuotaUsedUp:
                stops += 1
                read.fake.renew()
        columns = {one.content_id: as_dict(one) for harvest in done.values() for one in harvest.counts}
        assert stops
        assert columns == {read.world.path(page): known_truth(read.world, page) for page in range(60)}


def test_a_report_that_shrank_between_stop_and_resume_loses_no_page():
    with reading({"pages": 60}) as read:
        shards = [*read.connector(limit=60).shards(AUGUST, Known(list))]
        done = {shard.key: shard.read() for shard in shards[: len(shards) // 2]}
        read.fake.world = World(**(SMALL | {"pages": 60, "threshold": 2}))
        for shard in read.connector(limit=60).shards(AUGUST, Known(list)):
            if shard.key not in done:
                done[shard.key] = shard.read()
        stored = {one.content_id for harvest in done.values() for one in harvest.counts}
        assert stored == {read.world.path(page) for page in range(60)}


def test_the_platforms_own_word_that_the_quota_is_used_up_ends_the_collection():
    with reading() as read:
        read.server.fail("POST", "batchRunReports", failure(429, EXHAUSTED, "RESOURCE_EXHAUSTED"))
        with pytest.raises(QuotaUsedUp) as stopped:
            read.harvests()
    assert (stopped.value.wait, read.waits) == (1800.0, [])


def test_a_server_error_is_asked_again_once():
    with reading() as read:
        read.server.fail("POST", "batchRunReports", failure(503, "Try later.", "UNAVAILABLE"))
        assert read.columns()
    assert len(read.waits) == 1


def test_server_errors_are_a_quota_and_are_not_asked_a_third_time():
    with reading() as read:
        read.server.fail("POST", "batchRunReports", failure(500, "Broken.", "INTERNAL"), times=9)
        with pytest.raises(Unavailable):
            read.harvests()
        assert read.server.count("batchRunReports") == 2


def test_a_property_that_the_permission_does_not_reach_is_lost():
    with reading() as read, pytest.raises(AccountLost, match="no longer gives this property"):
        list(read.connector("999").shards(AUGUST, Known(list)))


def test_a_dead_token_says_reconnect():
    with reading(accepts=lambda token: False) as read, pytest.raises(ReconnectNeeded):
        read.harvests()


@pytest.mark.parametrize(
    ("account", "words"), [("G-AB12CD34", "measurement id"), ("UA-1234-1", "old"), ("site", "not")]
)
def test_what_is_no_property_is_said_to_be_none_before_anything_is_asked(account, words):
    with reading() as read:
        with pytest.raises(WrongAccount, match=words):
            list(read.connector(account).shards(AUGUST, Known(list)))
        assert read.http.calls == 0


def test_all_pages_of_the_list_of_properties_are_read():
    with reading(others=450) as read:
        found = accounts(read.http, read.addresses)
        assert read.server.count("accountSummaries") == 3
    assert len(found) == 451
    assert ("421337", "Example Magazine") in {(one.id, one.name) for one in found}


def test_an_account_without_properties_says_whom_to_ask():
    with reading() as read:
        read.server.fail("GET", "accountSummaries", failure_of_nothing())
        with pytest.raises(WrongAccount, match="Viewer"):
            accounts(read.http, read.addresses)


def failure_of_nothing():
    answer = failure(400, "", "OK")
    return type(answer)({})


def test_rows_in_another_order_than_asked_for_are_not_believed(monkeypatch):
    with reading() as read:
        monkeypatch.setattr(World, "path", lambda world, page: f"/{999 - page:03}")
        with pytest.raises(Unavailable, match="order"):
            read.harvests()


def test_a_path_too_long_to_be_stored_keeps_an_id_of_its_own():
    long, other = "/a" * 150, "/a" * 149 + "/b"
    assert stored_id("/a") == "/a"
    assert len(stored_id(long)) == 200
    assert stored_id(long) != stored_id(other)


def test_a_limit_beyond_googles_is_refused():
    with reading() as read, pytest.raises(ValueError, match="250000"):
        read.connector(limit=250_001)
