"""What moderators did: written with the deed, read by moderators, changed by nobody."""

import sqlite3
from typing import Any

from msgspec import convert, json

from chatroom.core.events import Deed, Person
from chatroom.core.work import Change, Ruling, Verdict

_ADD = """
    INSERT INTO audit (room, act, user, nick, whom, at, detail)
    SELECT id, :act, :user, :nick, :whom, :at, :detail
    FROM (SELECT id, name FROM rooms UNION ALL SELECT 0, '') WHERE name = :room
"""
# The nick of a message's author is the one that it was said under.
_AUTHOR = """
    SELECT nick FROM messages
    WHERE room = (SELECT id FROM rooms WHERE name = ?) AND seq = ?
"""
_LAST = """
    SELECT n, act, user, nick, at, detail FROM audit
    WHERE room = (
        SELECT id FROM (SELECT id, name FROM rooms UNION ALL SELECT 0, '') WHERE name = ?
    ) AND n < ?
    ORDER BY n DESC LIMIT ?
"""
_HIGHEST = 2**63 - 1


def note(connection: sqlite3.Connection, verdict: Verdict) -> None:
    """Write down a verdict that has changed something."""
    detail = {
        "whom": verdict.whom,
        "reason": verdict.reason,
        "until": verdict.until,
        "network": bool(verdict.networks) or None,
        "role": None if verdict.role is None else verdict.role.word,
        "rules": verdict.rules,
    }
    _add(connection, verdict, verdict.ruling, verdict.whom, detail)


def note_deletion(connection: sqlite3.Connection, change: Change, author: str) -> None:
    """Write down that a moderator has deleted what somebody else said."""
    [(nick,)] = connection.execute(_AUTHOR, (change.room, change.of)).fetchall()
    whom = Person(author, nick)
    _add(connection, change, Ruling.DELETE, whom, {"whom": whom, "of": change.of})


def _add(
    connection: sqlite3.Connection,
    one: Change | Verdict,
    act: Ruling,
    whom: Person | None,
    detail: dict[str, Any],
) -> None:
    kept = {name: value for name, value in detail.items() if value is not None}
    fields = {
        "room": one.room,
        "act": act.value,
        "user": one.user,
        "nick": one.nick,
        "whom": None if whom is None else whom.user,
        "at": one.at,
        "detail": json.encode(kept).decode(),
    }
    connection.execute(_ADD, fields)


def deeds(room: str, before: int | None, limit: int, connection: sqlite3.Connection) -> list[Deed]:
    """What moderators did in a room, the last first, below the number `before`."""
    rows = connection.execute(_LAST, (room, _HIGHEST if before is None else before, limit))
    return [_deed(*row) for row in rows]


def _deed(n: int, act: str, user: str, nick: str, at: int, detail: str) -> Deed:
    columns = {"n": n, "act": act, "user": user, "nick": nick, "at": at}
    return convert(json.decode(detail) | columns, Deed)
