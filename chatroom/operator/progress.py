"""How far something is that takes long, on a terminal."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self, TextIO

WIDTH = 30
EVERY = 0.1  # seconds


class Progress:
    """A bar that is drawn over itself; on what is no terminal nothing is written."""

    def __init__(self, out: TextIO, unit: str) -> None:
        self._out = out
        self._unit = unit
        self._drawn = 0.0
        self._width = 0

    @classmethod
    @contextmanager
    def shown(cls, out: TextIO, unit: str) -> Iterator[Self]:
        """Give one, and take it from the screen in the end."""
        progress = cls(out, unit)
        try:
            yield progress
        finally:
            progress._draw("")

    def __call__(self, done: int, total: int) -> None:
        """Show that so many of so many units are done."""
        now = time.monotonic()
        if now - self._drawn < EVERY or not self._out.isatty():
            return
        self._drawn = now
        filled = WIDTH * done // max(total, 1)
        bar = "#" * filled + "." * (WIDTH - filled)
        self._draw(f"[{bar}] {100 * done // max(total, 1)} %, {done:,} of {total:,} {self._unit}")

    def _draw(self, line: str) -> None:
        if line or self._width:
            self._out.write("\r" + line.ljust(self._width) + ("" if line else "\r"))
            self._out.flush()
            self._width = len(line)
