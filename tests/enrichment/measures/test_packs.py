"""Packs file by file: what can be taken, what not and why; and sixteen attacks, none of which gets through."""

import io
import stat
import struct
import zipfile
import zlib

import pytest
from PIL import Image

from enrichment.measures.packs import ACCEPTED, LEFT_OUT, REFUSED, Known, check_pack
from enrichment.measures.photographs import LARGEST_BYTES
from enrichment.measures.resemblance import likeness
from sources.errors import DataError
from tests.photos import ROW, manifest, pack, picture


def silent(stage: str, done: int, total: int) -> None:
    pass


def verdicts(file: io.BytesIO, known: Known | None = None) -> dict:
    return {verdict.file: verdict for verdict in check_pack(file, known or Known(), silent)}


def only(file: io.BytesIO, name: str = "a.jpg"):
    return verdicts(file)[name]


def gif() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (300, 300)).save(stream, "GIF")
    return stream.getvalue()


def moving() -> bytes:
    frames = [Image.new("RGB", (300, 300), colour) for colour in ("red", "blue")]
    stream = io.BytesIO()
    frames[0].save(stream, "PNG", save_all=True, append_images=frames[1:], duration=100)
    return stream.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def pixel_bomb() -> bytes:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + body


def text_bomb() -> bytes:
    whole = picture()
    return whole[:33] + chunk(b"zTXt", b"note\0\0" + zlib.compress(b"a" * 2**26)) + whole[33:]


def test_a_good_pack_is_accepted_whole():
    found = verdicts(pack({"a.jpg": picture(1, "JPEG"), "b.png": picture(2), "c.webp": picture(3, "WEBP")}))
    assert {verdict.outcome for verdict in found.values()} == {ACCEPTED}
    assert {verdict.line for verdict in found.values()} == {2, 3, 4}
    assert all(verdict.picture.startswith(b"\xff\xd8") and not verdict.notes for verdict in found.values())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (pixel_bomb(), "cannot be read"),
        (text_bomb(), "cannot be read"),
        (moving(), "moves"),
        (picture(size=(199, 300)), "at least 200"),
        (gif(), "cannot be read"),
        (b"MZ\x90\0 an executable", "cannot be read"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "cannot be read"),
        (b"\0" * (LARGEST_BYTES + 1), "larger than 8 MB"),
        (pack({"b.jpg": picture()}).getvalue(), "cannot be read"),
    ],
    ids=["pixel bomb", "text bomb", "moving", "tiny", "gif", "program", "svg", "zip bomb", "archive as picture"],
)
def test_a_hostile_picture_is_refused_and_the_rest_is_taken(content, words):
    found = verdicts(pack({"a.jpg": content, "good.png": picture(5)}))
    assert found["a.jpg"].outcome == REFUSED
    assert words in found["a.jpg"].reason
    assert found["good.png"].outcome == ACCEPTED


def test_neither_place_nor_script_of_a_polyglot_survives():
    exif = Image.Exif()
    exif[0x010E] = "at home"
    exif.get_ifd(0x8825)[1] = "N"
    raw = picture(1, "JPEG", exif=exif, comment=b"secret place") + b"<?php system(1); ?>PK\x03\x04"
    made = only(pack({"a.jpg": raw})).picture
    assert not Image.open(io.BytesIO(made)).getexif()
    assert not [part for part in (b"at home", b"secret", b"php", b"PK\x03\x04") if part in made]


@pytest.mark.parametrize(
    ("name", "words"),
    [("../a.jpg", "leads out"), ("/a.jpg", "leads out"), ("inner.zip", "not opened"), ("x.jpg", "does not name")],
)
def test_files_that_the_manifest_does_not_name_are_told_with_their_reason(name, words):
    found = verdicts(pack({"a.jpg": picture(), name: picture(1)}, "a.jpg" + ROW))
    assert (found[name].outcome, found["a.jpg"].outcome) == (REFUSED, ACCEPTED)
    assert words in found[name].reason


def test_a_slip_that_the_manifest_names_is_refused():
    assert "leads out" in only(pack({"../a.jpg": picture()}), "../a.jpg").reason


