"""The report of a collection in the words of the page; keys that its summary does not have are left out."""

from dataclasses import dataclass, field

from sources.models import Collection

BESIDE = ("contents", "comments", "attributes")
DIMENSION_WORDS = {"gender": "gender", "age_group": "age", "country": "country"}


SEED_WORDS = {"independence": "independence of gender, age and country"}


def seed_words(seed: str) -> str:
    """Say where an estimate has from how the dimensions go together; a connector's own words stay."""
    return " and ".join(SEED_WORDS.get(part, part) for part in seed.split(" and "))


@dataclass(frozen=True)
class Unknown:
    """Interactions that belong to no group, against all; by dimension, the largest first."""

    mass: float
    share: float
    dimensions: list[tuple[str, float, float]]


@dataclass(frozen=True)
class ImportReport:
    """What was read, taken and left out; `parts` are the other files: (name, read, accepted, rejected)."""

    rows_per_second: int | None = None
    seconds: float | None = None
    content_units: int | None = None
    groups: int | None = None
    periods: list[str] = field(default_factory=list)
    duplicates: int = 0
    duplicate_examples: list[str] = field(default_factory=list)
    unknown: Unknown | None = None
    absent: str = ""
    warnings: list[str] = field(default_factory=list)
    rejects: list[dict] = field(default_factory=list)
    rejected: int = 0
    parts: list[tuple[str, int, int, int]] = field(default_factory=list)
    replaced: list[dict] = field(default_factory=list)


def report_of(run: Collection) -> ImportReport:
    """Return the report of a collection that is done."""
    summary = run.summary
    plain = ("rows_per_second", "seconds", "content_units", "groups", "duplicate_examples", "warnings", "replaced")
    parts = [_part(kind, summary[kind]) for kind in BESIDE if isinstance(summary.get(kind), dict)]
    others = sum(part[3] for part in parts)
    return ImportReport(
        **{name: summary[name] for name in plain if name in summary},
        duplicates=summary.get("duplicates", 0),
        periods=[period or "undated" for period in summary.get("periods", [])],
        unknown=_unknown(summary),
        absent=absent_words(summary.get("absent_dimensions", [])),
        rejects=summary.get("first_rejects", []),
        rejected=run.rows_rejected + (others if "groups" in summary else 0),
        parts=parts if "groups" in summary else [],
    )


def absent_words(absent: list[str]) -> str:
    """Say which dimensions are not there, and what groups are made of instead; "" when all are there."""
    if not absent:
        return ""
    missing = [words for name, words in DIMENSION_WORDS.items() if name in absent]
    present = [words for name, words in DIMENSION_WORDS.items() if name not in absent]
    return f"This file has no {' and no '.join(missing)}: groups are made of {' and '.join(present)}."


def _unknown(summary: dict) -> Unknown | None:
    mass, total = summary.get("unknown_mass"), summary.get("total_mass")
    if not mass or not total:
        return None
    named = summary.get("unknown_by_dimension", {})
    by_mass = sorted(((DIMENSION_WORDS.get(name, name), part) for name, part in named.items() if part), key=_second)
    return Unknown(mass, mass / total, [(words, part, part / total) for words, part in reversed(by_mass)])


def _second(pair: tuple[str, float]) -> float:
    return pair[1]


def _part(kind: str, counts: dict) -> tuple[str, int, int, int]:
    return kind.capitalize(), counts.get("read", 0), counts.get("accepted", 0), counts.get("rejected", 0)
