"""Views of videos by gender, age and country: the planted truth comes back, and what is not known is told."""

from datetime import date

import numpy as np
import pytest

from sources.connectors.faults import NotSupported, Refused, TooMuch, Unavailable
from sources.connectors.harvests import Known, Window
from tests.platforms.server import Answer
from tests.platforms.youtube_case import REPORTS, case, total_of
from tests.platforms.youtube_reports import Reports

EXACT = 9


@pytest.fixture
def channel():
    with case() as one:
        one.fake.reports.decimals = EXACT
        yield one


def views_of(channel, video):
    return sum(channel.fake.truth("2026-10")[video].values())


def test_the_planted_joint_comes_back_exactly(channel):
    truth = channel.fake.truth("2026-10")
    columns = channel.read("interactions", share=1.0, most_countries=99).counts
    assert sorted(column.content_id for column in columns) == channel.ids
    for column in columns:
        planted = {group: views for group, views in truth[column.content_id].items() if group[2] != "ZZ"}
        assert dict(zip(column.groups, np.rint(column.counts), strict=True)) == planted
        assert np.abs(column.counts - np.rint(column.counts)).max() < 1e-4
        assert not column.estimated


def test_percentages_with_one_decimal_miss_by_less_than_their_rounding(channel):
    channel.fake.reports.decimals = 1
    truth = channel.fake.truth("2026-10")
    for column in channel.read("interactions").counts:
        planted = truth[column.content_id]
        for group, count in zip(column.groups, column.counts, strict=True):
            here = sum(views for other, views in planted.items() if other[2] == group[2])
            # Half a tenth of a percent each; where 21 of them sum to more than 100, they are rescaled.
            assert abs(count - planted[group]) <= here * 0.0005 + planted[group] * 21 * 0.0005


@pytest.mark.parametrize("few", [0, 4, 40])
@pytest.mark.parametrize("multi", [True, False])
def test_explained_suppressed_and_unknown_sum_to_the_views(channel, few, multi):
    channel.fake.reports.few, channel.fake.reports.allow_multi_value = few, multi
    for column in channel.read("interactions").counts:
        assert total_of(column) == pytest.approx(views_of(channel, column.content_id))


def test_views_from_nowhere_and_from_small_countries_are_unknown(channel):
    truth = channel.fake.truth("2026-10")
    for column in channel.read("interactions", most_countries=3).counts:
        told = {group[2] for group in column.groups}
        elsewhere = sum(views for group, views in truth[column.content_id].items() if group[2] not in told)
        assert len(told) == 3
        assert column.unknown == pytest.approx(elsewhere)


def test_countries_are_asked_for_until_they_have_the_share(channel):
    channel.read("interactions", share=0.5)
    asked = [report for report in channel.reports() if report["metrics"] == "viewerPercentage"]
    views = channel.fake.world.cells["2026-10"].sum(axis=(0, 2, 3, 4))
    assert views[: len(asked) - 1].sum() < 0.5 * views.sum() or len(asked) == 1
    assert sorted(views)[::-1][: len(asked)][-1] > 0
    assert 0 < len(asked) < 20


def test_small_cells_are_suppressed_and_not_spread(channel):
    channel.fake.reports.few = 6
    cells = channel.fake.world.cells["2026-10"].sum(axis=-1)
    columns = {
        column.content_id: column for column in channel.read("interactions", share=1.0, most_countries=99).counts
    }
    for place, video in enumerate(channel.fake.world.ids):
        small = cells[place, :-1]  # the last country is nowhere
        assert columns[video].suppressed == pytest.approx(small[small < 6].sum(), abs=1e-4)


def test_views_without_any_percentage_are_suppressed_and_said_so(channel):
    channel.fake.reports.few = 10**9
    harvest = channel.read("interactions")
    assert all(len(column.groups) == 0 and column.suppressed > 0 for column in harvest.counts)
    assert any("nobody's age and gender for 12 videos" in words for words in harvest.complaints)


def test_a_video_without_views_is_an_empty_column(channel):
    (column,) = channel.read("interactions", known=Known(lambda: ["unwatched__"])).counts
    assert (list(column.groups), total_of(column)) == ([], 0)


def test_a_month_without_any_rows_is_empty_columns_and_no_error(channel):
    channel.fake.world.cells["2026-10"][:] = 0
    harvest = channel.read("interactions")
    assert [total_of(column) for column in harvest.counts] == [0] * 12
    assert [(row.content_id, row.total) for row in harvest.loyalty] == [(video, 0) for video in channel.ids]
    assert channel.server.count(REPORTS) == 3


