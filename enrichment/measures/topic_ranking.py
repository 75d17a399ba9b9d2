"""The order of topics: by what they surely are, and as it was before as long as chance alone may have changed it."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

Floats = npt.NDArray[np.float64]

SURE = 1.0
"""Standard errors: a score counts for so much less, and a topic passes another when it is so far ahead."""


def scores(share: Floats, usual: Floats) -> Floats:
    """Return share x log(lift) for each label (k,); 0 where nobody has it."""
    known = (share > 0) & (usual > 0)
    lift = np.divide(share, usual, out=np.ones_like(share), where=known)
    return np.asarray(share * np.log(lift))


def chance(incidence: sparse.sparray, persona: Floats, audience: Floats) -> Floats:
    """Return the covariance (k, k) of the scores of labels, as other contents of the same kinds would move them.

    incidence (c, k) tells which content has which label, persona and audience (c,) are shares of contents that sum
    to 1. What is drawn by chance is the contents, not the interactions: a month's few great successes decide more of a
    share than the thousands of people behind them do. First-order (linearised) variance of a ratio estimator over
    contents.
    """
    by_content = incidence.tocsr()
    weights = np.column_stack([persona, audience])
    share, usual = np.asarray(by_content.T @ weights).T
    lift = np.divide(share, usual, out=np.ones_like(share), where=(share > 0) & (usual > 0))
    inside = np.column_stack([np.log(lift) + 1, -lift])
    around = inside * np.column_stack([share, usual])
    found = np.zeros((len(share), len(share)))
    for one in (0, 1):
        for other in (0, 1):
            product = weights[:, one] * weights[:, other]
            both = (by_content.T @ (by_content * product[:, None]).tocsr()).toarray()
            own = both.diagonal()
            found += np.outer(inside[:, one], inside[:, other]) * both
            found -= np.outer(inside[:, one] * own, around[:, other])
            found -= np.outer(around[:, one], inside[:, other] * own)
            found += np.outer(around[:, one], around[:, other]) * product.sum()
    return found


def lower_bounds(score: Floats, covariance: Floats) -> Floats:
    """Return what each score (k,) surely is at least."""
    return np.asarray(score - SURE * np.sqrt(np.maximum(covariance.diagonal(), 0.0)))


def steady_order(score: Floats, covariance: Floats, before: Sequence[int] = ()) -> list[int]:
    """Return the labels (k,), the foremost first: those of `before` as they were, then by the lower bound.

    Then each passes those in front of it as long as its score is ahead of theirs by more than chance.
    """
    known = set(before)
    ranked = np.argsort(-lower_bounds(score, covariance), kind="stable")
    rest = [int(place) for place in ranked if place not in known]
    order: list[int] = []
    for place in [*before, *rest]:
        at = len(order)
        if known:
            while at and _ahead(place, order[at - 1], score, covariance):
                at -= 1
        order.insert(at, place)
    return order


def _ahead(one: int, other: int, score: Floats, covariance: Floats) -> bool:
    noise = covariance[one, one] + covariance[other, other] - 2 * covariance[one, other]
    return bool(score[one] - score[other] > SURE * np.sqrt(max(noise, 0.0)))
