"""The tables of archives and files as they come: their names, what is passed over, what is refused."""

import zipfile

import pytest

from sources.connectors.files.export_tables import first_table, tables_of
from sources.connectors.records import FileError
from tests.sources.studio_files import packed

TABLE = b"x,y\n1,2\n"


@pytest.fixture
def saved_archive(tmp_path):
    def save(data):
        path = tmp_path / "some.zip"
        path.write_bytes(data)
        return path

    return save


def with_flags(archive, change):
    """Return the archive with other flags of its members, none of which is an archive."""
    data = bytearray(archive)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := data.find(mark, at + 1)) >= 0:
            flags = int.from_bytes(data[at + place : at + place + 2], "little")
            data[at + place : at + place + 2] = change(flags).to_bytes(2, "little")
    return bytes(data)


def names(path):
    return [table.name for table in tables_of(path)]


def test_folders_and_archives_in_an_archive_are_part_of_the_names(saved_archive):
    files = {"b/c/2.csv": TABLE, "a.zip": packed({"1.csv": TABLE})}
    assert names(saved_archive(packed(files))) == ["a.zip/1.csv", "b/c/2.csv"]


def test_what_a_mac_adds_and_what_is_no_table_is_passed_over(saved_archive):
    others = {"__MACOSX/b/._1.csv": b"\0\5\x16\7", "b/._1.csv": b"\0\5\x16\7", "b/.DS_Store": b"x", "readme.md": b"x"}
    assert names(saved_archive(packed({"b/1.csv": TABLE} | others))) == ["b/1.csv"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_two_tables(saved_archive, tmp_path):
    with zipfile.ZipFile(tmp_path / "some.zip", "w") as archive:
        archive.writestr("1.csv", TABLE)
        archive.writestr("1.csv", b"x,y\n3,4\n")
    assert [table.rows[0].cells[0] for table in tables_of(tmp_path / "some.zip")] == ["1", "3"]


def test_names_are_utf_8_although_an_archive_does_not_say_so(saved_archive):
    silent = with_flags(packed({"Crème brûlée.csv": TABLE}), lambda flags: flags & ~0x800)
    assert not zipfile.ZipFile(saved_archive(silent)).infolist()[0].flag_bits & 0x800
    assert names(saved_archive(silent)) == ["Crème brûlée.csv"]


def test_names_that_are_not_utf_8_stay_what_they_are_read_as(saved_archive):
    old = with_flags(packed({"Cr\u00e8me.csv": TABLE}), lambda flags: flags & ~0x800)
    assert names(saved_archive(old.replace("\u00e8".encode(), b"\x8a_"))) == ["Cr\u00e8_me.csv"]


def test_folders_may_be_parted_as_on_windows(saved_archive):
    assert names(saved_archive(packed({"Downloads\\some\\1.csv": TABLE}))) == ["Downloads/some/1.csv"]


@pytest.mark.parametrize("empty", [b"", b"\xef\xbb\xbf\r\n", b"\xff\xfe"])
def test_an_empty_file_in_an_archive_is_passed_over(saved_archive, empty):
    assert names(saved_archive(packed({"1.csv": TABLE, "2.csv": empty}))) == ["1.csv"]


def test_an_archive_that_unpacks_to_too_much_is_refused(saved_archive, monkeypatch):
    monkeypatch.setattr("sources.connectors.files.export_tables.LARGEST", 1000)
    with pytest.raises(FileError, match="holds more than"):
        tables_of(saved_archive(packed({"a.csv": b"0" * 5000})))


def test_encrypted_members_are_refused_with_their_name(saved_archive):
    locked = saved_archive(with_flags(packed({"a.csv": TABLE}), lambda flags: flags | 1))
    assert zipfile.ZipFile(locked).infolist()[0].flag_bits & 1
    with pytest.raises(FileError, match=r"a\.csv in the archive cannot be unpacked"):
        tables_of(locked)


def test_comment_lines_above_the_header_are_kept_apart(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("# Page report\n# 20261001-20261031\nPage path,Views\n/a,3\n")
    table = first_table(path)
    assert (table.notes, table.header, len(table.rows)) == (
        ["Page report", "20261001-20261031"],
        ["Page path", "Views"],
        1,
    )
