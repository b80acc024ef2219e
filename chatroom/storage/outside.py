"""The database as another process uses it, be the server running or not."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Self

from chatroom.core.errors import Refused
from chatroom.core.events import Deed, Person
from chatroom.core.interfaces import Going, KeptBy, StoredRoom
from chatroom.core.orders import Orders
from chatroom.core.work import Change, Kind, Ordered, Power, Verdict
from chatroom.storage import audit, owner_links
from chatroom.storage.archive import check_version, present
from chatroom.storage.batch import Changed, store
from chatroom.storage.counting import count_change
from chatroom.storage.files import in_one_sentence, open_writer
from chatroom.storage.listing import all_rooms
from chatroom.storage.orders import kept_by, orders
from chatroom.storage.retention import going
from chatroom.storage.versions import said_by

A_BATCH = 100
NEWEST = 2**53
_USERS = """
    SELECT id, nick FROM users WHERE id = :name OR nick = :name OR :name = ''
    ORDER BY first_at, id LIMIT :most
"""


class Outside:
    """Reads and changes what a server keeps in a folder. Raises `StorageError`, one sentence."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @classmethod
    @contextmanager
    def open(cls, folder: Path) -> Iterator[Self]:
        """Use the database in a folder."""
        path = present(folder)
        with in_one_sentence(path), closing(open_writer(path)) as connection:
            check_version(connection, path)
            yield cls(connection)

    def order(self, verdict: Verdict) -> bool:
        """Carry a verdict out; gives whether it changed anything."""
        [ordered] = store(self._connection, [verdict], count_change)
        assert isinstance(ordered, Ordered)
        return ordered.done is not None

    def purge(self, verdict: Verdict) -> int:
        """Delete all that somebody said in a room; gives how many messages that was."""
        assert verdict.whom is not None
        self.order(verdict)
        count, before = 0, NEWEST
        while seqs := said_by(verdict.room, verdict.whom.user, before, A_BATCH, self._connection):
            deleting = [
                Change(
                    Kind.DELETE,
                    verdict.room,
                    seq,
                    verdict.user,
                    verdict.nick,
                    verdict.at,
                    by=Power.PURGE,
                )
                for seq in seqs
            ]
            outcomes = store(self._connection, deleting, count_change)
            count += sum(isinstance(each, Changed) and each.event is not None for each in outcomes)
            before = seqs[-1]
        return count

    def offer(self, secret: bytes, now: int, until: int) -> None:
        """Let the secret with this SHA-256 be good once, until then."""
        owner_links.offer(self._connection, secret, now, until)

    def page(self) -> str | None:
        """The page's address, as the server last had it."""
        found = self._connection.execute("SELECT value FROM meta WHERE key = 'page'").fetchone()
        return None if found is None else str(found[0])

    def rooms(self, most: int) -> Sequence[StoredRoom]:
        """The rooms of all kinds, the last active first."""
        return all_rooms(most, self._connection)

    def orders(self, room: str) -> Orders:
        """How a room is kept, or with `SERVER` the server; raises `Refused('no_such_room')`."""
        found = orders(room, self._connection)
        if found is None:
            raise Refused("no_such_room", f"There is no room {room!r}.")
        return found

    def going(self, room: str, days: int | None, messages: int | None, now: int) -> Going:
        """What a room would let go of, by its rules but for what is given.

        Raises `Refused('no_such_room')`.
        """
        rules = self.orders(room).rules
        days = rules.keep_days if days is None else days
        messages = rules.keep_messages if messages is None else messages
        found = going(room, days, messages, now, self._connection)
        assert found is not None
        return found

    def kept_by(self, room: str) -> KeptBy:
        """The same for people to read."""
        return kept_by(room, self._connection)

    def deeds(self, room: str, most: int) -> list[Deed]:
        """What moderators did in a room, the last first."""
        return audit.deeds(room, None, most, self._connection)

    def users(self, name: str, most: int) -> list[Person]:
        """Those of this id or nick who ever wrote, or with '' all of them."""
        found = self._connection.execute(_USERS, {"name": name, "most": most})
        return [Person(*row) for row in found]
