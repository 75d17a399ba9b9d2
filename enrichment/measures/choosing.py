"""Which photo of the library becomes the face of a group: the nearest that fits, and nobody's twice."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from enrichment.measures.chance import number
from enrichment.measures.places import region_of_countries
from enrichment.measures.resemblance import is_near
from sources.connectors.vocabulary import AGE_GROUPS

COUNTRY, REGION, NEIGHBOUR = "country", "region", "neighbour"
LEVELS = (COUNTRY, REGION, NEIGHBOUR)


@dataclass(frozen=True)
class Wanted:
    """A group that looks for a face; a blank field is one that the data does not say, and anything fits it.

    `place` is the ISO alpha-2 code of a country, or the slug of a region.
    """

    gender: str
    age_group: str
    place: str

    @property
    def country(self) -> str:
        return self.place if self.place in region_of_countries() else ""

    @property
    def region(self) -> str:
        return region_of_countries().get(self.place, self.place)


@dataclass(frozen=True)
class Candidate:
    """A photo: its key in the library, what it shows, where that fits, and whether the organization owns it.

    `countries` are ISO alpha-2 codes, `regions` the slugs of their regions and of those that it fits as a whole;
    `digest` orders candidates that fit equally, the same way on every machine.
    """

    pk: int
    gender: str
    age_group: str
    countries: frozenset[str]
    regions: frozenset[str]
    likeness: int
    digest: str
    own: bool


@dataclass(frozen=True)
class Choice:
    """A photo, and how near it is: country, region or neighbour (the age band before or after)."""

    photo: Candidate
    level: str


def choose_photo(
    candidates: Sequence[Candidate], wanted: Wanted, *, key: str, used: Mapping[int, int]
) -> Choice | None:
    """Return the photo that fits best, or None; the same one for the same arguments (see `rank_photos`)."""
    return next(rank_photos(candidates, wanted, key=key, used=used), None)


def rank_photos(
    candidates: Sequence[Candidate], wanted: Wanted, *, key: str, used: Mapping[int, int]
) -> Iterator[Choice]:
    """Yield the photos that fit, the best first.

    `used` gives the likeness of every photo that the organization shows already: none of them is chosen, nor one that
    looks the same. Of those that fit equally the organization's own come first.
    """
    free = [photo for photo in candidates if photo.pk not in used]
    for level, fitting in _levels(free, wanted):
        for photo in sorted(fitting, key=lambda photo: (not photo.own, number("photo", key, photo.digest))):
            if not is_near(photo.likeness, used.values()):
                yield Choice(photo, level)


def fitting(candidates: Sequence[Candidate], wanted: Wanted) -> list[Candidate]:
    """Return the photos that could be chosen at one level or another."""
    return [photo for _, photos in _levels(candidates, wanted) for photo in photos]


def neighbours(age_group: str) -> tuple[str, ...]:
    """Return the age bands before and after."""
    place = AGE_GROUPS.index(age_group)
    return AGE_GROUPS[max(0, place - 1) : place] + AGE_GROUPS[place + 1 : place + 2]


def _levels(candidates: Sequence[Candidate], wanted: Wanted) -> Iterator[tuple[str, list[Candidate]]]:
    """Yield the levels in falling order of fit, each with its photos; the neighbours by country, then by region."""
    of_gender = [photo for photo in candidates if wanted.gender in ("", photo.gender)]
    band = [photo for photo in of_gender if wanted.age_group in ("", photo.age_group)]
    near = neighbours(wanted.age_group) if wanted.age_group else ()
    beside = [photo for photo in of_gender if photo.age_group in near]
    yield COUNTRY, [photo for photo in band if _of_country(photo, wanted)]
    yield REGION, [photo for photo in band if not _of_country(photo, wanted) and _of_region(photo, wanted)]
    yield NEIGHBOUR, [photo for photo in beside if _of_country(photo, wanted)]
    yield NEIGHBOUR, [photo for photo in beside if not _of_country(photo, wanted) and _of_region(photo, wanted)]


def _of_country(photo: Candidate, wanted: Wanted) -> bool:
    return not wanted.place or wanted.country in photo.countries


def _of_region(photo: Candidate, wanted: Wanted) -> bool:
    return wanted.region in photo.regions
