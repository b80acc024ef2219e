"""Where a page of what was found ends, as a text that tells nothing to who is given it.

Such a place is a time at which something was said, maybe where one may not read.
"""

import re
from hashlib import blake2b

from chatroom.core.errors import Refused

_CURSOR = re.compile("[0-9a-f]{16}")
_ROUNDS = b"abcd"
_HALF = 32
_LOW = (1 << _HALF) - 1


class Pages:
    """Seals numbers of at most 64 bits under a key: a Feistel cipher of four rounds."""

    def __init__(self, secret: bytes) -> None:
        self._key = blake2b(secret, digest_size=32, person=b"pages").digest()

    def seal(self, place: int) -> str:
        """Give the cursor for a place."""
        left, right = place >> _HALF, place & _LOW
        for turn in _ROUNDS:
            left, right = right, left ^ self._mix(right, turn)
        return f"{left << _HALF | right:016x}"

    def open(self, cursor: str) -> int:
        """Give the place of a cursor; raises `Refused('bad_field')` for what is none."""
        if not _CURSOR.fullmatch(cursor):
            raise Refused("bad_field", "`cursor` is the `next` of a page that was found.")
        sealed = int(cursor, 16)
        left, right = sealed >> _HALF, sealed & _LOW
        for turn in reversed(_ROUNDS):
            left, right = right ^ self._mix(left, turn), left
        # A text that is no cursor of ours leads anywhere, but not beyond what SQLite counts.
        return (left << _HALF | right) & (1 << 63) - 1

    def _mix(self, half: int, turn: int) -> int:
        data = bytes([turn]) + half.to_bytes(4)
        return int.from_bytes(blake2b(data, key=self._key, digest_size=4).digest())
