"""Which rooms there are for somebody: those that are listed for all, and its own."""

import sqlite3
from typing import Any

from chatroom.core.events import Person, Rules
from chatroom.core.interfaces import StoredRoom
from chatroom.core.kinds import RoomKind
from chatroom.core.permissions import Role
from chatroom.storage.orders import RULED, rules_in
from chatroom.storage.reads import MOST_ROOMS

_RULES = ", ".join(f"rules.{name}" for name in ("password", *RULED))
_PUBLIC, _DIRECT = int(RoomKind.PUBLIC), int(RoomKind.DIRECT)
# One's own: where one has read and did not leave for good; or is a member, where only members are.
# A room of two that was left is there again when something new is said.
_MINE = f"""
    CASE rooms.kind
        WHEN {_PUBLIC} THEN coalesce(NOT reads.parted, roles.user IS NOT NULL)
        WHEN {_DIRECT} THEN roles.user IS NOT NULL AND (
            rooms.seq > coalesce(reads.seq, 0) OR NOT coalesce(reads.parted, rooms.seq = 0)
        )
        ELSE roles.user IS NOT NULL
    END
"""
_LISTED = f"rooms.kind = {_PUBLIC} AND NOT coalesce(rules.unlisted, 0)"
_ROOMS = f"""
    SELECT rooms.name, rooms.kind, rooms.seq, rooms.active_at, roles.role, {_MINE} AS mine,
        other.user, coalesce((SELECT nick FROM users WHERE id = other.user), other.nick), {_RULES}
    FROM rooms
    LEFT JOIN rules ON rules.room = rooms.id
    LEFT JOIN roles ON roles.room = rooms.id AND roles.user = :user
    LEFT JOIN reads ON reads.room = rooms.id AND reads.user = :user
    LEFT JOIN roles AS other
        ON rooms.kind = {_DIRECT} AND other.room = rooms.id AND other.user <> :user
    WHERE rooms.was IS NULL AND NOT EXISTS (
        SELECT 1 FROM sanctions
        WHERE sanctions.room = rooms.id AND act = 'ban' AND sanctions.user = :user
            AND (until IS NULL OR until > :now)
    ) AND (:q = '' OR holds(:q, rooms.name) OR holds(:q, rules.topic) OR holds(:q, rules.title)
        OR holds(:q, coalesce((SELECT nick FROM users WHERE id = other.user), other.nick)))
"""
_NEWEST = "ORDER BY coalesce(rules.archived, 0), coalesce(rooms.active_at, created_at) DESC, name"
# By the rooms that are the user's, so that it is no matter how many there are.
_OWN = f"""
    {_ROOMS} AND rooms.id IN (
        SELECT room FROM reads WHERE user = :user UNION SELECT room FROM roles WHERE user = :user
    ) AND mine {_NEWEST} LIMIT {MOST_ROOMS}
"""
_OTHERS = f"{_ROOMS} AND {_LISTED} AND NOT mine {_NEWEST} LIMIT :limit"
_ALL = f"{_ROOMS} {_NEWEST} LIMIT :limit"


def _holds(q: str, text: str | None) -> bool:
    """Whether it has `q` in it, in whatever case; SQLite's own knows only that of ASCII."""
    return text is not None and q in text.casefold()


def _ask(
    query: str, fields: dict[str, object], q: str, connection: sqlite3.Connection
) -> list[StoredRoom]:
    connection.create_function("holds", 2, _holds, deterministic=True)
    return [_room(row) for row in connection.execute(query, fields | {"q": q.casefold()})]


def own_rooms(user: str, q: str, now: int, connection: sqlite3.Connection) -> list[StoredRoom]:
    """The rooms of a user's own that have `q` in their name, title or topic, at most MOST_ROOMS."""
    if not user:
        return []
    return _ask(_OWN, {"user": user, "now": now}, q, connection)


def listed_rooms(
    user: str, q: str, now: int, limit: int, connection: sqlite3.Connection
) -> list[StoredRoom]:
    """At most `limit` of the other rooms, that are listed for all, the last active first."""
    return _ask(_OTHERS, {"user": user, "now": now, "limit": limit}, q, connection)


def all_rooms(limit: int, connection: sqlite3.Connection) -> list[StoredRoom]:
    """Those of all kinds, for the operator."""
    return _ask(_ALL, {"user": "", "now": 0, "limit": limit}, "", connection)


def _room(row: tuple[Any, ...]) -> StoredRoom:
    name, kind, seq, at, role, mine, user, nick, *rules = row
    return StoredRoom(
        name=name,
        seq=seq,
        at=at,
        kind=RoomKind(kind),
        rules=Rules() if rules[1] is None else rules_in(rules),
        role=Role(role or 0),
        mine=bool(mine),
        other=None if user is None else Person(user, nick),
    )
