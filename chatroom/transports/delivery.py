"""One client's way out: its outbox, and reading from it no faster than it takes our answers."""

import math
from collections.abc import Callable
from typing import Protocol

from twisted.logger import Logger

from chatroom.core.client import Client
from chatroom.core.events import Event
from chatroom.core.room import Room
from chatroom.transports.channel import INTERNAL_ERROR, REMOVED, TOO_FAR_BEHIND
from chatroom.transports.outbox import Later, Outbox, Read
from chatroom.transports.registry import Registry
from chatroom.transports.stalled import Stalled


class Line(Protocol):
    """The connection that a delivery writes to."""

    @property
    def is_full(self) -> bool:
        """Whether it takes no more for now; `resume` of the delivery says when it does again."""
        ...

    @property
    def unsent(self) -> int:
        """Bytes that wait in it."""
        ...

    def write(self, data: bytes) -> None:
        """Send whole frames; calls `pause` of the delivery when it takes no more."""
        ...

    def read(self, welcome: bool, full: bool) -> None:
        """Go on reading from the peer, or stop: are its commands welcome, is it full of answers?"""
        ...

    def close(self, code: int, reason: str) -> None:
        """Close for a reason of ours (docs/protocol.md, "Close codes")."""
        ...

    def drop(self) -> None:
        """Cut the connection off."""
        ...


class Delivery:
    """What the core has of a connection (`core.client.Connection`), whatever line it is on."""

    __slots__ = ("_client", "_line", "_outbox", "_stalled", "_welcome", "full")
    _log = Logger()

    def __init__(
        self, line: Line, *, registry: Registry, read: Read, later: Later, stalled: Stalled
    ) -> None:
        self._line = line
        self._stalled = stalled
        self._outbox = Outbox(self, registry, read, later)
        self._client: Client | None = None
        self._welcome = True
        self.full = False

    def begin(self, connect: Callable[["Delivery"], Client]) -> Client:
        """Have the core make a client of this connection."""
        self._client = connect(self)
        self._heed()
        return self._client

    def _heed(self) -> None:
        # A transport below TLS says but once that it is full, perhaps to whoever was here before.
        if self._line.is_full:
            self.pause()

    def finish(self, last: Event | None = None) -> None:
        """Carry out nothing more; send what has happened until now, and `last` to anybody."""
        if self._client is not None:
            self._client.stop()
        self._outbox.flush(math.inf)
        if last is not None:
            self._line.write(self._outbox.frame(last))
        self._outbox.close()

    def move(self, registry: Registry, reframe: Callable[[bytes], bytes]) -> None:
        """Go on over another line, in the frames of its registry."""
        self._outbox.move(registry, reframe)
        self._regulate()
        self._heed()

    def close(self) -> None:
        """Let go of everything: the line is gone."""
        self._outbox.close()
        self._stalled.unwatch(self)
        self._client = None

    # core.client.Connection

    @property
    def writable(self) -> bool:
        return not self.full

    def send(self, event: Event, ref: str | None = None) -> None:
        self._outbox.put(event)

    def tell(self, event: Event) -> None:
        self._outbox.tell(event)

    def follow(self, room: Room, since: int) -> None:
        self._outbox.follow(room, since)

    def unfollow(self, room: Room) -> None:
        self._outbox.unfollow(room)

    def listen(self, willing: bool) -> None:
        if willing is not self._welcome:
            self._welcome = willing
            self._regulate()

    def remove(self) -> None:
        self._line.close(REMOVED, "removed by a moderator")

    def fail(self) -> None:
        self._line.close(INTERNAL_ERROR, "an error of the server's own")

    # transports.outbox.Sink

    def write(self, data: bytes) -> None:
        self._line.write(data)

    def blocked(self) -> None:
        if not self.full:
            self.full = True
            self._regulate()

    def drained(self) -> None:
        if self.full and self._client is not None:
            self.full = False
            self._regulate()
            self._client.go_on()

    def drop(self) -> None:
        self._line.drop()

    def _regulate(self) -> None:
        # A client that is gone may still have a command at it, while another is on the line.
        if self._client is not None:
            self._line.read(self._welcome, self.full)

    # What the line tells of its peer.

    def pause(self) -> None:
        """Write nothing: the peer takes no more for now."""
        self._outbox.pause()
        # Who only waits for the log takes all it gets, and is not watched.
        self._stalled.watch(self)

    def resume(self) -> None:
        """Write on: the peer has taken all there was."""
        self._stalled.unwatch(self)
        self._outbox.resume()

    # transports.stalled.Stallable

    @property
    def unsent(self) -> int:
        return self._line.unsent

    @property
    def lag(self) -> int:
        return self._outbox.lag

    def give_up(self) -> None:
        self._log.info("a client fell too far behind")
        self._line.close(TOO_FAR_BEHIND, "fell too far behind; come back with `since`")
