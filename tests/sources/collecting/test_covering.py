"""How much of what was counted known groups explain, and what of that was estimated."""

import pytest

from sources.collecting.covering import Coverage, coverage_of
from sources.connectors.harvests import ContentCounts
from sources.models import Cycle
from tests.sources.collecting.planted import GROUPS


def test_the_parts_sum_to_the_whole():
    coverage = Coverage(explained=60.0, suppressed=30.0, unknown=10.0)
    assert [(key, mass, share) for key, _, mass, share in coverage.parts] == [
        ("explained", 60.0, 0.6),
        ("suppressed", 30.0, 0.3),
        ("unknown", 10.0, 0.1),
    ]
    assert sum(share for _, share in coverage.drawn) == pytest.approx(1.0)


def test_what_rounding_leaves_is_nothing():
    assert Coverage(explained=60.0, suppressed=1e-9).parts[1][3] == 0.0


def test_nothing_at_all_has_no_share():
    assert (Coverage().share, Coverage().estimated_share) == (None, 0.0)


def test_estimates_of_no_dated_period_are_counted(collect, connector, periods):
    name = connector.world.ids[0]
    undated = ContentCounts(name, "", GROUPS[:1], [500.0], unknown=100.0, estimated=True, seed="planted")
    connector.world.counts[name, periods[0]] = undated
    collect()
    assert coverage_of(Cycle.objects.get()).estimated == 500.0
