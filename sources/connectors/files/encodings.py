"""A file's bytes as UTF-8 text, whatever they were: compressed or not, and in the encodings that spreadsheets write."""

import codecs
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, cast

from sources.connectors.records import FileError

CHUNK = 16 << 20
FALLBACK = "cp1256"
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\v\x1a\x1b"))
_SIGNATURES = {
    b"PK\x03\x04": "This is a ZIP archive or an Excel workbook. Open it, save the sheet as CSV, and hand that in.",
    b"\xd0\xcf\x11\xe0": "This is an old Excel workbook. Open it, save the sheet as CSV, and hand that in.",
    b"%PDF": "This is a PDF document. Hand in a CSV file.",
    b"\x89PNG": "This is a picture. Hand in a CSV file.",
    b"\xff\xd8\xff": "This is a picture. Hand in a CSV file.",
    b"PAR1": "This is a Parquet file. Hand in a CSV file.",
}
_BINARY = "This is not a text file. Hand in a CSV file, as UTF-8 text."


class TextFile:
    """One file read as UTF-8 in chunks; `encoding` and `position` (bytes of the file on disk) follow the reading."""

    def __init__(self, path: Path, chunk: int = CHUNK) -> None:
        self.size = path.stat().st_size
        self.encoding = "utf-8"
        self._disk = path.open("rb")
        self._bytes = _unpacked(self._disk)
        self._settled = False
        self._chunk = chunk

    def __enter__(self) -> "TextFile":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._disk.close()

    @property
    def position(self) -> int:
        """How far the file on disk has been read, in bytes."""
        return self.size if self._disk.closed else self._disk.tell()

    def chunks(self) -> Iterator[bytes]:
        """Yield the text as UTF-8, without a byte-order mark, lines ended by LF or CRLF."""
        first = self._read()
        _refuse_binary(first)
        if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            self.encoding = "utf-16"
            chunks = self._decoded(first)
        else:
            chunks = self._as_utf8(first.removeprefix(codecs.BOM_UTF8))
        old_mac = None
        for chunk in chunks:
            if b"\0" in chunk:
                raise FileError("The file holds NUL bytes: it is not text, or it is damaged. Hand in a CSV file.")
            old_mac = b"\r" in chunk and b"\n" not in chunk if old_mac is None else old_mac
            yield chunk.replace(b"\r", b"\n") if old_mac else chunk

    def _read(self) -> bytes:
        try:
            return self._bytes.read(self._chunk)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise FileError(
                "The compressed file is damaged or ends too early. Compress it again, or hand it in as plain CSV."
            ) from error

    def _as_utf8(self, first: bytes) -> Iterator[bytes]:
        """ASCII says nothing: the first chunk with more in it settles whether this is UTF-8 or the fallback."""
        chunk = first
        while chunk:
            if not self._settled and not chunk.isascii():
                self._settled = True
                self.encoding = "utf-8" if _mostly_utf8(chunk) else FALLBACK
            yield chunk.decode(FALLBACK).encode() if self.encoding == FALLBACK else chunk
            chunk = self._read()

    def _decoded(self, first: bytes) -> Iterator[bytes]:
        decoder = codecs.getincrementaldecoder("utf-16")()
        chunk = first
        try:
            while chunk:
                yield decoder.decode(chunk).encode()
                chunk = self._read()
            decoder.decode(b"", final=True)
        except UnicodeError as error:
            raise FileError("The file starts as UTF-16 and is damaged further on. Save it again as UTF-8.") from error


def _unpacked(disk: IO[bytes]) -> IO[bytes]:
    """The bytes decide whether a file is gzip, not its name."""
    magic = disk.read(2)
    disk.seek(0)
    return cast(IO[bytes], gzip.GzipFile(fileobj=disk)) if magic == b"\x1f\x8b" else disk


def _refuse_binary(first: bytes) -> None:
    for signature, words in _SIGNATURES.items():
        if first.startswith(signature):
            raise FileError(words)
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return
    sample = first[:65536]
    if b"\0" in sample and sample[1::2].count(0) + sample[::2].count(0) > len(sample) * 0.3:
        raise FileError("The file looks like UTF-16 without a byte-order mark, or is not text. Save it as UTF-8.")
    if b"\0" in sample or len(sample) - len(sample.translate(None, _CONTROLS)) > len(sample) * 0.01:
        raise FileError(_BINARY)
    if not first.removeprefix(codecs.BOM_UTF8).strip():
        raise FileError("The file is empty. It needs a line that names the columns, and rows below it.")


def _mostly_utf8(chunk: bytes) -> bool:
    """A few broken bytes among many good letters are damage; mostly broken ones mean another encoding."""
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(chunk)
    broken = text.count("�")
    return broken == 0 or len(text) - len(text.encode("ascii", "ignore")) - broken > broken
