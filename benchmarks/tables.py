"""The tables that the benchmarks print."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Line:
    """One step and what was measured of it in every turn: its seconds, the plain script's, and its peak memory."""

    step: str
    seconds: Sequence[float]
    plain: Sequence[float] = ()
    units: float = 0
    megabytes: Sequence[float] = ()


HEADER = f"{'step':<44}{'min s':>8}{'median':>8}{'max s':>8}{'a second':>13}{'ratio':>8}{'peak MB':>9}"


def row(line: Line) -> str:
    """Return the line as text; `a second` and `ratio` (plain seconds over ours, turn by turn) are medians."""
    seconds = median(line.seconds)
    rate = f"{line.units / seconds:,.0f}" if line.units else ""
    ratios = [plain / ours for plain, ours in zip(line.plain, line.seconds, strict=False)]
    ratio = f"{median(ratios):.1f}" if ratios else ""
    memory = f"{max(line.megabytes):,.0f}" if line.megabytes else ""
    figures = f"{min(line.seconds):>8.2f}{seconds:>8.2f}{max(line.seconds):>8.2f}"
    return f"{line.step:<44}{figures}{rate:>13}{ratio:>8}{memory:>9}"
