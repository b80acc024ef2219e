"""What goes out in one write: frames, joined, no more than the write may carry."""

from typing import NamedTuple

# Bytes; one frame may be larger, as a page of history is.
A_WRITE = 64 * 1024


class Piece(NamedTuple):
    """Whole frames, joined, and how many they are."""

    data: bytes
    frames: int = 1


class Measure(NamedTuple):
    """How frames are joined, and how many of them fit into one write; None is any number."""

    separator: bytes = b""
    most_frames: int | None = None


class Parcel:
    """Pieces for one write; the first one always fits."""

    __slots__ = ("_bytes", "_measure", "_parts", "frames")

    def __init__(self, measure: Measure) -> None:
        self._measure = measure
        self._parts: list[bytes] = []
        self._bytes = 0
        self.frames = 0

    def add(self, data: bytes, frames: int = 1) -> bool:
        """Put a piece in; give whether it had room."""
        size = self._bytes + len(data)
        count = self.frames + frames
        most = self._measure.most_frames
        if self._parts and (size > A_WRITE or (most is not None and count > most)):
            return False
        self._parts.append(data)
        self._bytes = size + len(self._measure.separator)
        self.frames = count
        return True

    @property
    def data(self) -> bytes:
        """All of it, joined; empty when nothing was put in."""
        parts = self._parts
        return parts[0] if len(parts) == 1 else self._measure.separator.join(parts)
