"""Invitations to rooms: by the SHA-256 of a code, for some time and so many uses."""

import sqlite3

from chatroom.core.events import Invitation, Person
from chatroom.core.permissions import Role
from chatroom.core.work import Verdict
from chatroom.storage.known import room_of

MOST = 100
"""How many may be open in a room at a time."""

_OPEN = "(until IS NULL OR until > :at) AND (uses IS NULL OR uses > 0)"
_DROP_OLD = f"DELETE FROM invitations WHERE room = :room AND NOT ({_OPEN})"
_COUNT = "SELECT count(*) FROM invitations WHERE room = ?"
_ADD = """
    INSERT INTO invitations (room, code, user, nick, at, until, uses)
    VALUES (:room, :code, :user, :nick, :at, :until, :uses) RETURNING id
"""
_REVOKE = "DELETE FROM invitations WHERE room = ? AND id = ? RETURNING id"
_IS_GOOD = f"SELECT 1 FROM invitations WHERE room = :room AND code = :code AND {_OPEN}"
_USE = "UPDATE invitations SET uses = uses - 1 WHERE room = :room AND code = :code"
# Whoever is banned is not let in by any code, and who was removed by none that was there before.
_ADMIT = f"""
    INSERT INTO roles (room, user, role, nick, at)
    SELECT :room, :user, {int(Role.MEMBER)}, :nick, :at WHERE NOT EXISTS (
        SELECT 1 FROM sanctions
        WHERE room IN (:room, 0) AND act = 'ban' AND user = :user
            AND (until IS NULL OR until > :at)
    ) AND NOT EXISTS (
        SELECT 1 FROM audit JOIN invitations USING (room)
        WHERE audit.room = :room AND code = :code AND audit.at >= invitations.at
            AND whom = :user AND audit.user <> :user
            AND (act IN ('kick', 'ban') OR act = 'appoint' AND instr(detail, '"role":"guest"'))
    )
    ON CONFLICT DO NOTHING RETURNING user
"""
_LIST = f"""
    SELECT id, user, nick, at, until, uses FROM invitations
    WHERE room = :room AND {_OPEN} ORDER BY id DESC
"""


def invite(connection: sqlite3.Connection, room: int, verdict: Verdict) -> Verdict | None:
    """Let a code be good; None where there are too many already."""
    offer = verdict.offer
    assert offer is not None
    connection.execute(_DROP_OLD, {"room": room, "at": verdict.at})
    if connection.execute(_COUNT, (room,)).fetchone()[0] >= MOST:
        return None
    fields = {
        "room": room,
        "code": offer.code,
        "user": verdict.user,
        "nick": verdict.nick,
        "at": verdict.at,
        "until": verdict.until,
        "uses": offer.uses,
    }
    [(id,)] = connection.execute(_ADD, fields).fetchall()
    return verdict._replace(offer=offer._replace(id=id))


def revoke(connection: sqlite3.Connection, room: int, verdict: Verdict) -> Verdict | None:
    """Let a code be good no more; None where it is not."""
    assert verdict.offer is not None
    revoked = connection.execute(_REVOKE, (room, verdict.offer.id)).fetchall()
    return verdict if revoked else None


def admit(connection: sqlite3.Connection, room: int, verdict: Verdict) -> bool:
    """Make a member of who shows a code; give whether it did, and the code was used for it."""
    assert verdict.offer is not None and verdict.whom is not None
    fields = {
        "room": room,
        "code": verdict.offer.code,
        "user": verdict.whom.user,
        "nick": verdict.whom.nick,
        "at": verdict.at,
    }
    if not connection.execute(_IS_GOOD, fields).fetchone():
        return False
    if not connection.execute(_ADMIT, fields).fetchall():
        return False
    connection.execute(_USE, fields)
    return True


def invitations(room: str, now: int, connection: sqlite3.Connection) -> list[Invitation]:
    """Those to a room that are good now, the last first."""
    rows = connection.execute(_LIST, {"room": room_of(connection, room), "at": now})
    return [
        Invitation(id=id, by=Person(user, nick), at=at, until=until, uses=uses)
        for id, user, nick, at, until, uses in rows
    ]
