"""Numbers what has happened and writes it down, within the transaction of its batch."""

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from itertools import count

from chatroom.core.events import LogEvent
from chatroom.core.work import Change, Draft, Verdict
from chatroom.storage.index import Places
from chatroom.storage.known import own
from chatroom.storage.rows import EventRow, event, verdict_row

Happened = Draft | Change | Verdict

_NUMBER = """
    INSERT INTO rooms (name, seq, created_at, active_at, kept, generation) VALUES (
        :room, :count, :first_at, :said_at, :said, (SELECT count(*) FROM rooms WHERE was = :room)
    )
    ON CONFLICT (name) DO UPDATE SET seq = seq + excluded.seq,
        kept = kept + excluded.kept,
        active_at = coalesce(excluded.active_at, active_at)
    RETURNING id, seq
"""
_ADD_EVENT = """
    INSERT INTO events (room, type, seq, of, id, user, nick, text, at, reply_to)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_ADD_MESSAGE = """
    INSERT INTO messages (room, seq, id, user, nick, text, at, reply_to, n)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
# From what has just been written: SQLite is twice as fast as when it is handed each row again.
_ADD_SAID = """
    INSERT INTO events (room, type, seq, id, user, nick, text, at, reply_to)
    SELECT room, 'said', seq, id, user, nick, text, at, reply_to
    FROM messages WHERE room = ? AND seq > ?
"""
_ADD_KEY = "INSERT INTO keys (room, user, id, seq) VALUES (?, ?, ?, ?)"
_ADD_USER = """
    INSERT INTO users (id, nick, first_at) VALUES (?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET nick = excluded.nick WHERE nick <> excluded.nick
"""


def append(connection: sqlite3.Connection, happened: Sequence[Happened]) -> list[LogEvent]:
    """Number what has happened in each room in its order and store it; gives the events.

    A room comes to be with its first event, and is its maker's; a user likewise.
    """
    rooms = {
        name: _number(connection, name, each) for name, each in sorted(_by_room(happened).items())
    }
    numbers = {name: count(before + 1) for name, (_, before) in rooms.items()}
    places = Places(connection)
    messages, others, events = [], [], []
    for one in happened:
        room = rooms[one.room][0]
        row = _row(one, next(numbers[one.room]))
        if isinstance(one, Draft):
            messages.append((room, row[1], *row[3:], places.take(one.at)))
        else:
            others.append((room, *row))
        events.append(event(one.room, row))
    connection.executemany(_ADD_MESSAGE, messages)
    connection.executemany(_ADD_SAID, rooms.values())
    keys = [(room, user, id, seq) for room, seq, id, user, *_ in messages if id is not None]
    connection.executemany(_ADD_KEY, keys)
    connection.executemany(_ADD_EVENT, others)
    connection.executemany(_ADD_USER, _users(happened))
    return events


def _number(
    connection: sqlite3.Connection, name: str, happened: Sequence[Happened]
) -> tuple[int, int]:
    """Give a room's id, and the number after which those begin of what has happened in it."""
    said_at = [one.at for one in happened if isinstance(one, Draft)]
    fields = {
        "room": name,
        "count": len(happened),
        "first_at": happened[0].at,
        "said": len(said_at),
        "said_at": said_at[-1] if said_at else None,
    }
    # fetchall(): a RETURNING that is not read to its end would hold up the COMMIT.
    [(room, seq)] = connection.execute(_NUMBER, fields).fetchall()
    maker = happened[0].maker if isinstance(happened[0], Draft) else None
    if maker is not None and seq == len(happened):
        own(connection, room, maker, happened[0].at)
    return room, seq - len(happened)


def _by_room(happened: Sequence[Happened]) -> dict[str, list[Happened]]:
    by_room: defaultdict[str, list[Happened]] = defaultdict(list)
    for one in happened:
        by_room[one.room].append(one)
    return by_room


def _row(one: Happened, seq: int) -> EventRow:
    if isinstance(one, Draft):
        return "said", seq, None, one.id, one.user, one.nick, one.text, one.at, one.reply_to
    if isinstance(one, Verdict):
        return verdict_row(one, seq)
    return one.kind.value, seq, one.of, None, one.user, one.nick, one.text, one.at, None


def _users(happened: Sequence[Happened]) -> list[tuple[str, str, int]]:
    """Each user once, with the newest nick and the oldest time; the operator is none."""
    nicks = {one.user: one.nick for one in happened if one.user}
    first_at = {one.user: one.at for one in reversed(happened)}
    return [(user, nick, first_at[user]) for user, nick in sorted(nicks.items())]
