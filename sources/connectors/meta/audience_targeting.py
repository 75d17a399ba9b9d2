"""Groups of people in the words of Meta's advertising API: the specification of whom an estimate is about."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from sources.connectors.harvests import GroupKey
from sources.connectors.http import Json

GENDERS = {"male": 1, "female": 2}
ADULT, OLDEST = 18, 65  # detailed targeting begins at 18; 65 stands for 65 and older
FIELDS = {"relationship": "relationship_statuses", "education": "education_statuses", "job": "industries"}


def unavailable(group: GroupKey) -> str:
    """Say why Meta estimates nothing of a group, in words; "" when it does."""
    gender, age, country = group
    if gender and gender not in GENDERS:
        return "Meta estimates women and men only."
    if age == "13-17":
        return "Not available: Meta tells advertisers nothing of people under 18."
    if not country:
        return "Meta estimates the people of a country, and this group names none."
    return ""


def targeting_spec(group: GroupKey, attribute: str = "", value: int | Mapping[str, str] | None = None) -> Json:
    """Return whom Meta is asked about: a group, or those of it who have a value of job, education or relationship.

    value: the number of an education or a relationship, {"id", "name"} of an industry. A blank gender stands for any,
    a blank age for all adults. Raises ValueError for a group of which Meta estimates nothing.
    """
    why_not = unavailable(group)
    if why_not:
        raise ValueError(why_not)
    gender, age, country = group
    first, last = _years(age)
    spec: dict[str, Any] = {
        "geo_locations": {"countries": [country], "location_types": ["home", "recent"]},
        "age_min": first,
        "age_max": last,
        # Without it Meta may widen the audience beyond what was asked for.
        "targeting_automation": {"advantage_audience": 0},
    }
    if gender:
        spec["genders"] = [GENDERS[gender]]
    if attribute:
        spec["flexible_spec"] = [{FIELDS[attribute]: [value]}]
    return spec


def digest(question: str, params: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a question: equal exactly when the same is asked."""
    return hashlib.sha256(json.dumps([question, params], sort_keys=True).encode()).hexdigest()


def _years(age: str) -> tuple[int, int]:
    if not age:
        return ADULT, OLDEST
    first, _, last = age.rstrip("+").partition("-")
    return int(first), int(last or OLDEST)
