"""Which photos the library lacks for the personas of an organization, in words."""

from dataclasses import dataclass

from django.db.models import QuerySet

from enrichment.library import candidates_of, likenesses_of
from enrichment.measures.choosing import Wanted
from enrichment.measures.shortages import Shortage, people, shortages
from enrichment.models import Photo
from personas.models import Generation, Identity
from sources.countries import place_name
from sources.models import Organization


@dataclass(frozen=True)
class Lack:
    """Who uses drawings and why, and what can be done; `kind` is none, used, or free when photos are there."""

    words: str
    advice: str
    kind: str


@dataclass(frozen=True)
class House:
    """The personas of an organization: how many there are, show a photo, have a pinned picture of another kind."""

    organization: Organization
    personas: int
    photos: int
    pinned: int
    lines: list[Lack]

    @property
    def free(self) -> bool:
        """Whether some could have a photo at once."""
        return any(line.kind == "free" for line in self.lines)


def lacks_of(organization: Organization) -> House:
    """Return what is missing for the personas of an organization that stand on its pages now."""
    identities = current_identities(organization)
    drawn = identities.filter(photo=None, picture_pinned=False)
    wanted = [Wanted(*fields) for fields in drawn.values_list("gender", "age_group", "country")]
    photos = Photo.objects.of(organization)
    used = Identity.objects.filter(organization=organization, photo__isnull=False).values_list("photo", flat=True)
    found = shortages(wanted, candidates_of(photos.approved()), candidates_of(photos.pending()), likenesses_of(used))
    return House(
        organization=organization,
        personas=identities.count(),
        photos=identities.exclude(photo=None).count(),
        pinned=identities.filter(photo=None, picture_pinned=True).count(),
        lines=[_told(shortage) for shortage in found],
    )


def current_identities(organization: Organization) -> QuerySet:
    """Return the identities in the last complete generation of each unit."""
    complete = Generation.objects.of(organization).complete()
    last = [complete.filter(unit=unit).values_list("pk", flat=True).first() for unit in Generation.Unit.values]
    shown = Identity.objects.filter(personas__persona_set__generation__in=[pk for pk in last if pk])
    return Identity.objects.filter(pk__in=shown.values("pk"))


def _told(shortage: Shortage) -> Lack:
    who = people(shortage.gender, shortage.age_group)
    where = f" in {place_name(shortage.region)}" if shortage.region else ""
    many = "1 persona uses a drawing" if shortage.personas == 1 else f"{shortage.personas} personas use drawings"
    if shortage.free:
        verb = "is" if shortage.free == 1 else "are"
        kind, why = "free", f"{_photos(shortage.free, 'approved photo')} for {who}{where} {verb} free"
    elif shortage.approved == 1:
        kind, why = "used", f"the only approved photo for {who}{where} is in use"
    elif shortage.approved:
        kind, why = "used", f"all {shortage.approved} approved photos for {who}{where} are in use"
    else:
        kind, why = "none", f"no approved photo for {who}{where}"
    return Lack(f"{many}: {why}.", _advice(shortage), kind)


def _advice(shortage: Shortage) -> str:
    waiting = (
        f"{_photos(shortage.pending, 'pending photo')} would fit: approve what is good." if shortage.pending else ""
    )
    named = sorted(shortage.countries.items(), key=lambda country: (-country[1], country[0]))
    places = ", ".join(f"{place_name(code)} {count}" if len(named) > 1 else place_name(code) for code, count in named)
    return " ".join(part for part in (waiting, f"{places}." if places else "") if part)


def _photos(count: int, words: str) -> str:
    return f"{count} {words}{'' if count == 1 else 's'}"
