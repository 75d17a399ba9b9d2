"""The progress of work that runs in a terminal: one line that is written over."""

import time
from typing import TextIO

WIDTH = 30
EVERY = 0.1  # seconds


class ProgressLine:
    """Draws `report(stage, done, total)` as a bar; on a pipe it stays silent, so that scripts read clean output."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.alive = stream.isatty()
        self.drawn = 0.0
        self.stage = ""

    def report(self, stage: str, done: int = 0, total: int = 0) -> None:
        now = time.monotonic()
        if not self.alive or (stage == self.stage and now - self.drawn < EVERY and done < total):
            return
        self.stage, self.drawn = stage, now
        part = min(1.0, done / total) if total else 0.0
        bar = "█" * round(part * WIDTH)
        self._write(f"\r{stage:<12} {bar:·<{WIDTH}} {part:>4.0%}  {done:,} of {total:,}\x1b[K")

    def close(self) -> None:
        """Clear the line."""
        if self.alive and self.stage:
            self._write("\r\x1b[K")

    def _write(self, text: str) -> None:
        self.stream.write(text)
        self.stream.flush()
