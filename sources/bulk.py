"""Writing and reading many rows at once: the only module that knows which database it talks to."""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, islice
from types import SimpleNamespace
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models, transaction
from django.db.models.functions import Collate

from sources.copying import HEADER, TRAILER, decode, encode

CHUNK = 20_000
READ_CHUNK = 5_000
MANY = 50_000  # rows that change how a table is best read
SENT = 1 << 20  # bytes handed to the driver at a time

Columns = tuple[int, Iterator[list[Sequence[Any]]]]


def insert(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of plain values (str, int, float, bool, bytes, None; JSON as text) into the columns of the fields.

    COPY on PostgreSQL, `executemany` on SQLite. Nothing is validated here and no default is filled in: the rows come
    checked, and name every column that may not be empty. They are drawn while the database writes, so that making
    them may not ask it for anything.
    """
    write = _copy_in if connection.vendor == "postgresql" else _execute_many
    write(connection.ops.quote_name(model._meta.db_table), [model._meta.get_field(name) for name in fields], rows)


def columns(rows: models.QuerySet) -> Columns:
    """Return how many rows a `values_list` of concrete fields has, and these in chunks: a sequence of values per field.

    The values are plain (JSON is parsed, other types are as the database gives them) and none is NULL. They are read at
    once, as of one moment, so that the reader may ask and write between the chunks.
    """
    fields = [column.target for column in rows.query.select]
    try:
        sql, parameters = rows.query.sql_with_params()
    except EmptyResultSet:
        return 0, iter(())
    return (_copy_out if connection.vendor == "postgresql" else _fetch)(sql, parameters, fields)


def in_code_points(field: str) -> Collate:
    """Return a field of text that is compared character by character, in the order that Python has, too."""
    return Collate(field, "C" if connection.vendor == "postgresql" else "BINARY")


def delete(model: type[models.Model], ids: Iterable[int]) -> None:
    """Delete rows by primary key, in chunks that every database takes."""
    for chunk in _chunks(ids, CHUNK):
        model._default_manager.filter(pk__in=chunk)._raw_delete(connection.alias)


def _chunks(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    waiting = iter(items)
    while chunk := list(islice(waiting, size)):
        yield chunk


def _names(fields: Iterable[models.Field]) -> str:
    return ", ".join(connection.ops.quote_name(field.column) for field in fields)


def _execute_many(table: str, fields: list[models.Field], rows: Iterable[Sequence[Any]]) -> None:
    marks = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {table} ({_names(fields)}) VALUES ({marks})"  # noqa: S608 - our own names
    with connection.cursor() as cursor:
        for chunk in _chunks(rows, CHUNK):  # given an iterator, Django's cursor would hold all that it has passed
            cursor.executemany(statement, chunk)


def _fetch(sql: str, parameters: Sequence[Any], fields: list[models.Field]) -> Columns:
    chunks: list[list[Sequence[Any]]] = []
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        while rows := cursor.fetchmany(READ_CHUNK):
            chunks.append(list(zip(*rows, strict=True)))
    return sum(len(chunk[0]) for chunk in chunks), (_parsed(chunk, fields) for chunk in _let_go(chunks))


def _parsed(columns: list[Sequence[Any]], fields: list[models.Field]) -> list[Sequence[Any]]:
    for place, field in enumerate(fields):
        if isinstance(field, models.JSONField):
            read = {text: json.loads(text) for text in set(columns[place])}
            columns[place] = [read[text] for text in columns[place]]
    return columns


def _copy_in(table: str, fields: list[models.Field], rows: Iterable[Sequence[Any]]) -> None:
    kinds = _kinds(fields)
    encoded = (encode(kinds, chunk) for chunk in _chunks(rows, READ_CHUNK))
    with connection.cursor() as cursor:
        source = _Stream(chain([HEADER], filter(None, encoded), [TRAILER]))
        try:
            cursor.copy_expert(f"COPY {table} ({_names(fields)}) FROM STDIN (FORMAT binary)", source, SENT)
        except Exception as error:
            raise source.failure or error from None
        many = cursor.rowcount >= MANY
    if many:
        transaction.on_commit(partial(_take_statistics, table), robust=True)


def _take_statistics(table: str) -> None:
    """Tell the planner what has come: by itself it hears of it a minute later, and sorts on disk until then."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {table}")


def _copy_out(sql: str, parameters: Sequence[Any], fields: list[models.Field]) -> Columns:
    kinds, messages = _kinds(fields), list[bytes]()
    with connection.cursor() as cursor:
        select = cursor.mogrify(sql, parameters).decode()
        cursor.copy_expert(f"COPY ({select}) TO STDOUT (FORMAT binary)", SimpleNamespace(write=messages.append))
    # One message holds one row, says the protocol; the header comes before the first, the trailer after the last.
    messages[0] = messages[0].removeprefix(HEADER)
    rows = [message for message in messages if message not in (b"", TRAILER)]
    chunks = [rows[start : start + READ_CHUNK] for start in range(0, len(rows), READ_CHUNK)]
    return len(rows), (decode(kinds, chunk) for chunk in _let_go(chunks))


def _let_go(chunks: list[Any]) -> Iterator[Any]:
    """Yield the chunks and keep none of them."""
    chunks.reverse()
    while chunks:
        yield chunks.pop()


def _kinds(fields: Iterable[models.Field]) -> list[str]:
    """Return the kinds of the columns in the words of `copying`."""
    kinds = (str(field.db_type(connection)) for field in fields)
    return ["text" if kind.startswith("varchar") else kind for kind in kinds]


class _Stream:
    """What the driver reads from, some bytes at a call; it hides what goes wrong there, and `failure` keeps that."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self.failure: BaseException | None = None
        self._parts, self._rest = parts, b""

    def read(self, size: int) -> bytes:
        try:
            self._rest = self._rest or next(self._parts, b"")
        except BaseException as failure:
            self.failure = failure
            raise
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken
