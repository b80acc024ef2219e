"""The journal's side in the writer thread: one connection, replaced when it has failed."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import TypeVar

from chatroom.storage import backlog, sweeping
from chatroom.storage.batch import Stored, Work, store
from chatroom.storage.retention import Let, let_go
from chatroom.storage.schema import StorageError

T = TypeVar("T")

Outcome = Stored | Exception
"""What came of it, `Refused` for what may not be stored, or what went wrong."""


def is_away(error: Exception) -> bool:
    """Whether storage itself has failed (locked, full, I/O …) and not what was to be stored."""
    if isinstance(error, sqlite3.IntegrityError | sqlite3.DataError | sqlite3.ProgrammingError):
        return False
    return isinstance(error, sqlite3.Error | StorageError)


class Writer:
    """Stores batches. Used by one thread at a time; `connect` opens a connection to write."""

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect
        self._connection: sqlite3.Connection | None = None
        self._disk_has_failed = False

    def write(self, work: Sequence[Work]) -> list[Outcome]:
        """Store what is given in one transaction, or one by one when something in it spoils it."""
        try:
            return list(store(self._connected(), work))
        except Exception as error:
            if is_away(error):
                # Also after a COMMIT that failed: what this connection believes may not be so.
                self._disk_has_failed |= _is_of_the_disk(error)
                self.close()
            elif len(work) > 1:
                return self._one_by_one(work)
            return [error] * len(work)

    def _one_by_one(self, work: Sequence[Work]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        for one in work:
            [outcome] = self.write([one])
            outcomes.append(outcome)
            if isinstance(outcome, Exception) and is_away(outcome):
                # The rest would wait for it as long, each of them.
                outcomes += [outcome] * (len(work) - len(outcomes))
                break
        return outcomes

    def _connected(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = self._connect()
        if self._disk_has_failed:
            _begin_a_new_wal(self._connection)
            self._disk_has_failed = False
        return self._connection

    def index(self) -> bool:
        """Bring the next messages into the search index; give whether there was any.

        Raises `sqlite3.Error` or `StorageError`.
        """
        return self._do(backlog.index_some)

    def sweep(self) -> bool:
        """Take a little of what was deleted out of the search index; give whether there is more.

        Raises `sqlite3.Error` or `StorageError`.
        """
        return self._do(backlog.sweep_some)

    def let_go(self, now: int, place: int) -> Let:
        """Let go of a part of what is kept no longer at `now`, in ms since 1970.

        `place` is the `next` of the time before. Raises `sqlite3.Error` or `StorageError`.
        """
        return self._do(partial(let_go, now, place))

    def sweep_logs(self) -> bool:
        """Take away a little of what logs begin after; give whether there was any.

        Raises `sqlite3.Error` or `StorageError`.
        """
        return self._do(sweeping.sweep_some)

    def _do(self, job: Callable[[sqlite3.Connection], T]) -> T:
        try:
            return job(self._connected())
        except Exception:
            self.close()
            raise

    def close(self) -> None:
        """Close the connection; the next batch opens another."""
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None


def _is_of_the_disk(error: Exception) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_IOERR


def _begin_a_new_wal(connection: sqlite3.Connection) -> None:
    # The system forgets pages that it could not sync (wiki.postgresql.org/wiki/Fsync_Errors). What
    # is written behind them syncs, and would be lost with them when the power goes.
    [(busy, _, _)] = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    if busy:
        raise sqlite3.OperationalError("another program keeps the write-ahead log in use")
