"""The YouTube Reporting API through the fake: jobs made once, days restated, months taken from files."""

import gzip
from datetime import date

import numpy as np
import pytest

from sources.connectors.faults import PlatformError, QuotaUsedUp, Unavailable
from sources.connectors.harvests import Known, LoyaltyRow, Window
from sources.connectors.youtube.report_files import Damaged
from sources.connectors.youtube.reporting import WANTED, Reporting, ensure_jobs
from tests.platforms.server import Answer
from tests.platforms.youtube_case import OCTOBER, REPORTS, case, total_of
from tests.platforms.youtube_data import error

TODAY = date(2026, 11, 25)
DAYS = [date(2026, 10, day) for day in range(1, 32)]
JOBS = "/v1/jobs$"


@pytest.fixture
def channel():
    with case(videos=5, countries=("US", "QA", "ZZ"), views=4000.0) as one:
        one.fake.files.days = DAYS
        yield one


def jobs_of(channel):
    return ensure_jobs(channel.http(), channel.addresses, TODAY)


def test_a_fresh_channel_gets_both_jobs(channel):
    jobs = jobs_of(channel)
    assert {family: job.report_type for family, job in jobs.by_family.items()} == {
        "basic": "channel_basic_a3",
        "demographics": "channel_demographics_a1",
    }
    assert jobs.complaints == ()


def test_jobs_are_made_once(channel):
    assert jobs_of(channel) == jobs_of(channel)
    assert channel.server.counts()["POST /youtube_reporting/v1/jobs"] == 2


def test_a_job_of_a_superseded_report_is_replaced(channel):
    channel.fake.files.create("channel_basic_a2")
    jobs = jobs_of(channel)
    assert jobs.by_family["basic"].report_type == "channel_basic_a3"
    assert (jobs.complaints, jobs.earlier["basic"]) == ((), [])


def test_a_newer_report_than_we_know_is_taken_and_told(channel):
    channel.fake.files.types["channel_basic_a4"] = "User activity"
    jobs = jobs_of(channel)
    assert jobs.by_family["basic"].report_type == "channel_basic_a4"
    assert jobs.complaints == ("YouTube offers channel_basic_a4 in place of channel_basic_a3.",)


def test_a_report_that_is_not_offered_is_told(channel):
    del channel.fake.files.types["channel_demographics_a1"]
    jobs = jobs_of(channel)
    assert set(jobs.by_family) == {"basic"}
    assert jobs.complaints == ("YouTube offers no report like channel_demographics_a1.",)


def test_an_expired_job_is_replaced_and_one_of_another_report_is_left_alone(channel):
    channel.fake.files.create("channel_traffic_source_a3")
    old = channel.fake.files.create("channel_demographics_a1")
    old["expireTime"] = "2026-11-01T00:00:00Z"
    jobs = jobs_of(channel)
    assert jobs.complaints == ()
    assert [job.id for job in jobs.earlier["demographics"]] == [old["id"]]
    assert jobs.by_family["demographics"].id != old["id"]


def test_a_job_that_somebody_else_made_in_the_meantime_is_told(channel):
    channel.fake.files.create("channel_basic_a3")
    channel.server.fail("GET", JOBS, Answer({}))
    jobs = jobs_of(channel)
    assert set(jobs.by_family) == {"demographics"}
    assert "did not make a job of channel_basic_a3" in jobs.complaints[0]
    assert set(jobs_of(channel).by_family) == {"basic", "demographics"}


def test_of_a_restated_day_only_the_newest_file_is_read(channel):
    channel.fake.files.restated = [date(2026, 10, 7), date(2026, 10, 31)]
    job = jobs_of(channel).by_family["basic"]
    reports = Reporting(channel.http(), channel.addresses["youtube_reporting"]).reports(job, OCTOBER)
    assert [report.start.date() for report in reports] == DAYS
    assert all(report.id.endswith("2") for report in reports)


def test_a_file_is_fetched_from_our_own_address(channel):
    job = jobs_of(channel).by_family["basic"]
    reporting = Reporting(channel.http(), channel.addresses["youtube_reporting"])
    data = reporting.download(reporting.reports(job, OCTOBER)[0])
    assert data.startswith(b"date,channel_id,video_id,")
    assert channel.server.asked[-1].path.startswith("/youtube_reporting/v1/media/CHANNEL/")


def test_a_file_may_come_compressed(channel):
    job = jobs_of(channel).by_family["basic"]
    reporting = Reporting(channel.http(), channel.addresses["youtube_reporting"])
    report = reporting.reports(job, OCTOBER)[0]
    channel.server.fail("GET", "/media/", Answer(gzip.compress(b"date\n"), headers={"Content-Encoding": "gzip"}))
    assert reporting.download(report) == b"date\n"
    assert "gzip" in channel.server.asked[-1].headers["accept-encoding"]


