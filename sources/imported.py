"""What an import tells: rows read, taken and left out, and what there was to say of them."""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from sources.connectors.files.rejects import SHOWN
from sources.connectors.records import (
    CheckedAttributes,
    CheckedComments,
    CheckedContents,
    CheckedInteractions,
    Reject,
)
from sources.storing import Written


@dataclass(frozen=True)
class Imported:
    """What an import read, took and left out; the rejected rows stand in one CSV for each kind of file."""

    read: int
    accepted: int
    rejected: int
    summary: dict
    reject_files: dict[str, Path] = field(default_factory=dict)


@dataclass(frozen=True)
class CheckedFiles:
    """Files of which some rows are good, by kind, and when (monotonic seconds) their check began."""

    parts: dict[str, CheckedInteractions | CheckedContents | CheckedComments | CheckedAttributes]
    began: float


def told_of(checked: CheckedFiles, written: list[Written], warnings: Sequence[str] = ()) -> Imported:
    """Return the report of files that were checked, and of what was written of them, with warnings on that."""
    seconds, parts = time.monotonic() - checked.began, checked.parts
    main = parts.get("interactions")
    rows = [main] if main else list(parts.values())
    read, accepted = sum(part.rows_read for part in rows), sum(part.accepted for part in rows)
    summary = {
        "seconds": round(seconds, 3),
        "rows_per_second": round(sum(part.rows_read for part in parts.values()) / max(seconds, 1e-6)),
        "warnings": [*(f"{kind}: {words}" for kind, part in parts.items() for words in part.warnings), *warnings],
        "duplicates": sum(part.duplicates for part in parts.values()),
        "duplicate_examples": [str(example) for part in parts.values() for example in part.duplicate_examples][:10],
        "first_rejects": [_shown(kind, r) for kind, part in parts.items() for r in part.first_rejects][:SHOWN],
        "replaced": [asdict(period) for period in written],
    }
    for kind in ("contents", "comments", "attributes"):
        if kind in parts:
            part = parts[kind]
            summary[kind] = {"read": part.rows_read, "accepted": part.accepted, "rejected": part.rejected_count}
    if main:
        summary |= _interaction_summary(main)
    rejects = {kind: part.reject_file for kind, part in parts.items() if part.rejected_count}
    return Imported(read, accepted, sum(part.rejected_count for part in rows), summary, rejects)


def twice_words(count: int) -> str:
    """Say of how many contents counts with months now stand beside counts without, and what to do."""
    have = "1 content of this file now has" if count == 1 else f"{count:,} contents of this file now have"
    return (
        f"interactions: {have} counts with a month beside counts without one, and “All periods” adds them up. "
        "If they are the same interactions, delete this source and import its files again, all with their months."
    )


def _interaction_summary(main: CheckedInteractions) -> dict:
    return {
        "periods": main.periods,
        "groups": int(np.count_nonzero(np.bincount(main.columns.group_code, main.columns.count))),
        "content_units": len(main.content_ids),
        "total_mass": float(main.columns.count.sum()) + main.unknown_mass,
        "unknown_mass": main.unknown_mass,
        "unknown_by_dimension": main.unknown_by_dimension,
        "absent_dimensions": list(main.absent_dimensions) if main.accepted else [],
    }


def _shown(kind: str, reject: Reject) -> dict:
    return {
        "file": kind,
        "line": reject.line,
        "column": reject.column,
        "value": reject.value[:200],
        "reason": reject.reason,
    }
