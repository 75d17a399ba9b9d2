"""Starts for a factorisation: from nothing, and from a finished one with one pattern added."""

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from personas.pipeline.compressing import Compressed
from personas.pipeline.hals import Blocks, Fitted, fit

SEEDS = 3
TRIAL_SWEEPS = 20
DIRECTIONS = 3
POWER_ROUNDS = 6

Array = NDArray[np.float32]


def best_start(small: Compressed, X: Blocks, size: int, seed: int) -> tuple[Array, Array]:
    """The best after a few sweeps of a start from the singular vectors and of a few random ones."""
    starts = [_from_svd(small, size)]
    starts += [random_start(small, size, np.random.default_rng([seed, n])) for n in range(SEEDS)]
    return _best([_trial(X, W, H) for W, H in starts])


def grown(small: Compressed, X: Blocks, W: Array, H: Array) -> tuple[Array, Array]:
    """W, H with one pattern more, the best of those that point where W H leaves most unexplained."""
    trials = []
    for w, h in _residual_directions(small, W, H):
        trials.append(_trial(X, np.column_stack([W, w]), np.vstack([H, h])))
    return _best(trials)


def grown_once(small: Compressed, W: Array, H: Array) -> tuple[Array, Array]:
    """W, H with one pattern more, along the direction that explains most of the rest; no trials."""
    pairs = _residual_directions(small, W, H)
    w, h = max(pairs, key=lambda pair: float(np.linalg.norm(pair[0])))
    return np.column_stack([W, w]), np.vstack([H, h])


def _trial(X: Blocks, W: Array, H: Array) -> Fitted:
    return fit(X, W, H, tolerance=0.0, most_sweeps=TRIAL_SWEEPS)


def _best(trials: list[Fitted]) -> tuple[Array, Array]:
    best = min(trials, key=lambda trial: trial.objective)
    return best.W, best.H


def _from_svd(small: Compressed, size: int) -> tuple[Array, Array]:
    """Positive or negative parts of the leading singular vectors, zeros lifted so that sweeps can move them."""
    pairs = [_parts(small.U[:, k], small.Z[:, k])[0] for k in range(size)]
    W, H = np.column_stack([w for w, _ in pairs]), np.vstack([h for _, h in pairs])
    return W + np.float32(W.mean() / 100), H + np.float32(H.mean() / 100)


def random_start(small: Compressed, size: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Patterns that start as mixtures of real groups: H follows from W in the first sweep."""
    U, _, _ = linalg.svd(
        small.U @ rng.standard_normal((small.U.shape[1], size)).astype(np.float32), full_matrices=False
    )
    W = np.abs(U)
    return W, np.maximum((W.T @ small.U) @ small.Z.T, 0)


def _residual_directions(small: Compressed, W: Array, H: Array) -> list[tuple[Array, Array]]:
    """Non-negative pairs (w, h) along the leading singular vectors of U Z' - W H, both signs."""
    Q = small.U[:, :DIRECTIONS].copy()
    for _ in range(POWER_ROUNDS):
        right = small.Z @ (small.U.T @ Q) - H.T @ (W.T @ Q)
        left = small.U @ (small.Z.T @ right) - W @ (H @ right)
        Q = linalg.qr(left, mode="economic")[0]
    right = small.Z @ (small.U.T @ Q) - H.T @ (W.T @ Q)
    return [pair for k in range(Q.shape[1]) for pair in _parts(Q[:, k], right[:, k])]


def _parts(u: Array, v: Array) -> list[tuple[Array, Array]]:
    """The two non-negative rank-one parts of u v', the larger first."""
    pairs = [(np.maximum(s * u, 0), np.maximum(s * v, 0)) for s in (np.float32(1), np.float32(-1))]
    weights = [float(np.linalg.norm(a) * np.linalg.norm(b)) for a, b in pairs]
    balanced = []
    for (a, b), weight in zip(pairs, weights, strict=True):
        scale = np.float32(np.sqrt(weight) + 1e-12)
        balanced.append(
            (a / np.float32(np.linalg.norm(a) + 1e-12) * scale, b / np.float32(np.linalg.norm(b) + 1e-12) * scale)
        )
    return balanced if weights[0] >= weights[1] else balanced[::-1]
