"""A block of rows as dictionary-encoded columns: quickly with pyarrow, row by row where a block is odd."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pa_csv

from sources.connectors.files.blocks import Block, Record, parse_line, records
from sources.connectors.files.layout import Layout

WORKERS = 2
Lines = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Table:
    """The rows of one block: lines (n,), a dictionary-encoded array (n,) per column, and the rows that are none."""

    lines: Lines
    columns: dict[str, pa.DictionaryArray]
    broken: list[Record]
    block: Block
    delimiter: str
    slow: list[Record] | None = None

    def cells(self, rows: Iterable[int]) -> Iterator[list[str]]:
        """Yield the raw cells of the given rows, in their order."""
        if self.slow is not None:
            yield from (self.slow[row].cells for row in rows)
            return
        lines = self.block.data.split(b"\n")
        yield from (parse_line(lines[self.lines[row] - self.block.first_line], self.delimiter) for row in rows)


def tables(blocks: Iterable[Block], layout: Layout) -> Iterator[Table]:
    """Yield each block's table in order, two being parsed ahead in threads."""
    waiting: deque[Future[Table]] = deque()
    with ThreadPoolExecutor(WORKERS) as pool:
        for block in blocks:
            waiting.append(pool.submit(read_table, block, layout))
            if len(waiting) > WORKERS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def read_table(block: Block, layout: Layout) -> Table:
    """Return the block's table; lines are the file's own whatever stands between the rows."""
    if _is_plain(block.data):
        table = _quickly(block, layout)
        if table is not None:
            return table
    return _slowly(block, layout)


def _is_plain(data: bytes) -> bool:
    """Tell whether every CR belongs to a CRLF and the text is sound; pyarrow loses some rows that are not."""
    if b"\r" in data and data.count(b"\r") != data.count(b"\r\n"):
        return False
    try:
        return data.isascii() or bool(data.decode())
    except UnicodeDecodeError:
        return False


def _quickly(block: Block, layout: Layout) -> Table | None:
    """Return None when a row of this block is not exactly one line, or its text is damaged."""
    invalid: list[tuple[int, str]] = []

    def note(row: pa_csv.InvalidRow) -> str:
        invalid.append((row.number - 1, row.text))
        return "skip"

    names = [str(position) for position in range(layout.width)]
    wanted = {name: names[position] for name, position in layout.positions.items()}
    text = pa.dictionary(pa.int32(), pa.string())
    try:
        parsed = pa_csv.read_csv(
            pa.BufferReader(block.data),
            pa_csv.ReadOptions(use_threads=False, block_size=len(block.data) + 1, column_names=names),
            pa_csv.ParseOptions(
                delimiter=layout.delimiter, ignore_empty_lines=False, newlines_in_values=True, invalid_row_handler=note
            ),
            pa_csv.ConvertOptions(
                include_columns=list(wanted.values()),
                column_types=dict.fromkeys(wanted.values(), text),
                null_values=[],
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None
    count = block.line_ends + (not block.data.endswith(b"\n"))
    if parsed.num_rows + len(invalid) != count:
        return None
    lines = np.delete(np.arange(count), [row for row, _ in invalid]) + block.first_line
    broken = [
        _misfit(block.first_line + row, parse_line(line.encode(), layout.delimiter), layout) for row, line in invalid
    ]
    arrays = {name: parsed.column(column).combine_chunks() for name, column in wanted.items()}
    return Table(lines, arrays, [record for record in broken if _said(record)], block, layout.delimiter)


def _slowly(block: Block, layout: Layout) -> Table:
    good: list[Record] = []
    broken: list[Record] = []
    for record in records(block, layout.delimiter):
        if not record.problem and len(record.cells) == layout.width:
            good.append(record)
        else:
            broken.append(record if record.problem else _misfit(record.line, record.cells, layout))
    arrays = {
        name: pa.array([record.cells[position] for record in good], pa.string()).dictionary_encode()
        for name, position in layout.positions.items()
    }
    lines = np.array([record.line for record in good], dtype=np.int64)
    return Table(lines, arrays, broken, block, layout.delimiter, good)


def _misfit(line: int, cells: list[str], layout: Layout) -> Record:
    return Record(line, cells, f"the row has {len(cells)} cells, the header {layout.width}")


def _said(record: Record) -> bool:
    return any(cell.strip() for cell in record.cells)
