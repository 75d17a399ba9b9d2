"""Photos that people hand in, made safe: looked at without trust, then drawn anew without anything hidden in them."""

import io
import warnings
from typing import BinaryIO

from PIL import Image, ImageOps

from sources.errors import DataError

LARGEST_BYTES = 8 * 2**20
LARGEST_PIXELS = 25_000_000
SMALLEST_SIDE = 200
SIDE = 512
THUMBNAIL_SIDE = 192  # twice the 96 pixels of a card, for sharp screens
CENTRE = (0.5, 0.35)  # where faces are
QUALITY = 86
FORMATS = ("JPEG", "PNG", "WEBP")
UNREADABLE = (
    "This file cannot be read as a JPEG, PNG or WEBP picture. Save it again in a picture program, or use another."
)


def clean_picture(file: BinaryIO) -> bytes:
    """Return the picture in an open file as `clean_picture_bytes` does, reading no more than that takes."""
    return clean_picture_bytes(file.read(LARGEST_BYTES + 1))


def clean_picture_bytes(raw: bytes) -> bytes:
    """Return the picture as a JPEG of 512 x 512 pixels without metadata.

    Raises DataError with words when the file is no picture, moves, or is too large or too small.
    """
    if len(raw) > LARGEST_BYTES:
        raise DataError(f"This picture is larger than {LARGEST_BYTES // 2**20} MB. Save it smaller.")
    try:
        with warnings.catch_warnings():
            # A picture that grows beyond all measure when it is opened is refused, not only remarked upon.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _drawn_anew(raw)
    except DataError:
        raise
    except Exception as error:
        # Pillow answers hostile files with nearly every kind of exception.
        raise DataError(UNREADABLE) from error


def thumbnail(cleaned: bytes) -> bytes:
    """Return a cleaned picture as a JPEG of 192 x 192 pixels, to be shown among many."""
    with Image.open(io.BytesIO(cleaned), formats=("JPEG",)) as picture:
        return _as_jpeg(picture.resize((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS))


def _drawn_anew(raw: bytes) -> bytes:
    with Image.open(io.BytesIO(raw), formats=FORMATS) as picture:
        _refuse_unfit(picture)
        picture.verify()
    with Image.open(io.BytesIO(raw), formats=FORMATS) as picture:
        square = ImageOps.fit(_flat(ImageOps.exif_transpose(picture)), (SIDE, SIDE), centering=CENTRE)
    clean = Image.new("RGB", square.size)
    clean.paste(square)
    return _as_jpeg(clean)


def _as_jpeg(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=QUALITY, optimize=True)
    return stream.getvalue()


def _refuse_unfit(picture: Image.Image) -> None:
    width, height = picture.size
    if width * height > LARGEST_PIXELS:
        raise DataError(f"This picture has {width} x {height} pixels; up to {LARGEST_PIXELS:,} in all can be used.")
    if min(width, height) < SMALLEST_SIDE:
        raise DataError(f"This picture has {width} x {height} pixels; each side needs at least {SMALLEST_SIDE}.")
    # Telephones put a second, technical picture behind the photo (MPO): the first is the photo, and still.
    if getattr(picture, "is_animated", False) and picture.format != "MPO":
        raise DataError("This picture moves. Use a still one.")


def _flat(picture: Image.Image) -> Image.Image:
    """Return the picture in plain colours, on white where it is transparent."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layered = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layered.size, "white"), layered).convert("RGB")
