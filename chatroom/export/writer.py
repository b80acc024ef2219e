"""What a file begins with, and what writes one, whatever its format."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Protocol

from chatroom.core.events import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What is known before the first message; times are in ms since 1970.

    `title` and `topic` are what people see; `language` is `zh` or `en`. `seq` is where the log
    stands: what was said after it is not in the file. A `zone` of None is this machine's own.
    """

    room: str
    title: str
    topic: str = ""
    exported_at: int
    epoch: str
    seq: int
    language: str = "en"
    zone: tzinfo | None = UTC

    def moment(self, at: int) -> datetime:
        """A time where the reader is."""
        moment = datetime.fromtimestamp(at / 1000, self.zone)
        return moment if self.zone is not None else moment.astimezone()


class Writer(Protocol):
    """Gives the file piece by piece: `begin`, every message in order of `seq`, `end`.

    A file without its end is not whole, and its reader can tell.
    """

    def begin(self) -> bytes:
        """Give what stands before the messages."""
        ...

    def message(self, message: Message) -> bytes:
        """Give one message."""
        ...

    def end(self) -> bytes:
        """Give what tells how many messages there are, and that these are all."""
        ...


class Days:
    """Notices where a new day begins."""

    def __init__(self) -> None:
        self._day: date | None = None

    def begins(self, moment: datetime) -> bool:
        """Whether this is the first moment of another day than the last."""
        is_new = moment.date() != self._day
        self._day = moment.date()
        return is_new
