"""JSON lines: a header, a message a line as `history` has it, and how many there were."""

from msgspec import Struct, json

from chatroom.core.events import Message
from chatroom.export.writer import Head

FORMAT = 1
"""Its version: one that a reader does not know, it cannot read."""


class Header(Struct, frozen=True, kw_only=True, omit_defaults=True, tag="export", tag_field="type"):
    """The first line; `title` and `topic` where there are any."""

    format: int
    room: str
    title: str | None = None
    topic: str = ""
    exported_at: int
    epoch: str
    seq: int


class Footer(Struct, frozen=True, kw_only=True, tag="end", tag_field="type"):
    """The last line; without it the file is not whole."""

    messages: int


class JsonLines:
    """A file to be read by programs."""

    def __init__(self, head: Head) -> None:
        self._head = head
        self._count = 0
        self._encoder = json.Encoder()

    def begin(self) -> bytes:
        """Give the header."""
        head = self._head
        return self._line(
            Header(
                format=FORMAT,
                room=head.room,
                title=None if head.title == head.room else head.title,
                topic=head.topic,
                exported_at=head.exported_at,
                epoch=head.epoch,
                seq=head.seq,
            )
        )

    def message(self, message: Message) -> bytes:
        """Give a message's line."""
        self._count += 1
        return self._line(message)

    def end(self) -> bytes:
        """Give the footer."""
        return self._line(Footer(messages=self._count))

    def _line(self, what: Struct) -> bytes:
        return self._encoder.encode(what) + b"\n"