def test_a_link_that_the_manifest_names_is_refused():
    stream = pack({}, "a.jpg" + ROW)
    link = zipfile.ZipInfo("a.jpg")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    assert "a link or a device" in only(stream).reason


def test_a_true_picture_under_another_extension_is_taken_for_what_it_is():
    assert only(pack({"a.jpg": picture(1, "PNG")})).outcome == ACCEPTED


def test_what_systems_leave_behind_is_left_out():
    found = verdicts(pack({"a.jpg": picture(), "__MACOSX/._a.jpg": b"x"}, "a.jpg" + ROW))
    assert found["__MACOSX/._a.jpg"].outcome == LEFT_OUT


def test_a_folder_around_everything_does_not_matter():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("pack/manifest.csv", manifest("a.jpg" + ROW))
        archive.writestr("pack/a.jpg", picture())
    assert [(verdict.file, verdict.outcome) for verdict in check_pack(stream, Known(), silent)] == [("a.jpg", ACCEPTED)]


@pytest.mark.parametrize(
    ("name", "told"), [("e\u0301.jpg", "\u00e9.jpg"), ("b/a.jpg", "b\\a.jpg"), ("a.jpg", "./a.jpg")]
)
def test_names_are_the_same_however_systems_write_them(name, told):
    (verdict,) = check_pack(pack({name: picture()}, told + ROW), Known(), silent)
    assert verdict.outcome == ACCEPTED


def test_rows_without_a_file_and_rows_that_name_one_twice_are_refused():
    found = list(
        check_pack(pack({"a.jpg": picture()}, "gone.jpg" + ROW, "a.jpg" + ROW, "a.jpg" + ROW), Known(), silent)
    )
    assert [verdict.outcome for verdict in found] == [REFUSED, ACCEPTED, REFUSED]
    assert "not in the archive" in found[0].reason
    assert "earlier row" in found[2].reason


def test_the_same_file_under_another_name_is_refused():
    assert (
        "the same file as a.jpg of this pack" in only(pack({"a.jpg": picture(1), "b.jpg": picture(1)}), "b.jpg").reason
    )


def test_a_picture_that_looks_the_same_is_noted():
    found = verdicts(pack({"a.jpg": picture(1), "b.jpg": picture(1, "JPEG", quality=60), "c.jpg": picture(2)}))
    assert found["b.jpg"].outcome == ACCEPTED
    assert found["b.jpg"].notes == ("It looks the same as a.jpg of this pack.",)
    assert found["c.jpg"].notes == ()


def test_a_pack_is_compared_with_the_library():
    known = Known()
    known.add("other", likeness(picture(1)), "photo 7 of the library")
    (note,) = verdicts(pack({"a.jpg": picture(1)}), known)["a.jpg"].notes
    assert "photo 7 of the library" in note


def test_a_missing_release_is_noted():
    (note,) = only(pack({"a.jpg": picture()}, "a.jpg" + ROW.replace("signed", "no"))).notes
    assert "model release" in note


def test_the_check_tells_how_far_it_is():
    told = []
    list(check_pack(pack({"a.jpg": picture(1), "b.jpg": picture(2)}), Known(), lambda *words: told.append(words)))
    assert told == [("check", 0, 2), ("check", 1, 2), ("check", 2, 2)]


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (io.BytesIO(b"no zip"), "not a ZIP"),
        (pack({"a.jpg": picture()}, text=b"file\n"), "has no column"),
        (pack({"b/manifest.csv": b"x"}, "a.jpg" + ROW), "several files called manifest.csv"),
    ],
    ids=["no archive", "bad manifest", "two manifests"],
)
def test_a_pack_that_cannot_be_used_is_refused_in_words(file, words):
    with pytest.raises(DataError, match=words):
        list(check_pack(file, Known(), silent))


def test_an_archive_without_a_manifest_is_refused_in_words():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.jpg", picture())
    with pytest.raises(DataError, match=r"holds no manifest\.csv"):
        list(check_pack(stream, Known(), silent))
