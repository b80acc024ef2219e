"""Up to where each user has read, and what it has not."""

import sqlite3

from msgspec import json

from chatroom.core.errors import Refused
from chatroom.core.events import RoomUnread
from chatroom.core.kinds import RoomKind
from chatroom.core.orders import Origin
from chatroom.core.permissions import Role
from chatroom.core.work import Mark

MOST = 1_000
"""Of how many of the newest events in a room it is counted what is new."""
MOST_ROOMS = 500
"""Of one's own, the last active: others can make somebody a member of any number."""

_MARK = """
    INSERT INTO reads (user, room, seq)
    SELECT :user, id, min(:seq, rooms.seq) FROM rooms WHERE name = :room
    ON CONFLICT (user, room) DO UPDATE SET seq = max(seq, excluded.seq), parted = 0
    WHERE seq < excluded.seq OR parted
    RETURNING seq
"""
_PART = """
    INSERT INTO reads (user, room, seq, parted)
    SELECT :user, id, rooms.seq, 1 FROM rooms WHERE name = :room
    ON CONFLICT (user, room) DO UPDATE SET seq = excluded.seq, parted = 1 WHERE NOT parted
    RETURNING seq
"""
# Rooms that are one's own though one never read there: private ones, and those with another.
_OWN = """
    SELECT room, seq, parted FROM reads WHERE user = :user
    UNION ALL
    SELECT roles.room, 0, 0 FROM roles JOIN rooms ON rooms.id = roles.room AND rooms.kind > 0
    WHERE roles.user = :user
        AND NOT EXISTS (SELECT 1 FROM reads WHERE reads.user = :user AND reads.room = roles.room)
"""
# Case is that of ASCII: Chinese has none.
_UNREAD = f"""
    WITH own (room, seq, parted) AS (
        SELECT each.room, each.seq, each.parted
        FROM ({_OWN}) AS each JOIN rooms ON rooms.id = each.room AND rooms.was IS NULL
        ORDER BY coalesce(active_at, created_at) DESC LIMIT {MOST_ROOMS}
    )
    SELECT rooms.name, reads.seq, count(*) FILTER (WHERE new.seq IS NOT NULL),
        count(*) FILTER (WHERE instr(lower(new.text), :call))
    FROM own AS reads
    JOIN rooms ON rooms.id = reads.room AND rooms.was IS NULL
        AND (NOT reads.parted OR (rooms.kind = {int(RoomKind.DIRECT)} AND rooms.seq > reads.seq))
    LEFT JOIN messages AS new ON new.room = reads.room AND new.user <> :user AND NOT new.deleted
        AND new.seq > max(reads.seq, rooms.seq - {MOST}, rooms.oldest - 1)
    LEFT JOIN rules ON rules.room = reads.room
    LEFT JOIN roles ON roles.room = reads.room AND roles.user = :user
    WHERE NOT EXISTS (
        SELECT 1 FROM sanctions
        WHERE sanctions.room IN (reads.room, 0) AND act = 'ban'
            AND (until IS NULL OR until > :now)
            AND (
                sanctions.user IN (:user, :device) OR instr(devices, :quoted_device)
                OR (roles.user IS NULL AND instr(networks, :quoted_network))
            )
    ) AND (
        roles.user IS NOT NULL OR rooms.kind = {int(RoomKind.PUBLIC)} AND (
            coalesce(NOT rules.locked AND rules.password IS NULL, TRUE) OR EXISTS (
                SELECT 1 FROM roles
                WHERE room = 0 AND roles.user = :user AND role = {int(Role.HOST)}
            )
        )
    )
    GROUP BY reads.room ORDER BY rooms.name
"""


def mark(connection: sqlite3.Connection, mark: Mark) -> bool | Refused:
    """Remember up to where somebody has read; give whether that is further than before."""
    if connection.execute(_PART if mark.parted else _MARK, mark._asdict()).fetchall():
        return True
    found = connection.execute("SELECT 1 FROM rooms WHERE name = ?", (mark.room,)).fetchone()
    return False if found else Refused("no_such_room", "There is no such room.")


def unread(
    user: str, nick: str, origin: Origin, now: int, connection: sqlite3.Connection
) -> list[RoomUnread]:
    """What a user has not read in each room of its own, in one query for them all.

    Rooms that it may not read any more are left out.
    """
    fields = {
        "user": user,
        "call": f"@{nick}".lower(),
        "now": now,
        "device": origin.device,
        # As they stand in the JSON array of a ban.
        "quoted_device": json.encode(origin.device or "-").decode(),
        "quoted_network": json.encode(origin.network or "-").decode(),
    }
    return [RoomUnread(*row) for row in connection.execute(_UNREAD, fields)]
