"""ZIP archives that people hand in: looked at without trust, read in memory within limits, never extracted."""

import stat
import struct
import unicodedata
import zipfile
from collections import Counter
from typing import BinaryIO

from sources.errors import DataError

MOST_MEMBERS = 5_000
LARGEST_DIRECTORY = 4 * 2**20  # bytes of the list of members: about 800 for each
LARGEST_UNPACKED = 4 * 2**30  # bytes that are read of one archive, whatever it says of itself
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others may ask for gigabytes of memory
ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".jar")
JUNK = (".ds_store", "thumbs.db", "desktop.ini")
END, END_SIZE, LONGEST_COMMENT = b"PK\x05\x06", 22, 65_535
LOCATOR, LOCATOR_SIZE = b"PK\x06\x07", 20
NO_ARCHIVE = "This file is not a ZIP archive, or it is damaged. Pack the pictures and manifest.csv into a ZIP."


class Archive:
    """The files of a ZIP by name, each with the reason why it cannot be read, blank when it can."""

    def __init__(self, file: BinaryIO) -> None:
        """Raise DataError when the file is no ZIP or holds more than can be right."""
        _refuse_monstrous_directory(file)
        try:
            self._zip = zipfile.ZipFile(file)
        except Exception as error:  # zipfile answers hostile files with several kinds
            raise DataError(NO_ARCHIVE) from error
        infos = [info for info in self._zip.infolist() if not info.is_dir()]
        if len(infos) > MOST_MEMBERS:
            raise DataError(f"This archive holds {len(infos):,} files; up to {MOST_MEMBERS:,} can be read. Split it.")
        # Some systems write é as one sign, some as two: names are compared in one form.
        self._infos = {unicodedata.normalize("NFC", info.filename): info for info in infos}
        times = Counter(unicodedata.normalize("NFC", info.filename) for info in infos)
        self._left = LARGEST_UNPACKED
        self.problems = {name: _problem(info, times[name]) for name, info in self._infos.items()}

    def read(self, name: str, most: int) -> bytes:
        """Return a file's bytes; DataError when it has a problem, is larger than `most` bytes or damaged."""
        if self.problems[name]:
            raise DataError(self.problems[name])
        most = min(most, self._left)
        try:
            with self._zip.open(self._infos[name]) as stream:
                raw = stream.read(most + 1)
        except Exception as error:
            raise DataError("It is damaged in the archive.") from error
        self._left -= len(raw)
        if len(raw) <= most:
            return raw
        if self._left <= 0:
            raise DataError(f"The archive unpacks to more than {LARGEST_UNPACKED // 2**30} GB; the rest is not read.")
        raise DataError(f"It is larger than {most // 2**20} MB.")


def is_junk(name: str) -> bool:
    """Whether an operating system put this file there by itself."""
    *folders, last = name.split("/")
    return "__MACOSX" in folders or last.lower() in JUNK or last.startswith("._")


def _problem(info: zipfile.ZipInfo, times: int) -> str:
    name = info.filename
    if _leads_astray(name):
        return "Its path leads out of the archive."
    if times > 1:
        return f"The archive holds {times} files of this name: it is not clear which one is meant."
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
        return "It is a link or a device, not a file."
    if info.flag_bits & 0x1:
        return "It is encrypted. Pack it without a password."
    if name.lower().endswith(ARCHIVES):
        return "It is an archive in the archive, which is not opened."
    if info.compress_type not in METHODS:
        return "It is packed in an unusual way. Use the ordinary ZIP method (deflate)."
    return ""


def _leads_astray(name: str) -> bool:
    parts = name.split("/")
    return name.startswith("/") or ".." in parts or "\\" in name or ":" in parts[0] or not name.isprintable()


def _refuse_monstrous_directory(file: BinaryIO) -> None:
    """Refuse what would take gigabytes only to be listed, before it is listed.

    The record at an archive's end says how large the list of its members is (APPNOTE.TXT 4.3.16); its 64-bit form is
    for archives larger than we take.
    """
    size = file.seek(0, 2)
    file.seek(max(0, size - END_SIZE - LOCATOR_SIZE - LONGEST_COMMENT))
    tail = file.read()
    file.seek(0)
    # As zipfile looks for it: at the very end first, then before a comment.
    at = len(tail) - END_SIZE
    if at < 0 or tail[at : at + 4] != END or tail[-2:] != b"\0\0":
        at = tail.rfind(END)
    if at < 0 or at + END_SIZE > len(tail):
        raise DataError(NO_ARCHIVE)
    (listed,) = struct.unpack_from("<L", tail, at + 12)
    is_64 = tail[max(0, at - LOCATOR_SIZE) : at].startswith(LOCATOR)
    if is_64 or listed > LARGEST_DIRECTORY:
        raise DataError(f"This archive holds more than the {MOST_MEMBERS:,} files that can be read. Split it.")
