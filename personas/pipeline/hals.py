"""Hierarchical alternating least squares: min |X - W H|^2 with W, H >= 0, from a start, in blocks of contents."""

from dataclasses import dataclass

import numpy as np

from personas.pipeline.blocks import Array, Blocks, Floats
from personas.pipeline.threads import Workers

INNER = 2  # repeated updates of one factor against the same products: they are cheap beside the products
TINY = 1e-12


@dataclass(frozen=True)
class Anchor:
    """Where W (groups x p) is to stay near, and what a squared distance from there costs in each pattern (p,)."""

    W: Array
    costs: Floats

    def cost(self, W: Array) -> float:
        """What it costs to be at W."""
        return float((np.square(W - self.W, dtype=np.float64) * self.costs).sum())


@dataclass(frozen=True)
class Fitted:
    """W (groups x p), H (p x contents), the objective after every sweep, and whether it came to rest.

    The objective is |X - W H|^2 and what the anchor costs; `residual` is the first part at the end.
    """

    W: Array
    H: Array
    objectives: tuple[float, ...]
    residual: float
    converged: bool

    @property
    def objective(self) -> float:
        """The objective at the end."""
        return self.objectives[-1]


def fit(X: Blocks, W: Array, H: Array, *, tolerance: float, most_sweeps: int, anchor: Anchor | None = None) -> Fitted:
    """Sweep from W, H until the objective falls by less than `tolerance` of what is explained."""
    held = anchor or Anchor(np.zeros_like(W), np.zeros(W.shape[1]))
    W, H = np.array(W, dtype=np.float32), np.array(H, dtype=np.float32)
    parts = X.slices()
    objectives: list[float] = []
    residual, converged = X.squares, False

    def update_block(b: int) -> tuple[Floats, Floats]:
        part = np.ascontiguousarray(H[:, parts[b]])
        _improve(part, np.ascontiguousarray(X.left(b, W).T), gram_W)
        H[:, parts[b]] = part
        flat = np.ascontiguousarray(part.T)
        return X.right(b, flat).astype(np.float64), (part @ flat).astype(np.float64)

    with Workers(len(parts)) as workers:
        for _ in range(most_sweeps):
            gram_W = W.T @ W
            cross, gram_H = np.zeros(W.shape), np.zeros((W.shape[1], W.shape[1]))
            for XH, HH in workers.map(update_block, range(len(parts))):
                cross += XH
                gram_H += HH
            W = _groups_improved(W, cross, gram_H, held)
            exact = W.astype(np.float64)
            residual = X.squares - 2 * float((cross * exact).sum()) + float(((exact.T @ exact) * gram_H).sum())
            objectives.append(residual + held.cost(W))
            if len(objectives) > 1 and objectives[-2] - objectives[-1] <= tolerance * (X.squares - residual):
                converged = True
                break
    return Fitted(W=W, H=H, objectives=tuple(objectives), residual=residual, converged=converged)


def _groups_improved(W: Array, cross: Floats, gram: Floats, anchor: Anchor) -> Array:
    """W after one round, given X H', H H' and the anchor."""
    rows = np.ascontiguousarray(W.T)
    pulled = np.ascontiguousarray((cross + anchor.W * anchor.costs).T, dtype=np.float32)
    _improve(rows, pulled, (gram + np.diag(anchor.costs)).astype(np.float32))
    return np.ascontiguousarray(rows.T)


def _improve(factor: Array, cross: Array, gram: Array) -> None:
    """Set every row of factor (p x n) in turn to its best non-negative value given the others, in place."""
    for _ in range(INNER):
        for k in range(len(factor)):
            step = (cross[k] - gram[k] @ factor) / max(float(gram[k, k]), TINY)
            np.maximum(factor[k] + step, 0, out=factor[k])


def solve_rows(cross: Array, gram: Array, rounds: int = 50) -> Array:
    """Non-negative W (groups x p) least squares for known products X H' and H H'."""
    rows = np.maximum(cross.T / max(float(np.trace(gram)), TINY), 0).astype(np.float32)
    for _ in range(rounds):
        _improve(rows, np.ascontiguousarray(cross.T), gram)
    return np.ascontiguousarray(rows.T)
