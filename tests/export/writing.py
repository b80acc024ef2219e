"""What these tests share: a room, and its file."""

from datetime import timedelta, timezone
from typing import Any

from chatroom.core.events import Message, Reaction
from chatroom.export.formats import FORMATS
from chatroom.export.writer import Head

MORNING = 1_795_312_800_000
"""2026-11-22 02:00 UTC, a Sunday."""
MINUTE = 60_000
DAY = 24 * 60 * MINUTE
BEIJING = timezone(timedelta(hours=8), "CST")


def head(**fields: Any) -> Head:
    """A room in Beijing, unless told otherwise."""
    standard = {
        "room": "大厅",
        "title": "大厅",
        "exported_at": MORNING + DAY,
        "epoch": "e1",
        "seq": 99,
        "language": "zh",
        "zone": BEIJING,
    }
    return Head(**standard | fields)


def said(seq: int = 1, text: str = "床前明月光", **fields: Any) -> Message:
    """What Li Bai said on Sunday morning, unless told otherwise."""
    standard = {"user": "u1", "nick": "李白", "at": MORNING + seq * MINUTE}
    return Message(seq=seq, text=text, **standard | fields)


def thumbs(*nicks: str, count: int | None = None) -> list[Reaction]:
    """A thumb from each of these."""
    return [Reaction("👍", list(nicks), list(nicks), count or len(nicks))]


def written(format: str, *messages: Message, **fields: Any) -> str:
    """The whole file."""
    writer = FORMATS[format].write(head(**fields))
    pieces = [writer.begin(), *map(writer.message, messages), writer.end()]
    return b"".join(pieces).decode()
