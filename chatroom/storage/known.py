"""How a room comes to be and who owns it, and who is known there when it is closed to others."""

import sqlite3
from collections.abc import Iterable

from chatroom.core.events import Person
from chatroom.core.kinds import RoomKind
from chatroom.core.permissions import Role

LATELY = 1_000
"""Of how many of a room's newest events the writers and readers are known there."""
A_DAY = 24 * 3600 * 1000
"""In ms: who was removed within it is known no more, unless present again."""
A_MOMENT = 10_000
"""In ms: who was removed within it counts as present no more."""

_ROOM = "SELECT id FROM rooms WHERE name = ?"
_OWN = f"""
    INSERT INTO roles (room, user, role, nick, at)
    SELECT :room, :user, {int(Role.OWNER)}, :nick, :at WHERE NOT EXISTS (
        SELECT 1 FROM roles WHERE room = :room AND role = {int(Role.OWNER)}
    )
    ON CONFLICT DO NOTHING
"""
_ADMIT = f"""
    INSERT INTO roles (room, user, role, nick, at)
    SELECT :room, :user, {int(Role.MEMBER)}, :nick, :at WHERE NOT EXISTS (
        SELECT 1 FROM audit
        WHERE room IN (:room, 0) AND act IN ('kick', 'ban') AND whom = :user
            AND at > :at - {A_MOMENT}
    ) AND NOT EXISTS (
        SELECT 1 FROM rooms WHERE id = :room AND kind <> {int(RoomKind.PUBLIC)}
    )
    ON CONFLICT DO NOTHING RETURNING user
"""
_LATELY = f"""
    SELECT lately.user, coalesce((SELECT nick FROM users WHERE id = lately.user), '')
    FROM (
        SELECT user FROM events
        WHERE room = :room AND seq > (
            SELECT max(seq - {LATELY}, oldest - 1) FROM rooms WHERE id = :room
        )
        UNION
        SELECT user FROM reads
        WHERE room = :room AND seq > (SELECT seq FROM rooms WHERE id = :room) - {LATELY}
    ) AS lately
    WHERE lately.user <> '' AND NOT EXISTS (
        SELECT 1 FROM sanctions AS s
        WHERE s.room IN (:room, 0) AND s.act = 'ban' AND s.user = lately.user
            AND (s.until IS NULL OR s.until > :at)
    ) AND NOT EXISTS (
        SELECT 1 FROM audit AS a
        WHERE a.room IN (:room, 0) AND a.act IN ('kick', 'ban') AND a.whom = lately.user
            AND a.at > :at - {A_DAY}
    )
"""


def room_of(connection: sqlite3.Connection, name: str) -> int | None:
    """The number of a room; None where nothing was ever stored."""
    row = connection.execute(_ROOM, (name,)).fetchone()
    return None if row is None else int(row[0])


def own(connection: sqlite3.Connection, room: int, maker: Person, at: int) -> None:
    """Let a room be its maker's, unless it is somebody's already: two may have begun at once."""
    fields = {"room": room, "user": maker.user, "nick": maker.nick, "at": at}
    connection.execute(_OWN, fields)


def admit(
    connection: sqlite3.Connection, room: int, known: Iterable[Person], at: int
) -> list[Person]:
    """Make members of those who are guests; gives whom it made one.

    Who was there when this was ordered may have been removed while it waited for its turn. In rooms
    that are not public guests are those who were never let in, or have left.
    """
    admitted = []
    for each in known:
        fields = {"room": room, "user": each.user, "nick": each.nick, "at": at}
        if connection.execute(_ADMIT, fields).fetchall():
            admitted.append(each)
    return admitted


def lately_here(connection: sqlite3.Connection, room: int, at: int) -> list[Person]:
    """Those who wrote or read among a room's newest events, but for who was removed since."""
    return [Person(*row) for row in connection.execute(_LATELY, {"room": room, "at": at})]
