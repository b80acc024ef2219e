"""What somebody said, as moderators need it: all texts of a message, all messages of a user."""

import sqlite3

from chatroom.core.events import Version

_ROOM = "(SELECT id FROM rooms WHERE name = :room AND oldest <= :seq)"
# In two, and the index named: left alone, SQLite goes through the log of the whole room.
_TEXTS = f"""
    SELECT seq, text, at FROM events
    WHERE room = {_ROOM} AND seq = :seq AND type = 'said' AND text <> ''
    UNION ALL
    SELECT seq, text, at FROM events INDEXED BY events_of
    WHERE room = {_ROOM} AND of = :seq AND type = 'edited' AND text <> ''
    ORDER BY seq
"""
_SAID_BY = """
    SELECT seq FROM messages
    WHERE room = (SELECT id FROM rooms WHERE name = ?1) AND user = ?2 AND NOT deleted
        AND seq < ?3 AND seq >= (SELECT oldest FROM rooms WHERE name = ?1)
    ORDER BY seq DESC LIMIT ?4
"""


def versions(room: str, seq: int, connection: sqlite3.Connection) -> list[Version]:
    """All texts of a message, the first first; none where there is no such, or no more."""
    rows = connection.execute(_TEXTS, {"room": room, "seq": seq})
    return [Version(text, at) for _, text, at in rows]


def said_by(
    room: str, user: str, before: int, limit: int, connection: sqlite3.Connection
) -> list[int]:
    """The numbers below `before` of what a user said and is not deleted, the newest first."""
    rows = connection.execute(_SAID_BY, (room, user, before, limit))
    return [seq for (seq,) in rows]
