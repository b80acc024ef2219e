"""Numbers drafts and writes them down, within the transaction of their batch."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence

from chatroom.core.events import Said
from chatroom.core.interfaces import Draft

_NUMBER = """
    INSERT INTO rooms (name, seq, created_at) VALUES (?, ?, ?)
    ON CONFLICT (name) DO UPDATE SET seq = seq + excluded.seq
    RETURNING id, seq
"""
_ADD_EVENT = """
    INSERT INTO events (room, seq, user, nick, text, id, at, reply_to, type)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'said')
"""
_ADD_MESSAGE = """
    INSERT INTO messages (room, seq, user, nick, text, id, at, reply_to)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
_ADD_KEY = "INSERT INTO keys (room, user, id, seq) VALUES (?, ?, ?, ?)"
_ADD_USER = """
    INSERT INTO users (id, nick, first_at) VALUES (?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET nick = excluded.nick WHERE nick <> excluded.nick
"""


def append(connection: sqlite3.Connection, drafts: Sequence[Draft]) -> list[Said]:
    """Number the drafts of each room in their order and store them; gives their events.

    A room comes to be with its first event, a user likewise.
    """
    by_room: defaultdict[str, list[Draft]] = defaultdict(list)
    for draft in drafts:
        by_room[draft.room].append(draft)
    rooms: dict[str, int] = {}
    numbers: dict[str, Iterator[int]] = {}
    for name in sorted(by_room):
        count, created_at = len(by_room[name]), by_room[name][0].at
        # fetchall(): a RETURNING that is not read to its end would hold up the COMMIT.
        [(room, seq)] = connection.execute(_NUMBER, (name, count, created_at)).fetchall()
        rooms[name] = room
        numbers[name] = iter(range(seq - count + 1, seq + 1))
    events = [
        Said(
            room=draft.room,
            seq=next(numbers[draft.room]),
            id=draft.id,
            user=draft.user,
            nick=draft.nick,
            text=draft.text,
            at=draft.at,
            reply_to=draft.reply_to,
        )
        for draft in drafts
    ]
    rows = [(rooms[e.room], e.seq, e.user, e.nick, e.text, e.id, e.at, e.reply_to) for e in events]
    connection.executemany(_ADD_EVENT, rows)
    connection.executemany(_ADD_MESSAGE, rows)
    keys = [(rooms[e.room], e.user, e.id, e.seq) for e in events if e.id is not None]
    connection.executemany(_ADD_KEY, keys)
    connection.executemany(_ADD_USER, _users(drafts))
    return events


def _users(drafts: Sequence[Draft]) -> list[tuple[str, str, int]]:
    """Each user once, with the newest nick and the oldest time."""
    nicks = {draft.user: draft.nick for draft in drafts}
    first_at = {draft.user: draft.at for draft in reversed(drafts)}
    return [(user, nick, first_at[user]) for user, nick in sorted(nicks.items())]
