"""Which faces the library lacks, told by gender, age band and region."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from enrichment.measures.choosing import Candidate, Wanted, fitting
from enrichment.measures.resemblance import is_near
from sources.connectors.vocabulary import AGE_GROUPS

PEOPLE = {"female": "women", "male": "men"}
YOUNG = {"female": "girls", "male": "boys"}


@dataclass(frozen=True)
class Shortage:
    """Personas of one gender, age band and region that show drawings, and what the library holds for them.

    `countries` counts them by ISO alpha-2 code; `approved` photos would fit, `free` of them are not in use;
    `pending` ones would fit once they are approved.
    """

    gender: str
    age_group: str
    region: str
    personas: int
    countries: Mapping[str, int]
    approved: int
    free: int
    pending: int


def shortages(
    wanted: Sequence[Wanted], approved: Sequence[Candidate], pending: Sequence[Candidate], used: Mapping[int, int]
) -> list[Shortage]:
    """Return what is lacking for these personas of one organization, the most wanted first."""
    groups: dict[tuple[str, str, str], list[Wanted]] = {}
    for one in wanted:
        groups.setdefault((one.gender, one.age_group, one.region), []).append(one)
    found = []
    for (gender, age_group, region), members in groups.items():
        fit = _fitting_any(approved, members)
        free = [photo for photo in fit if photo.pk not in used and not is_near(photo.likeness, used.values())]
        countries = Counter(one.country for one in members if one.country)
        waiting = len(_fitting_any(pending, members))
        found.append(Shortage(gender, age_group, region, len(members), countries, len(fit), len(free), waiting))
    return sorted(found, key=lambda one: (-one.personas, one.region, one.gender, one.age_group))


def people(gender: str, age_group: str) -> str:
    """Return the words for a group: women over 65, men of 25-34, people of any age."""
    words = YOUNG if age_group == AGE_GROUPS[0] else PEOPLE
    who = words.get(gender, "people of a gender of their own" if gender else "people")
    if not age_group:
        return f"{who} of any age"
    return f"{who} over 65" if age_group == AGE_GROUPS[-1] else f"{who} of {age_group}"


def _fitting_any(photos: Sequence[Candidate], members: Sequence[Wanted]) -> list[Candidate]:
    found = {photo.pk: photo for one in members for photo in fitting(photos, one)}
    return list(found.values())
