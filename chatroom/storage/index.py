"""The index that messages are searched by: how one gets into it, and out of it again.

An FTS5 table without content. Rowids are the `n` of `messages`, so that the newest of all rooms
come first, whichever were indexed first. Those with an `n` are in it, up to `searched` of their
room.
"""

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from chatroom.search.terms import VERSION, terms

SLOTS = 14
"""Bits of an `n` below the second: so many messages of one second have their places in it."""
FORGETS = sqlite3.sqlite_version_info >= (3, 42)
"""Whether FTS5 can take out of its pages what was deleted (sqlite.org/fts5.html, 4.11)."""

_NEWEST = "SELECT max(n) FROM messages WHERE n >= ? AND n < ?"
_ADD = "INSERT INTO search (rowid, terms) VALUES (?, ?)"
_REMOVE = "INSERT INTO search (search, rowid, terms) VALUES ('delete', ?, ?)"
_ENTRY = """
    SELECT m.n, m.room, m.nick, m.text FROM messages AS m
    JOIN rooms ON rooms.id = m.room
    WHERE rooms.name = ? AND m.seq = ? AND m.n IS NOT NULL AND m.seq <= rooms.searched
"""
_KNOWN = "SELECT value FROM meta WHERE key = ?"
_KEEP = """
    INSERT INTO meta (key, value) VALUES (?, ?)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value
"""
_SETTING = "SELECT v FROM search_config WHERE k = ?"
# An older FTS5 does not even open what a later one has deleted from.
_OLDER_FORMAT = "UPDATE search_config SET v = 4 WHERE k = 'version' AND v > 4"
_EMPTY = (
    "INSERT INTO search (search) VALUES ('delete-all')",
    "UPDATE rooms SET searched = 0",
)


class Entry(NamedTuple):
    """A message as it stands in the index."""

    n: int
    room: int
    nick: str
    text: str


class Places:
    """Gives each message its `n`: by when it was said, in ms since 1970, and then by coming."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._next: dict[int, int] = {}

    def take(self, at: int) -> int:
        """Give the next one of its second, or of the first after it that has one left."""
        second = at // 1000
        while True:
            first = second << SLOTS
            if second not in self._next:
                bounds = (first, first + (1 << SLOTS))
                [(newest,)] = self._connection.execute(_NEWEST, bounds).fetchall()
                self._next[second] = first if newest is None else newest + 1
            n = self._next[second]
            if n < first + (1 << SLOTS):
                self._next[second] = n + 1
                return n
            second += 1


def add(connection: sqlite3.Connection, entries: Sequence[Entry]) -> None:
    """Let messages be found."""
    connection.executemany(_ADD, [(entry.n, _terms(entry)) for entry in entries])


def remove(connection: sqlite3.Connection, entry: Entry) -> None:
    """Let a message be found no more by what it said."""
    connection.execute(_REMOVE, (entry.n, _terms(entry)))
    if not FORGETS:
        connection.execute(_KEEP, ("unswept", 1))


def entry(connection: sqlite3.Connection, room: str, seq: int) -> Entry | None:
    """How a message stands in the index; None where it does not, or not yet."""
    row = connection.execute(_ENTRY, (room, seq)).fetchone()
    return None if row is None else Entry(*row)


def prepare(connection: sqlite3.Connection) -> None:
    """Have the index be as this version of us, of Python and of SQLite would make it.

    One that was made otherwise begins anew: it could not be corrected by the terms of now.
    """
    connection.execute("BEGIN IMMEDIATE")
    is_of_later = not FORGETS and connection.execute(_OLDER_FORMAT).rowcount > 0
    known = connection.execute(_KNOWN, ("terms",)).fetchone()
    if is_of_later or known != (VERSION,):
        for statement in _EMPTY:
            connection.execute(statement)
        connection.execute(_KEEP, ("terms", VERSION))
    if FORGETS and connection.execute(_SETTING, ("secure-delete",)).fetchone() is None:
        connection.execute("INSERT INTO search (search, rank) VALUES ('secure-delete', 1)")
    connection.execute("COMMIT")


def _terms(entry: Entry) -> str:
    return " ".join(terms(entry.text, entry.nick, entry.room))
