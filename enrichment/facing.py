"""A picture for a face: a photo of the library, or the illustration that is always to be had."""

from dataclasses import dataclass

from enrichment.library import PhotoLibrary
from enrichment.measures import demographics, picturing
from enrichment.measures.choosing import Wanted
from enrichment.measures.shortages import people
from sources.countries import place_name

AGE_FOR_DRAWING = 35  # years; for an audience whose ages nobody knows
BAND_FOR_PHOTO = "35-44"  # the band of that age: somebody grown up
ILLUSTRATION = "Illustration (Open Peeps by Pablo Stanley, CC0 1.0). A fictional person."
PHOTO = "Photo ({right}). A fictional person."


@dataclass(frozen=True)
class Picture:
    """A JPEG or PNG, where it comes from, and of a photo its key in the library and the gender that it shows."""

    content: bytes
    origin: str
    photo: int | None = None
    gender: str = ""

    @property
    def file_name(self) -> str:
        return "face.png" if self.photo is None else "face.jpg"


def picture_of(
    *, gender: str, age: int | None, age_group: str, place: str, key: str, library: PhotoLibrary | None = None
) -> Picture:
    """Return a photo that fits and that nobody in the organization has, else an illustration.

    `place` is an ISO alpha-2 code or the slug of a region, `age` in years; blank and None: unknown.
    """
    wanted = Wanted(gender, age_group or BAND_FOR_PHOTO, place)
    found = library.choose(wanted, key) if library else None
    if found is not None:
        _, photo, content = found
        return Picture(content, PHOTO.format(right=photo.right), photo.pk, photo.gender)
    years = age or demographics.choose_age(age_group, {}, key) or AGE_FOR_DRAWING
    content = picturing.draw_picture(gender=gender, age=years, country=wanted.country, key=key)
    return Picture(content, f"{ILLUSTRATION} {_lack(wanted)}" if library else ILLUSTRATION)


def _lack(wanted: Wanted) -> str:
    """Say, of a library that is not empty, what it lacked when this picture was chosen."""
    return f"The library had no free photo of {people(wanted.gender, wanted.age_group)}{_in_place(wanted.region)}."


def _in_place(region: str) -> str:
    return f" in {place_name(region)}" if region else ""
