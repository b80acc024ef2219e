"""What the rules of rooms keep no longer: how much that would be, and letting go of it.

A log is kept from `oldest` on, without holes. So a rule of days keeps all from the first event on
that is not older, even where the clock was set back after it; and what is no message, as an edit or
a reaction, goes with the messages around it. A rule of messages keeps so many of the newest,
deleted ones counted. Here `oldest` moves; the rows go after (sweeping.py).
"""

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from chatroom.core.interfaces import Going
from chatroom.storage.transaction import transaction

A_DAY = 24 * 3600 * 1000
"""In ms."""
EVENTS = 2_000
"""By so many at most the `oldest` of a room moves at once, which takes a few ms."""
ROOMS = 50
"""So many rooms are looked at in one transaction."""

_KEPT = """
    SELECT rooms.id, name, seq, oldest, kept, keep_days, keep_messages
    FROM rules JOIN rooms ON rooms.id = rules.room
    WHERE (keep_days > 0 OR keep_messages > 0) AND rules.room > ? ORDER BY rules.room LIMIT ?
"""
_ROOM = "SELECT id, name, seq, oldest, kept, ?, ? FROM rooms WHERE name = ?"
_FIRST_KEPT_BY_DAYS = """
    SELECT seq FROM events WHERE room = ? AND seq >= ? AND seq < ? AND at >= ? ORDER BY seq LIMIT 1
"""
_FIRST_KEPT_BY_NUMBER = """
    SELECT seq FROM messages WHERE room = ? AND seq >= ? AND seq < ? ORDER BY seq LIMIT 1 OFFSET ?
"""
_COUNT = "SELECT count(*) FROM messages WHERE room = ? AND seq >= ? AND seq < ?"
_LAST = """
    SELECT at FROM messages WHERE room = ? AND seq >= ? AND seq < ? ORDER BY seq DESC LIMIT 1
"""
_MOVE = "UPDATE rooms SET oldest = ?, kept = kept - ? WHERE id = ?"


class Moved(NamedTuple):
    """The log of a room begins at another number."""

    room: str
    oldest: int


class Let(NamedTuple):
    """What was let go of; `next` is where to go on, None at the end."""

    moved: Sequence[Moved]
    next: int | None


class _Room(NamedTuple):
    id: int
    name: str
    seq: int
    oldest: int
    kept: int
    keep_days: int
    keep_messages: int


def let_go(now: int, place: int, connection: sqlite3.Connection) -> Let:
    """Let go of a part of what is kept no longer at `now`, in ms since 1970.

    `place` is the `next` of the time before; 0 begins anew.
    """
    with transaction(connection):
        return _let_go(now, place, connection)


def _let_go(now: int, place: int, connection: sqlite3.Connection) -> Let:
    moved = []
    rooms = [_Room(*row) for row in connection.execute(_KEPT, (place, ROOMS))]
    for room in rooms:
        end = min(room.oldest + EVENTS, room.seq + 1)
        first = _first_kept(connection, room, now, end)
        if first > room.oldest:
            [(gone,)] = connection.execute(_COUNT, (room.id, room.oldest, first)).fetchall()
            connection.execute(_MOVE, (first, gone, room.id))
            moved.append(Moved(room.name, first))
        if first == end <= room.seq:
            # There may be more of this one.
            return Let(moved, room.id - 1)
    return Let(moved, rooms[-1].id if len(rooms) == ROOMS else None)


def _first_kept(connection: sqlite3.Connection, room: _Room, now: int, end: int) -> int:
    """The first number up to `end` that stays, by the stricter of both rules."""
    first = room.oldest
    if room.keep_days:
        until = now - room.keep_days * A_DAY
        bounds: tuple[int, ...] = (room.id, room.oldest, end, until)
        first = max(first, _one(connection, _FIRST_KEPT_BY_DAYS, bounds, end))
    too_many = room.kept - room.keep_messages
    if room.keep_messages and too_many > 0:
        bounds = (room.id, room.oldest, end, too_many)
        first = max(first, _one(connection, _FIRST_KEPT_BY_NUMBER, bounds, end))
    return first


def _one(
    connection: sqlite3.Connection, query: str, values: Sequence[object], otherwise: int
) -> int:
    row = connection.execute(query, values).fetchone()
    return otherwise if row is None else int(row[0])


def going(
    room: str, keep_days: int, keep_messages: int, now: int, connection: sqlite3.Connection
) -> Going | None:
    """What would go now by such rules; None where nothing was ever stored."""
    row = connection.execute(_ROOM, (keep_days, keep_messages, room)).fetchone()
    if row is None:
        return None
    found = _Room(*row)
    first = _first_kept(connection, found, now, found.seq + 1)
    if first == found.oldest:
        return Going(0, None, None)
    bounds = (found.id, found.oldest, first)
    [(count,)] = connection.execute(_COUNT, bounds).fetchall()
    last = connection.execute(_LAST, bounds).fetchone()
    return Going(count, first - 1, None if last is None else last[0])
