"""The check of an interactions file: every row, in blocks, each distinct value read once."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sources.connectors.files.counts import read_counts
from sources.connectors.files.layout import Layout, require
from sources.connectors.files.reading import opened, read_period
from sources.connectors.files.rejects import RejectFile, unguarded
from sources.connectors.files.summing import Part, Sums, group_codes, summed
from sources.connectors.files.tables import Table, tables
from sources.connectors.records import DIMENSIONS, CheckedInteractions, FileError
from sources.connectors.vocabulary import vocabulary
from sources.telling import Report

LONGEST_ID = 200
MOST_SUGGESTIONS = 200
Values = npt.NDArray[Any]
Reasons = dict[int, str]


def check_interactions(
    path: Path,
    *,
    period: str | None = None,
    mapping: Mapping[str, str] | None = None,
    rejects: Path,
    report: Report | None = None,
) -> CheckedInteractions:
    """Check a CSV of interactions whole: sums of the good rows, the bad ones in the file `rejects`.

    `period` (YYYY-MM) stands for rows that name none; `mapping` goes from our columns to the file's headers.
    `report(stage, done, total)` is told the bytes read and may raise to stop.
    Raises FileError when no row can be used.
    """
    with opened(path, "interactions", mapping, report) as source:
        layout = require(source.layout)
        if not any(name in layout.positions for name in DIMENSIONS):
            raise FileError("The file has no column of gender, age_group or country. It needs one of them at least.")
        with RejectFile(rejects, layout.header) as out:
            check = _Check(layout, _default_period(period), out)
            for table in tables(source.body, layout):
                check.add(table)
    if check.rows_read == 0:
        raise FileError("The file names its columns and holds no rows below them.")
    sums = summed(check.parts, check.contents, list(check.periods))
    return _checked(check, sums, out, source.warnings())


def _checked(check: "_Check", sums: Sums, out: RejectFile, warnings: list[str]) -> CheckedInteractions:
    accepted = check.rows_read - out.count
    if accepted and len(sums.absent) == len(DIMENSIONS):
        raise FileError("Gender, age_group and country are blank in every row. One of them at least is needed.")
    return CheckedInteractions(
        content_ids=sums.content_ids,
        groups=sums.groups,
        periods=sums.periods,
        columns=sums.columns,
        rows_read=check.rows_read,
        accepted=accepted,
        rejected_count=out.count,
        first_rejects=out.first,
        reject_file=out.path,
        duplicates=sums.duplicates,
        duplicate_examples=sums.duplicate_examples,
        unknown_mass=sums.unknown_mass,
        unknown_by_dimension=sums.unknown_by_dimension,
        absent_dimensions=sums.absent,
        warnings=warnings,
    )


def _default_period(period: str | None) -> str:
    try:
        return read_period(period or "")
    except ValueError as error:
        raise FileError(f"The period '{period}' is {error}.") from error


class _Check:
    """The state of one check: the codes given so far, and the accepted rows."""

    def __init__(self, layout: Layout, period: str, out: RejectFile) -> None:
        self.layout = layout
        self.rows_read = 0
        self.parts: list[Part] = []
        self.contents: list[pa.StringArray] = []
        self.periods: dict[str, int] = {}
        self._period = period
        self._out = out
        self._known: dict[str, dict[str, int]] = {name: {} for name in (*DIMENSIONS, "period")}
        self._reasons: dict[tuple[str, str], str] = {}

    def add(self, table: Table) -> None:
        """Read one block: fault (n,) is the number of a row's first faulty column, 0 for none."""
        rows = len(table.lines)
        fault = np.zeros(rows, np.int8)
        values: dict[str, Values] = {}
        reasons: list[Reasons] = []
        for number, (name, array) in enumerate(table.columns.items(), start=1):
            lookup, why = self._read(name, array.dictionary)
            reasons.append(why)
            values[name] = lookup[array.indices.to_numpy()]
            if why:
                fault[(fault == 0) & (values[name] < 0)] = number
        self.rows_read += rows + len(table.broken)
        self._reject(table, fault, reasons)
        self._accept(table, fault == 0, values)

    def _read(self, name: str, distinct: pa.StringArray) -> tuple[Values, Reasons]:
        """Return a code or count for each distinct value of a column, below 0 where a reason says why there is none."""
        if name == "count":
            return read_counts(distinct)
        if name == "content_id":
            return self._read_contents(distinct)
        known = self._known[name]
        reasons: Reasons = {}
        codes = []
        for position, value in enumerate(distinct.to_pylist()):
            code = known.get(value)
            if code is None:
                code, reasons[position] = self._read_one(name, value)
                if code >= 0:
                    known[value] = code
                    del reasons[position]
            codes.append(code)
        return np.array(codes, np.int64), reasons

    def _read_one(self, name: str, value: str) -> tuple[int, str]:
        if name == "period":
            try:
                month = read_period(value) or self._period
            except ValueError as error:
                return -1, str(error)
            return self.periods.setdefault(month, len(self.periods)), ""
        words = vocabulary(name)
        code = words.code(value)
        if code is not None:
            return code, ""
        if (name, value) not in self._reasons:
            few = len(self._reasons) < MOST_SUGGESTIONS
            reason = words.reason(value, suggest=few)
            if not few:
                return -1, reason
            self._reasons[name, value] = reason
        return -1, self._reasons[name, value]

    def _read_contents(self, distinct: pa.StringArray) -> tuple[Values, Reasons]:
        """Give codes that hold for this block only: ids may be very many, and are brought together at the end."""
        values = pc.utf8_trim_whitespace(distinct)
        if self.layout.guarded:
            values = pa.array([unguarded(value) for value in values.to_pylist()], pa.string())
        self.contents.append(values)
        lengths = pc.utf8_length(values).to_numpy(zero_copy_only=False)
        codes = np.arange(len(values))
        bad = (lengths == 0) | (lengths > LONGEST_ID)
        codes[bad] = -1
        long = f"longer than {LONGEST_ID} characters"
        return codes, {
            place: long if lengths[place] else "the content id is blank" for place in np.flatnonzero(bad).tolist()
        }

    def _accept(self, table: Table, good: npt.NDArray[np.bool_], values: dict[str, Values]) -> None:
        nothing = np.zeros(len(good), np.int64)
        if "period" not in values:
            self.periods.setdefault(self._period, 0)
        self.parts.append(
            Part(
                line=table.lines[good].astype(np.int32),
                period=values.get("period", nothing)[good].astype(np.int16),
                content=values["content_id"][good].astype(np.int32),
                group=group_codes(*(values.get(name, nothing)[good] for name in DIMENSIONS)),
                count=values["count"][good].astype(np.float64),
            )
        )

    def _reject(self, table: Table, fault: npt.NDArray[np.int8], reasons: list[Reasons]) -> None:
        """Take down the block's bad rows in the order of their lines; a row of blank cells is no row."""
        found = [(record.line, "", " ".join(record.cells), record.problem, record.cells) for record in table.broken]
        names = list(table.columns)
        bad = np.flatnonzero(fault)
        for row, cells in zip(bad.tolist(), table.cells(bad.tolist()) if len(bad) else (), strict=True):
            number = int(fault[row]) - 1
            array = table.columns[names[number]]
            if not any(cell.strip() for cell in cells):
                self.rows_read -= 1
                continue
            position = array.indices[row].as_py()
            value = array.dictionary[position].as_py()
            found.append((int(table.lines[row]), names[number], value, reasons[number][position], cells))
        for line, column, value, reason, cells in sorted(found, key=lambda reject: reject[0]):
            self._out.add(line, column, value, reason, cells)
