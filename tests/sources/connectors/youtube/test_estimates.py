"""What is done when YouTube refuses many videos at once, and how many views are by subscribers."""

import numpy as np
import pytest

from sources.connectors.faults import NotSupported, Refused
from tests.platforms.youtube import NOT_SUPPORTED
from tests.platforms.youtube_case import REPORTS, case, total_of
from tests.platforms.youtube_data import error
from tests.platforms.youtube_reports import NotKnown, Reports

EXACT = 9


class JointRefused(Reports):
    """Takes many videos at once, but not together with a country."""

    def answer(self, request):
        if "country==" in request.one("filters") and "video" in request.one("dimensions"):
            raise NotKnown
        return super().answer(request)


class OneRefused(Reports):
    """Gives nothing where the second video is among those asked for."""

    def answer(self, request):
        if self.world.ids[1] in request.one("filters"):
            raise NotKnown
        return super().answer(request)


class RefusedHalfWay(Reports):
    """Gives the joint of the first country that is asked for, and of no other."""

    def answer(self, request):
        filters = request.one("filters")
        if "country==" in filters and "country==US" not in filters and "video" in request.one("dimensions"):
            raise NotKnown
        return super().answer(request)


class NoChannelJoint(Reports):
    """Has no percentages of the whole channel's viewers in a country."""

    def answer(self, request):
        body = super().answer(request)
        if request.one("filters").startswith("country=="):
            body.pop("rows", None)
        return body


class NoSubscribers(Reports):
    """Does not know the report of views by subscription."""

    def answer(self, request):
        if "subscribedStatus" in request.one("dimensions"):
            raise NotKnown
        return super().answer(request)


@pytest.fixture
def channel():
    with case(views=20_000.0, videos=20) as one:
        one.fake.reports.decimals = EXACT
        one.fake.reports.allow_multi_value = False
        yield one


def distance(counts, truth, groups):
    """Total variation distance of two tables of counts, over these groups."""
    ours, planted = (np.array([table.get(group, 0.0) for group in groups]) for table in (counts, truth))
    return 0.5 * np.abs(ours / ours.sum() - planted / planted.sum()).sum()


def independent(planted):
    """The product of the margins (gender, age) and country."""
    people, places, total = {}, {}, sum(planted.values())
    for (gender, age, country), views in planted.items():
        people[gender, age] = people.get((gender, age), 0) + views
        places[country] = places.get(country, 0) + views
    return {(*who, where): people[who] * places[where] / total for who in people for where in places}


def test_estimates_say_so_and_name_their_seed(channel):
    harvest = channel.read("interactions")
    assert {(column.estimated, column.seed) for column in harvest.counts} == {
        (True, "the channel's views by gender, age and country, 2026-10, YouTube Analytics")
    }
    assert any("estimated from the whole channel's" in words for words in harvest.complaints)


def test_estimates_are_nearer_to_the_truth_than_independence(channel):
    truth, ours, theirs = channel.fake.truth("2026-10"), [], []
    for column in channel.read("interactions").counts:
        told = {group[2] for group in column.groups}
        planted = {group: views for group, views in truth[column.content_id].items() if group[2] in told}
        groups = sorted(set(planted) | set(column.groups))
        ours.append(distance(dict(zip(column.groups, column.counts, strict=True)), planted, groups))
        theirs.append(distance(independent(planted), planted, groups))
    assert np.mean(ours) < 0.08
    assert np.mean(ours) < 0.6 * np.mean(theirs)


def test_the_countries_of_an_estimate_are_the_measured_ones(channel):
    truth = channel.fake.truth("2026-10")
    for column in channel.read("interactions").counts:
        for country in {group[2] for group in column.groups}:
            ours = sum(n for group, n in zip(column.groups, column.counts, strict=True) if group[2] == country)
            planted = sum(views for group, views in truth[column.content_id].items() if group[2] == country)
            assert ours == pytest.approx(planted, rel=1e-3)


def test_a_refused_report_is_not_asked_for_again(channel):
    channel.read("interactions", batch=5)
    dimensions = [report["dimensions"] for report in channel.reports() if "video" in report["dimensions"]]
    assert sorted(dimensions) == [
        "video,ageGroup,gender",  # with a country
        "video,ageGroup,gender",
        "video,country",
        "video,subscribedStatus",
    ]
    assert channel.waits == []


def test_estimates_cost_a_question_for_each_country_and_three_for_each_video(channel):
    channel.read("interactions")
    assert channel.server.count(REPORTS) == 1 + 4 + 20 + 3 * 20


def test_only_the_joint_is_estimated_where_only_that_is_refused(channel):
    channel.fake.reports = JointRefused(channel.fake.world)
    harvest = channel.read("interactions")
    assert all(column.estimated for column in harvest.counts)
    assert channel.server.count(REPORTS) == 1 + 3 + 20 + 1


def sums_to_the_views(channel, harvest):
    planted = {video: sum(groups.values()) for video, groups in channel.fake.truth("2026-10").items()}
    return all(total_of(column) == pytest.approx(planted[column.content_id]) for column in harvest.counts)


def test_a_joint_that_is_refused_half_way_is_not_counted_twice(channel):
    channel.fake.reports = RefusedHalfWay(channel.fake.world)
    harvest = channel.read("interactions")
    assert all(column.estimated for column in harvest.counts)
    assert sums_to_the_views(channel, harvest)


