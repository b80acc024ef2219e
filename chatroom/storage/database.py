"""All of storage behind one door: what the service builds, opens and closes."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TypeVar, cast

from twisted.internet.defer import Deferred

from chatroom.core.events import Deleted, Destroyed, Edited, LogEvent, Ruled
from chatroom.core.interfaces import Clock, Random
from chatroom.core.orders import SERVER, Orders
from chatroom.core.permissions import Role
from chatroom.storage import files, index
from chatroom.storage.counting import changes
from chatroom.storage.journal import Journal
from chatroom.storage.log import Log
from chatroom.storage.orders import orders
from chatroom.storage.owner_links import drop_those_of_starts, offer
from chatroom.storage.retaining import Retaining
from chatroom.storage.threads import Run
from chatroom.storage.upkeep import Upkeep

T = TypeVar("T")


class Database:
    """The database in a folder: its `journal` to write, its `log` to read.

    Nothing is opened before `open()`. After it there are `epoch`, `secret` (a key to sign with),
    `server_orders`, and `outside`: how often another process has changed something.
    The arguments are those of `Journal` and `Log`; `rng` makes epoch and secret of a new one.
    """

    epoch: str
    secret: bytes
    server_orders: Orders
    outside: int

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        run_in_writer: Run,
        run_in_reader: Run,
        publish: Callable[[str, list[LogEvent]], object],
        rng: Random,
    ) -> None:
        self._folder = folder
        self._rng = rng
        path = folder / files.DATABASE
        self._publish = publish
        connect = partial(files.open_writer, path)
        self.journal = Journal(connect, run_in_writer, self._stored, clock)
        self.upkeep = Upkeep(
            self.journal.index, self.journal.sweep, lambda: self.journal.is_busy, clock
        )
        swept = partial(self.upkeep.soon, to_sweep=True)
        self.retaining = Retaining(self.journal.let_go, self.journal.sweep_logs, swept, clock)
        self.log = Log(partial(files.open_reader, path), run_in_reader)

    def open(self, owner_secret: bytes | None = None, page: str | None = None) -> None:
        """Take the folder, make or upgrade the database; blocks, so before the reactor runs.

        `page` is the page's address, for the operator's commands.

        Who shows the secret with this SHA-256 owns the server, if nobody does yet.

        Raises `StorageError`, one sentence, when that cannot be.
        """
        lock = files.lock(self._folder)
        try:
            path = files.prepare(self._folder)
            with files.in_one_sentence(path), closing(files.open_writer(path)) as connection:
                self.epoch = _keep(connection, "epoch", self._rng.randbytes(8).hex())
                self.secret = _keep(connection, "secret", self._rng.randbytes(32))
                self.server_orders = orders(SERVER, connection) or Orders()
                self.outside = changes(connection)
                drop_those_of_starts(connection)
                if page is not None:
                    connection.execute(_PAGE, (page,))
                index.prepare(connection)
                if owner_secret is not None and Role.HOST not in self.server_orders.roles.values():
                    offer(connection, owner_secret, now=0, until=None)
        except BaseException:
            lock.close()
            raise
        self._lock = lock

    def _stored(self, room: str, events: list[LogEvent]) -> None:
        kinds = set(map(type, events))
        self.upkeep.soon(to_sweep=not kinds.isdisjoint(_TAKES_TEXT))
        if not kinds.isdisjoint(_RETAINS):
            self.retaining.soon()
        self._publish(room, events)

    def close(self) -> Deferred[None]:
        """Store what waits, then let go of the folder."""
        return Deferred.fromCoroutine(self._close())

    async def _close(self) -> None:
        self.upkeep.close()
        self.retaining.close()
        try:
            await self.journal.close()
        finally:
            self.log.close()
            self._lock.close()


_TAKES_TEXT = {Edited, Deleted}
_RETAINS = {Ruled, Destroyed}
_PAGE = """
    INSERT INTO meta (key, value) VALUES ('page', ?)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE value <> excluded.value
"""


def _keep(connection: sqlite3.Connection, key: str, value: T) -> T:
    """What `meta` has under this key; `value` becomes it where there is nothing yet."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    if row is not None:
        return cast(T, row[0])
    connection.execute("INSERT INTO meta (key, value) VALUES (?, ?)", (key, value))
    return value
