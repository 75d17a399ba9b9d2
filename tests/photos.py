"""Pictures, packs and photos for tests, built in code."""

import hashlib
import io
import zipfile

import numpy as np
from django.core.files.base import ContentFile
from PIL import Image

from enrichment.measures.photographs import clean_picture_bytes, thumbnail
from enrichment.measures.places import region_of_countries
from enrichment.measures.resemblance import likeness
from enrichment.models import Photo, PhotoPlace

COLUMNS = "file,gender,age_min,age_max,countries,regions,licence,licence_url,credit,release"
ROW = ",female,25,34,SA,,CC0 1.0,,,signed"


def picture(seed: int = 0, kind: str = "PNG", size=(240, 260), **options) -> bytes:
    """Return a file with a picture that looks like no other of another seed: coarse patches of grey."""
    patches = np.random.default_rng(seed).integers(0, 255, (9, 9, 3), dtype=np.uint8)
    stream = io.BytesIO()
    Image.fromarray(patches).resize(size, Image.Resampling.BICUBIC).save(stream, kind, **options)
    return stream.getvalue()


def manifest(*rows: str, header: str = COLUMNS) -> bytes:
    return "\n".join([header, *rows]).encode()


def pack(files: dict[str, bytes], *rows: str, text: bytes | None = None) -> io.BytesIO:
    """Return a ZIP of the files, with a manifest of the rows; a row is made for each file when none is given."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.csv", text or manifest(*(rows or [name + ROW for name in files])))
        for name, content in files.items():
            archive.writestr(name, content)
    stream.seek(0)
    return stream


def make_photo(organization=None, *, seed: int = 0, places=("SA",), state="approved", **fields) -> Photo:
    """Store a photo; a place is a country's code or a region's slug."""
    raw = picture(seed)
    cleaned = clean_picture_bytes(raw)
    wish = {"gender": "female", "age_min": 25, "age_max": 34, "licence": "CC0 1.0", "release": "signed"} | fields
    photo = Photo(
        organization=organization,
        file_name=f"photo-{seed}.png",
        state=state,
        digest=hashlib.sha256(raw).hexdigest(),
        likeness=f"{likeness(cleaned):032x}",
        **wish,
    )
    photo.image.save("photo.jpg", ContentFile(cleaned), save=False)
    photo.thumbnail.save("small.jpg", ContentFile(thumbnail(cleaned)), save=False)
    photo.save()
    regions = region_of_countries()
    PhotoPlace.objects.bulk_create(
        PhotoPlace(photo=photo, country=place if place in regions else "", region=regions.get(place, place))
        for place in places
    )
    return photo
