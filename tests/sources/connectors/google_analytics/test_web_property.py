"""Google Analytics read from its fake: what is asked, in which order, and what is told beside the counts."""

from datetime import date

import numpy as np
import pytest

from sources.connectors.faults import NotSupported, QuotaUsedUp, Unavailable
from sources.connectors.google_analytics.web_property import accounts
from sources.connectors.harvests import Known, Window
from sources.connectors.identifiers import stored_id
from tests.platforms.google_analytics import _cell
from tests.platforms.google_analytics_world import AGES, COUNTRIES, GENDERS, SHAPE, World
from tests.platforms.google_contract import check_request
from tests.sources.connectors.google_analytics.reading import AUGUST, SMALL, as_dict, reading


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


def test_a_page_says_no_more_of_itself_than_google_analytics_tells():
    with reading() as read:
        said = {harvest.said for harvest in read.harvests().values() if harvest.contents}
    assert said == {("title", "category", "url")}


def test_pages_without_content_groups_say_nothing_of_categories(monkeypatch):
    monkeypatch.setattr(World, "path", lambda world, page: f"//{page:03}")
    with reading() as read:
        said = {harvest.said for harvest in read.harvests().values() if harvest.contents}
    assert said == {("title", "url")}


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


def test_data_cut_for_no_reason_given_is_told():
    with reading(metadata={"dataTruncationReasons": [{}], "samplingMetadatas": [{}]}) as read:
        said = {words for harvest in read.harvests().values() for words in harvest.complaints}
    assert said == {"2026-08-01 to 2026-08-31: Google Analytics has cut off data: no reason given"}


def test_a_quota_of_which_nothing_is_told_stops_nothing(monkeypatch):
    with reading() as read:
        charged = read.fake._charged
        monkeypatch.setattr(read.fake, "_charged", lambda dimensions: {name: {} for name in charged(dimensions)})
        assert len(read.columns()) == SMALL["pages"]


def test_a_quota_with_a_rest_that_is_left_out_has_none_left(monkeypatch):
    with reading() as read:
        monkeypatch.setattr(read.fake, "_charged", lambda dimensions: {"tokensPerHour": {"consumed": 9}})
        with pytest.raises(QuotaUsedUp, match="0 of 40,000 are left"):
            read.columns()


def test_a_dimension_whose_value_is_left_out_is_empty(monkeypatch):
    monkeypatch.setattr("tests.platforms.google_analytics._cell", lambda value: "{}" if value == "QA" else _cell(value))
    with reading() as read:
        column = read.columns()[read.world.path(0)]
    assert "QA" in COUNTRIES
    assert "QA" not in {group[2] for group in column.groups}
    assert column.unknown >= read.world.truth("2026-08")[0][COUNTRIES.index("QA")].sum() > 0


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


def test_a_property_without_newness_gives_all_but_loyalty():
    with reading(incompatible=("newVsReturning",)) as read:
        harvests = read.harvests().values()
    assert sum(len(harvest.counts) for harvest in harvests) == SMALL["pages"]
    assert not any(harvest.loyalty for harvest in harvests)
    said = [words for harvest in harvests for words in harvest.complaints]
    assert [words for words in said if words.startswith("2026-08: There is no loyalty.")]


def test_what_no_table_takes_is_left_out_of_paths(monkeypatch):
    path = World.path
    monkeypatch.setattr(World, "path", lambda world, page: f"{path(world, page)}\0")
    with reading() as read:
        harvests = read.harvests().values()
    told = {row.content_id for harvest in harvests for row in harvest.counts}
    told |= {row.external_id for harvest in harvests for row in harvest.contents}
    assert len(told) == SMALL["pages"]
    assert not any("\0" in one for one in told)
