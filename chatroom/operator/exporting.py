"""`python -m chatroom export`: rooms as files, of all that was said."""

import argparse
import os
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from chatroom.core.errors import Refused
from chatroom.core.rooms import epoch_of
from chatroom.export.filenames import distinct
from chatroom.export.formats import FORMATS
from chatroom.export.index import NAME, Entry, index
from chatroom.export.words import LANGUAGES
from chatroom.export.writer import Head
from chatroom.operator import arguments
from chatroom.operator.output import say
from chatroom.operator.progress import Progress
from chatroom.storage.archive import Archive, ArchivedRoom
from chatroom.storage.files import in_one_sentence


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Let the operator say `export`."""
    about = "write all rooms down as files, or some of them, while the server runs"
    command = commands.add_parser("export", help=about, description=about)
    command.add_argument(
        "target", type=arguments.word, help="the folder to fill; with one --room the file to make"
    )
    command.add_argument(
        "--room", type=arguments.room, action="append", default=[], help="only this, repeatable"
    )
    command.add_argument("--format", choices=FORMATS, default="html")
    command.add_argument("--lang", choices=LANGUAGES, default=_language(), help="of the files")
    command.add_argument("--force", action="store_true", help="replace files that are there")
    arguments.add_data(command)
    command.set_defaults(do=_export)


def _language() -> str:
    names = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "zh" if next(filter(None, names), "").startswith("zh") else "en"


def _export(asked: Namespace) -> None:
    target = arguments.path(asked.target)
    ending = FORMATS[asked.format].ending
    with Archive.open(asked.data) as archive:
        rooms = _chosen(archive, asked.room)
        alone = len(asked.room) == 1 and not target.is_dir() and not _is_folder(asked.target)
        if alone:
            files = [target]
        else:
            names = distinct((room.title for room in rooms), taken=[NAME])
            files = [target / f"{name}{ending}" for name in names]
            last = target / f"{NAME}{ending}"
        _refuse_what_is_there(asked.force, files if alone else [*files, last])
        with in_one_sentence(target):
            if not alone:
                target.mkdir(mode=0o700, parents=True, exist_ok=True)
        entries = _write_all(archive, asked, rooms, files)
        if not alone:
            with _whole(last) as out:
                out.write(index(asked.format, asked.lang, entries))
    messages = sum(entry.messages for entry in entries)
    say(sys.stdout, f"{_so_many(len(rooms), 'room')}, {_so_many(messages, 'message')}: {target}")


def _so_many(count: int, unit: str) -> str:
    return f"{count:,} {unit}{'' if count == 1 else 's'}"


def _is_folder(text: str) -> bool:
    return text.endswith(tuple(filter(None, (os.sep, os.altsep))))


def _chosen(archive: Archive, names: list[str]) -> list[ArchivedRoom]:
    rooms = archive.rooms()
    if not names:
        return rooms
    for name in names:
        if name not in {room.name for room in rooms}:
            raise Refused("no_such_room", f"There is no room {name!r}.")
    return [room for room in rooms if room.name in names]


def _refuse_what_is_there(force: bool, files: list[Path]) -> None:
    for path in files:
        if path.is_dir():
            raise Refused("bad_field", f"{path} is a folder.")
        if path.exists() and not force:
            raise Refused("bad_field", f"{path} is there already; --force replaces it.")


def _write_all(
    archive: Archive, asked: Namespace, rooms: list[ArchivedRoom], files: list[Path]
) -> list[Entry]:
    total, done = sum(room.messages for room in rooms), 0
    epoch = archive.epoch()
    entries = []
    with Progress.shown(sys.stderr, "messages") as progress:
        for room, path in zip(rooms, files, strict=True):
            before = done
            with archive.reading(room) as reading, _whole(path) as out:
                head = Head(
                    room=room.name,
                    title=room.title,
                    topic=reading.orders.rules.topic,
                    exported_at=asked.now,
                    epoch=epoch_of(epoch, reading.state),
                    seq=reading.state.seq,
                    language=asked.lang,
                    zone=None,
                )
                writer = FORMATS[asked.format].write(head)
                out.write(writer.begin())
                for message in reading.messages:
                    out.write(writer.message(message))
                    done += 1
                    progress(done, max(done, total))
                out.write(writer.end())
            entries.append(Entry(head, path.name, done - before))
    return entries


@contextmanager
def _whole(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write, which gets its name once it is whole and on the disk."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    with in_one_sentence(path):
        unfinished.unlink(missing_ok=True)
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
        try:
            with open(os.open(unfinished, flags, 0o600), "wb") as out:
                yield out
                out.flush()
                os.fsync(out.fileno())
            os.replace(unfinished, path)
        except BaseException:
            with suppress(OSError):
                unfinished.unlink()
            raise
