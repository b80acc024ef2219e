"""A whole database copied into one file, page by page, while others go on writing it."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from chatroom.storage import backlog, sweeping
from chatroom.storage.files import in_one_sentence
from chatroom.storage.schema import APPLICATION, STEPS, Stamp, StorageError

PAGES = 1_000
"""So many pages are copied at once: 4 MB, between two looks at how far it is."""
SYNC_EVERY = 4
"""So many times that, before it is brought to the disk: much at once would keep others waiting."""
BESIDE = ("-journal", "-wal", "-shm")
"""What SQLite puts beside a database, by what is added to its name."""

Progress = Callable[[int, int], object]
"""Told how many of how many pages are copied."""

_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_HAS = "SELECT 1 FROM sqlite_schema WHERE name = ?"


@contextmanager
def whole_copy(
    source: sqlite3.Connection, path: Path, copy: Path, told: Progress
) -> Iterator[Path]:
    """Give a checked copy, on the disk under another name; it is yours to rename, or goes.

    `path` is where `source` reads. The copy is for its owner's eyes alone, has the epoch of no
    server and no owner link that could be used once more. Raises `StorageError`.
    """
    unfinished = copy.with_name(f"{copy.name}.unfinished")
    try:
        with in_one_sentence(copy):
            remove(unfinished)
            os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            _copy(source, path, unfinished, told)
            _sync(unfinished)
        yield unfinished
    finally:
        with suppress(OSError):
            remove(unfinished)


def remove(path: Path) -> None:
    """Remove a database with all that SQLite has put beside it."""
    for ending in ("", *BESIDE):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """See to it that the names in a folder survive the loss of power, where that can be asked."""
    with suppress(OSError):
        _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _copy(source: sqlite3.Connection, path: Path, unfinished: Path, told: Progress) -> None:
    steps = 0

    def tell(status: int, left: int, pages: int) -> None:
        nonlocal steps
        steps += 1
        if steps % SYNC_EVERY == 0:
            _sync(unfinished)
        told(pages - left, pages)

    with closing(sqlite3.connect(unfinished, isolation_level=None)) as target:
        # What breaks off is thrown away, and `_sync` comes before anybody relies on the rest.
        target.execute("PRAGMA journal_mode = OFF")
        target.execute("PRAGMA synchronous = OFF")
        try:
            # Begun anew whenever somebody writes, unless the reader stays at one moment; a reader
            # holds up no writer, as there is a WAL (sqlite.org/c3ref/backup_finish.html).
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_schema").fetchall()
            source.backup(target, pages=PAGES, progress=tell)
            source.execute("COMMIT")
            _check(target, path)
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGED:
                raise StorageError(f"{path} is damaged.") from error
            raise
        _forget(target)


def _check(target: sqlite3.Connection, path: Path) -> None:
    if Stamp.of(target).application != APPLICATION:
        raise StorageError(f"{path} belongs to another program.")
    # One file: SQLite left alone would want a WAL beside it as soon as somebody looks.
    target.execute("PRAGMA journal_mode = DELETE")
    found = target.execute("PRAGMA quick_check(1)").fetchall()
    if found != [("ok",)]:
        raise StorageError(f"{path} is damaged.")


def _forget(target: sqlite3.Connection) -> None:
    target.execute("PRAGMA secure_delete = ON")
    # Numbers that were given after the copy will be given anew: the next start makes an epoch.
    target.execute("DELETE FROM meta WHERE key = 'epoch'")
    if target.execute(_HAS, ("owner_links",)).fetchone():
        target.execute("DELETE FROM owner_links")
    if Stamp.of(target).version == len(STEPS):
        # What logs have let go of, and what was deleted and is only noted so in the index.
        for sweep in (sweeping.sweep_some, backlog.sweep_some):
            while sweep(target):
                pass