def test_pages_of_jobs_that_turn_in_a_circle_are_left(channel):
    channel.server.fail("GET", JOBS, Answer({"jobs": [], "nextPageToken": "1"}), times=9)
    with pytest.raises(PlatformError, match="turns in a circle"):
        jobs_of(channel)


def test_a_time_that_is_none_is_told(channel):
    channel.server.fail("GET", JOBS, Answer({"jobs": [{"id": "1", "createTime": "soon"}]}))
    with pytest.raises(Unavailable, match="'soon'"):
        jobs_of(channel)


def test_an_empty_quota_of_the_files_waits_for_the_next_day(channel):
    channel.fake.empty("youtube_reporting")
    with pytest.raises(QuotaUsedUp):
        jobs_of(channel)
    assert (len(channel.server.asked), channel.waits) == (1, [])


def test_a_month_from_files_is_the_planted_truth_without_a_question_to_analytics(channel):
    jobs_of(channel)
    channel.fake.files.restated = [date(2026, 10, 7)]
    harvest, truth = channel.read("interactions", source_of_counts="bulk"), channel.fake.truth("2026-10")
    for column in harvest.counts:
        planted = {group: views for group, views in truth[column.content_id].items() if group[2] != "ZZ"}
        assert dict(zip(column.groups, np.rint(column.counts), strict=True)) == planted
        assert total_of(column) == pytest.approx(sum(truth[column.content_id].values()))
    cells = channel.fake.world.cells["2026-10"].sum(axis=(1, 2, 3))
    loyal = {row.content_id: (row.loyal, row.total) for row in harvest.loyalty}
    assert loyal == {video: (cells[at, 0], cells[at].sum()) for at, video in enumerate(channel.fake.world.ids)}
    assert channel.server.count(REPORTS) == 0


def test_thresholds_by_day_are_suppressed_and_never_dropped(channel):
    jobs_of(channel)
    channel.fake.files.few = 8
    truth = channel.fake.truth("2026-10")
    for column in channel.read("interactions", source_of_counts="bulk").counts:
        assert column.suppressed > 0
        assert total_of(column) == pytest.approx(sum(truth[column.content_id].values()))


def test_a_video_that_the_files_do_not_name_is_an_empty_column(channel):
    jobs_of(channel)
    columns = channel.read("interactions", known=Known(lambda: ["unwatched__"]), source_of_counts="bulk").counts
    assert [(column.content_id, total_of(column)) for column in columns] == [("unwatched__", 0)]


def test_of_a_video_that_the_files_do_not_name_there_is_no_loyalty_any_more(channel):
    jobs_of(channel)
    rows = channel.read("interactions", known=Known(lambda: ["unwatched__"]), source_of_counts="bulk").loyalty
    assert rows == [LoyaltyRow("subscribed", "2026-10", "unwatched__", ("", "", ""), 0, 0)]


def test_a_month_that_files_do_not_cover_is_taken_from_the_reports(channel):
    jobs_of(channel)
    channel.fake.files.days = DAYS[:-2]
    harvest = channel.read("interactions", source_of_counts="bulk")
    assert "do not cover 2 days of 2026-10: 2026-10-30, 2026-10-31" in harvest.complaints[0]
    assert len(harvest.counts) == 5
    assert channel.server.count(REPORTS) > 0


def test_a_month_that_files_do_not_cover_goes_part_by_part_and_the_others_whole(channel):
    jobs_of(channel)
    months = Window(DAYS[0], date(2026, 11, 7))
    whole, *reports = channel.shards("interactions", months, source_of_counts="bulk", batch=2)
    assert (whole.key, whole.place, whole.total) == ("interactions 2026-10-01 to 2026-10-31", 1, 4)
    plain = channel.shards("interactions", Window(date(2026, 11, 1), months.last), batch=2)
    assert [shard.key for shard in reports] == [shard.key for shard in plain]
    harvests = [shard.read() for shard in reports]
    assert [len(harvest.counts) for harvest in harvests] == [2, 2, 1]
    assert [any("do not cover" in words for words in harvest.complaints) for harvest in harvests] == [
        True,
        False,
        False,
    ]


def test_parts_are_cut_alike_after_a_restart_until_files_cover_the_month(channel):
    jobs_of(channel)
    channel.fake.files.days = DAYS[:-1]
    before, again = (
        [shard.key for shard in channel.shards("interactions", source_of_counts="bulk", batch=2)] for _ in "12"
    )
    channel.fake.files.days = DAYS
    (whole,) = channel.shards("interactions", source_of_counts="bulk", batch=2)
    assert len(before) == 3
    assert before == again
    assert whole.key not in before
    assert len(whole.read().counts) == 5


