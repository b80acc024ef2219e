"""What a reply is to, in a few words, for as long as that can be remembered."""

from collections import OrderedDict
from typing import NamedTuple

from chatroom.core.events import Message

REMEMBERED = 1_000
"""So many of the last messages can be quoted: a file of any length takes the same memory."""
LONGEST = 80


class Quote(NamedTuple):
    """Who said it, and how it begins; no text if it was deleted."""

    nick: str
    text: str


class Quotes:
    """Remembers how the last messages begin."""

    def __init__(self) -> None:
        self._quotes: OrderedDict[int, Quote] = OrderedDict()
        self._first: int | None = None

    def note(self, message: Message) -> None:
        """Remember one."""
        if self._first is None:
            self._first = message.seq
        line = " ".join(message.text.split())
        if len(line) > LONGEST:
            line = line[: LONGEST - 1] + "…"
        self._quotes[message.seq] = Quote(message.nick, line)
        if len(self._quotes) > REMEMBERED:
            self._quotes.popitem(last=False)

    def of(self, seq: int) -> Quote | None:
        """Give the quote of a message, if it is remembered."""
        return self._quotes.get(seq)

    def has(self, seq: int) -> bool:
        """Whether the message stands in the file before."""
        return self._first is not None and seq >= self._first
