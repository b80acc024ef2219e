"""The mark in each text of the load, by which deliveries are counted without reading a frame.

A chunk of received bytes may begin and end anywhere in a text. So it is looked through behind the
last bytes of the chunk before, which are too few to hold what was looked for already.
"""

import re
import time

# Longer than its use wants: `bytes.count` skips by the length of what it looks for.
MARK = b"~delivery~"
STAMP = re.compile(rb"~delivery~\d{5} ([0-9a-f]{8})")
TAIL = 23
"""So many bytes before a chunk are kept: one less than a whole stamp has."""
FROM_MARK = TAIL - len(MARK) + 1
FROM_TAG = FROM_MARK - 5

_began = time.monotonic_ns()


def now() -> int:
    """Give the time in µs since this process began."""
    return (time.monotonic_ns() - _began) // 1000


def text_of(sender: int, number: int, size: int = 0) -> str:
    """Compose a text, of `size` characters or more, that a sender says now as its `number`th."""
    return f"~delivery~{sender:05} {now():08x} {number} ".ljust(size, "x")


def tag_of(sender: int) -> bytes:
    """Give what begins each text of a sender."""
    return b"%b%05d" % (MARK, sender)


def count(buffer: bytearray, end: int) -> int:
    """Count the texts in a chunk that lies behind the tail, up to `end`."""
    return buffer.count(MARK, FROM_MARK, end)


def count_own(buffer: bytearray, end: int, tag: bytes) -> int:
    """Count those of one sender."""
    return buffer.count(tag, FROM_TAG, end)


def delays(buffer: bytearray, end: int) -> list[int]:
    """Give how long each of the texts was on its way, in µs."""
    read = now()
    return [read - int(stamp, 16) for stamp in STAMP.findall(buffer, 0, end)]
