"""The sentiment of many comments: weighted shares, with how many of them could be scored."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from enrichment.measures.sentiment import LEAST

Floats = npt.NDArray[np.float64]

FEWEST_SCORED = 30
FEWEST_EFFECTIVE = 10.0
"""So many equal comments must the weighted ones be worth: else a single heavy comment would speak for all."""
SHARED_BY = 100.0
"""A content's weight is shared by its comments, by so many at least."""
NOT_ENOUGH = "not enough comments"


@dataclass(frozen=True)
class Tally:
    """Weighted shares of the scored comments (they add up to 1; NaN when none is scored) and the mean score (-1 to 1).

    Scored and total are plain counts; effective is the number of equal comments that the weighted ones are worth
    (Kish's sample size). Show the shares only when `enough`; `told` says in words on how many they stand.
    """

    positive: float
    neutral: float
    negative: float
    mean: float
    scored: int
    total: int
    effective: float

    @property
    def enough(self) -> bool:
        """Whether there are enough scored comments to show the shares."""
        return self.scored >= FEWEST_SCORED and self.effective >= FEWEST_EFFECTIVE

    @property
    def told(self) -> str:
        """The coverage: "from 1,204 of 1,950 comments", or NOT_ENOUGH."""
        return f"from {self.scored:,} of {self.total:,} comments" if self.enough else NOT_ENOUGH


def tally(scores: Floats, weights: Floats) -> Tally:
    """Weigh the scores (NaN: not scored) of comments, both of shape (comments,).

    The weight of a comment is what its content weighs for the persona (any scale); comments of weight 0 are not
    counted. ValueError when the shapes differ, or a weight is negative or no number.
    """
    scores, weights = np.asarray(scores, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if scores.shape != weights.shape or scores.ndim != 1:
        raise ValueError(f"Scores of shape {scores.shape} need weights of the same, not {weights.shape}.")
    if not (np.isfinite(weights).all() and (weights >= 0).all()):
        raise ValueError("A weight is negative or no number: give every comment its content's weight, 0 or more.")
    counted = weights > 0
    known = counted & np.isfinite(scores)
    score, weight = scores[known], weights[known]
    mass = weight.sum()
    if not mass:
        nothing = float("nan")
        return Tally(nothing, nothing, nothing, nothing, 0, int(counted.sum()), 0.0)
    weight = weight / mass
    positive = min(float(weight[score > LEAST].sum()), 1.0)
    negative = min(float(weight[score < -LEAST].sum()), 1.0)
    return Tally(
        positive=positive,
        neutral=max(1.0 - positive - negative, 0.0),
        negative=negative,
        mean=float(weight @ score),
        scored=int(known.sum()),
        total=int(counted.sum()),
        effective=float(1.0 / (weight @ weight)),
    )


def spread_weights(contents: npt.NDArray[np.int64], content_weights: Floats) -> Floats:
    """Return the weight of each comment: its content's, shared by the comments on it, at most as among a hundred.

    Contents (comments,) are places in content_weights (contents,). A content that the persona watches much thereby
    counts as much as it weighs, however many comments it drew; one with few comments counts less than that, since
    they say less.
    """
    counts = np.bincount(contents, minlength=len(content_weights)).astype(np.float64)
    per_comment = np.asarray(content_weights, dtype=np.float64) / np.maximum(counts, SHARED_BY)
    return np.asarray(per_comment[contents], dtype=np.float64)
