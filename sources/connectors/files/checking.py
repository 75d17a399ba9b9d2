"""The files that people hand in: a first look, and the check of every row."""

from itertools import islice
from pathlib import Path

from sources.connectors.files.attributes import check_attributes
from sources.connectors.files.blocks import records
from sources.connectors.files.export_seeds import Joint, JointOf
from sources.connectors.files.exports import check_export, preview_export, reader_of
from sources.connectors.files.interactions import check_interactions
from sources.connectors.files.reading import opened
from sources.connectors.files.texts import check_comments, check_contents
from sources.connectors.records import FileError, Preview

__all__ = [
    "FileError",
    "check_attributes",
    "check_comments",
    "check_contents",
    "check_export",
    "check_interactions",
    "preview",
    "reader_of",
]

SAMPLE = 20
HEAD = 1 << 20


def preview(path: Path, *, filename: str, table: str = "interactions", joint: JointOf = Joint) -> Preview:
    """Look at the start of a file of one of the tables; raise FileError when it cannot be read.

    `joint` is for exports that show age, gender and country apart.
    """
    reader = reader_of(path) if table == "interactions" else None
    if reader:
        return preview_export(reader, path, joint)
    with opened(path, table, chunk=HEAD) as source:
        layout = source.layout
        rows = (record.cells for block in source.body for record in records(block, layout.delimiter))
        sample = list(islice(rows, SAMPLE))
        missing = layout.missing()
        problems = [*missing, *source.warnings()]
        if not sample:
            problems.append(f"{filename} names its columns and holds no rows below them.")
        return Preview(
            source.text.encoding,
            layout.delimiter,
            layout.header,
            layout.mapping,
            layout.unmapped,
            sample,
            problems,
            missing=missing,
        )
