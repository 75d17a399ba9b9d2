"""Starts for a factorisation: from nothing, and from a finished one with one pattern added."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from personas.pipeline.blocks import Array
from personas.pipeline.compressing import Compressed
from personas.pipeline.hals import solve_rows

SEEDS = 4
DIRECTIONS = 3
POWER_ROUNDS = 6
TINY = 1e-12

Start = tuple[Array, Array]


def starts(small: Compressed, size: int, weights: NDArray[np.float64], seed: int) -> Iterator[Start]:
    """W, H from the singular vectors, and from groups drawn by weight and far from each other."""
    yield from_singular_vectors(small, size)
    for n in range(SEEDS):
        yield from_groups(small, size, weights, np.random.default_rng([seed, n]))


def from_singular_vectors(small: Compressed, size: int) -> Start:
    """Positive or negative parts of the leading singular vectors, zeros lifted so that sweeps can move them."""
    pairs = [_parts(small.U[:, k], small.Z[:, k])[0] for k in range(size)]
    W, H = np.column_stack([w for w, _ in pairs]), np.vstack([h for _, h in pairs])
    return W + np.float32(W.mean() / 100), H + np.float32(H.mean() / 100)


def from_groups(small: Compressed, size: int, weights: NDArray[np.float64], rng: np.random.Generator) -> Start:
    """Patterns that start as the rows of single groups, each drawn by weight times distance to those before."""
    gram = (small.Z.T @ small.Z).astype(np.float64)
    rows = small.U.astype(np.float64)
    products = rows @ gram
    lengths = np.maximum(np.einsum("ir,ir->i", products, rows), TINY)
    apart, drawn = np.ones(len(rows)), []
    for _ in range(size):
        chances = weights * apart + TINY
        drawn.append(int(rng.choice(len(rows), p=chances / chances.sum())))
        cosines = rows @ products[drawn[-1]] / np.sqrt(lengths * lengths[drawn[-1]])
        apart = np.minimum(apart, np.clip(1 - cosines * np.abs(cosines), 0, 1))
    H = np.maximum(small.U[drawn] @ small.Z.T, 0)
    return solve_rows(small.U @ (small.Z.T @ H.T), H @ H.T), H


def matching_contents(small: Compressed, W: Array) -> Array:
    """A start of H (p x contents) for these W."""
    return np.asarray(np.maximum((W.T @ small.U) @ small.Z.T, 0) / np.float32((W * W).sum()))


def grown(small: Compressed, W: Array, H: Array) -> list[Start]:
    """W, H with one pattern more, for several directions in which W H leaves much unexplained, the largest first."""
    pairs = sorted(_residual_directions(small, W, H), key=lambda pair: -float(np.linalg.norm(pair[0])))
    return [(np.column_stack([W, w]), np.vstack([H, h])) for w, h in pairs]


def _residual_directions(small: Compressed, W: Array, H: Array) -> list[Start]:
    """Non-negative pairs (w, h) along the leading singular vectors of U Z' - W H, both signs."""
    Q = small.U[:, :DIRECTIONS].copy()
    for _ in range(POWER_ROUNDS):
        right = small.Z @ (small.U.T @ Q) - H.T @ (W.T @ Q)
        Q = linalg.qr(small.U @ (small.Z.T @ right) - W @ (H @ right), mode="economic")[0]
    right = small.Z @ (small.U.T @ Q) - H.T @ (W.T @ Q)
    return [pair for k in range(Q.shape[1]) for pair in _parts(Q[:, k], right[:, k])]


def _parts(u: Array, v: Array) -> list[Start]:
    """The two non-negative rank-one parts of u v', the larger first, both vectors of a part equally long."""
    parts = []
    for sign in (np.float32(1), np.float32(-1)):
        a, b = np.maximum(sign * u, 0), np.maximum(sign * v, 0)
        long_a, long_b = float(np.linalg.norm(a)), float(np.linalg.norm(b))
        length = np.sqrt(long_a * long_b)
        parts.append((a * np.float32(length / (long_a + TINY)), b * np.float32(length / (long_b + TINY))))
    return sorted(parts, key=lambda part: -float(np.linalg.norm(part[0])))
