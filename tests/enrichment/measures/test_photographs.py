"""Photos that people hand in: the good ones are drawn anew, all others are refused in words."""

import io
import struct
import zlib

import pytest
from PIL import Image

from enrichment.measures.photographs import LARGEST_BYTES, clean_picture, thumbnail
from sources.errors import DataError


def picture(kind="PNG", size=(300, 400), mode="RGB", colour="teal", **options) -> io.BytesIO:
    stream = io.BytesIO()
    Image.new(mode, size, colour).save(stream, kind, **options)
    stream.seek(0)
    return stream


def opened(raw: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(raw))
    image.load()
    return image


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_picture_becomes_a_square_jpeg(kind, mode):
    made = opened(clean_picture(picture(kind, mode=mode, colour=100 if mode == "L" else "teal")))
    assert (made.format, made.size, made.mode) == ("JPEG", (512, 512), "RGB")


def test_what_is_transparent_becomes_white():
    made = opened(clean_picture(picture(mode="RGBA", colour=(0, 0, 0, 0))))
    assert made.getpixel((256, 256)) == (255, 255, 255)


def test_a_palette_with_a_transparent_colour_becomes_white_there():
    paletted = Image.new("P", (300, 300), 0)
    paletted.putpalette([0, 0, 0] * 256)
    stream = io.BytesIO()
    paletted.save(stream, "PNG", transparency=0)
    assert opened(clean_picture(io.BytesIO(stream.getvalue()))).getpixel((9, 9)) == (255, 255, 255)


def test_no_metadata_survives():
    exif = Image.Exif()
    exif[0x010E] = "at home"
    exif.get_ifd(0x8825)[1] = "N"
    made = clean_picture(picture("JPEG", exif=exif, comment=b"secret place"))
    assert not opened(made).getexif()
    assert b"at home" not in made
    assert b"secret place" not in made


def test_what_hangs_behind_a_picture_is_cut_off():
    hidden = picture().getvalue() + b"<script>alert(1)</script>PK\x03\x04"
    assert b"script" not in clean_picture(io.BytesIO(hidden))


def test_a_picture_taken_sideways_is_set_upright():
    sideways = Image.new("RGB", (400, 400), "red")
    sideways.paste("blue", (0, 0, 200, 400))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter, clockwise: left becomes top
    stream = io.BytesIO()
    sideways.save(stream, "PNG", exif=exif)
    made = opened(clean_picture(io.BytesIO(stream.getvalue())))
    top, bottom = made.getpixel((256, 50)), made.getpixel((256, 460))
    assert top[2] > 200 > top[0]
    assert bottom[0] > 200 > bottom[2]


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (picture(size=(199, 400)), "at least 200"),
        (picture(size=(5001, 5000), mode="L", colour=0), "25,000,000"),
        (picture("GIF"), "cannot be read"),
        (picture("TIFF"), "cannot be read"),
        (picture("BMP"), "cannot be read"),
        (io.BytesIO(b""), "cannot be read"),
        (io.BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "cannot be read"),
        (io.BytesIO(b"\xff\xd8\xff\xe0 not really"), "cannot be read"),
        (io.BytesIO(picture("JPEG", size=(600, 600)).getvalue()[:600]), "cannot be read"),
        (io.BytesIO(b"\x00" * (LARGEST_BYTES + 1)), "larger than 8 MB"),
    ],
    ids=["small", "huge", "gif", "tiff", "bmp", "empty", "svg", "liar", "cut", "heavy"],
)
def test_what_cannot_be_used_is_refused_in_words(file, words):
    file.seek(0)
    with pytest.raises(DataError, match=words):
        clean_picture(file)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_picture_that_moves_is_refused(kind):
    frames = [Image.new("RGB", (300, 300), colour) for colour in ("red", "blue")]
    stream = io.BytesIO()
    frames[0].save(stream, kind, save_all=True, append_images=frames[1:], duration=100)
    with pytest.raises(DataError, match="moves"):
        clean_picture(io.BytesIO(stream.getvalue()))


def test_a_photo_of_a_telephone_with_a_technical_picture_behind_it_is_a_still_one():
    photo, depth = Image.new("RGB", (300, 400), "teal"), Image.new("RGB", (300, 400), "red")
    stream = io.BytesIO()
    photo.save(stream, "MPO", save_all=True, append_images=[depth])
    made = opened(clean_picture(io.BytesIO(stream.getvalue())))
    assert made.getpixel((256, 256))[0] < 20


def test_a_thumbnail_is_small_and_a_jpeg():
    small = opened(thumbnail(clean_picture(picture())))
    assert (small.format, small.size) == ("JPEG", (192, 192))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def test_a_picture_that_claims_a_monstrous_size_is_refused():
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(b"\x00" * 100))
        + _chunk(b"IEND", b"")
    )
    with pytest.raises(DataError):
        clean_picture(io.BytesIO(bomb))


def test_a_text_that_grows_when_it_is_unpacked_is_refused():
    text = _chunk(b"zTXt", b"note\x00\x00" + zlib.compress(b"a" * 2**26))
    whole = picture().getvalue()
    with pytest.raises(DataError, match="cannot be read"):
        clean_picture(io.BytesIO(whole[:33] + text + whole[33:]))
