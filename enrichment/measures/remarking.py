"""Further sentences of a description: what sets a persona apart, and what estimates say of its work and life."""

from collections.abc import Collection
from dataclasses import dataclass

from enrichment.measures.percentages import percent


@dataclass(frozen=True)
class Contrast:
    """A word for something with its share (0 to 1) in the persona and in the rest of the audience."""

    label: str
    share: float
    rest: float


def set_apart(contrasts: Collection[Contrast], said: Collection[str], form: int) -> str:
    """Return a sentence on the first contrast that was not `said` already (without case); blank when there is none."""
    one = next((one for one in contrasts if one.label.casefold() not in said), None)
    if one is None:
        return ""
    share, rest = percent(one.share), percent(one.rest)
    verb = "stands out" if one.share > one.rest else "falls behind"
    first = one.label[:1].upper() + one.label[1:]
    return (
        f"{first} makes up {share} here and {rest} in the rest of the audience.",
        f"What differs from the rest of the audience is {one.label}: {share} here, {rest} there.",
        f"In the rest of the audience {one.label} has a share of {rest}, here of {share}.",
        f"{first} {verb} at {share}, against {rest} in the rest of the audience.",
    )[form]


def estimated(likely: Collection[tuple[str, str]], form: int) -> str:
    """Return a sentence on estimated attributes, each with its value; blank when there are none."""
    if not likely:
        return ""
    if form == 0:
        return f"By estimates, {_series([f'the likeliest {attribute} is {value}' for attribute, value in likely])}."
    if form == 1:
        told = [f"{value} for the {attribute}" for attribute, value in likely]
        return f"Estimates of these groups most often say {_series(told)}."
    told = [f"{attribute}: {value}" for attribute, value in likely]
    return f"Estimated as most likely are {'; '.join(told)}."


def _series(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
