"""Changing how a source is collected: what is stored, what becomes of a way that is half gone, when it is refused."""

import inspect

import pytest
from django.utils import timezone

from sources.collecting.cycling import open_cycle
from sources.connecting.options import Choice, Percent, percent_of, share_of
from sources.connecting.platforms import PLATFORMS, connector_for
from sources.connecting.tuning import change_options, options_of
from sources.connectors.meta import ads
from sources.connectors.youtube import channel
from sources.errors import DataError
from sources.models import Checkpoint, Collection, Cycle, DataSource
from tests.sources.connecting.world import connected

EVERY = [(kind, option) for kind, platform in PLATFORMS.items() for option in platform.options]


@pytest.fixture
def source(world, owner_client):
    return connected(owner_client)


@pytest.fixture
def half_read(source):
    cycle = Cycle.objects.create(source=source, first_day="2026-08-01", last_day="2026-11-20")
    Checkpoint.objects.create(cycle=cycle, key="contents uploads")
    return cycle


def stored(source) -> dict:
    return DataSource.objects.get(pk=source.pk).options


class TestTable:
    @pytest.mark.parametrize(("kind", "option"), EVERY)
    def test_a_default_is_what_the_connector_does_by_itself(self, kind, option):
        if option.for_connector:
            known = inspect.signature(PLATFORMS[kind].connector).parameters
            assert known[option.name].default == option.default

    @pytest.mark.parametrize(("kind", "option"), EVERY)
    def test_a_default_is_one_of_what_may_be_chosen(self, kind, option):
        if isinstance(option, Choice):
            assert option.default in option.choices
        else:
            value = percent_of(option.default) if isinstance(option, Percent) else option.default
            assert option.least <= value <= option.most

    def test_the_choices_are_those_of_the_connectors(self):
        offered = {(kind, option.name): tuple(option.choices) for kind, option in EVERY if isinstance(option, Choice)}
        assert offered == {
            ("youtube", "metric"): channel.METRICS,
            ("youtube", "source_of_counts"): channel.SOURCES,
            ("facebook_ads", "metric"): ads.METRICS,
        }

    def test_every_platform_is_asked_how_far_back_it_goes(self):
        assert {kind for kind, option in EVERY if option.name == "months"} == set(PLATFORMS)

    @pytest.mark.parametrize("share", [0.95, 0.6, 0.1234, 1.0, 0.07])
    def test_a_part_survives_being_shown_in_percent(self, share):
        assert share_of(percent_of(share)) == share


class TestChange:
    def test_only_what_differs_from_the_default_is_stored(self, source):
        assert change_options(source=source, chosen=options_of(source) | {"months": 12})
        assert stored(source) == {"months": 12}

    def test_back_at_the_default_nothing_is_stored(self, source):
        change_options(source=source, chosen={"share": 0.5})
        change_options(source=source, chosen={"share": 0.95})
        assert stored(source) == {}

    def test_what_programs_have_set_stays(self, source):
        DataSource.objects.update(options={"batch": 50, "months": 7})
        change_options(source=source, chosen={"metric": "engagedViews"})
        assert stored(source) == {"batch": 50, "months": 7, "metric": "engagedViews"}

    def test_the_connector_gets_what_was_chosen(self, source):
        chosen = {"metric": "engagedViews", "share": 0.5, "most_countries": 3, "source_of_counts": "bulk", "months": 1}
        change_options(source=source, chosen=chosen)
        made = connector_for(DataSource.objects.get())
        assert (made.audience.metric, made.audience.share, made.audience.most) == ("engagedViews", 0.5, 3)
        assert made.bulk.metric == "engagedViews"

    def test_the_next_first_collection_goes_back_as_far_as_chosen(self, source):
        before = open_cycle(source, timezone.now()).first_day
        change_options(source=source, chosen={"months": 5})
        after = open_cycle(DataSource.objects.get(), timezone.now()).first_day
        assert (before.year - after.year) * 12 + before.month - after.month == 2

    def test_files_have_no_options(self, organization):
        assert options_of(DataSource.objects.create(organization=organization, name="Files")) == {}


class TestHalfRead:
    def test_a_way_that_is_half_gone_is_given_up(self, source, half_read):
        change_options(source=source, chosen={"metric": "engagedViews"})
        assert not half_read.checkpoints.exists()

    def test_a_way_that_is_over_stays(self, source, half_read):
        Cycle.objects.update(finished_at=timezone.now())
        change_options(source=source, chosen={"metric": "engagedViews"})
        assert Cycle.objects.get() == half_read

    def test_without_a_change_the_way_is_gone_on_with(self, source, half_read):
        assert not change_options(source=source, chosen=options_of(source))
        assert Cycle.objects.get() == half_read

    def test_groups_that_are_to_be_asked_about_are_asked_about_in_the_next(self, source, half_read):
        Cycle.objects.update(audience=[["female", "25-34", "DE"]])
        change_options(source=source, chosen={"months": 4})
        fresh = open_cycle(source, timezone.now())
        assert fresh.pk != half_read.pk
        assert (fresh.audience, fresh.checkpoints.count()) == ([["female", "25-34", "DE"]], 0)

    @pytest.mark.parametrize("state", ["queued", "running"])
    def test_nothing_changes_while_the_source_is_collected(self, source, half_read, state):
        Collection.objects.create(source=source, state=state)
        with pytest.raises(DataError, match="is being collected just now"):
            change_options(source=source, chosen={"metric": "engagedViews"})
        assert (stored(source), Cycle.objects.get()) == ({}, half_read)
