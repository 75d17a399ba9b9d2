"""Rows in the binary form of PostgreSQL's COPY, both ways: https://www.postgresql.org/docs/current/sql-copy.html. Pure.

Nothing is written as text and read back: several times quicker than the text form, and half as long for bytes.
"""

import json
from collections.abc import Iterable, Sequence
from itertools import chain, repeat
from struct import Struct
from typing import Any

import numpy as np
import numpy.typing as npt

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
FIXED = {"integer": "i", "bigint": "q", "double precision": "d", "boolean": "?"}
VARYING = ("text", "bytea", "jsonb")
_WIDTH = Struct(">h")
_SIZE = Struct(">i")
_NULL = _SIZE.pack(-1)
_JSONB = b"\x01"  # the version of its binary form

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]


def encode(kinds: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """Return rows of plain values as COPY takes them between HEADER and TRAILER; jsonb is given as its text.

    `kinds` names one of FIXED or VARYING for each column.
    """
    if not rows:
        return b""
    parts: list[Iterable[bytes]] = [repeat(_WIDTH.pack(len(kinds)), len(rows))]
    for kind, column in zip(kinds, zip(*rows, strict=True), strict=True):
        parts += _varying(kind, column) if kind in VARYING else [_fixed(kind, column)]
    return b"".join(chain.from_iterable(zip(*parts, strict=True)))


def _fixed(kind: str, column: Sequence[Any]) -> list[bytes]:
    form = Struct(f">i{FIXED[kind]}")
    pack, size = form.pack, form.size - _SIZE.size
    return [_NULL if value is None else pack(size, value) for value in column]


def _varying(kind: str, column: Sequence[Any]) -> tuple[list[bytes], Sequence[bytes]]:
    """Return the sizes and the values apart, so that long values are copied once only."""
    values = column
    if kind != "bytea":
        start = _JSONB if kind == "jsonb" else b""
        values = [None if value is None else start + value.encode() for value in column]
    pack = _SIZE.pack
    if None not in values:
        return [pack(len(value)) for value in values], values
    return [_NULL if value is None else pack(len(value)) for value in values], [value or b"" for value in values]


def decode(kinds: Sequence[str], rows: Sequence[bytes]) -> list[Sequence[Any]]:
    """Return the columns of some rows, each as the bytes that COPY writes of it.

    jsonb comes as what its text says; equal texts give one object.
    Raises ValueError for rows of other kinds, and for a NULL.
    """
    lengths = np.fromiter(map(len, rows), np.int64, len(rows))
    text = np.frombuffer(b"".join(rows), np.uint8)
    begin = np.cumsum(lengths) - lengths
    place = begin + _WIDTH.size
    columns: list[Sequence[Any]] = []
    try:
        for kind in kinds:
            sizes = _numbers(text, place, ">i4").astype(np.int64)
            place = place + _SIZE.size
            columns.append(_column(kind, rows, text, place, sizes, begin))
            place = place + sizes
    except IndexError:
        place = np.full_like(begin, -1)
    if not np.array_equal(place, begin + lengths):
        raise ValueError(f"Rows of COPY are not of the kinds {', '.join(kinds)}.")
    return columns


def _column(
    kind: str, rows: Sequence[bytes], text: Bytes, place: Places, sizes: Places, begin: Places
) -> Sequence[Any]:
    if kind in FIXED:
        form = np.dtype(f">{FIXED[kind]}")
        if (sizes != form.itemsize).any():
            raise ValueError(f"A value of COPY is no {kind}, or NULL.")
        return _numbers(text, place, form).tolist()
    if (sizes < 0).any():
        raise ValueError(f"A {kind} of COPY is NULL.")
    inside = place - begin
    values = [row[a:b] for row, a, b in zip(rows, inside.tolist(), (inside + sizes).tolist(), strict=True)]
    if kind == "bytea":
        return values
    read = {value: value.decode() if kind == "text" else json.loads(value[1:]) for value in set(values)}
    return [read[value] for value in values]


def _numbers(text: Bytes, place: Places, form: npt.DTypeLike) -> npt.NDArray[Any]:
    """Return the numbers that stand at the places."""
    size = np.dtype(form).itemsize
    return text[place[:, None] + np.arange(size)].view(form).ravel()