def test_each_month_is_a_period_of_its_own():
    with case(months=("2026-09", "2026-10")) as channel:
        window = Window(date(2026, 9, 1), date(2026, 10, 31))
        columns = channel.read("interactions", window).counts
        for column in columns:
            assert total_of(column) == pytest.approx(sum(channel.fake.truth(column.period)[column.content_id].values()))
        assert sorted({column.period for column in columns}) == ["2026-09", "2026-10"]
        assert {row.period for row in channel.read("audience", window).loyalty} == {"2026-09", "2026-10"}


def test_some_days_of_a_month_are_those_days_alone(channel):
    week = Window(date(2026, 10, 3), date(2026, 10, 9))
    planted = channel.fake.world.between(week.first, week.last).sum(axis=(1, 2, 3, 4))
    for column in channel.read("interactions", week).counts:
        assert total_of(column) == pytest.approx(planted[channel.fake.world.ids.index(column.content_id)])


def test_a_thousand_videos_and_twenty_countries_cost_at_most_120_questions():
    with case(videos=1000, views=150.0) as channel:
        columns = channel.read("interactions").counts
        channel.read("audience")
        assert len(columns) == 1000
        assert len({group[2] for column in columns for group in column.groups}) == 20
        assert channel.server.count(REPORTS) == 113  # 1 + 5 batches x (2 + 20) + 2


def test_an_answer_as_long_as_was_asked_for_is_asked_for_in_halves(channel):
    whole = channel.read("interactions").counts
    for_all = channel.server.count(REPORTS)
    cut = channel.read("interactions", most_rows=130).counts
    assert channel.server.count(REPORTS) > 2 * for_all
    for one, other in zip(whole, cut, strict=True):
        assert one.groups == other.groups
        assert np.allclose(one.counts, other.counts)


def test_a_limit_that_youtube_does_not_tell_is_found_by_the_views_that_lack(channel):
    whole = channel.read("interactions").counts
    channel.fake.reports.row_cap = 150
    for one, other in zip(whole, channel.read("interactions").counts, strict=True):
        assert (one.groups, one.unknown) == (other.groups, pytest.approx(other.unknown))
        assert np.allclose(one.counts, other.counts)


class ShortPeople(Reports):
    """Cuts the answers about age and gender at 80 rows, whatever is asked for."""

    def answer(self, request):
        body = super().answer(request)
        if "ageGroup" in request.one("dimensions") and "rows" in body:
            body["rows"] = body["rows"][:80]
        return body


def test_people_whose_rows_are_cut_by_a_limit_that_youtube_does_not_tell_are_found(channel):
    channel.fake.reports = ShortPeople(channel.fake.world, few=4, decimals=EXACT)
    cut = channel.read("interactions")
    channel.fake.reports = Reports(channel.fake.world, few=4, decimals=EXACT)
    whole = channel.read("interactions")
    for one, other in zip(whole.counts, cut.counts, strict=True):
        assert (one.groups, one.suppressed) == (other.groups, pytest.approx(other.suppressed))
    assert whole.complaints == cut.complaints


def test_videos_whose_people_are_kept_back_cost_few_questions_more():
    with case(videos=400, views=40.0) as channel:
        channel.fake.reports.few = 4
        columns = channel.read("interactions").counts
        assert sum(not column.groups for column in columns) > 40
        assert channel.server.count(REPORTS) <= 1 + 2 * 22 + 5


@pytest.mark.parametrize("multi", [True, False])
def test_one_video_longer_than_an_answer_is_left_out_and_the_others_are_kept(channel, multi):
    channel.fake.reports.allow_multi_value = multi
    channel.fake.world.cells["2026-10"][1:, 10:] = 0  # all others are watched in 10 countries
    harvest = channel.read("interactions", most_rows=25)
    others = sorted({*channel.ids} - {channel.fake.world.ids[0]})
    assert [column.content_id for column in harvest.counts] == [row.content_id for row in harvest.loyalty] == others
    assert all(total_of(column) == pytest.approx(views_of(channel, column.content_id)) for column in harvest.counts)
    assert [words for words in harvest.complaints if "of no country" in words or "nobody's age" in words] == []
    assert [words for words in harvest.complaints if "longer" in words] == [
        "YouTube's answer for 1 video in 2026-10 is longer than may be asked for; what is stored stays: "
        f"{channel.fake.world.ids[0]}."
    ]


def test_a_video_that_was_left_out_is_not_asked_for_again_in_its_month(channel):
    channel.fake.world.cells["2026-10"][1:, 10:] = 0
    channel.read("interactions", most_rows=25)
    longest = channel.fake.world.ids[0]
    dimensions = [report["dimensions"] for report in channel.reports() if longest in report.get("filters", "")]
    assert "video,ageGroup,gender" not in dimensions


def test_videos_that_are_all_longer_than_an_answer_are_an_error_in_words(channel):
    with pytest.raises(TooMuch, match="is cut at 3 rows"):
        channel.read("interactions", most_rows=3)


