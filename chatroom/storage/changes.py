"""What becomes of stored messages: each change once, and only where it changes anything."""

import sqlite3
from collections.abc import Callable
from typing import NamedTuple

from chatroom.core.errors import Refused
from chatroom.core.work import Change, Kind, Power
from chatroom.storage import audit, index

MOST_EMOJI = 20
"""Different ones at one message."""

# What is below `oldest` is there no more, be it swept or not.
_HERE = "room = (SELECT id FROM rooms WHERE name = :room AND oldest <= :of) AND seq = :of"
_LOOK = f"SELECT user, deleted FROM messages WHERE {_HERE}"
_EDIT = f"""
    UPDATE messages SET text = :text, edited_at = :at
    WHERE {_HERE} AND user = :user AND NOT deleted AND text <> :text RETURNING seq
"""
_DELETE = f"""
    UPDATE messages SET text = '', deleted = 1, edited_at = NULL, reactions = 0, n = NULL
    WHERE {_HERE} AND (user = :user OR :by) AND NOT deleted RETURNING user
"""
# Wherever the text stands in the log.
_BLANK = (
    f"UPDATE events SET text = '' WHERE {_HERE}",
    # By itself SQLite would go through the whole log of the room.
    """
    UPDATE events INDEXED BY events_of SET text = ''
    WHERE room = (SELECT id FROM rooms WHERE name = :room) AND of = :of AND type = 'edited'
    """,
    f"DELETE FROM reactions WHERE {_HERE}",
)
_REACT = f"""
    INSERT INTO reactions (room, seq, emoji, user, nick, at)
    SELECT room, seq, :text, :user, :nick, :at FROM messages WHERE {_HERE} AND NOT deleted
    ON CONFLICT DO NOTHING RETURNING seq
"""
_UNREACT = f"DELETE FROM reactions WHERE {_HERE} AND emoji = :text AND user = :user RETURNING seq"
_KINDS = f"SELECT count(DISTINCT emoji), max(emoji = :text) FROM reactions WHERE {_HERE}"
_COUNT = f"UPDATE messages SET reactions = reactions + :more WHERE {_HERE}"


def apply(connection: sqlite3.Connection, change: Change) -> bool | Refused:
    """Carry a change out; give whether there was anything to change, or why it may not be."""
    return _WAYS[change.kind](connection, change)


def blank(connection: sqlite3.Connection, change: Change) -> None:
    """Take the text of what was deleted out of the log, wherever it stands there."""
    if change.kind is Kind.DELETE:
        for statement in _BLANK:
            connection.execute(statement, _fields(change))


def _edit(connection: sqlite3.Connection, change: Change) -> bool | Refused:
    entry = index.entry(connection, change.room, change.of)
    if _happens(connection, _EDIT, change):
        if entry is not None:
            index.remove(connection, entry)
            index.add(connection, [entry._replace(text=change.text)])
        return True
    found = _look(connection, change)
    if found is None or found.deleted:
        return _no_such_message()
    return False if found.user == change.user else _not_yours()


def _delete(connection: sqlite3.Connection, change: Change) -> bool | Refused:
    entry = index.entry(connection, change.room, change.of)
    gone = connection.execute(_DELETE, _fields(change)).fetchall()
    if gone:
        if entry is not None:
            index.remove(connection, entry)
        [(author,)] = gone
        if author != change.user and change.by is not Power.PURGE:
            audit.note_deletion(connection, change, author)
        return True
    found = _look(connection, change)
    if found is None:
        return _no_such_message()
    return False if found.deleted else _not_yours()


def _react(connection: sqlite3.Connection, change: Change) -> bool | Refused:
    [(kinds, is_among)] = connection.execute(_KINDS, _fields(change)).fetchall()
    if kinds >= MOST_EMOJI and not is_among:
        return Refused("too_many", f"A message has at most {MOST_EMOJI} different emoji.")
    return _count(connection, _REACT, change, 1)


def _unreact(connection: sqlite3.Connection, change: Change) -> bool | Refused:
    return _count(connection, _UNREACT, change, -1)


def _count(
    connection: sqlite3.Connection, statement: str, change: Change, more: int
) -> bool | Refused:
    if _happens(connection, statement, change):
        connection.execute(_COUNT, _fields(change) | {"more": more})
        return True
    found = _look(connection, change)
    return _no_such_message() if found is None or found.deleted else False


_WAYS: dict[Kind, Callable[[sqlite3.Connection, Change], bool | Refused]] = {
    Kind.EDIT: _edit,
    Kind.DELETE: _delete,
    Kind.REACT: _react,
    Kind.UNREACT: _unreact,
}


class _Found(NamedTuple):
    user: str
    deleted: int


def _look(connection: sqlite3.Connection, change: Change) -> _Found | None:
    row = connection.execute(_LOOK, _fields(change)).fetchone()
    return None if row is None else _Found(*row)


def _happens(connection: sqlite3.Connection, statement: str, change: Change) -> bool:
    # fetchall(): a RETURNING that is not read to its end would hold up the COMMIT.
    return bool(connection.execute(statement, _fields(change)).fetchall())


def _fields(change: Change) -> dict[str, object]:
    fields = change._asdict() | {"by": change.by.value}
    del fields["kind"]
    return fields


def _no_such_message() -> Refused:
    return Refused("no_such_message", "There is no such message, or it is deleted.")


def _not_yours() -> Refused:
    return Refused("forbidden", "Only who said it can change it.")
