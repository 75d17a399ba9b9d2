"""What is known of some tables from their sides: margins, checked, and brought to agree with each other. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Axes = tuple[int, ...]

PRIOR = 500.0  # interactions: a joint of so many is half believed


class RakingError(ValueError):
    """Margins or a seed that no joint fits, in words. `tables` are the indices of the tables at fault, if any are."""

    def __init__(self, message: str, tables: Sequence[int] = ()) -> None:
        super().__init__(message)
        self.tables = tuple(tables)


class Margin(NamedTuple):
    """Known sums of n tables over all axes but `axes` (ascending, of one table): counts (n, *lengths of the axes)."""

    axes: Axes
    counts: ArrayLike
    name: str = ""


def lengths_of(axes: Sequence[Axes], known: Sequence[Array], names: Sequence[str], seeds: Array, tables: int) -> Axes:
    """The lengths of one table's axes, after every shape was held against them."""
    dimensions = max((max(fixed, default=-1) for fixed in axes), default=-1) + 1
    lengths = seeds.shape[seeds.ndim - dimensions :]
    if seeds.ndim not in (dimensions, dimensions + 1) or (seeds.ndim > dimensions and len(seeds) != tables):
        raise RakingError(
            f"The seed has the shape {seeds.shape}; the margins fix {dimensions} axes of {tables} tables."
        )
    for fixed, counts, name in zip(axes, known, names, strict=True):
        expected = (tables, *(lengths[axis] for axis in fixed))
        if counts.shape != expected or list(fixed) != sorted(set(fixed)) or not fixed:
            raise RakingError(f"The margin {name} fixes the axes {fixed} in the shape {counts.shape}, not {expected}.")
    return lengths


def check(values: Array, name: str, *, of_each: bool = True) -> None:
    """Raise RakingError for what is no count; `of_each` says that the first axis is that of the tables."""
    for wrong, word in ((~np.isfinite(values), "not a number"), (values < 0, "below 0")):
        if wrong.any():
            places = np.argwhere(wrong)
            place, tables = tuple(places[0].tolist()), np.unique(places[:, 0]).tolist()
            raise RakingError(f"The {name} holds a count that is {word}, at {place}.", tables if of_each else ())


def reconciled(
    axes: Sequence[Axes], known: Sequence[Array], names: Sequence[str], consistency: float
) -> tuple[list[Array], Array]:
    """Margins that agree about what they share, be it the total only; how far each table's were apart (n,)."""
    apart, agreed = np.zeros(len(known[0])), [known[0]]
    for j in range(1, len(known)):
        counts = known[j]
        for i in range(j):
            shared = [axis for axis in axes[i] if axis in axes[j]]
            here, there = summed(counts, axes[j], shared), summed(agreed[i], axes[i], shared)
            differing = _apart(here, there)
            _refuse_inconsistent(differing, consistency, (names[j], here), (names[i], there))
            apart = np.maximum(apart, differing)
            counts = counts * over(ratio(there, here), axes[j], shared)
        agreed.append(counts)
    return agreed, apart


def completed(seed: Array) -> Array:
    """A seed (one table, in interactions) fit to rake with, however little it knows.

    It is drawn to independence by PRIOR interactions: the few of a small channel leave most cells empty, which would
    put all people of a country into the one that is not. A value of which it knows nothing goes together with the
    others as is average: a platform tells of its largest countries only, and what the floor of the cells would give
    to the rest is the same for every age, which nobody's audience is.
    """
    whole = seed.sum()
    if not whole:
        return seed
    independent = np.full(seed.shape, PRIOR)
    for axis in range(seed.ndim):
        others = tuple(other for other in range(seed.ndim) if other != axis)
        independent *= seed.sum(axis=others, keepdims=True) / whole
    seed = seed + independent
    for axis in range(seed.ndim):
        slices = np.moveaxis(seed, axis, 0)
        known = slices.reshape(len(slices), -1).any(axis=1)
        filled = slices.copy()
        filled[~known] = slices[known].mean(axis=0)
        seed = np.moveaxis(filled, 0, axis)
    return seed


def _apart(here: Array, there: Array) -> Array:
    flat, other = here.reshape(len(here), -1), there.reshape(len(there), -1)
    larger = np.maximum(flat.sum(axis=1), other.sum(axis=1))
    impossible = ((flat == 0) & (other > 0)).any(axis=1)  # nothing can be scaled to something
    differing = np.divide(np.abs(flat - other).sum(axis=1), larger, out=np.zeros(len(flat)), where=larger > 0)
    return np.where(impossible, np.inf, differing)


def _refuse_inconsistent(
    differing: Array, consistency: float, here: tuple[str, Array], there: tuple[str, Array]
) -> None:
    wrong = np.flatnonzero(differing > consistency)
    if len(wrong):
        table = wrong[0]
        sums = [(name, float(counts[table].sum())) for name, counts in (here, there)]
        by = f"by {differing[table]:.1%}" if np.isfinite(differing[table]) else "where one has nothing"
        raise RakingError(
            f"The margin {sums[0][0]} sums to {sums[0][1]:,.6g}, the margin {sums[1][0]} to {sums[1][1]:,.6g}: "
            f"they differ {by}, more than the {consistency:.1%} that are allowed.",
            wrong.tolist(),
        )


def summed(counts: Array, axes: Axes, kept: Sequence[int]) -> Array:
    """The sums over those of the axes that are not kept (n, *lengths of the kept)."""
    sums: Array = counts.sum(axis=tuple(1 + place for place, axis in enumerate(axes) if axis not in kept))
    return sums


def over(values: Array, axes: Sequence[int], own: Sequence[int]) -> Array:
    """Values (n, *lengths of own) shaped to be multiplied with an array over `axes`."""
    lengths = iter(values.shape[1:])
    return values.reshape(len(values), *(next(lengths) if axis in own else 1 for axis in axes))


def ratio(wanted: Array, found: Array) -> Array:
    return np.divide(wanted, found, out=np.zeros(np.shape(found)), where=found > 0)


def rescaled(known: Sequence[Array], totals: Array, tables: int) -> list[Array]:
    if totals.shape != (tables,):
        raise RakingError(f"The totals have the shape {totals.shape}; there are {tables} tables.")
    check(totals, "totals")
    sums = [counts.reshape(tables, -1).sum(axis=1) for counts in known]
    empty = np.flatnonzero((sums[0] == 0) & (totals > 0))
    if len(empty):
        raise RakingError("The margins are empty where the total is not.", empty.tolist())
    return [
        over(ratio(totals, own), range(counts.ndim - 1), ()) * counts for own, counts in zip(sums, known, strict=True)
    ]
