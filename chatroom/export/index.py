"""What leads to the files of several rooms, in the format that these have."""

from typing import NamedTuple
from urllib.parse import quote

from msgspec import Struct, json

from chatroom.export.html import text_of, top
from chatroom.export.markdown import escaped
from chatroom.export.words import how_many, words_of
from chatroom.export.writer import Head

NAME = "index"
"""What it is called, without an ending; no room's file has this name."""


class Entry(NamedTuple):
    """A room, the name of its file, and how many messages are in that."""

    head: Head
    file: str
    messages: int


class _Line(Struct, frozen=True, kw_only=True, omit_defaults=True):
    room: str
    title: str | None = None
    file: str
    messages: int


def index(format: str, language: str, entries: list[Entry]) -> bytes:
    """Give the whole of it; `format` is a name of `FORMATS`."""
    if format == "jsonl":
        return b"".join(json.encode(_line(entry)) + b"\n" for entry in entries)
    words = words_of(language)
    if format == "markdown":
        title = f"# {words.rooms}\n\n"
        return (title + "".join(_item(entry, language) for entry in entries)).encode()
    items = "".join(_link(entry, language) for entry in entries)
    return (
        f"{top(words.rooms, words.tag)}<header>\n<h1>{words.rooms}</h1>\n</header>\n"
        f'<nav>\n<ul>\n{items}</ul>\n</nav>\n<footer id="end"></footer>\n</body>\n</html>\n'
    ).encode()


def _line(entry: Entry) -> _Line:
    room, title = entry.head.room, entry.head.title
    return _Line(
        room=room, title=None if title == room else title, file=entry.file, messages=entry.messages
    )


def _item(entry: Entry, language: str) -> str:
    count = how_many(entry.messages, words_of(language))
    return f"* [{escaped(entry.head.title)}](<{quote(entry.file)}>), {count}\n"


def _link(entry: Entry, language: str) -> str:
    count = how_many(entry.messages, words_of(language))
    return (
        f'<li><a href="./{quote(entry.file)}"><bdi>{text_of(entry.head.title)}</bdi>'
        f"<span>{count}</span></a></li>\n"
    )