def test_files_are_listed_once_for_all_months(channel):
    jobs_of(channel)
    before = channel.server.counts()
    channel.shards("interactions", Window(date(2026, 8, 1), DAYS[-1]), source_of_counts="bulk")
    assert (channel.server.counts() - before)["GET /youtube_reporting/v1/jobs"] == 1


def test_where_the_files_are_refused_the_reports_are_taken(channel):
    channel.server.fail("GET", JOBS, error(403, "forbidden", "Forbidden"))
    harvest = channel.read("interactions", source_of_counts="bulk")
    assert harvest.complaints[0].startswith("YouTube does not tell of its daily files: ")
    assert len(harvest.counts) == 5


def test_a_channel_whose_jobs_are_refused_is_taken_from_the_reports(channel):
    for _ in "12":
        channel.server.fail("POST", JOBS, error(403, "forbidden", "Forbidden"))
    harvest = channel.read("interactions", source_of_counts="bulk")
    assert "no jobs" in harvest.complaints[0]
    assert len(harvest.counts) == 5


def test_jobs_that_have_expired_are_made_anew_and_their_files_still_read(channel):
    jobs_of(channel)
    files, listed = channel.fake.files, channel.fake.files.reports
    files.reports = lambda job: listed(job) if "expireTime" in job else []
    for job in files.jobs:
        job["expireTime"] = f"{DAYS[-1]}T08:00:00Z"
    harvest = channel.read("interactions", source_of_counts="bulk")
    living = [job["reportTypeId"] for job in files.jobs if "expireTime" not in job]
    assert sorted(living) == sorted(WANTED.values())
    assert not any("do not cover" in words for words in harvest.complaints)
    assert sum(map(total_of, harvest.counts)) == files.world.between(DAYS[0], DAYS[-1]).sum()


def test_what_is_wrong_with_the_jobs_is_told_with_the_first_month(channel):
    channel.fake.files.types["channel_basic_a4"] = "User activity"
    harvest = channel.read("interactions", source_of_counts="bulk")
    assert harvest.complaints[0] == "YouTube offers channel_basic_a4 in place of channel_basic_a3."


def test_a_file_that_cannot_be_read_costs_its_month_and_is_not_kept(channel):
    jobs_of(channel)
    kept = []
    options = {"source_of_counts": "bulk", "keep": lambda job, report, data: kept.append(data)}
    channel.server.fail("GET", "/media/", Answer(b"date,video_id\n"))
    with pytest.raises(Damaged, match=r"has no column country_code\. What is stored of 2026-10 stays\."):
        channel.read("interactions", **options)
    assert b"date,video_id\n" not in kept
    assert len(channel.read("interactions", **options).counts) == 5


def test_days_that_files_cover_may_be_taken_alone(channel):
    jobs_of(channel)
    channel.fake.files.days = DAYS[:7]
    week = Window(DAYS[0], DAYS[6])
    cells = channel.fake.world.between(week.first, week.last).sum(axis=(1, 2, 3, 4))
    columns = channel.read("interactions", week, source_of_counts="bulk").counts
    assert [total_of(column) for column in columns] == pytest.approx(
        [cells[channel.fake.world.ids.index(column.content_id)] for column in columns]
    )


def test_files_are_kept_and_not_downloaded_twice(channel):
    jobs_of(channel)
    shelf = {}

    def keep(job, report, data):
        shelf[job.id, report] = data

    def kept(job, window):
        return [(report, lambda data=data: data) for (owner, report), data in shelf.items() if owner == job.id]

    options = {"source_of_counts": "bulk", "keep": keep, "kept": kept}
    first = channel.read("interactions", **options)
    assert len(shelf) == channel.server.count("/media/") == 62
    channel.fake.files.days = []  # YouTube deletes them after 60 days
    second = channel.read("interactions", **options)
    assert channel.server.count("/media/") == 62
    assert [total_of(column) for column in first.counts] == [total_of(column) for column in second.counts]


def test_a_day_restated_after_it_was_kept_is_read_again(channel):
    jobs_of(channel)
    shelf = {}
    options = {
        "source_of_counts": "bulk",
        "keep": lambda job, report, data: shelf.update({(job.id, report): data}),
        "kept": lambda job, window: [(r, lambda d=d: d) for (owner, r), d in shelf.items() if owner == job.id],
    }
    channel.fake.files.restated, channel.fake.files.versions = DAYS, 1
    half = sum(map(total_of, channel.read("interactions", **options).counts))
    channel.fake.files.versions = 2
    whole = sum(map(total_of, channel.read("interactions", **options).counts))
    assert half < 0.6 * whole
    assert whole == pytest.approx(channel.fake.world.cells["2026-10"].sum())
