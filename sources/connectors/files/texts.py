"""The check of contents and comments files: row by row, quoted line ends and all."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Generic, TypeVar

from sources.connectors.files.blocks import Record, records
from sources.connectors.files.cells import CellError, read_date, read_likes, read_link, read_tags, read_text
from sources.connectors.files.layout import Layout, require
from sources.connectors.files.reading import OpenFile, opened
from sources.connectors.files.rejects import RejectFile, unguarded
from sources.connectors.records import (
    AttributeRow,
    CheckedComments,
    CheckedContents,
    CommentRow,
    ContentRow,
    FileError,
)
from sources.telling import Report

LONGEST_TEXT = 100_000
EXAMPLES = 5
Row = TypeVar("Row", ContentRow, CommentRow, AttributeRow)
Key = tuple[str | int, ...]


@dataclass
class RowsByKey(Generic[Row]):
    """The good rows so far, by key; a later row with the same key takes the place of the earlier.

    The cells as they were are kept where somebody brings a place for them.
    """

    rows: dict[Key, Row] = field(default_factory=dict)
    lines: dict[Key, int] = field(default_factory=dict)
    cells: dict[Key, list[str]] | None = None
    rows_read: int = 0
    duplicates: int = 0
    examples: list[str] = field(default_factory=list)

    def put(self, key: Key, row: Row, record: Record) -> None:
        """Keep the row; an empty key is like no other."""
        line, key = record.line, key or (record.line,)
        if key in self.rows:
            self.duplicates += 1
            if len(self.examples) < EXAMPLES:
                named = ", ".join(map(str, key))
                self.examples.append(f"line {line} takes the place of line {self.lines[key]}: {named}")
        self.rows[key], self.lines[key] = row, line
        if self.cells is not None:
            self.cells[key] = record.cells


def check_contents(
    path: Path,
    *,
    known: Collection[str] | None = None,
    mapping: Mapping[str, str] | None = None,
    rejects: Path,
    report: Report | None = None,
) -> CheckedContents:
    """Check a CSV of content units whole; the last of several rows with one content id wins.

    When none of its content ids is among the `known` ones it is the wrong file, and every row is rejected; None knows
    all. Raises FileError when no row can be used; `rejects`, `mapping` and `report` are as for interactions.
    """
    checked = _check_contents(path, mapping, rejects, report, _content)
    ids = {row.external_id for row in checked.rows}
    if known is None or not ids or not ids.isdisjoint(known):
        return checked
    ours = f"Its ids should look like {min(known)!r}." if known else "Upload its interactions first, or with it."
    reason = f"none of the {len(ids):,} content ids in this file is known in this source. {ours}"
    refused = _check_contents(path, mapping, rejects, report, lambda row: _refuse(_content(row), reason))
    return replace(refused, warnings=[*refused.warnings, reason])


def check_comments(
    path: Path,
    *,
    known: Collection[str],
    mapping: Mapping[str, str] | None = None,
    rejects: Path,
    report: Report | None = None,
) -> CheckedComments:
    """Check a CSV of comments whole; the last of several rows with one comment id under one content wins.

    Rows without a comment id all stay.
    A comment on content whose id is not among the `known` ones is rejected. Raises FileError when no row can be used;
    `rejects`, `mapping` and `report` are as for interactions.
    """
    with opened(path, "comments", mapping, report) as source, _out(rejects, source) as out:
        found: RowsByKey[CommentRow] = RowsByKey()
        check_rows(source, out, found, lambda row: _comment(row, known), _comment_key)
        columns = tuple(source.layout.positions)
    return CheckedComments(
        list(found.rows.values()), found.rows_read, found.rows_read - out.count, out.count, out.first, out.path,
        found.duplicates, found.examples, columns, source.warnings(),
    )  # fmt: skip


def _check_contents(
    path: Path,
    mapping: Mapping[str, str] | None,
    rejects: Path,
    report: Report | None,
    make: Callable[[dict[str, str]], ContentRow],
) -> CheckedContents:
    with opened(path, "contents", mapping, report) as source, _out(rejects, source) as out:
        found: RowsByKey[ContentRow] = RowsByKey()
        check_rows(source, out, found, make, lambda row: (row.external_id,))
        columns = tuple(source.layout.positions)
    return CheckedContents(
        list(found.rows.values()), found.rows_read, found.rows_read - out.count, out.count, out.first, out.path,
        found.duplicates, found.examples, columns, source.warnings(),
    )  # fmt: skip


def _out(path: Path, source: OpenFile) -> RejectFile:
    return RejectFile(path, require(source.layout).header)


def check_rows(
    source: OpenFile,
    out: RejectFile,
    found: RowsByKey[Row],
    make: Callable[[dict[str, str]], Row],
    key: Callable[[Row], Key],
) -> None:
    """Put the good rows of a file into `found` and the others out, each with what is wrong with it."""
    layout = source.layout
    for block in source.body:
        for record in records(block, layout.delimiter):
            found.rows_read += 1
            try:
                row = make(named_cells(record, layout))
            except CellError as error:
                out.add(record.line, error.column, error.value, error.reason, record.cells)
            else:
                found.put(key(row), row, record)
    if not found.rows_read:
        raise FileError("The file names its columns and holds no rows below them.")


def named_cells(record: Record, layout: Layout) -> dict[str, str]:
    """Return our columns of one row."""
    if record.problem:
        raise CellError("", " ".join(record.cells), record.problem)
    if len(record.cells) != layout.width:
        raise CellError("", " ".join(record.cells), f"the row has {len(record.cells)} cells, the header {layout.width}")
    cells = [unguarded(cell) for cell in record.cells] if layout.guarded else record.cells
    return {name: cells[position] for name, position in layout.positions.items()}


def _content(row: dict[str, str]) -> ContentRow:
    return ContentRow(
        external_id=read_text(row, "content_id", 200, required=True),
        title=read_text(row, "title", 500, required=True),
        description=read_text(row, "description", LONGEST_TEXT),
        category=read_text(row, "category", 200),
        tags=read_tags(row),
        url=read_link(row, "url"),
        thumbnail=read_link(row, "thumbnail"),
        published_at=read_date(row),
    )


def _refuse(row: ContentRow, reason: str) -> ContentRow:
    raise CellError("content_id", row.external_id, reason)


def _comment(row: dict[str, str], known: Collection[str]) -> CommentRow:
    content_id = read_text(row, "content_id", 200, required=True)
    if content_id not in known:
        raise CellError("content_id", content_id, "this source has no content with this id")
    return CommentRow(
        content_id=content_id,
        text=read_text(row, "text", LONGEST_TEXT, required=True),
        external_id=read_text(row, "comment_id", 200),
        published_at=read_date(row),
        likes=read_likes(row),
    )


def _comment_key(row: CommentRow) -> Key:
    return (row.content_id, row.external_id) if row.external_id else ()
