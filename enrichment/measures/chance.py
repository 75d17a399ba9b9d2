"""Chance that depends on a key alone, so that the same persona is drawn the same way on every machine."""

import hashlib
from collections.abc import Mapping


def draw(*parts: object) -> float:
    """Return a number in [0, 1) that depends on the parts alone."""
    return number(*parts) / 2**64


def number(*parts: object) -> int:
    """Return an integer in [0, 2**64) that depends on the parts alone."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def pick(weights: Mapping[str, float], *parts: object) -> str:
    """Return one name from name -> weight; raises ValueError when no weight is above zero."""
    total = sum(weight for weight in weights.values() if weight > 0)
    if total <= 0:
        raise ValueError("Nothing to pick from: every weight is zero.")
    rest = draw(*parts) * total
    chosen = ""
    for name, weight in weights.items():
        if weight <= 0:
            continue
        chosen = name
        rest -= weight
        if rest < 0:
            break
    return chosen
