"""The check of attributes files: estimated shares of job, education and relationship by group."""

import re
from collections.abc import Mapping
from pathlib import Path

from sources.connectors.files.cells import CellError, read_text
from sources.connectors.files.layout import require
from sources.connectors.files.reading import opened
from sources.connectors.files.rejects import RejectFile
from sources.connectors.files.texts import RowsByKey, check_rows
from sources.connectors.records import DIMENSIONS, AttributeRow, CheckedAttributes
from sources.connectors.vocabulary import spelling_key, vocabulary
from sources.telling import Report

ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "job": ("job", "jobs", "job title", "job field", "occupation", "profession", "work", "industry"),
    "education": ("education", "education level", "education status", "degree", "school", "schooling"),
    "relationship": ("relationship", "relationship status", "marital status", "family status", "civil status"),
}
"""The attributes that a persona can have, each with the spellings taken for it."""

ANY = ("any", "all", "everybody", "everyone", "total")
LONGEST_VALUE = 120
LONGEST_SOURCE = 200
ROUNDING = 0.02
"""Shares of one group and attribute may sum to so much more than 1, for they are rounded where they come from."""

_SPELLINGS = {spelling: name for name, spellings in ATTRIBUTES.items() for spelling in spellings}
_SHARE = re.compile(r"(\d+(?:[.,]\d*)?|[.,]\d+)\s*(%?)")
Key = tuple[str | int, ...]


def check_attributes(
    path: Path,
    *,
    mapping: Mapping[str, str] | None = None,
    rejects: Path,
    report: Report | None = None,
) -> CheckedAttributes:
    """Check a CSV of estimates whole; the last of several rows with one group, attribute and value wins.

    The rows of a group and attribute whose shares sum to more than 1 are rejected together. Raises FileError when no
    row can be used; `rejects`, `mapping` and `report` are as for interactions.
    """
    with (
        opened(path, "attributes", mapping, report) as source,
        RejectFile(rejects, require(source.layout).header) as out,
    ):
        found: RowsByKey[AttributeRow] = RowsByKey(cells={})
        check_rows(source, out, found, _attribute, _key)
        _refuse_more_than_all(found, out)
        columns = tuple(source.layout.positions)
    return CheckedAttributes(
        list(found.rows.values()), found.rows_read, found.rows_read - out.count, out.count, out.first, out.path,
        found.duplicates, found.examples, columns, source.warnings(),
    )  # fmt: skip


def read_share(value: str) -> float:
    """Return a part of 1, written 0.35 or 35%; raise ValueError with a reason for the person who wrote it."""
    match = _SHARE.fullmatch(value.strip())
    if match is None:
        raise ValueError("not a share: write 0.35 or 35%" if value.strip() else "the share is blank")
    share = float(match[1].replace(",", ".")) / (100 if match[2] else 1)
    if share > 1:
        raise ValueError("a share is at most 1: write 0.35 or 35%")
    return share


def _refuse_more_than_all(found: RowsByKey[AttributeRow], out: RejectFile) -> None:
    """Take out the rows of every group and attribute whose shares sum to more than 1."""
    sums: dict[Key, float] = {}
    for key, row in found.rows.items():
        sums[key[:4]] = sums.get(key[:4], 0.0) + row.share
    for key in [key for key in found.rows if sums[key[:4]] > 1 + ROUNDING]:
        row = found.rows.pop(key)
        who = ", ".join(part for part in (row.gender, row.age_group, row.country) if part) or "anybody"
        reason = f"the shares of {row.attribute} for {who} sum to {sums[key[:4]]:.2f}: parts of one group sum to 1"
        out.add(found.lines[key], "share", f"{row.share:g}", reason, (found.cells or {})[key])


def _attribute(row: dict[str, str]) -> AttributeRow:
    return AttributeRow(
        **{name: _dimension(row, name) for name in DIMENSIONS},
        attribute=_name(row),
        value=" ".join(read_text(row, "value", LONGEST_VALUE, required=True).split()),
        share=_share(row),
        source=" ".join(read_text(row, "source", LONGEST_SOURCE, required=True).split()),
    )


def _dimension(row: dict[str, str], name: str) -> str:
    """Return our word for a gender, age group or country, "" for any; unknown is not any."""
    text = row.get(name, "").strip()
    if not text or spelling_key(text) in ANY:
        return ""
    words = vocabulary(name)
    code = words.code(text)
    if code is None:
        raise CellError(name, text, words.reason(text))
    if not code:
        raise CellError(name, text, "an unknown group has no estimates: name a group, or leave it blank for any")
    return words.values[code]


def _name(row: dict[str, str]) -> str:
    text = read_text(row, "attribute", LONGEST_VALUE, required=True)
    if spelling_key(text) not in _SPELLINGS:
        raise CellError("attribute", text, f"not an attribute of personas ({', '.join(ATTRIBUTES)})")
    return _SPELLINGS[spelling_key(text)]


def _share(row: dict[str, str]) -> float:
    text = row.get("share", "").strip()
    try:
        return read_share(text)
    except ValueError as error:
        raise CellError("share", text, str(error)) from None


def _key(row: AttributeRow) -> Key:
    return row.attribute, row.gender, row.age_group, row.country, row.value.casefold()
