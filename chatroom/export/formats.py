"""The formats that there are."""

from collections.abc import Callable
from typing import NamedTuple

from chatroom.export.html import Html
from chatroom.export.jsonl import JsonLines
from chatroom.export.markdown import Markdown
from chatroom.export.writer import Head, Writer


class Format(NamedTuple):
    """What makes a file of it, its media type (RFC 9110, 8.3), and how its name ends."""

    write: Callable[[Head], Writer]
    media: str
    ending: str


FORMATS = {
    "html": Format(Html, "text/html; charset=utf-8", ".html"),
    "markdown": Format(Markdown, "text/markdown; charset=utf-8", ".md"),
    "jsonl": Format(JsonLines, "application/x-ndjson", ".jsonl"),
}