def test_every_question_says_how_many_rows_it_wants_and_none_pages(channel):
    channel.read("interactions")
    channel.read("audience")
    assert all(int(report["maxResults"]) > 0 and "startIndex" not in report for report in channel.reports())


def test_a_new_age_goes_to_unknown_with_a_complaint(channel):
    channel.fake.reports.renamed = {"age65-": "age65-74"}
    harvest = channel.read("interactions")
    cells = channel.fake.world.cells["2026-10"].sum(axis=-1)
    old = cells[:, :, -1].sum()
    assert any("new age group, 'age65-74'" in words for words in harvest.complaints)
    assert {group[1] for column in harvest.counts for group in column.groups} & {"65+"} == set()
    assert sum(column.unknown for column in harvest.counts) > 0.8 * old


def test_a_new_country_is_unknown_with_a_complaint(channel):
    channel.fake.reports.renamed = {"US": "X9"}
    harvest = channel.read("interactions")
    assert any("new country, 'X9'" in words for words in harvest.complaints)
    for column in harvest.counts:
        assert total_of(column) == pytest.approx(views_of(channel, column.content_id))


def test_engaged_views_are_asked_for_by_choice(channel):
    harvest = channel.read("interactions", metric="engagedViews")
    assert {report["metrics"] for report in channel.reports()} == {"engagedViews", "viewerPercentage"}
    views = sum(map(total_of, harvest.counts)) / sum(views_of(channel, video) for video in channel.ids)
    assert views == pytest.approx(0.8, abs=0.01)


@pytest.mark.parametrize(
    ("code", "error"), [("INTERNAL_ERROR", Unavailable), ("BAD_REQUEST", NotSupported), ("FORBIDDEN", Refused)]
)
def test_an_error_inside_a_good_answer_is_an_error(channel, code, error):
    body = {
        "kind": "youtubeAnalytics#resultTable",
        "errors": {"code": code, "error": [{"externalErrorMessage": "Oh."}]},
    }
    channel.server.fail("GET", REPORTS, Answer(body), times=99)
    with pytest.raises(error, match=r"Oh\."):
        channel.shards("audience")[0].read()


@pytest.mark.parametrize("errors", [{}, {"error": [{"code": "x"}]}])
def test_an_error_without_words_is_an_error_too(channel, errors):
    channel.server.fail("GET", REPORTS, Answer({"kind": "x", "errors": errors}))
    with pytest.raises(Unavailable, match="YouTube Analytics failed"):
        channel.shards("audience")[0].read()


def table(*rows):
    headers = [{"name": name} for name in ("views", "subscribedStatus", "country")]
    return Answer({"kind": "x", "columnHeaders": headers, "rows": rows})


def test_a_row_without_a_number_says_nothing(channel):
    channel.server.fail("GET", REPORTS, table([None, "SUBSCRIBED", "QA"], [70, "UNSUBSCRIBED", "QA"]))
    in_all = channel.read("audience").loyalty[0]
    assert (in_all.loyal, in_all.total) == (0, 70)


def test_a_row_shorter_than_its_header_is_no_data(channel):
    channel.server.fail("GET", REPORTS, table([70, "UNSUBSCRIBED"]))
    with pytest.raises(Unavailable, match="shorter than its header"):
        channel.read("audience")


def test_columns_are_read_by_their_names(channel):
    channel.server.fail("GET", REPORTS, table([30, "SUBSCRIBED", "QA"], [70, "UNSUBSCRIBED", "QA"]))
    loyalty = channel.read("audience").loyalty
    assert [(row.group[2], row.loyal, row.total) for row in loyalty][:2] == [("", 30, 100), ("QA", 30, 100)]


def test_an_answer_without_a_column_is_no_data(channel):
    body = {"kind": "x", "columnHeaders": [{"name": "country"}], "rows": [["QA"]]}
    channel.server.fail("GET", REPORTS, Answer(body))
    with pytest.raises(Unavailable, match="without the column subscribedStatus"):
        channel.read("audience")


def test_views_of_the_channel_that_no_video_has_are_unknown_and_told_without_guessing_why(channel):
    total = sum(views_of(channel, video) for video in channel.ids)
    (shard,) = channel.shards("audience", known=Known(lambda: channel.ids, interactions=lambda period: total - 5000))
    harvest = shard.read()
    assert harvest.unnamed == pytest.approx(5000)
    assert harvest.complaints == [
        "2026-10: 5,000 views of the channel are in no video's count: YouTube keeps them back, or does not list their "
        "videos (private or deleted ones)."
    ]


def test_a_channel_whose_videos_have_all_its_views_is_told_nothing(channel):
    total = sum(views_of(channel, video) for video in channel.ids)
    (shard,) = channel.shards("audience", known=Known(lambda: channel.ids, interactions=lambda period: total))
    harvest = shard.read()
    assert (harvest.unnamed, harvest.complaints) == (0, [])
