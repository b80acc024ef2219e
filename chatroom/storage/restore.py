"""A copy of a database brought back, so that whoever kills this finds the old one or the new."""

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from chatroom.storage.copying import BESIDE, Progress, sync_folder, whole_copy
from chatroom.storage.files import (
    DATABASE,
    LOCK,
    MAGIC,
    check_header,
    in_one_sentence,
    lock_whatever_is_there,
)
from chatroom.storage.schema import StorageError

PATIENCE = 2.0
"""Seconds for which others may go on reading the former database."""

_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def restore(folder: Path, backup: Path, time: str, told: Progress) -> Path | None:
    """Make a copy of `backup` the database in a folder; give where the former one is now, if any.

    `time` becomes part of that name. The server must not run. Raises `StorageError`.
    """
    path = folder / DATABASE
    _check_backup(path, backup)
    with closing(lock_whatever_is_there(folder)):
        former = path.with_name(f"{DATABASE}.replaced-{time}")
        if former.exists():
            raise StorageError(f"{former} is there already; try again in a second.")
        with in_one_sentence(backup), closing(_open(backup)) as source:
            copying = whole_copy(source, backup, path, told)
            with copying as copy, in_one_sentence(path):
                _give(copy, folder)
                _give(folder / LOCK, folder)
                if path.exists():
                    _keep(path, former)
                # From here on it is the new one.
                os.replace(copy, path)
        sync_folder(folder)
        return former if former.exists() else None


def _check_backup(path: Path, backup: Path) -> None:
    if not backup.is_file():
        raise StorageError(f"{backup} is not a file.")
    if path.exists() and backup.samefile(path):
        raise StorageError(f"{backup} is the database itself.")
    if not backup.stat().st_size:
        raise StorageError(f"{backup} is empty.")
    check_header(backup)


def _open(backup: Path) -> sqlite3.Connection:
    # Where nothing is beside it nobody writes it, and then SQLite needs no right to write either.
    alone = not any(backup.with_name(backup.name + ending).exists() for ending in BESIDE)
    mode = "immutable=1" if alone else "mode=ro"
    uri = f"{backup.absolute().as_uri()}?{mode}"
    return sqlite3.connect(uri, uri=True, isolation_level=None)


def _give(path: Path, folder: Path) -> None:
    """Let a file be whose the folder is: root restores, and another user runs the server."""
    owner = folder.stat()
    with suppress(AttributeError, OSError):
        os.chown(path, owner.st_uid, owner.st_gid)


def _keep(path: Path, former: Path) -> None:
    """Give the database a second name, and leave nothing beside the first."""
    if _settle(path):
        _link(path, former)
        return
    # Damaged as it is, no server would have opened it: so what lies beside may go first.
    for ending in ("", *BESIDE):
        with suppress(FileNotFoundError):
            _link(path.with_name(path.name + ending), former.with_name(former.name + ending))
    for ending in BESIDE:
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _settle(path: Path) -> bool:
    """Bring all of a database into its one file; give whether that could be done.

    Its WAL names no database, and would be applied to the next that has the name.
    """
    with path.open("rb") as file:
        # SQLite would throw a WAL away that it cannot read.
        if file.read(len(MAGIC)) not in (MAGIC, b""):
            return False
    with closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as connection:
        try:
            # Waits for whoever reads, and refuses while somebody does.
            [(mode,)] = connection.execute("PRAGMA journal_mode = DELETE").fetchall()
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGED:
                return False
            raise
    if mode != "delete":
        raise StorageError(f"{path} is locked by another program.")
    return True


def _link(path: Path, name: Path) -> None:
    try:
        os.link(path, name)
    except FileNotFoundError:
        raise
    except OSError:
        # Not on every disk.
        unfinished = name.with_name(f"{name.name}.unfinished")
        shutil.copy2(path, unfinished)
        os.replace(unfinished, name)
