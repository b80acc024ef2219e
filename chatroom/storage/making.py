"""How rooms are made on purpose, and how one is deleted."""

import sqlite3
from operator import attrgetter

from chatroom.core.kinds import RoomKind
from chatroom.core.permissions import Role
from chatroom.core.work import Verdict
from chatroom.storage.known import own, room_of
from chatroom.storage.orders import rule

_MAKE = """
    INSERT INTO rooms (name, kind, seq, created_at, generation)
    VALUES (?, ?, 0, ?, (SELECT count(*) FROM rooms WHERE was = ?)) RETURNING id
"""
_PAIR = """
    SELECT rooms.name FROM pairs JOIN rooms ON rooms.id = pairs.room
    WHERE pairs.one = ? AND pairs.other = ?
"""
_ADD_PAIR = "INSERT INTO pairs (one, other, room) VALUES (?, ?, ?)"
_ADD_ROLE = "INSERT INTO roles (room, user, role, nick, at) VALUES (?, ?, ?, ?, ?)"
# It is in the list of who made it, and in the other's once something was said.
_LIST = "INSERT INTO reads (user, room, seq) VALUES (?, ?, 0)"
# No room is called so, as a name has no slash. Its rows go bit by bit, as they are below `oldest`.
_RENAME = """
    UPDATE rooms SET was = name, name = '/' || id, oldest = seq + 1, kept = 0 WHERE name = ?
"""
_BELONGINGS = ("roles", "rules", "sanctions", "reads", "invitations", "pairs")


def create(connection: sqlite3.Connection, verdict: Verdict) -> Verdict | None:
    """Make a room that is its maker's; None where there is one of this name."""
    assert verdict.maker is not None and verdict.rules is not None
    if room_of(connection, verdict.room) is not None:
        return None
    room = make(connection, verdict.room, verdict.kind, verdict.at)
    own(connection, room, verdict.maker, verdict.at)
    rule(connection, room, verdict.rules, None)
    return verdict


def direct(connection: sqlite3.Connection, verdict: Verdict) -> Verdict:
    """Make the room of two, at the address that the verdict has, unless they have one."""
    assert verdict.maker is not None and verdict.whom is not None
    two = sorted((verdict.maker, verdict.whom), key=attrgetter("user"))
    pair = [person.user for person in two]
    for (name,) in connection.execute(_PAIR, pair).fetchall():
        return verdict._replace(room=name)
    room = make(connection, verdict.room, RoomKind.DIRECT, verdict.at)
    connection.execute(_ADD_PAIR, (*pair, room))
    roles = [(room, each.user, Role.MEMBER, each.nick, verdict.at) for each in two]
    connection.executemany(_ADD_ROLE, roles)
    connection.execute(_LIST, (verdict.maker.user, room))
    return verdict


def make(connection: sqlite3.Connection, name: str, kind: RoomKind, at: int) -> int:
    """Make a room of which nothing is stored; give its number."""
    [(room,)] = connection.execute(_MAKE, (name, kind, at, name)).fetchall()
    return int(room)


def destroy(connection: sqlite3.Connection, name: str) -> None:
    """Let there be no room of this name any more, once its last event is in the log."""
    room = room_of(connection, name)
    for table in _BELONGINGS:
        connection.execute(f"DELETE FROM {table} WHERE room = ?", (room,))
    connection.execute(_RENAME, (name,))
