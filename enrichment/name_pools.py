"""The naming pools as they are used: those that come with the project, with what people changed of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import starmap
from pathlib import Path

from django.db import transaction

from enrichment.measures.name_changes import Entry, changed, entries_of, shortcomings
from enrichment.measures.naming import NamePools, Pool, load_pools
from enrichment.models import NameEntry
from sources.errors import DataError

DATA = Path(__file__).parent / "data"
BATCH = 1000
KEY = ("pool", "kind", "gender", "value")
FIELDS = (*KEY, "value_female", "cohort", "action")  # in the order of Entry


@dataclass(frozen=True)
class NamePlan:
    """What entries would do: names that are new, that get other years or another form, that go, that stay as is.

    `absent` are those that are to go and are not there.
    """

    added: list[Entry]
    altered: list[Entry]
    removed: list[Entry]
    same: list[Entry]
    absent: list[Entry]

    @property
    def touched(self) -> list[Entry]:
        return [*self.added, *self.altered, *self.removed]


@cache
def shipped_pools() -> NamePools:
    """Return the pools that come with the project."""
    return load_pools(DATA)


def effective_pools() -> NamePools:
    """Return the pools as names are chosen from them now."""
    return changed(shipped_pools(), starmap(Entry, NameEntry.objects.order_by("pk").values_list(*FIELDS)))


def effective_pool(slug: str) -> Pool | None:
    """Return one pool as it is now; None when there is none of that name."""
    rows = NameEntry.objects.filter(pool=slug).order_by("pk").values_list(*FIELDS)
    return changed(shipped_pools(), starmap(Entry, rows)).pools.get(slug)


def plan_names(entries: Iterable[Entry]) -> NamePlan:
    """Return what the entries would do; DataError when a pool would be left with too few names."""
    pools, entries = effective_pools(), list(entries)
    there = {entry.key: entry for entry in entries_of(pools)}
    plan = NamePlan([], [], [], [], [])
    for entry in entries:
        _place(plan, entry, there.get(entry.key)).append(entry)
    _refuse_worse(pools, changed(pools, plan.touched))
    return plan


@transaction.atomic
def change_names(*, entries: Iterable[Entry], by=None) -> NamePlan:
    """Add, change and remove names in the pools, and return what this did; personas keep the names that they have.

    Raises DataError, and changes nothing, when a pool would be left with too few names.
    """
    list(NameEntry.objects.select_for_update().order_by("pk").values_list("pk"))  # one change at a time
    plan = plan_names(entries)
    shipped = {entry.key: entry for entry in entries_of(shipped_pools())}
    touched = {entry.key: entry for entry in plan.touched}
    back = {key for key, entry in touched.items() if _is_as_shipped(entry, shipped.get(key))}
    gone = [pk for pk, *key in NameEntry.objects.values_list("pk", *KEY) if tuple(key) in back]
    for start in range(0, len(gone), BATCH):
        NameEntry.objects.filter(pk__in=gone[start : start + BATCH]).delete()
    NameEntry.objects.bulk_create(
        [_row(entry, by) for key, entry in touched.items() if key not in back],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=KEY,
        update_fields=["value_female", "cohort", "action", "created_by", "created_at"],
    )
    return plan


@transaction.atomic
def take_back(*, entry: NameEntry) -> None:
    """Take one change back: the pool is as it came, for this name; DataError when it would have too few names then."""
    before = effective_pools()
    entry.delete()
    _refuse_worse(before, effective_pools())


def _place(plan: NamePlan, entry: Entry, there: Entry | None) -> list[Entry]:
    if entry.action == "remove":
        return plan.removed if there else plan.absent
    if there is None:
        return plan.added
    return plan.same if (entry.cohort, entry.female) == (there.cohort, there.female) else plan.altered


def _is_as_shipped(entry: Entry, shipped: Entry | None) -> bool:
    return shipped is None if entry.action == "remove" else entry == shipped


def _refuse_worse(before: NamePools, after: NamePools) -> None:
    known = set(shortcomings(before))
    worse: Sequence[str] = [words for words in shortcomings(after) if words not in known]
    if worse:
        raise DataError(f"This cannot be: {' '.join(worse[:3])}")


def _row(entry: Entry, by) -> NameEntry:
    return NameEntry(
        pool=entry.pool,
        kind=entry.kind,
        gender=entry.gender,
        value=entry.value,
        value_female=entry.female,
        cohort=entry.cohort,
        action=entry.action,
        created_by=by,
    )
