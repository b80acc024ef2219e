"""A hot copy of a database: one file, checked, whether a server runs or not."""

import os
from contextlib import closing
from pathlib import Path

from chatroom.storage.archive import present
from chatroom.storage.copying import Progress, sync_folder, whole_copy
from chatroom.storage.files import check_header, in_one_sentence, open_reader
from chatroom.storage.schema import Stamp, StorageError


def back_up(folder: Path, target: Path, told: Progress, force: bool = False) -> None:
    """Copy the database in a folder to the file `target`, which gets its name once it is whole.

    What is there already is replaced with `force` alone. Raises `StorageError`.
    """
    path = present(folder)
    _check_target(path, target, force)
    check_header(path)
    with in_one_sentence(path), closing(open_reader(path)) as source:
        Stamp.of(source).accept(path)
        with whole_copy(source, path, target, told) as copy:
            # Somebody else may have been faster.
            _check_target(path, target, force)
            with in_one_sentence(target):
                os.replace(copy, target)
    sync_folder(target.parent)


def _check_target(path: Path, target: Path, force: bool) -> None:
    if target.is_dir():
        raise StorageError(f"{target} is a folder; name a file.")
    if not target.parent.is_dir():
        raise StorageError(f"{target.parent} is not a folder.")
    if target.exists() and target.samefile(path):
        raise StorageError(f"{target} is the database itself.")
    if target.exists() and not force:
        raise StorageError(f"{target} is there already; --force replaces it.")
