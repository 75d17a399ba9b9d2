"""How long work tells how far it is. Pure."""

from collections.abc import Callable

Report = Callable[[str, int, int], None]  # (stage, done, total)
