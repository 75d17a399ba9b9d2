"""Who a persona was before: the personas of one set matched one-to-one with those of another, with a floor."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from personas.pipeline.matrix import Group

FLOOR = 0.5
NEVER_LOST = 1.0  # more than any pair can gain: first as many of these as possible go on, then the nearest pairs
SAME_REPRESENTATIVE = 0.1  # between two that are equally near, the one with the same face wins

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]


@dataclass(frozen=True)
class Trace:
    """What is kept of a persona to know it again: ids and shares of its groups and contents, and its representative."""

    group_ids: NDArray[np.int64]
    group_shares: Floats
    content_ids: NDArray[np.int64]
    content_shares: Floats
    representative: Group


def match(
    near: Floats, floor: float = FLOOR, *, allowed: Booleans | None = None, kept: Booleans | None = None
) -> list[int | None]:
    """For every current persona the position of the previous one that it carries on, or None when it is new.

    `near` (previous, current) holds similarities. One-to-one; pairs less similar than the floor, or not `allowed`
    (previous, current), are never matched. Of the previous ones that are to be `kept` (previous,) as many as possible
    go on, before any others.
    """
    possible = near >= floor if allowed is None else allowed & (near >= floor)
    first = np.zeros(len(near), dtype=bool) if kept is None else kept
    # Impossible pairs are worth nothing, so that they never push aside a possible one.
    worth = np.where(possible, near + NEVER_LOST * first[:, None], 0.0)
    found: list[int | None] = [None] * near.shape[1]
    for row, column in zip(*optimize.linear_sum_assignment(worth, maximize=True), strict=True):
        if possible[row, column]:
            found[int(column)] = int(row)
    return found


def similarities(previous: Sequence[Trace], current: Sequence[Trace]) -> Floats:
    """Similarity of every previous (rows) with every current persona (columns), at most 1.

    Contents count by the share of interactions that went to contents known in both sets; groups for the rest, at
    least half. Either is a whole set, for a persona is told by what sets it apart from the others of its set.
    """
    if not previous or not current:
        return np.zeros((len(previous), len(current)))
    groups, _ = _likeness(
        [(t.group_ids, t.group_shares) for t in previous], [(t.group_ids, t.group_shares) for t in current]
    )
    contents, known = _likeness(
        [(t.content_ids, t.content_shares) for t in previous], [(t.content_ids, t.content_shares) for t in current]
    )
    weight = known / 2
    faces = np.array([[p.representative == c.representative for c in current] for p in previous])
    mixed = weight * contents + (1 - weight) * groups
    return np.asarray((1 - SAME_REPRESENTATIVE) * mixed + SAME_REPRESENTATIVE * faces)


def _likeness(previous: Sequence[tuple[Any, Any]], current: Sequence[tuple[Any, Any]]) -> tuple[Floats, float]:
    """Cosines of what sets each persona apart from the mean of its set, and the share of mass that both sets know."""
    before, after = np.concatenate([ids for ids, _ in previous]), np.concatenate([ids for ids, _ in current])
    common = np.intersect1d(before, after)
    old, new = _table(previous, common), _table(current, common)
    known = float(min(old.sum() / len(old), new.sum() / len(new)))
    return _apart(old) @ _apart(new).T, min(known, 1.0)


def _table(traces: Sequence[tuple[Any, Any]], common: NDArray[np.int64]) -> Floats:
    table = np.zeros((len(traces), len(common)))
    for row, (ids, shares) in zip(table, traces, strict=True):
        kept = np.isin(ids, common)
        row[np.searchsorted(common, ids[kept])] = shares[kept]
    return table


def _apart(table: Floats) -> Floats:
    """Rows less their mean, in units of chance, at length 1; a lone persona is compared as it is."""
    mean = table.mean(axis=0)
    rows = table if len(table) == 1 else table - mean
    rows = rows / np.sqrt(np.maximum(mean, 1e-12))
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12))
