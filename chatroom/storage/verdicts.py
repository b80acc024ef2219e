"""What moderators order: each verdict once, and only where it changes anything."""

import sqlite3
from collections.abc import Callable

from msgspec import json

from chatroom.core.interfaces import Claim, Ruling, Verdict
from chatroom.core.orders import SERVER
from chatroom.core.permissions import Role
from chatroom.storage import audit
from chatroom.storage.known import admit_known, make_room
from chatroom.storage.orders import rules_of

_APPOINT = """
    INSERT INTO roles (room, user, role, nick, at) VALUES (:room, :user, :role, :nick, :at)
    ON CONFLICT (room, user) DO UPDATE SET role = excluded.role, nick = excluded.nick
    WHERE role <> excluded.role
    RETURNING user
"""
_ADMIT = """
    INSERT INTO roles (room, user, role, nick, at) VALUES (:room, :user, :role, :nick, :at)
    ON CONFLICT DO NOTHING RETURNING user
"""
_DISMISS = "DELETE FROM roles WHERE room = ? AND user = ? AND role <= ? RETURNING user"
_RULE = """
    INSERT INTO rules (room, locked, announcements, slow, password)
    VALUES (:room, :locked, :announcements, :slow, :password)
    ON CONFLICT (room) DO UPDATE SET locked = excluded.locked,
        announcements = excluded.announcements, slow = excluded.slow, password = excluded.password
"""
_SANCTION = """
    INSERT OR REPLACE INTO sanctions
        (room, act, user, nick, by, by_nick, at, until, reason, networks, devices)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
# `until IS NULL` after RETURNING is false for a NULL here (SQLite 3.40.1, WITHOUT ROWID).
_LIFT = "DELETE FROM sanctions WHERE room = ? AND act = ? AND user = ? RETURNING until"
_CLAIM = """
    DELETE FROM owner_links WHERE secret = ? AND (until IS NULL OR until > ?) RETURNING secret
"""

_UNDOES = {Ruling.UNMUTE: Ruling.MUTE, Ruling.UNBAN: Ruling.BAN}


def apply(connection: sqlite3.Connection, verdict: Verdict) -> bool:
    """Carry a verdict out, and write it down; give whether it changed anything.

    A room comes to be with the first verdict in it, as it does with the first message.
    """
    room = 0 if verdict.room == SERVER else make_room(connection, verdict)
    happens = _WAYS[verdict.ruling](connection, room, verdict)
    if happens and verdict.ruling is not Ruling.ADMIT:
        audit.note(connection, verdict)
    return happens


def claim(connection: sqlite3.Connection, claim: Claim) -> bool:
    """Let a user own the server by the secret of a link, which is then of no more use."""
    if not connection.execute(_CLAIM, (claim.secret, claim.at)).fetchall():
        return False
    fields = {"room": 0, "user": claim.user, "role": Role.HOST, "nick": claim.nick, "at": claim.at}
    connection.execute(_APPOINT, fields).fetchall()
    return True


def _appoint(connection: sqlite3.Connection, room: int, verdict: Verdict) -> bool:
    assert verdict.role is not None and verdict.whom is not None
    if verdict.role is Role.GUEST:
        return _dismiss(connection, room, verdict, Role.HOST)
    return _give_role(connection, _APPOINT, room, verdict)


def _admit(connection: sqlite3.Connection, room: int, verdict: Verdict) -> bool:
    return _give_role(connection, _ADMIT, room, verdict)


def _give_role(connection: sqlite3.Connection, statement: str, room: int, verdict: Verdict) -> bool:
    assert verdict.role is not None and verdict.whom is not None
    fields = {
        "room": room,
        "user": verdict.whom.user,
        "role": verdict.role,
        "nick": verdict.whom.nick,
        "at": verdict.at,
    }
    return bool(connection.execute(statement, fields).fetchall())


def _dismiss(
    connection: sqlite3.Connection, room: int, verdict: Verdict, highest: Role = Role.MEMBER
) -> bool:
    assert verdict.whom is not None
    return bool(connection.execute(_DISMISS, (room, verdict.whom.user, highest)).fetchall())


def _rule(connection: sqlite3.Connection, room: int, verdict: Verdict) -> bool:
    assert verdict.rules is not None
    before, password = rules_of(connection, room)
    if verdict.password is not None:
        password = verdict.password or None
    rules = verdict.rules
    if rules == before and verdict.password is None:
        return False
    fields = {
        "room": room,
        "locked": rules.locked,
        "announcements": rules.announcements,
        "slow": rules.slow,
        "password": password,
    }
    connection.execute(_RULE, fields)
    if (rules.locked and not before.locked) or (rules.password and not before.password):
        admit_known(connection, room, verdict)
    return True


def _sanction(connection: sqlite3.Connection, room: int, verdict: Verdict) -> bool:
    assert verdict.whom is not None
    row = (
        room,
        verdict.ruling.value,
        verdict.whom.user,
        verdict.whom.nick,
        verdict.user,
        verdict.nick,
        verdict.at,
        verdict.until,
        verdict.reason,
        json.encode(list(verdict.networks)).decode(),
        json.encode(list(verdict.devices)).decode(),
    )
    connection.execute(_SANCTION, row)
    return True


def _ban(connection: sqlite3.Connection, room: int, verdict: Verdict) -> bool:
    _dismiss(connection, room, verdict, Role.HOST)
    if verdict.networks:
        admit_known(connection, room, verdict)
    return _sanction(connection, room, verdict)


def _lift(connection: sqlite3.Connection, room: int, verdict: Verdict) -> bool:
    assert verdict.whom is not None
    act = _UNDOES[verdict.ruling].value
    lifted = connection.execute(_LIFT, (room, act, verdict.whom.user)).fetchall()
    return any(until is None or until > verdict.at for (until,) in lifted)


def _kick(connection: sqlite3.Connection, room: int, verdict: Verdict) -> bool:
    _dismiss(connection, room, verdict)
    return True


def _is_done(connection: sqlite3.Connection, room: int, verdict: Verdict) -> bool:
    return True


_WAYS: dict[Ruling, Callable[[sqlite3.Connection, int, Verdict], bool]] = {
    Ruling.APPOINT: _appoint,
    Ruling.ADMIT: _admit,
    Ruling.RULE: _rule,
    Ruling.MUTE: _sanction,
    Ruling.UNMUTE: _lift,
    Ruling.KICK: _kick,
    Ruling.BAN: _ban,
    Ruling.UNBAN: _lift,
    Ruling.PURGE: _is_done,
}
