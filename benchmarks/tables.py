"""One table of ratios."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One step: what the plain script takes and what we take, both in seconds or both in MB."""

    name: str
    plain: float
    ours: float

    @property
    def ratio(self) -> float:
        """How many times less we take."""
        return self.plain / self.ours


def print_table(rows: Iterable[Row], unit: str = "s") -> None:
    """Print the rows under one head."""
    print(f"{'step':<64}{f'plain {unit}':>10}{f'ours {unit}':>10}{'ratio':>8}")
    for row in rows:
        print(f"{row.name:<64}{row.plain:>10.2f}{row.ours:>10.2f}{row.ratio:>8.1f}")
