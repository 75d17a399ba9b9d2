"""What a checked file hands over: plain frozen records and arrays, and the one error for a file that cannot be used."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.int32]
Offsets = npt.NDArray[np.int64]
Counts = npt.NDArray[np.float64]

DIMENSIONS = ("gender", "age_group", "country")


class FileError(Exception):
    """The whole file cannot be used; the text is for the person who chose it."""


@dataclass(frozen=True)
class Reject:
    """One row left out: where it stands, what is wrong with it, and its cells as they were."""

    line: int
    column: str
    value: str
    reason: str
    row: tuple[str, ...]


@dataclass(frozen=True)
class Duplicate:
    """A row whose content, group and period were already there; its count was added to the first one's."""

    line: int
    first_line: int
    content_id: str
    group: tuple[str, str, str]
    period: str

    def __str__(self) -> str:
        key = ", ".join(part for part in (self.content_id, *self.group, self.period) if part)
        return f"line {self.line} repeats line {self.first_line}: {key}"


@dataclass(frozen=True)
class InteractionColumns:
    """Counts ready to pack, one column per period and content, sorted by period, then content.

    Shapes for n columns and m cells: period_code, content_code, unknown (n,), starts (n + 1,), group_code, count (m,).
    The cells of column i are group_code[starts[i]:starts[i + 1]] (ascending, each group once) and count likewise; a
    count may be 0, for a correction has to name it. unknown is the mass of rows that leave a dimension open, in
    interactions, and NaN where no row does.
    """

    period_code: Codes
    content_code: Codes
    starts: Offsets
    group_code: Codes
    count: Counts
    unknown: Counts

    def __len__(self) -> int:
        return len(self.content_code)


@dataclass(frozen=True)
class CheckedInteractions:
    """An interactions file, every row checked: codes in `columns` index content_ids, groups and periods.

    seeds: for each column the seed that its counts were estimated from, "" where they were measured; empty: all were.
    """

    content_ids: list[str]
    groups: list[tuple[str, str, str]]
    periods: list[str]
    columns: InteractionColumns
    rows_read: int
    accepted: int
    rejected_count: int
    first_rejects: list[Reject]
    reject_file: Path
    duplicates: int
    duplicate_examples: list[Duplicate]
    unknown_mass: float
    unknown_by_dimension: dict[str, float]
    absent_dimensions: tuple[str, ...]
    warnings: list[str] = field(default_factory=list)
    seeds: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class ContentRow:
    """One content unit as a file describes it; "" or None where the file says nothing."""

    external_id: str
    title: str
    description: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    url: str = ""
    thumbnail: str = ""
    published_at: datetime | None = None


@dataclass(frozen=True)
class CommentRow:
    """One comment on a content unit; external_id is "" when the file numbers no comments."""

    content_id: str
    text: str
    external_id: str = ""
    published_at: datetime | None = None
    likes: int = 0


@dataclass(frozen=True)
class AttributeRow:
    """One estimate: the part (0 to 1) of a group that has a value; a blank dimension stands for any, source for whose.

    attribute is one of `attributes.ATTRIBUTES`.
    """

    gender: str
    age_group: str
    country: str
    attribute: str
    value: str
    share: float
    source: str


Row = TypeVar("Row")


@dataclass(frozen=True)
class CheckedTable(Generic[Row]):
    """A file of rows that are no counts, every one checked."""

    rows: list[Row]
    rows_read: int
    accepted: int
    rejected_count: int
    first_rejects: list[Reject]
    reject_file: Path
    duplicates: int
    duplicate_examples: list[str]
    columns: tuple[str, ...]
    warnings: list[str] = field(default_factory=list)


class CheckedContents(CheckedTable[ContentRow]):
    """A contents file; one row per content id, the last one given."""


class CheckedComments(CheckedTable[CommentRow]):
    """A comments file."""


class CheckedAttributes(CheckedTable[AttributeRow]):
    """An attributes file; one row per group, attribute and value, the last one given."""


@dataclass(frozen=True)
class Preview:
    """The first look at a file: mapping goes from our columns to the file's headers.

    `missing` has words for each required column that was not found by its name; they stand in `problems` too.
    Of a platform's export `recognised` says in words what it is; its header and rows are then those that come of it.
    """

    encoding: str
    delimiter: str
    header: list[str]
    mapping: dict[str, str]
    unmapped: list[str]
    sample_rows: list[list[str]]
    problems: list[str]
    recognised: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
