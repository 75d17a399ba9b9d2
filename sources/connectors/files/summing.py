"""Checked rows added up into columns, one per period and content, with numpy alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sources.connectors.records import DIMENSIONS, Counts, Duplicate, InteractionColumns
from sources.connectors.vocabulary import vocabulary

Codes = npt.NDArray[np.int64]
Lines = npt.NDArray[np.int32]
GROUP_SHAPE = (4, 8, 256)
GROUPS = 4 * 8 * 256
EXAMPLES = 5


@dataclass(frozen=True)
class Part:
    """Accepted rows of one block, (n,) each; group is a place in GROUP_SHAPE (gender, age, country; 0 for unknown)."""

    line: Lines
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


def summed(parts: list[Part], contents: list[pa.StringArray], periods: list[str]) -> Sums:
    """Add up all rows with the same period, content and group; contents holds the ids that each part's codes stand for.

    There may be very many rows: `parts` is emptied on the way, and arrays of all rows are let go as early as can be.
    """
    content_ids, content_places = _unified(contents)
    codes = (place[part.content] for place, part in zip(content_places, parts, strict=True))
    content_ids, kept = _kept(content_ids, codes)
    periods, period_places = _kept(periods, (part.period for part in parts))
    if periods:
        period_places = np.argsort(np.argsort(np.array(periods)))[period_places]
        periods = sorted(periods)
    key, count, line = _keys(parts, [kept[place] for place in content_places], period_places, len(content_ids))
    rows_in, mass = _by_group(key, count)
    present = [bool(np.moveaxis(rows_in, axis, 0)[1:].any()) for axis in range(3)]
    open_groups = _open_groups(present)
    order = _sort(key)
    first = np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1]))) if len(key) else np.zeros(0, np.int64)
    examples = _examples(key, order, first, line, content_ids, periods)
    rows, cells, count = len(key), key[first], count[order]
    del key, line, order
    totals = np.add.reduceat(count, first) if rows else count
    del count, first
    columns, groups = _columns(cells, totals, open_groups, max(len(content_ids), 1))
    return Sums(
        columns=columns,
        content_ids=content_ids,
        groups=groups,
        periods=periods,
        duplicates=rows - len(cells),
        duplicate_examples=examples,
        unknown_mass=float(mass.ravel()[open_groups].sum()),
        unknown_by_dimension={
            name: float(np.moveaxis(mass, axis, 0)[0].sum()) for axis, name in enumerate(DIMENSIONS) if present[axis]
        },
        absent=tuple(name for name, there in zip(DIMENSIONS, present, strict=True) if not there),
    )


def _unified(contents: list[pa.StringArray]) -> tuple[list[str], list[Lines]]:
    """Return the distinct ids of all blocks, and for each block the code of each of its ids."""
    none = pa.array([], pa.string())
    blocks = [
        pa.DictionaryArray.from_arrays(pa.array(np.arange(len(values), dtype=np.int32)), values)
        for values in (*contents, none, pa.array(["-"]))
    ]
    unified = pa.chunked_array(blocks).unify_dictionaries()
    return unified.chunk(0).dictionary.to_pylist(), [chunk.indices.to_numpy() for chunk in unified.chunks[:-2]]


def _kept(values: list[str], codes: Iterable[npt.NDArray[Any]]) -> tuple[list[str], Codes]:
    """Return the values that some accepted row has, and the new code of each old one."""
    used = np.zeros(len(values), bool)
    for code in codes:
        used[code] = True
    place = np.maximum(np.cumsum(used, dtype=np.int64) - 1, 0)
    return [value for value, there in zip(values, used.tolist(), strict=True) if there], place


def _keys(
    parts: list[Part], content_places: list[Codes], period_places: Codes, contents: int
) -> tuple[Codes, Counts, Lines]:
    """Return of all rows the key, which orders by period, content and group, the count and the line; empties parts."""
    end = sum(len(part.count) for part in parts)
    key, count, line = np.empty(end, np.int64), np.empty(end), np.empty(end, np.int32)
    while parts:
        part = parts.pop()
        start = end - len(part.count)
        column = period_places[part.period] * contents + content_places.pop()[part.content]
        key[start:end], count[start:end], line[start:end] = column * GROUPS + part.group, part.count, part.line
        end = start
    return key, count, line


def _sort(key: Codes) -> Codes | Lines:
    """Sort the keys in place, equal ones staying in their order, and return where each came from.

    With the row number in its low bits a key sorts in place, several times quicker than an indirect sort.
    """
    if not np.any(key[1:] < key[:-1]):
        return np.arange(len(key))
    bits = len(key).bit_length()
    if int(key.max()).bit_length() + bits > 63:
        order = np.argsort(key, kind="stable")
        key[:] = key[order]
        return order
    key <<= bits
    key |= np.arange(len(key), dtype=np.int64)
    key.sort()
    order = (key & ((1 << bits) - 1)).astype(np.int32 if bits < 32 else np.int64)
    key >>= bits
    return order


def _by_group(key: Codes, count: Counts) -> tuple[Codes, Counts]:
    """Return rows and mass by gender, age group and country, GROUP_SHAPE each."""
    group = (key % GROUPS).astype(np.int16)
    rows = np.bincount(group, minlength=GROUPS).astype(np.int64)
    mass = np.bincount(group, weights=count, minlength=GROUPS).astype(np.float64)
    return rows.reshape(GROUP_SHAPE), mass.reshape(GROUP_SHAPE)


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
    """Split the sorted cells into columns; cells of open groups go to the column's unknown mass."""
    group = (cells % GROUPS).astype(np.int16)
    cells = cells // GROUPS
    begin = np.flatnonzero(np.concatenate(([True], cells[1:] != cells[:-1]))) if len(cells) else np.zeros(0, np.int64)
    column, is_open = cells[begin], open_groups[group]
    del cells
    unknown = np.full(len(begin), np.nan)
    if is_open.any():
        named = _per_column(is_open, begin) > 0
        unknown[named] = _per_column(np.where(is_open, totals, 0), begin)[named]
    starts = np.concatenate(([0], np.cumsum(_per_column(~is_open, begin)))).astype(np.int64)
    if is_open.any():
        group, totals = group[~is_open], totals[~is_open]
    used = np.flatnonzero(np.bincount(group, minlength=GROUPS))
    code = np.zeros(GROUPS, np.int32)
    code[used] = np.arange(len(used))
    packed = InteractionColumns(
        period_code=(column // contents).astype(np.int32),
        content_code=(column % contents).astype(np.int32),
        starts=starts,
        group_code=code[group],
        count=totals,
        unknown=unknown,
    )
    return packed, [_group(place) for place in used.tolist()]


def _per_column(values: npt.NDArray[Any], begin: Codes) -> npt.NDArray[Any]:
    """Add up the values between one column's beginning and the next."""
    return np.add.reduceat(values, begin, dtype=np.float64) if len(begin) else np.zeros(0)


def _group(code: int) -> tuple[str, str, str]:
    gender, age_group, country = (int(part) for part in np.unravel_index(code, GROUP_SHAPE))
    values = [vocabulary(name).values for name in DIMENSIONS]
    return values[0][gender], values[1][age_group], values[2][country]


def _examples(
    key: Codes, order: Codes | Lines, first: Codes, line: Lines, content_ids: list[str], periods: list[str]
) -> list[Duplicate]:
    """Return the first few repeats in key order; rows of one key stand in the order of their lines."""
    if len(first) == len(key):
        return []
    examples = []
    for place in np.flatnonzero(key[1:] == key[:-1])[:EXAMPLES].tolist():
        start = int(first[np.searchsorted(first, place, side="right") - 1])
        column, group = divmod(int(key[place]), GROUPS)
        period, content = divmod(column, len(content_ids))
        where = int(line[order[place + 1]]), int(line[order[start]])
        examples.append(Duplicate(*where, content_ids[content], _group(group), periods[period]))
    return examples
