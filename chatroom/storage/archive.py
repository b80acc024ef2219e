"""All rooms as another process reads them from end to end, each at one moment."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple, Self

from chatroom.core.events import Message
from chatroom.core.exporting import title_of
from chatroom.core.interfaces import LogState
from chatroom.core.orders import Orders
from chatroom.storage.files import DATABASE, in_one_sentence, open_reader
from chatroom.storage.orders import orders
from chatroom.storage.reactions import reactions_to
from chatroom.storage.rows import MESSAGE_COLUMNS, message
from chatroom.storage.schema import STEPS, Stamp, StorageError

# The last active first, as in the list of rooms; `was` is of those that are deleted.
_ROOMS = """
    SELECT id, name, kept FROM rooms WHERE was IS NULL
    ORDER BY coalesce(active_at, created_at) DESC, id
"""
_STATE = "SELECT seq, oldest, generation FROM rooms WHERE id = ? AND was IS NULL"
_EPOCH = "SELECT value FROM meta WHERE key = 'epoch'"
_MESSAGES = (
    f"SELECT {MESSAGE_COLUMNS}, reactions FROM messages WHERE room = ? AND seq >= ? ORDER BY seq"
)


class ArchivedRoom(NamedTuple):
    """A room, what people see as its name, and how many messages it has."""

    id: int
    name: str
    title: str
    messages: int


class Reading(NamedTuple):
    """How a room is kept, where its log stands, and all its messages by then, in order."""

    orders: Orders
    state: LogState
    messages: Iterator[Message]


class Archive:
    """Reads what a server keeps in a folder. Raises `StorageError`, one sentence."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    @classmethod
    @contextmanager
    def open(cls, folder: Path) -> Iterator[Self]:
        """Use the database in a folder."""
        path = present(folder)
        with in_one_sentence(path), closing(open_reader(path)) as connection:
            check_version(connection, path)
            yield cls(connection, path)

    def epoch(self) -> str:
        """The epoch of the positions, '' where no server has run since a restore."""
        with in_one_sentence(self._path):
            found = self._connection.execute(_EPOCH).fetchone()
        return "" if found is None else str(found[0])

    def rooms(self) -> list[ArchivedRoom]:
        """All rooms, the last active first."""
        with in_one_sentence(self._path):
            rows = self._connection.execute(_ROOMS).fetchall()
            return [ArchivedRoom(id, name, self._title(name), kept) for id, name, kept in rows]

    def _title(self, name: str) -> str:
        return title_of(name, orders(name, self._connection) or Orders())

    @contextmanager
    def reading(self, room: ArchivedRoom) -> Iterator["Reading"]:
        """Give a room as it is at this moment, and in the end let go of that."""
        with in_one_sentence(self._path):
            self._connection.execute("BEGIN")
        try:
            with in_one_sentence(self._path):
                reading = self._begin(room)
            yield reading
        finally:
            self._connection.execute("ROLLBACK")

    def _begin(self, room: ArchivedRoom) -> "Reading":
        found = self._connection.execute(_STATE, (room.id,)).fetchone()
        kept = orders(room.name, self._connection)
        if found is None or kept is None:
            # Deleted since it was listed.
            return Reading(Orders(), LogState(0, 1), iter(()))
        state = LogState(*found)
        return Reading(kept, state, self._messages(room.id, state.oldest))

    def _messages(self, room: int, oldest: int) -> Iterator[Message]:
        with (
            in_one_sentence(self._path),
            closing(self._connection.execute(_MESSAGES, (room, oldest))) as rows,
        ):
            for *fields, reacted in rows:
                reactions = reactions_to(self._connection, room, fields[0], reacted)
                yield message(tuple(fields), reactions)


def present(folder: Path) -> Path:
    """Give the path of the database in a folder; raises `StorageError` where there is none."""
    path = folder / DATABASE
    if not path.exists():
        raise StorageError(f"{folder} has no data of a server; start one first, or name --data.")
    return path


def check_version(connection: sqlite3.Connection, path: Path) -> None:
    """Raise `StorageError` unless the database is of this version."""
    stamp = Stamp.of(connection)
    stamp.accept(path)
    if stamp.version < len(STEPS):
        raise StorageError(f"{path} is of an older chatroom; start the server once.")
