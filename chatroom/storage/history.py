"""What has been said in a room, a page at a time."""

import sqlite3
from contextlib import closing

from msgspec import json

from chatroom.core.events import Message
from chatroom.core.interfaces import Page, Place
from chatroom.storage.reactions import reactions_to
from chatroom.storage.rows import MESSAGE_COLUMNS, message

PAGE = 256 * 1024
"""The most bytes that a page's messages take as a JSON array, unless it is one alone."""

_ROOM = "SELECT id, seq, oldest FROM rooms WHERE name = ?"
_BETWEEN = f"""
    SELECT {MESSAGE_COLUMNS}, reactions FROM messages
    WHERE room = ? AND seq >= ? AND seq < ?
"""
_UP = f"{_BETWEEN} ORDER BY seq LIMIT ?"
_DOWN = f"{_BETWEEN} ORDER BY seq DESC LIMIT ?"
_NEXT = "SELECT seq, at FROM messages WHERE room = ? AND seq >= ? AND seq < ? ORDER BY seq LIMIT 1"


def page(room: str, place: Place, limit: int, connection: sqlite3.Connection) -> Page | None:
    """At most `limit` messages from there, ended early at `PAGE` bytes.

    Around a number, half of them, rounded down, are below it. None where nothing was ever stored.
    """
    found = connection.execute(_ROOM, (room,)).fetchone()
    if found is None:
        return None
    number, seq, oldest = found
    reading = _Reading(connection, number, oldest, seq + 1)
    if place.after is not None:
        more = reading.up(place.after + 1, limit)
        return Page(reading.messages, more, as_of=seq)
    if place.around is None and place.at is None:
        more = reading.down(seq + 1 if place.before is None else place.before, limit)
        return Page(reading.messages, more, as_of=seq)
    if place.around is not None:
        start, half = place.around, limit // 2
    else:
        assert place.at is not None
        start, half = _first_at(connection, number, range(oldest, seq + 1), place.at), 0
    more = reading.up(start, limit - half, most=PAGE // 2 if half else PAGE)
    more_before = reading.down(start, half)
    return Page(reading.messages, more, as_of=seq, more_before=more_before)


def _first_at(connection: sqlite3.Connection, room: int, log: range, at: int) -> int:
    """The number from which on it was said at this time or later, by halves.

    Where the clock was set back there may be several; this is one of them.
    """
    low, high = log.start, log.stop
    while low < high:
        middle = (low + high) // 2
        said = connection.execute(_NEXT, (room, middle, high)).fetchone()
        if said is None or said[1] >= at:
            high = middle
        else:
            low = said[0] + 1
    return low


class _Reading:
    """The messages of a page, as they are read; `oldest` to below `end` are there."""

    def __init__(self, connection: sqlite3.Connection, room: int, oldest: int, end: int) -> None:
        self.messages: list[Message] = []
        self._connection = connection
        self._room = room
        self._oldest = oldest
        self._end = end
        self._size = len("[")

    def up(self, first: int, limit: int, most: int = PAGE) -> bool:
        """Read on from the number `first`; give whether there are more."""
        found, more = self._read(_UP, max(first, self._oldest), self._end, limit, most)
        self.messages += found
        return more

    def down(self, end: int, limit: int) -> bool:
        """Read back from below the number `end`; give whether there are more."""
        found, more = self._read(_DOWN, self._oldest, end, limit, PAGE)
        self.messages = found[::-1] + self.messages
        return more

    def _read(
        self, query: str, first: int, end: int, limit: int, most: int
    ) -> tuple[list[Message], bool]:
        found: list[Message] = []
        # One row beyond the limit tells whether there are more.
        with closing(self._connection.execute(query, (self._room, first, end, limit + 1))) as rows:
            for row in rows:
                *fields, reacted = row
                reactions = reactions_to(self._connection, self._room, row[0], reacted)
                candidate = message(tuple(fields), reactions)
                size = len(json.encode(candidate)) + len(",")
                is_first = not (found or self.messages)
                if len(found) == limit or (self._size + size > most and not is_first):
                    return found, True
                self._size += size
                found.append(candidate)
        return found, False
