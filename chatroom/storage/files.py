"""The data folder: who may use it, and how the files in it are opened."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from chatroom.storage.schema import Stamp, StorageError, upgrade

DATABASE = "chatroom.db"
LOCK = "chatroom.lock"
OLDEST_SQLITE = (3, 37)
"""The first with both RETURNING and STRICT."""

MAGIC = b"SQLite format 3\0"
"""How every database begins."""
_HEADER = 100
_BUSY = 2.0  # seconds

_REASONS = {
    sqlite3.SQLITE_BUSY: "{path} is locked by another program.",
    sqlite3.SQLITE_FULL: "There is no space left on the disk for {path}.",
    sqlite3.SQLITE_NOTADB: "{path} is damaged or not a database.",
    sqlite3.SQLITE_CORRUPT: "{path} is damaged.",
    sqlite3.SQLITE_CANTOPEN: "{path} cannot be opened.",
    sqlite3.SQLITE_READONLY: "{path} cannot be written.",
}


@contextmanager
def in_one_sentence(path: Path) -> Iterator[None]:
    """Turn what SQLite and the system say about `path` into a `StorageError`."""
    try:
        yield
    except sqlite3.Error as error:
        # The low byte is the result, the others say where it came about.
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        sentence = _REASONS.get(code, "{path} cannot be used: {error}.")
        raise StorageError(sentence.format(path=path, error=error)) from error
    except OSError as error:
        raise StorageError(f"{path} cannot be used: {error.strerror or error}.") from error


def check(folder: Path) -> None:
    """Raise `StorageError` for a folder that cannot be used; leaves nothing open, and no trace.

    Fit to be called before a fork. What only SQLite can tell comes out in `prepare`.
    """
    folder = folder.absolute()
    _check_place(folder)
    check_header(folder / DATABASE)
    if os.path.exists(folder / LOCK):
        _hold(folder).close()


def _check_place(folder: Path) -> None:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise StorageError(f"SQLite is {sqlite3.sqlite_version}; {folder} needs 3.37 or later.")
    nearest = next(place for place in (folder, *folder.parents) if os.path.exists(place))
    if not nearest.is_dir():
        raise StorageError(f"{nearest} is not a folder.")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise StorageError(f"{nearest} cannot be written.")
    # SQLite would open a read-only lock without a word, and then it locks nothing.
    for path in (folder / DATABASE, folder / LOCK):
        if os.path.exists(path) and not os.access(path, os.R_OK | os.W_OK):
            raise StorageError(f"{path} cannot be written.")


def check_header(path: Path) -> None:
    """Raise `StorageError` for a file whose first bytes are not those of a database of ours.

    One that is missing or empty passes: the start makes a database of it.
    """
    with in_one_sentence(path):
        try:
            with path.open("rb") as file:
                header = file.read(_HEADER)
        except FileNotFoundError:
            return
    if not header:
        return
    if len(header) < _HEADER or not header.startswith(MAGIC):
        raise StorageError(f"{path} is damaged or not a database.")
    Stamp.of_header(header).accept(path)


def lock(folder: Path) -> sqlite3.Connection:
    """Make the folder and keep other servers out until the connection is closed.

    The operating system lets go of it when the process ends, however it ends. It is a file of
    its own because the database must stay readable to others, for a backup say.
    """
    check(folder)
    return lock_whatever_is_there(folder)


def lock_whatever_is_there(folder: Path) -> sqlite3.Connection:
    """Do the same without a look at the database, which may be damaged."""
    folder = folder.absolute()
    _check_place(folder)
    with in_one_sentence(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return _hold(folder)


def _hold(folder: Path) -> sqlite3.Connection:
    path = folder / LOCK
    with in_one_sentence(path):
        connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            connection.close()
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                raise StorageError(
                    f"Another server is running on {folder}; stop it, or choose another --data."
                ) from error
            raise
    return connection


def prepare(folder: Path) -> Path:
    """Bring the database to the present schema, making it where there is none; gives its path."""
    path = folder / DATABASE
    with in_one_sentence(path):
        # It holds the key that tokens are signed with; the WAL beside it gets the same mode.
        path.touch(mode=0o600)
    with in_one_sentence(path), closing(_open_writer(path, "rwc")) as connection:
        upgrade(connection, path)
    return path


def open_writer(path: Path) -> sqlite3.Connection:
    """Open the database to write. What is committed survives the loss of power."""
    with in_one_sentence(path):
        return _open_writer(path, "rw")


def open_reader(path: Path) -> sqlite3.Connection:
    """Open the database to read."""
    with in_one_sentence(path):
        connection = _connect(path, "rw")
        connection.execute("PRAGMA query_only = ON")
        return connection


def _open_writer(path: Path, mode: str) -> sqlite3.Connection:
    connection = _connect(path, mode)
    try:
        [(journal_mode,)] = connection.execute("PRAGMA journal_mode = WAL").fetchall()
        if journal_mode != "wal":
            raise StorageError(f"{path} is on a disk that cannot share memory (no WAL).")
        # In WAL mode NORMAL would be fast and consistent, and lose the last receipts with the power
        # (sqlite.org/pragma.html#pragma_synchronous).
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        # What was deleted is not to be found in the free pages of the file either.
        connection.execute("PRAGMA secure_delete = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    # By URI for the mode: a server whose file was taken away must not go on with an empty one.
    # A connection is used by one thread at a time, though not always by the same.
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=_BUSY,
        isolation_level=None,
        check_same_thread=False,
    )
