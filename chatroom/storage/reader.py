"""The log's side in the reading threads: a connection for each job at a time, kept for the next."""

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")


class Reader:
    """Reads from any thread; `connect` opens a connection to read.

    As many connections stay open as there were jobs at the same time.
    """

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect
        self._idle: list[sqlite3.Connection] = []
        self._closed = False

    def read(self, query: Callable[[sqlite3.Connection], T]) -> T:
        """Give what `query` does, which sees the database as it is at one moment.

        Raises `sqlite3.Error` or `StorageError`; the connection that failed is not used again.
        """
        # list.pop() and append() are atomic: no two threads get the same connection.
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._connect()
        try:
            connection.execute("BEGIN")
            answer = query(connection)
            connection.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                connection.close()
            raise
        self._idle.append(connection)
        # Looked at only after: a close() in between has not seen this connection.
        if self._closed:
            self.close()
        return answer

    def close(self) -> None:
        """Close the connections, those in use when they are done."""
        self._closed = True
        with suppress(IndexError):
            while True:
                self._idle.pop().close()
