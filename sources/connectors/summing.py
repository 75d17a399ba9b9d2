"""Checked rows added up into columns, one per period and content, with numpy alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sources.connectors.records import DIMENSIONS, Counts, Duplicate, InteractionColumns
from sources.connectors.vocabulary import vocabulary

Codes = npt.NDArray[np.int64]
GROUP_SHAPE = (4, 8, 256)
GROUPS = 4 * 8 * 256
EXAMPLES = 5


@dataclass(frozen=True)
class Part:
    """Accepted rows of one block, (n,) each; group is a place in GROUP_SHAPE (gender, age, country; 0 for unknown)."""

    line: npt.NDArray[np.int32]
    period: npt.NDArray[np.int16]
    content: npt.NDArray[np.int32]
    group: npt.NDArray[np.uint16]
    count: Counts


@dataclass(frozen=True)
class Sums:
    """What the rows of a whole file add up to."""

    columns: InteractionColumns
    content_ids: list[str]
    groups: list[tuple[str, str, str]]
    periods: list[str]
    duplicates: int
    duplicate_examples: list[Duplicate]
    unknown_mass: float
    unknown_by_dimension: dict[str, float]
    absent: tuple[str, ...]


def group_codes(gender: Codes, age_group: Codes, country: Codes) -> npt.NDArray[np.uint16]:
    """Return one number per row for its three codes."""
    return ((gender * GROUP_SHAPE[1] + age_group) * GROUP_SHAPE[2] + country).astype(np.uint16)


def summed(parts: list[Part], content_ids: list[str], periods: list[str]) -> Sums:
    """Add up all rows with the same period, content and group; empties `parts` on the way to keep memory low."""
    rows = sum(len(part.count) for part in parts)
    content_ids, content_place = _kept(content_ids, [part.content for part in parts])
    periods, period_place = _kept(periods, [part.period for part in parts])
    if periods:
        period_place = np.argsort(np.argsort(np.array(periods)))[period_place]
    key, count, line = np.empty(rows, np.int64), np.empty(rows), np.empty(rows, np.int32)
    end = rows
    while parts:
        part = parts.pop()
        start = end - len(part.count)
        column = period_place[part.period] * len(content_ids) + content_place[part.content]
        key[start:end], count[start:end], line[start:end] = column * GROUPS + part.group, part.count, part.line
        end = start
    return _sums(key, count, line, content_ids, sorted(periods))


def _kept(values: list[str], codes: Sequence[npt.NDArray[Any]]) -> tuple[list[str], Codes]:
    """Return the values that some accepted row has, and the new code of each old one."""
    used = np.zeros(len(values), bool)
    for code in codes:
        used[code] = True
    place = np.maximum(np.cumsum(used, dtype=np.int64) - 1, 0)
    return [value for value, there in zip(values, used.tolist(), strict=True) if there], place


def _sums(key: Codes, count: Counts, line: npt.NDArray[np.int32], content_ids: list[str], periods: list[str]) -> Sums:
    rows_in, mass = _by_group(key, count)
    present = [bool(np.moveaxis(rows_in, axis, 0)[1:].any()) for axis in range(3)]
    open_groups = _open_groups(present)
    unknown = {
        name: float(np.moveaxis(mass, axis, 0)[0].sum()) for axis, name in enumerate(DIMENSIONS) if present[axis]
    }
    order = np.argsort(key, kind="stable") if np.any(key[1:] < key[:-1]) else np.arange(len(key))
    ordered = key[order]
    first = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1]))) if len(key) else np.zeros(0, np.int64)
    cells = ordered[first]
    examples = _examples(ordered, order, first, line, content_ids, periods)
    del ordered
    totals = np.add.reduceat(count[order], first) if len(key) else np.zeros(0)
    columns, groups = _columns(cells, totals, open_groups, len(content_ids))
    return Sums(
        columns,
        content_ids,
        groups,
        periods,
        len(key) - len(cells),
        examples,
        float(mass.ravel()[open_groups].sum()),
        unknown,
        tuple(name for name, there in zip(DIMENSIONS, present, strict=True) if not there),
    )


def _by_group(key: Codes, count: Counts) -> tuple[Codes, Counts]:
    """Return rows and mass by gender, age group and country, GROUP_SHAPE each."""
    group = (key % GROUPS).astype(np.int16)
    rows = np.bincount(group, minlength=GROUPS).astype(np.int64).reshape(GROUP_SHAPE)
    return rows, np.bincount(group, weights=count, minlength=GROUPS).astype(np.float64).reshape(GROUP_SHAPE)


def _open_groups(present: list[bool]) -> npt.NDArray[np.bool_]:
    """Tell of each group, (GROUPS,), whether it leaves a dimension open that the file has."""
    codes = np.unravel_index(np.arange(GROUPS), GROUP_SHAPE)
    is_open = np.zeros(GROUPS, bool)
    for code, there in zip(codes, present, strict=True):
        is_open |= (code == 0) & there
    return is_open


def _columns(
    cells: Codes, totals: Counts, open_groups: npt.NDArray[np.bool_], contents: int
) -> tuple[InteractionColumns, list[tuple[str, str, str]]]:
    """Split the sorted cells into columns; cells of open groups go to the column's unknown mass, empty ones go."""
    cells, totals = cells[totals > 0], totals[totals > 0]
    group = cells % GROUPS
    column, place = np.unique(cells // GROUPS, return_inverse=True)
    is_open = open_groups[group]
    unknown = np.bincount(place[is_open], weights=totals[is_open], minlength=len(column)).astype(np.float64)
    used, group_code = np.unique(group[~is_open], return_inverse=True)
    starts = np.concatenate(([0], np.cumsum(np.bincount(place[~is_open], minlength=len(column))))).astype(np.int64)
    packed = InteractionColumns(
        period_code=(column // max(contents, 1)).astype(np.int32),
        content_code=(column % max(contents, 1)).astype(np.int32),
        starts=starts,
        group_code=group_code.astype(np.int32),
        count=totals[~is_open],
        unknown=unknown,
    )
    return packed, [_group(code) for code in used.tolist()]


def _group(code: int) -> tuple[str, str, str]:
    gender, age_group, country = (int(part) for part in np.unravel_index(code, GROUP_SHAPE))
    values = [vocabulary(name).values for name in DIMENSIONS]
    return values[0][gender], values[1][age_group], values[2][country]


def _examples(
    ordered: Codes, order: Codes, first: Codes, line: npt.NDArray[np.int32], content_ids: list[str], periods: list[str]
) -> list[Duplicate]:
    """Return the repeats that come first in key order; the sort is stable, so a run starts with its first line."""
    repeats = np.flatnonzero(ordered[1:][: EXAMPLES * 4] == ordered[:-1][: EXAMPLES * 4])
    if len(repeats) < EXAMPLES:
        repeats = np.flatnonzero(ordered[1:] == ordered[:-1])
    examples = []
    for place in repeats[:EXAMPLES].tolist():
        start = int(first[np.searchsorted(first, place, side="right") - 1])
        column, group = divmod(int(ordered[place]), GROUPS)
        period, content = divmod(column, len(content_ids))
        examples.append(
            Duplicate(
                int(line[order[place + 1]]),
                int(line[order[start]]),
                content_ids[content],
                _group(group),
                periods[period],
            )
        )
    return examples
