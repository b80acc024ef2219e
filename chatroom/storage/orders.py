"""How rooms are kept, as it is stored: for the core to judge by, and for people to read."""

import sqlite3
from collections.abc import Sequence

from msgspec import convert, json

from chatroom.core.events import Person, RoleHolder, Rules, Sanction
from chatroom.core.interfaces import KeptBy
from chatroom.core.kinds import RoomKind
from chatroom.core.orders import SERVER, Held, Orders
from chatroom.core.permissions import Role
from chatroom.storage.known import room_of

RULED = [name for name in Rules.__struct_fields__ if name != "password"]
_RULES = f"SELECT password, {', '.join(RULED)} FROM rules WHERE room = ?"
_RULE = f"""
    INSERT OR REPLACE INTO rules (room, password, {", ".join(RULED)})
    VALUES (?, ?, {", ".join("?" for _ in RULED)})
"""
_KIND = "SELECT kind FROM rooms WHERE id = ?"
MOST = 500
"""The most roles, and the most sanctions, that are given to people to read."""

# Under the nick of the last message, if there is one.
_ROLES = """
    SELECT user, coalesce((SELECT nick FROM users WHERE id = user), nick), role
    FROM roles WHERE room = ? ORDER BY role DESC, at, user LIMIT ?
"""
_SANCTIONS = """
    SELECT act, user, nick, by, by_nick, at, until, reason, networks, devices
    FROM sanctions WHERE room = ? ORDER BY at DESC, user LIMIT ?
"""
_ALL = -1


def rules_of(connection: sqlite3.Connection, room: int) -> tuple[Rules, bytes | None]:
    """The rules of a room, and the hash of its password."""
    row = connection.execute(_RULES, (room,)).fetchone()
    if row is None:
        return Rules(), None
    return rules_in(row), row[0]


def rules_in(row: Sequence[object]) -> Rules:
    """The rules that a row of `rules` holds, `password` and then those in `RULED`."""
    password, *values = row
    fields = dict(zip(RULED, values, strict=True)) | {"password": password is not None}
    # Not strict: SQLite keeps a truth as 0 or 1.
    return convert(fields, Rules, strict=False)


def rule(connection: sqlite3.Connection, room: int, rules: Rules, password: bytes | None) -> None:
    """Let a room be kept by these rules, and by the password of which this is the hash."""
    connection.execute(_RULE, (room, password, *(getattr(rules, name) for name in RULED)))


def orders(room: str, connection: sqlite3.Connection) -> Orders | None:
    """How a room is kept, or the server; None where nothing was ever stored."""
    number = 0 if room == SERVER else room_of(connection, room)
    if number is None:
        return None
    rules, password = rules_of(connection, number)
    held: dict[str, dict[str, Held]] = {"mute": {}, "ban": {}}
    for row in connection.execute(_SANCTIONS, (number, _ALL)):
        act, user, *_, until, reason, networks, devices = row
        held[act][user] = Held(
            until, reason, tuple(json.decode(networks)), tuple(json.decode(devices))
        )
    roles = connection.execute(_ROLES, (number, _ALL)).fetchall()
    kind = RoomKind(number and connection.execute(_KIND, (number,)).fetchone()[0])
    return Orders(
        kind=kind,
        pair=[Person(user, nick) for user, nick, _ in roles] if kind is RoomKind.DIRECT else (),
        roles={user: Role(role) for user, _, role in roles},
        rules=rules,
        password=password,
        mutes=held["mute"],
        bans=held["ban"],
    )


def kept_by(room: str, connection: sqlite3.Connection) -> KeptBy:
    """The same for people to read, the highest roles and the last sanctions first.

    Sanctions that are over may be among them.
    """
    number = 0 if room == SERVER else room_of(connection, room)
    if number is None:
        return KeptBy([], [])
    roles = connection.execute(_ROLES, (number, MOST))
    sanctions = connection.execute(_SANCTIONS, (number, MOST))
    return KeptBy(
        [RoleHolder(user, nick, Role(role).word) for user, nick, role in roles],
        [_sanction(*row) for row in sanctions],
    )


def _sanction(
    act: str,
    user: str,
    nick: str,
    by: str,
    by_nick: str,
    at: int,
    until: int | None,
    reason: str | None,
    networks: str,
    devices: str,
) -> Sanction:
    return Sanction(
        act=act,
        user=user,
        nick=nick,
        by=Person(by, by_nick),
        at=at,
        until=until,
        reason=reason,
        network=networks != "[]",
    )
