"""Comments counted by content and language, and weighed for a part of the audience without looking at each again."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from enrichment.measures.tallying import SHARED_BY, Tally

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class CommentCounts:
    """Comments in n cells of one content and one language each; all fields have the shape (n,).

    Contents and languages are places (0 and up); sums are those of the scores, the others plain counts of comments.
    """

    contents: Whole
    languages: Whole
    positive: Whole
    negative: Whole
    scored: Whole
    total: Whole
    sums: Floats

    def tally(self, content_weights: Floats) -> Tally:
        """Return what `tallying.tally` gives for all comments with `spread_weights` of these (contents,)."""
        cell, squares = self._weights(content_weights)
        return self._tallies(cell, squares, np.zeros(len(cell), dtype=np.int64), 1)[0]

    def by_language(self, content_weights: Floats) -> list[Tally]:
        """Return the same for the comments of each language, in the order of their numbers."""
        cell, squares = self._weights(content_weights)
        return self._tallies(cell, squares, self.languages, int(self.languages.max(initial=-1)) + 1)

    def _weights(self, content_weights: Floats) -> tuple[Floats, Floats]:
        """Return the weight of a comment of each cell, and its square."""
        weights = np.asarray(content_weights, dtype=np.float64)
        totals = np.bincount(self.contents, weights=self.total, minlength=len(weights))
        per_comment = (weights / np.maximum(totals, SHARED_BY))[self.contents]
        # Scaled, so that the squares of very small weights are not lost.
        largest = per_comment.max(initial=0.0) or 1.0
        scaled: Floats = per_comment / largest
        return scaled, scaled * scaled

    def _tallies(self, weights: Floats, squares: Floats, groups: Whole, count: int) -> list[Tally]:
        def summed(values: Floats) -> Floats:
            return np.asarray(np.bincount(groups, weights=values, minlength=count), dtype=np.float64)

        counted = weights > 0
        columns = zip(
            *(
                summed(values).tolist()
                for values in (
                    weights * self.scored,
                    weights * self.positive,
                    weights * self.negative,
                    weights * self.sums,
                    squares * self.scored,
                    (counted * self.scored).astype(np.float64),
                    (counted * self.total).astype(np.float64),
                )
            ),
            strict=True,
        )
        return [_tally(*column) for column in columns]


def _tally(
    mass: float, positive: float, negative: float, score: float, squares: float, scored: float, total: float
) -> Tally:
    if not scored:
        nothing = float("nan")
        return Tally(nothing, nothing, nothing, nothing, 0, int(total), 0.0)
    liked, disliked = min(positive / mass, 1.0), min(negative / mass, 1.0)
    neutral = max(1.0 - liked - disliked, 0.0)
    return Tally(liked, neutral, disliked, score / mass, int(scored), int(total), mass * mass / squares)
