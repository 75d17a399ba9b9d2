"""Joint counts from marginals: iterative proportional fitting of many tables at once. Pure.

Where a platform tells who watched by age and gender, and from where by country, but never both together, the joint is
estimated: a seed, which knows how the two go together, is scaled in turn until every margin holds. The odds ratios of
the seed survive; a seed without any association gives the outer product of the margins (Deming and Stephan 1940).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sources.margins import (
    Array,
    Axes,
    Margin,
    RakingError,
    check,
    completed,
    lengths_of,
    over,
    ratio,
    reconciled,
    rescaled,
    summed,
)

__all__ = ["Margin", "Raked", "RakedColumn", "RakingError", "rake", "rake_demographics", "rake_each"]

Key = TypeVar("Key")

CONSISTENCY = 0.1  # totals of margins differ by less on the platforms: rounding, and days that are still being counted
TOLERANCE = 1e-6  # platforms round to a thousandth
ITERATIONS = 1000
EPSILON = 1e-4  # with less, tables whose margins need the cells of the floor take thousands of steps
BLOCK = 1000  # content units raked at once: memory stays flat however many there are


@dataclass(frozen=True)
class Raked:
    """The estimated counts (n, *lengths of all axes), and for each table (n,) how it went.

    error: the largest relative error of any margin. discrepancy: how far the margins, before they were rescaled, were
    from each other, as a part of the larger total.
    """

    counts: Array
    iterations: NDArray[np.int64]
    error: Array
    discrepancy: Array


def rake(
    margins: Sequence[Margin],
    seed: ArrayLike,
    *,
    totals: ArrayLike | None = None,
    consistency: float = CONSISTENCY,
    tolerance: float = TOLERANCE,
    iterations: int = ITERATIONS,
    epsilon: float = EPSILON,
) -> Raked:
    """Return the tables that hold every margin and are nearest to the seed.

    The seed is one table, or n of them (n, *lengths). Margins are rescaled to `totals` (n,), by default the total of
    the first; where they share axes, to the first that has them. A slice whose margin is 0 is 0. Cells of the seed
    that are 0 though all their margins are positive are floored to `epsilon` of its mean cell. All n tables are held
    in memory whole; those that are done are left alone.

    Raises RakingError for NaN, negative or misshapen input, a seed of nothing, margins that differ from each other by
    more than `consistency`, and tables whose margins do not hold to `tolerance` after `iterations`.
    """
    seeds, known = np.asarray(seed, dtype=float), [np.asarray(margin.counts, dtype=float) for margin in margins]
    names = [margin.name or f"over axes {margin.axes}" for margin in margins]
    axes = [margin.axes for margin in margins]
    if not known:
        raise RakingError("There is nothing to rake: no margin is given.")
    tables = len(known[0]) if known[0].ndim else 0
    lengths = lengths_of(axes, known, names, seeds, tables)
    check(seeds, "seed", of_each=seeds.ndim > len(lengths))
    for counts, name in zip(known, names, strict=True):
        check(counts, f"margin {name}")
    known, discrepancy = reconciled(axes, known, names, consistency)
    if totals is not None:
        known = rescaled(known, np.asarray(totals, dtype=float), tables)
    start = _floored(np.broadcast_to(seeds, (tables, *lengths)), axes, known, epsilon)
    counts, steps, error = _fitted(start, axes, known, tolerance, iterations)
    if (error > tolerance).any():
        _refuse_unfitted(error, tolerance, iterations)
    return Raked(counts, steps, error, discrepancy)


@dataclass(frozen=True)
class RakedColumn:
    """One content unit's estimated interactions: groups (gender, age, country) and their counts (m,), none of them 0.

    discrepancy as in Raked. Where the margins were refused, `refusal` says why and there are no groups.
    """

    groups: Sequence[tuple[str, str, str]]
    counts: Array
    discrepancy: float = 0.0
    refusal: str = ""


def rake_demographics(
    people: Sequence[Mapping[tuple[str, str], float]],
    countries: Sequence[Mapping[str, float]],
    joint: Mapping[tuple[str, str, str], float],
    *,
    consistency: float = CONSISTENCY,
) -> list[RakedColumn]:
    """Return the estimated interactions of n content units from people (gender, age) and countries of each.

    `joint` is the seed: interactions of (gender, age, country) over the channel, site or page; a country, or a gender
    and age, of which it knows nothing is taken for average. The total of a content
    unit is the smaller of its two margins': nobody counts as known whose age or country is not. A unit whose margins
    are refused is told in its column, and the others are raked all the same.

    Raises RakingError when the joint is empty, or the two sequences differ in length.
    """
    if len(people) != len(countries):
        raise RakingError(f"{len(people)} content units have a margin of people, {len(countries)} one of countries.")
    rows = sorted({key for margin in people for key in margin})
    places = sorted({key for margin in countries for key in margin})
    if not rows or not places:
        return [RakedColumn((), np.zeros(0)) for _ in people]
    seed = np.array([[joint.get((*row, place), 0.0) for place in places] for row in rows])
    if not seed.any():
        raise RakingError("The seed holds none of the groups that are to be raked.")
    seed = completed(seed)
    groups, columns = [(*row, place) for row in rows for place in places], list[RakedColumn]()
    for start in range(0, len(people), BLOCK):
        block = slice(start, start + BLOCK)
        margins = _table(people[block], rows), _table(countries[block], places)
        columns += _columns(margins, seed, groups, consistency)
    return columns


def rake_each(
    margins: Sequence[Margin],
    seed: ArrayLike,
    *,
    totals: ArrayLike,
    consistency: float = CONSISTENCY,
    tolerance: float = TOLERANCE,
    iterations: int = ITERATIONS,
) -> tuple[NDArray[np.int64], Raked | None, dict[int, str]]:
    """Rake as `rake` does, leaving out tables that are refused: those that were raked, how, and why others were not."""
    refused: dict[int, str] = {}
    wanted, seeds = np.asarray(totals), np.asarray(seed)
    of_each = seeds.ndim > max(axis for margin in margins for axis in margin.axes) + 1
    left = np.arange(len(wanted))
    while len(left):
        kept = [Margin(margin.axes, np.asarray(margin.counts)[left], margin.name) for margin in margins]
        try:
            raked = rake(
                kept,
                seeds[left] if of_each else seeds,
                totals=wanted[left],
                consistency=consistency,
                tolerance=tolerance,
                iterations=iterations,
            )
            return left, raked, refused
        except RakingError as error:
            if not error.tables:
                raise
            refused |= {int(left[table]): str(error) for table in error.tables}
            left = np.delete(left, error.tables)
    return left, None, refused


def _columns(
    margins: tuple[Array, Array], seed: Array, groups: list[tuple[str, str, str]], consistency: float
) -> list[RakedColumn]:
    people, countries = margins
    named = Margin((0,), people, "of age and gender"), Margin((1,), countries, "of countries")
    smaller = np.minimum(people.sum(axis=1), countries.sum(axis=1))
    raked_ones, raked, refused = rake_each(named, seed, totals=smaller, consistency=consistency)
    columns = [RakedColumn((), np.zeros(0), refusal=refused.get(table, "")) for table in range(len(people))]
    for place, table in enumerate(raked_ones.tolist()):
        assert raked is not None
        counts = raked.counts[place].ravel()
        kept = np.flatnonzero(counts)
        columns[table] = RakedColumn([groups[cell] for cell in kept], counts[kept], float(raked.discrepancy[place]))
    return columns


def _table(margins: Sequence[Mapping[Key, float]], keys: Sequence[Key]) -> Array:
    return np.array([[margin.get(key, 0.0) for key in keys] for margin in margins])


def _floored(seeds: Array, axes: Sequence[Axes], known: Sequence[Array], epsilon: float) -> Array:
    dimensions = range(seeds.ndim - 1)
    means = seeds.reshape(len(seeds), -1).mean(axis=1) if prod(seeds.shape[1:]) else np.zeros(len(seeds))
    empty = np.flatnonzero(means == 0)
    if len(empty):
        raise RakingError("The seed holds nothing but zeros.", empty.tolist())
    possible = np.ones(seeds.shape, dtype=bool)
    for fixed, counts in zip(axes, known, strict=True):
        possible &= over(counts, dimensions, fixed) > 0
    floor = over(epsilon * means, dimensions, ())
    return np.where(possible, np.where(seeds > 0, seeds, floor), 0.0)


def _fitted(
    tables: Array, axes: Sequence[Axes], known: Sequence[Array], tolerance: float, iterations: int
) -> tuple[Array, NDArray[np.int64], Array]:
    """Scale in turn; return the tables, the steps that each took and its error."""
    counts, dimensions = tables.copy(), range(tables.ndim - 1)
    steps, errors = np.zeros(len(tables), dtype=np.int64), np.full(len(tables), np.inf)
    active = np.arange(len(tables))
    for _ in range(iterations):
        part, wanted = counts[active], [margin[active] for margin in known]
        for fixed, margin in zip(axes, wanted, strict=True):
            part *= over(ratio(margin, summed(part, tuple(dimensions), fixed)), dimensions, fixed)
        counts[active], steps[active] = part, steps[active] + 1
        errors[active] = _error(part, axes, wanted)
        active = active[errors[active] > tolerance]
        if not len(active):
            break
    return counts, steps, errors


def _error(tables: Array, axes: Sequence[Axes], known: Sequence[Array]) -> Array:
    """The largest relative error of any margin of each table (n,)."""
    worst, dimensions = np.zeros(len(tables)), tuple(range(tables.ndim - 1))
    for fixed, margin in zip(axes, known, strict=True):
        off = np.abs(summed(tables, dimensions, fixed) - margin)
        relative = np.divide(off, margin, out=np.zeros(margin.shape), where=margin > 0)
        worst = np.maximum(worst, relative.reshape(len(tables), -1).max(axis=1, initial=0.0))
    return worst


def _refuse_unfitted(error: Array, tolerance: float, iterations: int) -> None:
    worst = int(error.argmax())
    raise RakingError(
        f"The margins of table {worst} still miss by {error[worst]:.2%} after {iterations} steps: "
        "the zeros of the seed or of the other margins leave them little or no room.",
        np.flatnonzero(error > tolerance).tolist(),
    )
