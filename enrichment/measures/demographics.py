"""One age inside an age band, drawn towards the side on which the persona's other groups stand."""

from collections.abc import Mapping

from enrichment.measures.chance import draw

BANDS: Mapping[str, tuple[int, int]] = {
    "13-17": (13, 17),
    "18-24": (18, 24),
    "25-34": (25, 34),
    "35-44": (35, 44),
    "45-54": (45, 54),
    "55-64": (55, 64),
    "65+": (65, 80),
}
"""First and last age of each band; the open band ends at 80."""

SPREAD = 0.3
"""Part of the band within which the key moves the age, so that personas of one band differ."""


def choose_age(age_group: str, shares: Mapping[str, float], key: str) -> int | None:
    """Choose one age (years) inside a band, or None for a blank band.

    Shares are the parts of the persona's audience in each band, on any scale. The age stands in the middle of the
    band when the two neighbouring bands weigh the same, and moves to the heavier one's side. Raises ValueError for
    an unknown band.
    """
    if not age_group:
        return None
    if age_group not in BANDS:
        raise ValueError(f"Unknown age band {age_group!r}: use one of {', '.join(BANDS)}.")
    first, last = BANDS[age_group]
    position = 0.5 + 0.5 * _pull(age_group, shares) * (1 - SPREAD) + SPREAD * (draw("age", key) - 0.5)
    return first + min(int(position * (last - first + 1)), last - first)


def birth_year(age: int, year: int) -> int:
    """Return the year of birth of someone who has that age in that year."""
    return year - age


def _pull(age_group: str, shares: Mapping[str, float]) -> float:
    """Return -1 (all towards the younger band) to 1 (all towards the older band); an outer side counts as empty."""
    order = list(BANDS)
    place = order.index(age_group)
    younger = shares.get(order[place - 1], 0.0) if place > 0 else 0.0
    older = shares.get(order[place + 1], 0.0) if place + 1 < len(order) else 0.0
    around = younger + older
    if around <= 0:
        return 0.0
    return (older - younger) / (around + max(shares.get(age_group, 0.0), 0.0))
