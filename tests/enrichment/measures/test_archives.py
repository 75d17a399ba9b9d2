"""Archives built to do harm: their files are refused in words, or the whole of them; nothing is extracted."""

import io
import stat
import struct
import zipfile

import pytest

from enrichment.measures import archives
from enrichment.measures.archives import Archive, is_junk
from sources.errors import DataError

CAP = 1000


def archive(*members, method=zipfile.ZIP_DEFLATED) -> io.BytesIO:
    """Return a ZIP of (name or ZipInfo, bytes)."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as pack:
        for name, content in members:
            pack.writestr(name, content)
    return stream


def linked(name: str, kind: int = stat.S_IFLNK) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (kind | 0o777) << 16
    return info


def encrypted(name: str) -> io.BytesIO:
    """Return a ZIP whose only file is marked as encrypted, in both its headers."""
    raw = bytearray(archive((name, b"secret")).getvalue())
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    return io.BytesIO(bytes(raw))


def reason(file: io.BytesIO, name: str) -> str:
    with pytest.raises(DataError) as refusal:
        Archive(file).read(name, CAP)
    return str(refusal.value)


def test_a_good_file_is_read():
    opened = Archive(archive(("a/b.jpg", b"good")))
    assert opened.problems == {"a/b.jpg": ""}
    assert opened.read("a/b.jpg", CAP) == b"good"


@pytest.mark.parametrize(
    "name", ["../slip.jpg", "a/../../slip.jpg", "/etc/passwd", "C:/slip.jpg", "..\\slip.jpg", "a\u202egpj.exe"]
)
def test_a_path_that_leads_out_is_refused(name):
    assert "leads out" in reason(archive((name, b"x")), name)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_a_link_or_a_device_is_refused(kind):
    assert "a link or a device" in reason(archive((linked("l.jpg", kind), b"/etc/passwd")), "l.jpg")


@pytest.mark.parametrize("name", ["inner.zip", "inner.TAR.GZ", "inner.7z"])
def test_an_archive_in_the_archive_is_not_opened(name):
    assert "not opened" in reason(archive((name, archive(("a.jpg", b"x")).getvalue())), name)


def test_an_encrypted_file_is_refused():
    assert "encrypted" in reason(encrypted("a.jpg"), "a.jpg")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_files_of_one_name_are_refused():
    assert "2 files of this name" in reason(archive(("a.jpg", b"1"), ("a.jpg", b"2")), "a.jpg")


def test_a_file_that_unpacks_beyond_the_cap_is_read_no_further():
    assert "larger than" in reason(archive(("bomb.jpg", b"\0" * 50_000_000)), "bomb.jpg")


def test_a_size_that_is_a_lie_does_not_help():
    raw = bytearray(archive(("bomb.jpg", b"\0" * 5_000_000)).getvalue())
    for signature, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = raw.index(signature) + place
        raw[at : at + 4] = struct.pack("<L", 10)
    assert reason(io.BytesIO(bytes(raw)), "bomb.jpg") == "It is damaged in the archive."


def test_an_archive_is_read_up_to_a_total(monkeypatch):
    monkeypatch.setattr(archives, "LARGEST_UNPACKED", 1500)
    opened = Archive(archive(("a.jpg", b"a" * 1000), ("b.jpg", b"b" * 1000)))
    assert len(opened.read("a.jpg", CAP)) == 1000
    with pytest.raises(DataError, match="the rest is not read"):
        opened.read("b.jpg", CAP)


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_an_unusual_method_is_refused(method):
    assert "unusual way" in reason(archive(("a.jpg", b"x" * 99), method=method), "a.jpg")


def test_a_damaged_file_is_refused():
    raw = archive(("a.jpg", b"good" * 9), method=zipfile.ZIP_STORED).getvalue().replace(b"good", b"evil", 1)
    assert "damaged" in reason(io.BytesIO(raw), "a.jpg")


def test_a_monstrous_number_of_files_is_refused():
    stream = archive(*((f"{number}.jpg", b"") for number in range(archives.MOST_MEMBERS + 1)))
    with pytest.raises(DataError, match="5,001 files"):
        Archive(stream)


@pytest.mark.parametrize("comment", [b"", b"a comment"])
def test_a_monstrous_list_is_refused_before_it_is_read(comment):
    raw = bytearray(archive(("a.jpg", b"x")).getvalue())
    at = raw.rindex(b"PK\x05\x06")
    raw[at + 12 : at + 16] = struct.pack("<L", archives.LARGEST_DIRECTORY + 1)
    raw[at + 20 : at + 22] = struct.pack("<H", len(comment))
    with pytest.raises(DataError, match="more than the 5,000 files"):
        Archive(io.BytesIO(bytes(raw) + comment))


def test_the_form_for_giant_archives_is_refused():
    raw = archive(("a.jpg", b"x")).getvalue()
    at = raw.rindex(b"PK\x05\x06")
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, 0, 1)
    with pytest.raises(DataError, match="Split it"):
        Archive(io.BytesIO(raw[:at] + locator + raw[at:]))


@pytest.mark.parametrize(
    "raw", [b"", b"PK\x05\x06", b"no archive" * 99, b"PK\x05\x06" + b"\xff" * 18, b"Rar!\x1a\x07\0"]
)
def test_what_is_no_zip_is_refused_in_words(raw):
    with pytest.raises(DataError, match=r"not a ZIP|Split it"):
        Archive(io.BytesIO(raw))


def test_folders_are_no_files():
    assert Archive(archive(("folder/", b""), ("folder/a.jpg", b"x"))).problems == {"folder/a.jpg": ""}


def test_what_systems_leave_behind_is_known():
    assert all(map(is_junk, ["__MACOSX/._a.jpg", "a/.DS_Store", "Thumbs.db"]))
    assert not is_junk("a/b.jpg")
