"""What moderators order: each verdict once, and only where it changes anything."""

import sqlite3
from collections.abc import Callable, Sequence

from msgspec import json
from msgspec.structs import replace

from chatroom.core.errors import Refused
from chatroom.core.events import Person, Rules
from chatroom.core.kinds import RoomKind
from chatroom.core.names import is_address
from chatroom.core.orders import SERVER
from chatroom.core.permissions import Role, forbidden
from chatroom.core.work import Changes, Claim, Ruling, Verdict
from chatroom.storage import audit, invitations, making
from chatroom.storage.known import admit, lately_here, own, room_of
from chatroom.storage.orders import rule, rules_of

_APPOINT = """
    INSERT INTO roles (room, user, role, nick, at) VALUES (:room, :user, :role, :nick, :at)
    ON CONFLICT (room, user) DO UPDATE SET role = excluded.role, nick = excluded.nick
    WHERE role <> excluded.role
    RETURNING user
"""
# Only while the password is the one that was tried, and nothing else keeps the user out.
_ADMIT = """
    INSERT INTO roles (room, user, role, nick, at)
    SELECT room, :user, :role, :nick, :at FROM rules
    WHERE room = :room AND NOT locked AND password = :password AND NOT EXISTS (
        SELECT 1 FROM sanctions
        WHERE room IN (:room, 0) AND act = 'ban' AND user = :user
            AND (until IS NULL OR until > :at)
    )
    ON CONFLICT DO NOTHING RETURNING user
"""
# Of a private room, where nobody but its owners could make another; the operator could.
_IS_LAST_OWNER = f"""
    SELECT 1 FROM roles JOIN rooms ON rooms.id = roles.room AND kind = {int(RoomKind.PRIVATE)}
    WHERE room = :room AND user = :user AND role = {int(Role.OWNER)} AND NOT EXISTS (
        SELECT 1 FROM roles AS others
        WHERE others.room = :room AND others.role = {int(Role.OWNER)} AND others.user <> :user
    )
"""
_DISMISS = "DELETE FROM roles WHERE room = ? AND user = ? AND role <= ? RETURNING user"
_DROP_OLD = "DELETE FROM sanctions WHERE until <= ?"
_BEFORE = "SELECT networks, devices FROM sanctions WHERE room = ? AND act = ? AND user = ?"
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
_NO_START = "DELETE FROM owner_links WHERE until IS NULL"

_UNDOES = {Ruling.UNMUTE: Ruling.MUTE, Ruling.UNBAN: Ruling.BAN}
# They stand in no list of what moderators did: the room's own rules did it.
_NOT_NOTED = {Ruling.ADMIT, Ruling.DIRECT}
_NOTHING_NEW = {*_UNDOES, Ruling.ADMIT, Ruling.REVOKE, Ruling.DESTROY}


def apply(connection: sqlite3.Connection, verdict: Verdict) -> Verdict | Refused | None:
    """Carry a verdict out, and write it down; gives it as it was, None where nothing changed.

    A room comes to be with the first verdict in it that changes anything. Refused is what may not
    be by what is stored by now.
    """
    makes = _MAKES.get(verdict.ruling)
    done = makes(connection, verdict) if makes else _carry_out(connection, verdict)
    if isinstance(done, Verdict) and done.ruling not in _NOT_NOTED:
        audit.note(connection, done)
    return done


def _carry_out(connection: sqlite3.Connection, verdict: Verdict) -> Verdict | Refused | None:
    room = 0 if verdict.room == SERVER else room_of(connection, verdict.room)
    if room is None:
        if is_address(verdict.room) or _is_nothing_new(verdict):
            return None
        room = making.make(connection, verdict.room, RoomKind.PUBLIC, verdict.at)
        if verdict.maker is not None:
            own(connection, room, verdict.maker, verdict.at)
    return _WAYS[verdict.ruling](connection, room, verdict)


def _is_nothing_new(verdict: Verdict) -> bool:
    """Whether a verdict would change nothing in a room of which nothing is stored."""
    if verdict.ruling is Ruling.RULE:
        return not any(verdict.changes or ())
    return verdict.ruling in _NOTHING_NEW or verdict.role is Role.GUEST


def claim(connection: sqlite3.Connection, claim: Claim) -> bool:
    """Let a user own the server by the secret of a link, which is then of no more use.

    Nor is the one that the start has shown.
    """
    if not connection.execute(_CLAIM, (claim.secret, claim.at)).fetchall():
        return False
    connection.execute(_NO_START)
    whom = Person(claim.user, claim.nick)
    verdict = Verdict(
        Ruling.OWN, SERVER, claim.user, claim.nick, claim.at, whom=whom, role=Role.HOST
    )
    if _give_role(connection, _APPOINT, 0, verdict):
        audit.note(connection, verdict)
    return True


