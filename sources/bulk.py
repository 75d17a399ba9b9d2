"""Writing many rows at once: the only module that knows which database it talks to."""

import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import connection, models

CHUNK = 20_000


def insert(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of plain values (str, int, float, bool, bytes, None) into the columns of the named fields.

    COPY on PostgreSQL, `executemany` on SQLite. Nothing is validated here and no default is filled in: the rows come
    checked, and name every column that may not be empty.
    """
    write = _copy if connection.vendor == "postgresql" else _execute_many
    table = connection.ops.quote_name(model._meta.db_table)
    columns = [model._meta.get_field(name).column for name in fields]
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    for chunk in _chunks(rows):
        write(table, names, len(columns), chunk)


def delete(model: type[models.Model], ids: Iterable[int]) -> None:
    """Delete rows by primary key, in chunks that every database takes."""
    for chunk in _chunks(ids):
        model._default_manager.filter(pk__in=chunk)._raw_delete(connection.alias)


def _chunks(items: Iterable[Any]) -> Iterator[list[Any]]:
    waiting = iter(items)
    while chunk := list(islice(waiting, CHUNK)):
        yield chunk


def _execute_many(table: str, names: str, width: int, rows: list[Sequence[Any]]) -> None:
    marks = ", ".join(["%s"] * width)
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608 - our own names


def _copy(table: str, names: str, width: int, rows: list[Sequence[Any]]) -> None:
    lines = io.BytesIO(b"".join(b"\t".join(map(_cell, row)) + b"\n" for row in rows))
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", lines)


def _cell(value: Any) -> bytes:
    """Return one value in the text form of COPY."""
    if value is None:
        return rb"\N"
    if isinstance(value, bytes):
        return b"\\\\x" + value.hex().encode()
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
        return escaped.encode()
    return str(value).encode()
