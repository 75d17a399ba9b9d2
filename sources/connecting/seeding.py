"""How age, gender and country go together in an organization's audience: what joint counts are estimated from."""

from collections.abc import Iterable

from sources.connectors.files.export_seeds import Joint
from sources.connectors.harvests import GroupKey
from sources.frames import sums_by_group
from sources.models import DataSource, DemographicGroup, Organization, PackedInteractions

# Whose joint says most of the people who also meet a page or an account: videos, then sites, then what was uploaded.
BEST_FIRST = (
    DataSource.Kind.YOUTUBE,
    DataSource.Kind.GOOGLE_ANALYTICS,
    DataSource.Kind.FILES,
)
ENOUGH = 10_000  # interactions, from which on more of them make no estimate better


def joint_beside(source: DataSource) -> tuple[dict[GroupKey, float], str]:
    """Return the measured interactions by group of the best other source of the organization, and its name."""
    return best_joint(source.organization.sources.exclude(pk=source.pk))


def joint_for_files(organization: Organization) -> Joint:
    """Return what exports that show the dimensions apart are estimated from: no files, theirs or others'."""
    return Joint(*best_joint(organization.sources.exclude(kind=DataSource.Kind.FILES)))


def best_joint(sources: Iterable[DataSource]) -> tuple[dict[GroupKey, float], str]:
    """Return the measured interactions by group of the best of some sources, and its name.

    The best is the first in order that has enough, or else the one that has most. Nothing, and "", when none of them
    has measured counts of groups with all three dimensions.
    """
    known = [source for source in sources if source.kind in BEST_FIRST]
    most: tuple[dict[GroupKey, float], str] = {}, ""
    for source in sorted(known, key=lambda one: (BEST_FIRST.index(one.kind), one.pk)):
        joint = _joint_of(source)
        if sum(joint.values()) > sum(most[0].values()):
            most = joint, f"{source.name} ({source.get_kind_display()})"
        if sum(joint.values()) >= ENOUGH:
            break
    return most


def _joint_of(source: DataSource) -> dict[GroupKey, float]:
    whole = DemographicGroup.objects.exclude(gender="").exclude(age_group="").exclude(country="")
    groups = {pk: tuple(key) for pk, *key in whole.values_list("pk", "gender", "age_group", "country")}
    sums = sums_by_group(PackedInteractions.objects.from_sources([source.pk]).filter(estimated=False))
    return {groups[pk]: total for pk, total in sums.items() if pk in groups}
