"""A contents file that is well written but speaks of content that nobody knows is the wrong file. Pure."""

import csv
from dataclasses import replace
from pathlib import Path

from sources.connectors.records import CheckedContents, Reject

SHOWN = 100


def refuse_strange_contents(checked: CheckedContents, known: set[str]) -> CheckedContents:
    """Refuse a contents file as a whole when it names no content that has interactions: it is the wrong file."""
    if not checked.rows or any(row.external_id in known for row in checked.rows):
        return checked
    example = checked.rows[0].external_id
    ours = f"Its ids should look like {min(known)!r}." if known else "Upload its interactions first, or with it."
    reason = f"none of the {len(checked.rows):,} content ids in this file is known in this source. {ours}"
    first = Reject(line=2, column="content_id", value=example, reason=reason, row=())
    _append(checked.reject_file, [first])
    return replace(
        checked,
        rows=[],
        accepted=0,
        rejected_count=checked.rejected_count + len(checked.rows),
        first_rejects=[first, *checked.first_rejects][:SHOWN],
        warnings=[*checked.warnings, reason],
    )


def _append(path: Path, rejects: list[Reject]) -> None:
    with path.open("a", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows((r.line, r.column, r.value, r.reason, *r.row) for r in rejects)