def test_a_new_age_is_unknown_in_estimates_too(channel):
    channel.fake.reports.renamed = {"age25-34": "age25-29"}
    harvest = channel.read("interactions")
    assert "25-34" not in {group[1] for column in harvest.counts for group in column.groups}
    assert sums_to_the_views(channel, harvest)


def test_without_a_seed_nothing_is_estimated_and_nothing_dropped(channel):
    channel.fake.reports = NoChannelJoint(channel.fake.world, allow_multi_value=False)
    harvest = channel.read("interactions")
    assert any("Nothing could be estimated" in words for words in harvest.complaints)
    assert not any(column.groups or column.estimated for column in harvest.counts)
    assert sums_to_the_views(channel, harvest)


def test_a_channel_whose_people_are_kept_back_is_suppressed_and_not_estimated(channel):
    channel.fake.reports.few = 10**9
    harvest = channel.read("interactions")
    assert all(column.suppressed > 0 and not column.estimated for column in harvest.counts)
    for column in harvest.counts:
        assert total_of(column) == pytest.approx(sum(channel.fake.truth("2026-10")[column.content_id].values()))


def test_when_nothing_at_all_is_supported_it_is_an_error(channel):
    channel.server.fail("GET", REPORTS, error(400, "badRequest", NOT_SUPPORTED), times=999)
    with pytest.raises(NotSupported, match="query is not supported"):
        channel.read("interactions")
    assert channel.server.count(REPORTS) == 1


def test_a_report_that_is_refused_for_the_first_videos_is_not_asked_for_the_rest(channel):
    channel.fake.reports = NoSubscribers(channel.fake.world, allow_multi_value=False)
    harvest = channel.read("interactions")
    assert sum(report["dimensions"] == "subscribedStatus" for report in channel.reports()) == 3
    assert harvest.loyalty == []
    assert any("does not tell subscribers' views from others'" in words for words in harvest.complaints)
    assert all(total_of(column) > 0 for column in harvest.counts)


def test_a_single_video_that_is_refused_is_told_and_the_rest_are_read(channel):
    channel.server.fail("GET", REPORTS, error(400, "badRequest", NOT_SUPPORTED), skip=3)
    harvest = channel.read("interactions")
    assert [words for words in harvest.complaints if "refused" in words] == [
        f"YouTube refused subscribedStatus of 1 video in 2026-10: {channel.ids[1]}."
    ]
    assert len(harvest.loyalty) == 19


def test_a_single_video_that_is_forbidden_is_told_and_the_rest_are_read(channel):
    channel.server.fail("GET", REPORTS, error(403, "forbidden", "Forbidden"), skip=3)
    harvest = channel.read("interactions")
    assert f"YouTube refused subscribedStatus of 1 video in 2026-10: {channel.ids[1]}." in harvest.complaints
    assert len(harvest.loyalty) == 19


def test_videos_that_are_forbidden_together_are_asked_for_one_by_one_and_others_together(channel):
    channel.fake.reports.allow_multi_value = True
    channel.server.fail("GET", REPORTS, error(403, "forbidden", "Forbidden"), skip=1)
    assert len(channel.read("interactions", batch=10).loyalty) == 20
    asked = [report["dimensions"] for report in channel.reports() if "subscribedStatus" in report["dimensions"]]
    assert asked == ["video,subscribedStatus", *["subscribedStatus"] * 10, "video,subscribedStatus"]


def test_a_channel_that_is_forbidden_is_an_error_after_a_few_questions(channel):
    channel.server.fail("GET", REPORTS, error(403, "forbidden", "Forbidden"), skip=1, times=999)
    with pytest.raises(Refused):
        channel.read("interactions")
    assert channel.server.count(REPORTS) == 1 + 1 + 3


def test_of_a_video_that_is_refused_altogether_nothing_is_said(channel):
    channel.fake.reports = OneRefused(channel.fake.world)
    told = {column.content_id for column in channel.read("interactions").counts}
    assert told == {*channel.fake.world.ids} - {channel.fake.world.ids[1]}


@pytest.mark.parametrize("multi", [True, False])
def test_the_subscribers_part_of_each_video_is_the_planted_one(channel, multi):
    channel.fake.reports.allow_multi_value = multi
    rows = {row.content_id: row for row in channel.read("interactions").loyalty}
    cells = channel.fake.world.cells["2026-10"].sum(axis=(1, 2, 3))
    for place, video in enumerate(channel.fake.world.ids):
        assert (rows[video].loyal, rows[video].total) == (cells[place, 0], cells[place].sum())
        assert (rows[video].kind, rows[video].group) == ("subscribed", ("", "", ""))


def test_the_subscribers_part_is_told_for_the_channel_by_country_and_by_age_and_gender(channel):
    rows = {row.group: row for row in channel.read("audience").loyalty}
    cells = channel.fake.world.cells["2026-10"]
    assert all(row.content_id == "" and row.loyal <= row.total for row in rows.values())
    assert (rows["", "", ""].loyal, rows["", "", ""].total) == (cells[..., 0].sum(), cells.sum())
    assert rows["", "", "US"].loyal == cells[:, 0, ..., 0].sum()
    young_women = cells[:, :, 1, 0]
    assert rows["female", "18-24", ""].loyal == pytest.approx(young_women[..., 0].sum(), abs=0.01)
    assert rows["female", "18-24", ""].total == pytest.approx(young_women.sum(), abs=0.01)
