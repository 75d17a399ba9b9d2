"""What the columns of sources sum to: kept until the next collection, for there may be millions to read."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.core.cache import cache
from django.db.models import Sum

from sources.models import Organization, PackedInteractions

Sums = list[tuple[str, str, float, float]]  # period, seed, all interactions, those of unknown groups
A_DAY = 24 * 3600


def sums_of(organization: Organization, sources: Iterable[int], settled: Mapping[int, int]) -> dict[int, Sums]:
    """Return what the columns of sources, named by id, sum to by period and seed.

    `settled` are those of which no collection is open, with the id of their last one, looked up before: columns are
    changed by collections only, so that what was summed under this id holds until there is another.
    """
    key = f"column-sums-{organization.pk}"
    kept = cache.get(key, {})
    found = {pk: kept[pk][1] for pk in sources if pk in kept and kept[pk][0] == settled.get(pk)}
    missing = [pk for pk in sources if pk not in found]
    if missing:
        found |= _read(missing)
    new = {pk: (settled[pk], found[pk]) for pk in missing if pk in settled}
    if new:
        cache.set(key, kept | new, A_DAY)
    return found


def _read(sources: list[int]) -> dict[int, Sums]:
    columns = PackedInteractions.objects.filter(content__source__in=sources).order_by()
    rows = columns.values_list("content__source", "period", "seed").annotate(Sum("total"), Sum("unknown"))
    sums: dict[int, Sums] = defaultdict(list)
    for source, *row in rows:
        sums[source].append(tuple(row))
    return {pk: sorted(sums[pk]) for pk in sources}
