"""How a set was made, in words that need no textbook."""

from dataclasses import dataclass

from personas.drawing import Curve, curve
from personas.generation import DEFAULT_SIZES, LARGEST, SMALLEST
from personas.models import Generation, PersonaSet
from sources.reporting import seed_words


@dataclass(frozen=True)
class Measure:
    """One quality figure: its name, its value as text, what it means, and which way is better."""

    label: str
    value: str
    meaning: str


@dataclass(frozen=True)
class Part:
    """One part of all interactions that were read."""

    kind: str
    label: str
    total: float
    share: float


MEANINGS = {
    "coverage": (
        "Coverage",
        "percent",
        "How much of all interactions read stands behind these personas. Higher is better.",
    ),
    "estimated": (
        "Estimated",
        "percent",
        "How much of the interactions with known groups was estimated from totals, not measured group by group. "
        "Lower is better.",
    ),
    "diversity": (
        "Diversity",
        "percent",
        "Countries, age groups and genders among the personas, out of those in the data. Higher is better, but a few "
        "personas cannot show all: hold it against what a set of this size can have at most.",
    ),
    "fairness_gap": (
        "Fairness gap",
        "number",
        "How far the personas' genders, ages and places lie from the audience's, on average. 0 is a faithful picture.",
    ),
    "duplicate_groups": (
        "Duplicate groups",
        "whole",
        "Personas whose demographic group stands more often than its share of the audience warrants. 0 is best.",
    ),
    "consistency": (
        "Consistency",
        "percent",
        "How many of these personas are still there when one more is asked for. Higher is better.",
    ),
    "stability": (
        "Stability",
        "percent",
        "The share of redraws (other starts, countries left out) in which the personas come back. Higher is better.",
    ),
    "explained_deviance": (
        "Explained deviance",
        "percent",
        "How much of what sets groups apart in their choice of content these personas account for. Higher is better.",
    ),
    "relative_error": (
        "Relative error",
        "percent",
        "What is lost when the data is put together again from the personas' patterns alone. Lower is better.",
    ),
}

CURVES = {
    "held_out_error": (
        "Error on what was held back",
        "Lower is better: the personas fit groups they were not made from.",
    ),
    "stability": (
        "Stability",
        "Higher is better: the share of redraws (other starts, countries left out) in which the personas come back.",
    ),
    "found_elsewhere": (
        "Found in other countries",
        "How many times more than by chance the last persona's difference shows in countries it was not found in; "
        "about 1 is chance.",
    ),
}
SCALES = {"found_elsewhere": {"most": 2.0, "level": 1.0}}  # the first ones are far above all others and hide them


@dataclass(frozen=True)
class SizeCurve:
    label: str
    meaning: str
    curve: Curve


def dimensions_of(generation: Generation) -> str:
    """Return what the groups are made of, in words: gender, age group and country."""
    names = {"gender": "gender", "age_group": "age group", "country": generation.get_unit_display().lower()}
    present = [words for name, words in names.items() if name not in generation.absent_dimensions]
    return " and ".join(part for part in (", ".join(present[:-1]), present[-1]) if part)


def measures_of(persona_set: PersonaSet) -> list[Measure]:
    """Return the stored measures that have a meaning here, in a fixed order; what was not measured is left out."""
    stored = {**persona_set.measures, "consistency": persona_set.consistency_with_next}
    found = []
    for name, (label, form, meaning) in MEANINGS.items():
        value = stored.get(name)
        if isinstance(value, int | float):
            most = stored.get(f"most_{name}")
            bound = f", {_as_text(most, form)} at most" if isinstance(most, int | float) else ""
            found.append(Measure(label, _as_text(value, form) + bound, meaning))
    return found


def unsettled(persona_set: PersonaSet) -> bool:
    """Whether the search for patterns was ended before they settled; older sets do not say."""
    return persona_set.measures.get("converged", 1) == 0


def other_sizes(generation: Generation) -> str:
    """Return what to ask for where the suggested size lies at an edge of those asked for; blank where it does not."""
    smallest, largest, suggested = min(generation.sizes), max(generation.sizes), generation.suggested_size
    if smallest == largest:
        return ""
    if suggested == smallest > SMALLEST:
        return f"{suggested} is suggested, the fewest asked for. Fewer may fit better: ask for sizes from {SMALLEST}."
    # Sizes that nobody chose end where the data can give no more, or where it was not asked for more.
    may_grow = generation.sizes_chosen or largest == DEFAULT_SIZES[-1]
    if suggested == largest < LARGEST and may_grow:
        return f"{suggested} is suggested, the most asked for. More may fit better: ask for sizes up to {LARGEST}."
    return ""


def size_curves(generation: Generation, size: int) -> list[SizeCurve]:
    """Return the curves that the suggested size was read from; none where fewer than two sizes were judged."""
    judged = {int(key): values for key, values in generation.size_curve.items() if key.isdecimal()}
    found = []
    for name, (label, meaning) in CURVES.items():
        values = [(k, judged[k][name]) for k in sorted(judged) if isinstance(judged[k].get(name), int | float)]
        if len(values) > 1:
            found.append(SizeCurve(label, meaning, curve(values, size, **SCALES.get(name, {}))))
    return found


def parts_of(generation: Generation) -> list[Part]:
    """Return all interactions read, split into those behind personas, those of small groups and of unknown ones."""
    whole = generation.interaction_total
    known = max(whole - generation.small_total - generation.unknown_total, 0)
    parts = [
        ("known", "In the groups behind the personas", known),
        ("small", f"In groups under {generation.threshold} interactions, left out", generation.small_total),
        ("unknown", "Of unknown gender, age or country, left out", generation.unknown_total),
    ]
    return [Part(kind, label, total, total / (whole or 1)) for kind, label, total in parts]


def seeds_of(generation: Generation) -> list[tuple[str, float]]:
    """Return what the estimates were made from, in words, each with its interactions, the most first."""
    named = [(seed_words(seed), total) for seed, total in generation.seeds.items()]
    return sorted(named, key=lambda one: -one[1])


def _as_text(value: float, form: str) -> str:
    if form == "percent":
        return f"{value:.1%}"
    return f"{value:.0f}" if form == "whole" else f"{value:.3f}"
