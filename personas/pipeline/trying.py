"""Where the factors of a size start: found from nothing, grown from a smaller size, or carried on from before."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from personas.pipeline.blocks import Array, Floats
from personas.pipeline.compressing import Compressed, CompressedBlocks
from personas.pipeline.counting import unscaled_model
from personas.pipeline.growing import Start, grown, matching_contents, starts
from personas.pipeline.hals import Anchor, Fitted, fit
from personas.pipeline.measures import explained_deviance
from personas.pipeline.sampling import sample_contents
from personas.pipeline.scaling import Scaled

TRIAL_SWEEPS = 40
TOLERANCE = 1e-5
MOST_SWEEPS = 500
FORGOTTEN = 0.04  # patterns of before stay where they were unless that loses this part of what can be explained
PULLS = (1.0, 0.3, 0.1, 0.03)  # how firmly they are held, in parts of what one pattern explains

Worth = Callable[[Fitted], float]
Recall = Callable[[int], Floats | None]


@dataclass(frozen=True)
class Tried:
    """A start, with which patterns, (p,), are carried on from before and what squared distance from there costs."""

    fitted: Fitted
    carried: NDArray[np.bool_]
    cost: float
    before: Array | None

    @property
    def size(self) -> int:
        """Number of patterns."""
        return len(self.carried)

    def anchor(self, growth: float = 1.0) -> Anchor | None:
        """What holds the patterns that are carried on, in a matrix whose squares are `growth` times those here."""
        if self.before is None or not self.carried.any():
            return None
        return Anchor(self.before, growth * self.cost * self.carried.astype(np.float64))


class Trials:
    """Starts and additions, tried on the heaviest contents of a matrix.

    `recall` gives for a size the W (groups x size or fewer) of an earlier time, or None.
    """

    def __init__(
        self, V: sparse.csr_array, scaled: Scaled, sources: NDArray[np.int64], small: Compressed, recall: Recall
    ) -> None:
        sample = sample_contents(V, sources)
        self.columns, self._V, self._scaled = sample.columns, sample.V, scaled.only(sample.columns)
        self._small = small.only(sample.columns)
        self._blocks = CompressedBlocks(self._small)
        self._recall = recall
        self.squares = self._blocks.squares

    def first(self, size: int, seed: int) -> Tried:
        """Of the starts from nothing the one that explains most of the counts, at rest; or what is carried on."""
        best = self._best(starts(self._small, size, self._scaled.rows.sum(axis=0), seed), self._explained)
        before = self._before(size)
        if before is not None:
            # Costs are parts of what a pattern explains, so that a pull means the same in every matrix.
            cost = self._near(best) / float(np.square(before, dtype=np.float64).sum())
            for pull in PULLS:
                again = self._carried_on(before, before, np.ones(size, dtype=bool), pull * cost, self._explained)
                if self._explained(again.fitted) >= (1 - FORGOTTEN) * self._explained(best):
                    return again
        return Tried(best, np.zeros(size, dtype=bool), 0.0, None)

    def grown(self, tried: Tried) -> Tried:
        """The patterns with one more, at rest: the one nearest to the scaled matrix, or the one carried on.

        Counts are no judge here: they would have every further pattern follow the taste of one large country.
        """
        W, before = tried.fitted.W, self._before(tried.size + 1)
        new = Tried(tried.fitted, np.append(tried.carried, False), tried.cost, before)
        best = self._best(grown(self._small, W, tried.fitted.H), self._near, new.anchor())
        if before is not None and tried.carried.any():
            start = np.column_stack([W, before[:, -1]])
            again = self._carried_on(start, before, np.append(tried.carried, True), tried.cost, self._near)
            if self._near(again.fitted) >= (1 - FORGOTTEN) * self._near(best):
                return again
        return replace(new, fitted=best)

    def narrowed(self, tried: Tried, fitted: Fitted) -> Tried:
        """The same, gone on from what was fitted to all contents."""
        return replace(tried, fitted=replace(fitted, H=fitted.H[:, self.columns]))

    def _before(self, size: int) -> Array | None:
        found = self._recall(size)
        return None if found is None or found.shape[1] < size else found.astype(np.float32)

    def _carried_on(self, start: Array, before: Array, carried: NDArray[np.bool_], cost: float, worth: Worth) -> Tried:
        """What the start comes to when it is held near where its patterns were before."""
        held = Anchor(before, cost * carried.astype(np.float64))
        return Tried(self._best([(start, matching_contents(self._small, start))], worth, held), carried, cost, before)

    def _best(self, candidates: Iterable[Start], worth: Worth, anchor: Anchor | None = None) -> Fitted:
        def improved(W: Array, H: Array, sweeps: int) -> Fitted:
            return fit(self._blocks, W, H, tolerance=TOLERANCE, most_sweeps=sweeps, anchor=anchor)

        best = max((improved(W, H, TRIAL_SWEEPS) for W, H in candidates), key=worth)
        return improved(best.W, best.H, MOST_SWEEPS)

    def _near(self, fitted: Fitted) -> float:
        """What is explained of the scaled matrix."""
        return self.squares - fitted.residual

    def _explained(self, fitted: Fitted) -> float:
        """What is explained of the counts, every source by its contents."""
        model = unscaled_model(fitted.W, fitted.H, self._scaled, self._V, refits=1)
        parts = [explained_deviance(self._V[:, p.columns], model.alone(p)) * len(p.columns) for p in model.pieces]
        return sum(parts)