def _appoint(
    connection: sqlite3.Connection, room: int, verdict: Verdict
) -> Verdict | Refused | None:
    if verdict.user and verdict.role is not Role.OWNER:
        assert verdict.whom is not None
        whom = {"room": room, "user": verdict.whom.user}
        if connection.execute(_IS_LAST_OWNER, whom).fetchone():
            return forbidden("Make somebody else its owner first, or delete the room.", "owner")
    if verdict.role is Role.GUEST:
        return verdict if _dismiss(connection, room, verdict, Role.HOST) else None
    return verdict if _give_role(connection, _APPOINT, room, verdict) else None


def _admit(connection: sqlite3.Connection, room: int, verdict: Verdict) -> Verdict | None:
    if verdict.offer is not None:
        return verdict if invitations.admit(connection, room, verdict) else None
    return verdict if _give_role(connection, _ADMIT, room, verdict) else None


def _give_role(connection: sqlite3.Connection, statement: str, room: int, verdict: Verdict) -> bool:
    assert verdict.role is not None and verdict.whom is not None
    fields = {
        "room": room,
        "user": verdict.whom.user,
        "role": verdict.role,
        "nick": verdict.whom.nick,
        "at": verdict.at,
        "password": verdict.password,
    }
    return bool(connection.execute(statement, fields).fetchall())


def _dismiss(connection: sqlite3.Connection, room: int, verdict: Verdict, highest: Role) -> bool:
    assert verdict.whom is not None
    return bool(connection.execute(_DISMISS, (room, verdict.whom.user, highest)).fetchall())


def _rule(connection: sqlite3.Connection, room: int, verdict: Verdict) -> Verdict | None:
    assert verdict.changes is not None
    before, password = rules_of(connection, room)
    rules, password_after = _changed(before, password, verdict.changes)
    if (rules, password_after) == (before, password):
        return None
    rule(connection, room, rules, password_after)
    known: Sequence[Person] = ()
    if (rules.locked and not before.locked) or (rules.password and not before.password):
        here = [*verdict.known, *lately_here(connection, room, verdict.at)]
        known = admit(connection, room, here, verdict.at)
    return verdict._replace(rules=rules, known=known)


def _changed(rules: Rules, password: bytes | None, changes: Changes) -> tuple[Rules, bytes | None]:
    if changes.password is not None:
        password = changes.password or None
    changed = {name: value for name, value in changes._asdict().items() if value is not None}
    return replace(rules, **changed | {"password": password is not None}), password


def _sanction(connection: sqlite3.Connection, room: int, verdict: Verdict) -> Verdict:
    assert verdict.whom is not None
    connection.execute(_DROP_OLD, (verdict.at,))
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
    return verdict


def _ban(connection: sqlite3.Connection, room: int, verdict: Verdict) -> Verdict:
    """A ban that is renewed is still about the networks and devices that it was about."""
    assert verdict.whom is not None
    _dismiss(connection, room, verdict, Role.HOST)
    known = admit(connection, room, _neighbours(connection, room, verdict), verdict.at)
    networks, devices = set(verdict.networks), set(verdict.devices)
    for before in connection.execute(_BEFORE, (room, verdict.ruling.value, verdict.whom.user)):
        networks |= set(json.decode(before[0]))
        devices |= set(json.decode(before[1]))
    verdict = verdict._replace(networks=sorted(networks), devices=sorted(devices), known=known)
    return _sanction(connection, room, verdict)


def _neighbours(connection: sqlite3.Connection, room: int, verdict: Verdict) -> Sequence[Person]:
    """Give whom a ban of networks is not to touch.

    The operator does not see who is there, so it is who was there lately.
    """
    if verdict.networks and not verdict.user:
        here = lately_here(connection, room, verdict.at)
        assert verdict.whom is not None
        return [each for each in here if each.user != verdict.whom.user]
    return verdict.known


def _lift(connection: sqlite3.Connection, room: int, verdict: Verdict) -> Verdict | None:
    assert verdict.whom is not None
    act = _UNDOES[verdict.ruling].value
    lifted = connection.execute(_LIFT, (room, act, verdict.whom.user)).fetchall()
    holds = any(until is None or until > verdict.at for (until,) in lifted)
    return verdict if holds else None


def _kick(connection: sqlite3.Connection, room: int, verdict: Verdict) -> Verdict:
    _dismiss(connection, room, verdict, Role.MEMBER)
    return verdict


def _is_done(connection: sqlite3.Connection, room: int, verdict: Verdict) -> Verdict:
    return verdict


_MAKES: dict[Ruling, Callable[[sqlite3.Connection, Verdict], Verdict | None]] = {
    Ruling.CREATE: making.create,
    Ruling.DIRECT: making.direct,
}
_WAYS: dict[Ruling, Callable[[sqlite3.Connection, int, Verdict], Verdict | Refused | None]] = {
    Ruling.APPOINT: _appoint,
    Ruling.ADMIT: _admit,
    Ruling.RULE: _rule,
    Ruling.MUTE: _sanction,
    Ruling.UNMUTE: _lift,
    Ruling.KICK: _kick,
    Ruling.BAN: _ban,
    Ruling.UNBAN: _lift,
    Ruling.PURGE: _is_done,
    Ruling.INVITE: invitations.invite,
    Ruling.REVOKE: invitations.revoke,
    Ruling.DESTROY: _is_done,
}
