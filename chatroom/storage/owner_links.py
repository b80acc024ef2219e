"""Links by which the server gets its owner: only the hashes of their secrets are kept."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from chatroom.core.permissions import Role
from chatroom.storage.files import DATABASE, open_reader
from chatroom.storage.schema import StorageError

_IS_OWNED = "SELECT 1 FROM roles WHERE room = 0 AND role = ?"
_DROP = "DELETE FROM owner_links WHERE until <= ?"
_DROP_THOSE_OF_STARTS = "DELETE FROM owner_links WHERE until IS NULL"
_OFFER = "INSERT INTO owner_links (secret, until) VALUES (?, ?)"


def is_owned(folder: Path) -> bool:
    """Whether somebody owns the server whose data this is; leaves nothing open.

    False for a folder without data. What is wrong with one comes out when it is opened.
    """
    path = folder / DATABASE
    if not path.exists() or not path.stat().st_size:
        return False
    with suppress(StorageError, sqlite3.Error), closing(open_reader(path)) as connection:
        return bool(connection.execute(_IS_OWNED, (Role.HOST,)).fetchall())
    return False


def drop_those_of_starts(connection: sqlite3.Connection) -> None:
    """Let no secret be good any more that a start has shown."""
    connection.execute(_DROP_THOSE_OF_STARTS)


def offer(connection: sqlite3.Connection, secret: bytes, now: int, until: int | None) -> None:
    """Let a secret be good once, until a time in ms; without, until the next start.

    `secret` is its SHA-256. Those that are too old are dropped.
    """
    connection.execute(_DROP, (now,))
    connection.execute(_OFFER, (secret, until))
