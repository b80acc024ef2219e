"""What is done wholly or not at all."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Commit what is done within; whatever is raised, none of it is."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        # A disk that is full or failing has made SQLite roll back already.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
