"""Takes the rows away of what a log begins after, a little at a time between two batches.

What is to go is told by the rooms themselves, `swept` against `oldest`, so a kill or a failure
loses nothing of it. Whatever moves `oldest` forward has its rows swept: a rule that lets old
messages go, or the end of a whole room.
"""

import sqlite3

from chatroom.storage import index
from chatroom.storage.transaction import transaction

EVENTS = 50
"""So many are swept at once, which takes about 10 ms."""
KEYS = 1_000
"""So many keys of a room that was deleted, likewise."""

_ROOM = """
    SELECT id, swept, oldest, searched, was IS NOT NULL FROM rooms
    WHERE swept < oldest - 1 ORDER BY id LIMIT 1
"""
_INDEXED = """
    SELECT n, room, nick, text FROM messages
    WHERE room = ? AND seq > ? AND seq <= min(?, ?) AND n IS NOT NULL
"""
# Reactions refer to messages. Keys stay, as an id is used once, for as long as there is the room.
_SWEEP = (
    "DELETE FROM reactions WHERE room = ? AND seq > ? AND seq <= ?",
    "DELETE FROM messages WHERE room = ? AND seq > ? AND seq <= ?",
    "DELETE FROM events WHERE room = ? AND seq > ? AND seq <= ?",
)
_FORGET_KEYS = """
    DELETE FROM keys WHERE room = ? AND (user, id) IN (
        SELECT user, id FROM keys WHERE room = ? LIMIT ?
    )
"""
_GO_ON = "UPDATE rooms SET swept = ? WHERE id = ?"


def sweep_some(connection: sqlite3.Connection) -> bool:
    """Take the next rows away; give whether there were any."""
    found = connection.execute(_ROOM).fetchone()
    if found is None:
        return False
    room, swept, oldest, searched, is_deleted = found
    with transaction(connection):
        if not (is_deleted and connection.execute(_FORGET_KEYS, (room, room, KEYS)).rowcount):
            _sweep(connection, room, swept, oldest, searched)
    return True


def _sweep(
    connection: sqlite3.Connection, room: int, swept: int, oldest: int, searched: int
) -> None:
    last = min(swept + EVENTS, oldest - 1)
    for row in connection.execute(_INDEXED, (room, swept, last, searched)).fetchall():
        index.remove(connection, index.Entry(*row))
    for statement in _SWEEP:
        connection.execute(statement, (room, swept, last))
    connection.execute(_GO_ON, (last, room))
