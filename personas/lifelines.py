"""The months of an audience as rows to draw: one for each person, with a cell for each month."""

from collections.abc import Sequence
from dataclasses import dataclass

from personas.drawing import radius
from personas.models import Identity, Persona
from personas.over_time import Month, OverTime, There
from personas.presenting import Who, who


@dataclass(frozen=True)
class Cell:
    """One month of one person: there, or `gone` since the month before, or neither; the line runs on to both sides.

    It does not run on to a month where it is not known who is gone.
    """

    month: Month
    there: There | None
    gone: bool
    from_before: bool
    to_next: bool
    radius: float

    @property
    def kind(self) -> str:
        """What is drawn: new, stable, drifting, first (nothing to compare with), gone, or blank."""
        if self.there:
            return self.there.state or "first"
        return "gone" if self.gone else ""

    @property
    def words(self) -> str:
        if self.there and self.there.again:
            return "Back"
        return {"new": "New", "stable": "Stable", "drifting": "Drifting", "gone": "Gone"}.get(self.kind, "")


@dataclass(frozen=True)
class Line:
    """The life of one person: who it was at last, and a cell for every month."""

    identity: Identity
    who: Who
    cells: list[Cell]
    here: bool


def lines_of(told: OverTime) -> list[Line]:
    """Return a line for everybody: who is here in the last month first, largest first, then who left last."""
    longest = max((one.persona.share for month in told.months for one in month.people), default=1.0)
    latest: dict[int, tuple[int, Persona]] = {}
    for number, month in enumerate(told.months):
        latest |= {one.persona.identity_id: (number, one.persona) for one in month.people}
    ranked = sorted(latest.values(), key=lambda found: (-found[0], found[1].position))
    tables = [month.by_identity for month in told.months]
    return [
        Line(
            identity=persona.identity,
            who=who(persona.gender, persona.age_group, persona.country),
            cells=_cells(told.months, [table.get(persona.identity_id) for table in tables], longest),
            here=number == len(told.months) - 1,
        )
        for number, persona in ranked
    ]


def _cells(months: Sequence[Month], life: list[There | None], longest: float) -> list[Cell]:
    cells = []
    told = [there is not None or month.compared for month, there in zip(months, life, strict=True)]
    for number, (month, there) in enumerate(zip(months, life, strict=True)):
        before = number > 0 and life[number - 1] is not None
        gone = there is None and before and month.compared
        after = there is not None and number + 1 < len(life) and told[number + 1]
        cells.append(Cell(month, there, gone, before, after, radius(there.persona.share, longest) if there else 0.0))
    return cells
