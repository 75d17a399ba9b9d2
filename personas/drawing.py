"""Geometry of the small charts: numbers in, coordinates in the units of a view box out."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 480.0, 120.0
WIDE = 840.0
FEWEST_COLUMNS = 8  # fewer do not grow wider
TOP, BOTTOM, LEFT, RIGHT = 18.0, 20.0, 44.0, 12.0
SMALLEST_DOT, LARGEST_DOT = 4.0, 15.0


@dataclass(frozen=True)
class Column:
    """One column: its label, the key of what it shows, whether it is the present one; value None draws nothing."""

    label: str
    key: int | None
    value: float | None
    x: float
    y: float
    width: float
    height: float
    middle: float
    present: bool


@dataclass(frozen=True)
class Columns:
    columns: list[Column]
    width: float = WIDE
    height: float = HEIGHT

    @property
    def foot(self) -> float:
        return self.height - BOTTOM


@dataclass(frozen=True)
class Point:
    label: str
    value: float
    x: float
    y: float
    present: bool


@dataclass(frozen=True)
class Curve:
    """A line through values at numbered places, with the ends of its scale; `cut` is whether some lie above it.

    `level` is the height of a value to hold the others against, None for none.
    """

    points: list[Point]
    low: float
    high: float
    cut: bool = False
    level: float | None = None
    width: float = WIDTH
    height: float = HEIGHT

    @property
    def path(self) -> str:
        return " ".join(f"{point.x},{point.y}" for point in self.points)

    @property
    def foot(self) -> float:
        return self.height - BOTTOM

    @property
    def top(self) -> float:
        return TOP

    @property
    def left(self) -> float:
        return LEFT

    @property
    def right(self) -> float:
        return self.width - RIGHT


def columns(values: Sequence[tuple[str, int | None, float | None, bool]]) -> Columns:
    """Return a column for each (label, key, value, whether it is the present one), the highest as high as the chart."""
    step = WIDE / max(len(values), FEWEST_COLUMNS)
    highest = max((value for _, _, value, _ in values if value is not None), default=0) or 1
    drawn = []
    for number, (label, key, value, present) in enumerate(values):
        height = round((HEIGHT - TOP - BOTTOM) * (value or 0) / highest, 1)
        x, width = round(step * (number + 0.15), 1), round(step * 0.7, 1)
        y = round(HEIGHT - BOTTOM - height, 1)
        drawn.append(Column(label, key, value, x, y, width, height, round(x + width / 2, 1), present))
    return Columns(drawn)


def radius(share: float, longest: float) -> float:
    """Return the radius of a dot whose area grows with the share; the smallest can still be seen and hit."""
    return round(max(SMALLEST_DOT, LARGEST_DOT * (max(share, 0.0) / (longest or 1.0)) ** 0.5), 1)


def curve(
    values: Sequence[tuple[int, float]],
    present: int | None = None,
    most: float | None = None,
    level: float | None = None,
) -> Curve:
    """Return a line through (place, value) pairs, ascending; the scale runs from the lowest value to the highest.

    What lies above `most` is drawn there; `level` is a value that the scale shows in any case.
    """
    places, numbers = [place for place, _ in values], [value for _, value in values]
    shown = [*numbers, *([] if level is None else [level])]
    low, high = min(shown), max(shown)
    cut = most is not None and high > most
    if most is not None and cut:
        low, high = min(low, most), most
    span, spread = (places[-1] - places[0]) or 1, (high - low) or 1

    def height(value: float) -> float:
        return round(TOP + (HEIGHT - TOP - BOTTOM) * (high - min(value, high)) / spread, 1)

    points = [
        Point(
            label=str(place),
            value=value,
            x=round(LEFT + (WIDTH - LEFT - RIGHT) * (place - places[0]) / span, 1),
            y=height(value),
            present=place == present,
        )
        for place, value in values
    ]
    return Curve(points, low, high, cut, None if level is None else height(level))
