"""How much of what a platform counted is explained by known groups, read from the checkpoints of a collection."""

from dataclasses import dataclass, replace

from django.db.models import Q, Sum

from sources.models import Cycle, PackedInteractions

LEAST = 0.5  # of an interaction: less is what rounding leaves


@dataclass(frozen=True)
class Coverage:
    """Interactions by what is known of the people; `estimated` are those of the explained that were not measured."""

    explained: float = 0.0
    suppressed: float = 0.0
    unknown: float = 0.0
    estimated: float = 0.0

    @property
    def total(self) -> float:
        return self.explained + self.suppressed + self.unknown

    @property
    def parts(self) -> list[tuple[str, str, float, float]]:
        """What to draw, in order: (key, words, interactions, part of all)."""
        rows = (
            ("explained", "of known groups", self.explained),
            ("suppressed", "kept back by the platform, because the groups are small", self.suppressed),
            ("unknown", "of people whom the platform does not know", self.unknown),
        )
        return [(key, words, mass, mass / self.total if mass >= LEAST else 0.0) for key, words, mass in rows]

    @property
    def drawn(self) -> list[tuple[str, float]]:
        """The parts for a bar."""
        return [(key, share) for key, _, _, share in self.parts]

    @property
    def share(self) -> float | None:
        """The part of all interactions that known groups explain; None when there are none."""
        return self.explained / self.total if self.total else None

    @property
    def estimated_share(self) -> float:
        """The part of the explained interactions that was estimated from totals."""
        return min(1.0, self.estimated / self.explained) if self.explained else 0.0


def coverage_so_far(cycle: Cycle) -> Coverage:
    """Return what the checkpoints of a cycle add up to, without what was estimated."""
    sums = cycle.checkpoints.order_by().aggregate(
        explained=Sum("explained", default=0.0),
        suppressed=Sum("suppressed", default=0.0),
        unknown=Sum("unknown", default=0.0),
    )
    return Coverage(**sums)


def coverage_of(cycle: Cycle) -> Coverage:
    """Return what the checkpoints of a cycle add up to, and how much of it was estimated."""
    months = Q(period__gte=f"{cycle.first_day:%Y-%m}", period__lte=f"{cycle.last_day:%Y-%m}")
    columns = PackedInteractions.objects.from_sources([cycle.source_id]).filter(months | Q(period=""), estimated=True)
    estimated = columns.order_by().aggregate(total=Sum("total", default=0.0), unknown=Sum("unknown", default=0.0))
    return replace(coverage_so_far(cycle), estimated=estimated["total"] - estimated["unknown"])
