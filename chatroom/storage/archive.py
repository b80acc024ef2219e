"""All rooms as another process reads them from end to end, each at one moment."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple, Self

from chatroom.core.events import Message
from chatroom.core.interfaces import epoch_of
from chatroom.core.kinds import RoomKind
from chatroom.storage.files import DATABASE, in_one_sentence, open_reader
from chatroom.storage.reactions import reactions_to
from chatroom.storage.rows import MESSAGE_COLUMNS, message
from chatroom.storage.schema import STEPS, Stamp, StorageError

# The last active first, as in the list of rooms.
_ROOMS = f"""
    SELECT rooms.id, name, coalesce(
        (SELECT nullif(title, '') FROM rules WHERE room = rooms.id),
        (
            SELECT group_concat(coalesce((SELECT nick FROM users WHERE id = user), nick), ', ')
            FROM roles WHERE room = rooms.id AND rooms.kind = {int(RoomKind.DIRECT)}
        ),
        name
    ), coalesce((SELECT topic FROM rules WHERE room = rooms.id), ''), kept, generation
    FROM rooms WHERE was IS NULL ORDER BY active_at DESC NULLS LAST, id
"""
_SEQ = "SELECT seq FROM rooms WHERE id = ?"
_EPOCH = "SELECT value FROM meta WHERE key = 'epoch'"
_MESSAGES = f"""
    SELECT {MESSAGE_COLUMNS}, reactions FROM messages
    WHERE room = ?1 AND seq >= (SELECT oldest FROM rooms WHERE id = ?1) ORDER BY seq"""


class ArchivedRoom(NamedTuple):
    """A room, what people call it, and how many messages it has."""

    id: int
    name: str
    title: str
    topic: str
    messages: int
    generation: int


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

    def epoch(self, room: ArchivedRoom) -> str:
        """The epoch of a room's positions, '' where no server has run since a restore."""
        with in_one_sentence(self._path):
            found = self._connection.execute(_EPOCH).fetchone()
        return "" if found is None else epoch_of(str(found[0]), room.generation)

    def rooms(self) -> list[ArchivedRoom]:
        """All rooms, the last active first."""
        with in_one_sentence(self._path):
            return [ArchivedRoom(*row) for row in self._connection.execute(_ROOMS)]

    @contextmanager
    def reading(self, room: ArchivedRoom) -> Iterator[tuple[int, Iterator[Message]]]:
        """Give where a room's log stands, and all its messages by then, one after the other."""
        with in_one_sentence(self._path):
            self._connection.execute("BEGIN")
            [(seq,)] = self._connection.execute(_SEQ, (room.id,)).fetchall()
        try:
            yield seq, self._messages(room.id)
        finally:
            self._connection.execute("ROLLBACK")

    def _messages(self, room: int) -> Iterator[Message]:
        with (
            in_one_sentence(self._path),
            closing(self._connection.execute(_MESSAGES, (room,))) as rows,
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
