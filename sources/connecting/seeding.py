"""How age, gender and country go together in an organization's audience: what joint counts are estimated from."""

from collections.abc import Iterable

import numpy as np

from sources.connectors.harvests import GroupKey
from sources.frames import read_interactions
from sources.models import DataSource, DemographicGroup, PackedInteractions

# Whose joint says most of the people who also meet a page or an account: videos, then sites, then what was uploaded.
BEST_FIRST = (
    DataSource.Kind.YOUTUBE,
    DataSource.Kind.GOOGLE_ANALYTICS,
    DataSource.Kind.FILES,
)


def joint_beside(source: DataSource) -> tuple[dict[GroupKey, float], str]:
    """Return the measured interactions by group of the best other source of the organization, and its name."""
    return best_joint(source.organization.sources.exclude(pk=source.pk))


def best_joint(sources: Iterable[DataSource]) -> tuple[dict[GroupKey, float], str]:
    """Return the measured interactions by group of the best of some sources, and its name.

    Nothing, and "", when none of them has measured counts of groups with all three dimensions.
    """
    known = [source for source in sources if source.kind in BEST_FIRST]
    for other in sorted(known, key=lambda one: (BEST_FIRST.index(one.kind), one.pk)):
        joint = _joint_of(other)
        if joint:
            return joint, f"{other.name} ({other.get_kind_display()})"
    return {}, ""


def _joint_of(source: DataSource) -> dict[GroupKey, float]:
    stored = read_interactions(PackedInteractions.objects.from_sources([source.pk]).filter(estimated=False))
    if not len(stored.group):
        return {}
    totals = np.bincount(stored.group, stored.count)
    whole = DemographicGroup.objects.exclude(gender="").exclude(age_group="").exclude(country="")
    groups = whole.in_bulk(np.flatnonzero(totals).tolist())
    return {(one.gender, one.age_group, one.country): float(totals[pk]) for pk, one in sorted(groups.items())}
