"""Honest figures about a set of personas, with the definitions of the papers on automatic persona generation."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from personas.pipeline.counting import CountModel, column_parts, log_likelihood
from personas.pipeline.matrix import Audience, Group

DIMENSIONS = ("gender", "age_group", "country")
NOTHING = 1e-9  # deviance of an interaction from independence, in nats, that is rounding only

Floats = NDArray[np.float64]


def relative_error(V: sparse.csr_array, model: CountModel) -> float:
    """Frobenius norm of V minus the model over that of V, on raw counts."""
    squares = float(np.square(V.data).sum())
    rest = squares
    for piece in model.pieces:
        cross = column_parts(V, piece) @ piece.H.T
        rest += float(((piece.W.T @ piece.W) * (piece.H @ piece.H.T)).sum()) - 2 * float((piece.W * cross).sum())
    return float(np.sqrt(max(rest, 0.0) / squares))


def explained_deviance(V: sparse.csr_array, model: CountModel) -> float:
    """Part of the Poisson deviance from independence that the model explains, on raw counts; at most 1.

    0 where all groups behave alike, as in columns that were estimated from one audience: there is nothing to explain.
    """
    rows, columns = np.asarray(V.sum(axis=1)).ravel(), np.asarray(V.sum(axis=0)).ravel()
    total = float(rows.sum())
    entropy = float((V.data * np.log(V.data)).sum())
    margins = float(_xlogy(rows) + _xlogy(columns) - total * np.log(total))
    saved, modelled = 0.0, 0.0
    for piece in model.pieces:
        saved += log_likelihood(column_parts(V, piece), piece.W, piece.H)
        modelled += float(piece.W.sum(axis=0) @ piece.H.sum(axis=1))
    independent = entropy - margins
    if independent <= NOTHING * total:
        return 0.0
    return 1 - (entropy - saved - total + modelled) / independent


def _xlogy(values: Floats) -> float:
    positive = values[values > 0]
    return float((positive * np.log(positive)).sum())


def values(groups: Sequence[Group], dimension: str) -> list[str]:
    """What each group is in one dimension: gender, age_group or country."""
    return [getattr(group, dimension) for group in groups]


def present_dimensions(groups: Sequence[Group]) -> list[str]:
    """The dimensions that the audience has at all."""
    return [name for name in DIMENSIONS if any(values(groups, name))]


def different(groups: Sequence[Group]) -> int:
    """Number of different countries, ages and genders among the groups."""
    return sum(len(set(values(groups, name))) for name in present_dimensions(groups))


def diversity(audience: Audience, representatives: Sequence[int]) -> float:
    """Countries, ages and genders present among the representatives over those present in the audience."""
    return different([audience.groups[i] for i in representatives]) / different(audience.groups)


def most_diversity(audience: Audience, size: int) -> float:
    """What no set of a size exceeds in diversity, whatever groups there are: 6 personas are of 6 countries at most."""
    known = [len(set(values(audience.groups, name))) for name in present_dimensions(audience.groups)]
    return sum(min(size, number) for number in known) / sum(known)


def fairness_gap(audience: Audience, representatives: Sequence[int]) -> float:
    """Mean over the dimensions of the mean |share among the representatives - share of the interactions|."""
    weights = np.asarray(audience.V.sum(axis=1)).ravel()
    gaps = []
    for name in present_dimensions(audience.groups):
        names, codes = np.unique(np.array(values(audience.groups, name)), return_inverse=True)
        audience_shares = np.bincount(codes, weights, minlength=len(names)) / weights.sum()
        set_shares = np.bincount(codes[list(representatives)], minlength=len(names)) / len(representatives)
        gaps.append(float(np.abs(set_shares - audience_shares).mean()))
    return float(np.mean(gaps))


def warranted(shares: Floats, size: int) -> NDArray[np.int64]:
    """How often each group may stand in a set: its share of the personas rounded up, at least once."""
    # A share that is a whole number of personas but for rounding warrants that number, not one more.
    return np.maximum(1, np.ceil(shares * size - 1e-9)).astype(np.int64)


def duplicate_groups(audience: Audience, representatives: Sequence[int]) -> int:
    """How many representatives stand above what the share of their group warrants."""
    weights = np.asarray(audience.V.sum(axis=1)).ravel()
    allowed = warranted(weights / weights.sum(), len(representatives))
    return sum(max(0, count - int(allowed[i])) for i, count in Counter(representatives).items())


def consistency(representatives: Sequence[int], following: Sequence[int]) -> float:
    """Part of the groups of one set that the next larger set has too."""
    groups = set(representatives)
    return len(groups & set(following)) / len(groups)
