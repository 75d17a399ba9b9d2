"""The photo library as one organization may use it: read once, then asked for face after face."""

import logging
from collections.abc import Iterable
from itertools import islice

from django.db.models import QuerySet

from enrichment.measures.choosing import Candidate, Choice, Wanted, choose_photo, rank_photos
from enrichment.models import Photo
from sources.models import Organization

logger = logging.getLogger(__name__)


class PhotoLibrary:
    """The approved photos that an organization may show, and those that it shows already."""

    def __init__(self, organization: Organization, used: Iterable[int]) -> None:
        """Take the keys of the photos that the organization's personas show: none of them is chosen again."""
        self._candidates = candidates_of(Photo.objects.of(organization).approved())
        self.used = likenesses_of(used)

    def __bool__(self) -> bool:
        return bool(self._candidates)

    def choose(self, wanted: Wanted, key: str) -> tuple[Choice, Photo, bytes] | None:
        """Return the photo that fits best with its picture, and count it as used; None when none is left."""
        while (choice := choose_photo(self._candidates, wanted, key=key, used=self.used)) is not None:
            photo = Photo.objects.get(pk=choice.photo.pk)
            try:
                with photo.image.open("rb") as file:
                    picture = file.read()
            except FileNotFoundError:
                logger.warning("The file of photo %s is gone; another is chosen", photo.pk)
                self._candidates.remove(choice.photo)
                continue
            self.used[photo.pk] = choice.photo.likeness
            return choice, photo, picture
        return None

    def offers(self, wanted: Wanted, key: str, most: int) -> list[Choice]:
        """Return up to `most` photos that fit and are free, the best first; none of them counts as used."""
        return list(islice(rank_photos(self._candidates, wanted, key=key, used=self.used), most))


def candidates_of(photos: QuerySet) -> list[Candidate]:
    """Return the photos as the choice looks at them."""
    return [
        Candidate(
            pk=photo.pk,
            gender=photo.gender,
            age_group=photo.age_group,
            countries=frozenset(place.country for place in photo.places.all() if place.country),
            regions=frozenset(place.region for place in photo.places.all()),
            likeness=int(photo.likeness, 16),
            digest=photo.digest,
            own=photo.organization_id is not None,
        )
        for photo in photos.order_by("pk").prefetch_related("places")
    ]


def likenesses_of(photos: Iterable[int]) -> dict[int, int]:
    """Return what the photos of these keys look like, by key; those that are gone are left out."""
    stored = Photo.objects.filter(pk__in=set(photos)).values_list("pk", "likeness")
    return {pk: int(likeness, 16) for pk, likeness in stored}
