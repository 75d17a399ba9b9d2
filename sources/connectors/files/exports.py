"""Exports of platforms in place of a file of interactions: told from their headers, read, and handed over checked."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from sources.connectors.files.export_seeds import Joint, JointOf
from sources.connectors.files.export_tables import (
    ExportRead,
    ExportReader,
    ExportTable,
    first_table,
    is_archive,
    tables_of,
)
from sources.connectors.files.google_analytics_exports import GoogleAnalyticsReader
from sources.connectors.files.rejects import RejectFile
from sources.connectors.files.studio_exports import StudioReader
from sources.connectors.harvests import ContentCounts
from sources.connectors.records import (
    DIMENSIONS,
    CheckedContents,
    CheckedInteractions,
    FileError,
    InteractionColumns,
    Preview,
)

READERS: tuple[ExportReader, ...] = (StudioReader(), GoogleAnalyticsReader())
REJECT_HEADER = ["table", "row"]
DESCRIBED = ("content_id", "title", "url", "published_at")
SAMPLE = 20


def reader_of(path: Path) -> ExportReader | None:
    """Return who reads the file, None when it is an ordinary one; a ZIP is an export or nothing.

    Raises FileError for a ZIP that holds no table that we know.
    """
    tables = tables_of(path) if is_archive(path) else [first_table(path)]
    found = next((reader for reader in READERS if any(map(reader.recognises, tables))), None)
    if found is None and is_archive(path):
        raise FileError(
            f"The ZIP holds no export that we know. {_held(tables)} Known are exports of "
            f"{', '.join(reader.name for reader in READERS)}, in English; a table of your own comes as CSV or CSV.gz."
        )
    return found


def check_export(
    reader: ExportReader, path: Path, *, period: str | None = None, rejects: Path, joint: JointOf = Joint
) -> tuple[CheckedInteractions, CheckedContents]:
    """Read an export whole: the interactions, and what it says of the contents; FileError when it has none.

    `joint` says how age, gender and country go together where the export shows them apart.
    """
    read, out = _read(reader, path, period or "", rejects, joint)
    return _interactions(read, out), _contents(read, out)


def preview_export(reader: ExportReader, path: Path, joint: JointOf = Joint) -> Preview:
    """Tell in words what was recognised, with the first cells that come of it; raises as `check_export`."""
    with TemporaryDirectory() as folder:
        read, _ = _read(reader, path, "", Path(folder) / "rejects.csv", joint)
    cells = (
        [one.content_id, *group, f"{count:.6g}"]
        for one in read.counts
        for group, count in zip(one.groups, one.counts.tolist(), strict=True)
    )
    sample = [cell for _, cell in zip(range(SAMPLE), cells, strict=False)]
    header = ["content_id", *DIMENSIONS, "count"]
    return Preview("", "", header, {name: name for name in header}, [], sample, read.warnings, read.recognised)


def _held(tables: list[ExportTable]) -> str:
    names = [f"{table.name} ({', '.join(table.header[:4])})" for table in tables[:3]]
    return f"It holds {'; '.join(names)}." if names else "There is no CSV in it."


def _read(
    reader: ExportReader, path: Path, period: str, rejects: Path, joint: JointOf
) -> tuple[ExportRead, RejectFile]:
    tables = tables_of(path)
    known = [table for table in tables if reader.recognises(table)]
    with RejectFile(rejects, REJECT_HEADER) as out:
        read = reader.read(known, period=period, out=out, joint=joint)
    others = [table.name or ", ".join(table.header[:4]) for table in tables if table not in known]
    if others:
        read.warnings.append(f"Not read, for they are no tables of {reader.name} that we know: {', '.join(others)}.")
    return read, out


def _interactions(read: ExportRead, out: RejectFile) -> CheckedInteractions:
    counts = sorted(read.counts, key=lambda one: (one.period, one.content_id))
    contents, periods = sorted({one.content_id for one in counts}), sorted({one.period for one in counts})
    groups = sorted({group for one in counts for group in one.groups})
    return CheckedInteractions(
        content_ids=contents,
        groups=groups,
        periods=periods,
        columns=_columns(counts, contents, periods, groups),
        rows_read=read.rows_read,
        accepted=read.rows_read - out.count,
        rejected_count=out.count,
        first_rejects=out.first,
        reject_file=out.path,
        duplicates=0,
        duplicate_examples=[],
        unknown_mass=sum(one.unknown + one.suppressed for one in counts),
        unknown_by_dimension={},
        absent_dimensions=tuple(name for at, name in enumerate(DIMENSIONS) if not any(group[at] for group in groups)),
        warnings=read.warnings,
        seeds=[one.seed if one.estimated else "" for one in counts],
    )


def _columns(
    counts: list[ContentCounts], contents: list[str], periods: list[str], groups: list[tuple[str, str, str]]
) -> InteractionColumns:
    """The columns in their order, the groups of each ascending."""
    content, period, group = ({key: code for code, key in enumerate(keys)} for keys in (contents, periods, groups))
    codes = [np.array([group[key] for key in one.groups], np.int32) for one in counts]
    orders = [np.argsort(code) for code in codes]
    return InteractionColumns(
        period_code=np.array([period[one.period] for one in counts], np.int32),
        content_code=np.array([content[one.content_id] for one in counts], np.int32),
        starts=np.cumsum([0, *map(len, codes)], dtype=np.int64),
        group_code=np.concatenate([code[order] for code, order in zip(codes, orders, strict=True)]),
        count=np.concatenate([np.asarray(one.counts)[order] for one, order in zip(counts, orders, strict=True)]),
        unknown=np.array([one.unknown + one.suppressed for one in counts], float),
    )


def _contents(read: ExportRead, out: RejectFile) -> CheckedContents:
    rows = read.contents
    return CheckedContents(rows, len(rows), len(rows), 0, [], out.path, 0, [], DESCRIBED)
