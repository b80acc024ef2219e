"""Connections that take nothing more: how long, and when it is enough."""

import ctypes
from typing import Any, Protocol

from chatroom.core.interfaces import Clock, DelayedCall

LOOK_EVERY = 1.0
# Seconds without a byte taken; events behind.
PATIENCE = 30.0
MAX_LAG = 10_000


class Stallable(Protocol):
    """A connection whose transport is full."""

    @property
    def unsent(self) -> int:
        """Bytes that wait in the transport."""
        ...

    @property
    def lag(self) -> int:
        """Events behind in the worst of its rooms."""
        ...

    def give_up(self) -> None:
        """Close: it has fallen too far behind."""
        ...


class Stalled:
    """Looks once a second at all connections that are full."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._watched: dict[Stallable, tuple[int, float]] = {}
        self._next: DelayedCall | None = None

    def watch(self, connection: Stallable) -> None:
        """Begin to look at a connection."""
        if connection not in self._watched:
            self._watched[connection] = (connection.unsent, self._clock.seconds())
        if self._next is None:
            self._next = self._clock.callLater(LOOK_EVERY, self._look)

    def unwatch(self, connection: Stallable) -> None:
        """Stop looking at a connection."""
        self._watched.pop(connection, None)

    def close(self) -> None:
        """Look no more: the server stops."""
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def _look(self) -> None:
        now = self._clock.seconds()
        for connection, (before, since) in list(self._watched.items()):
            unsent = connection.unsent
            if unsent < before:
                since = now
            self._watched[connection] = (unsent, since)
            if now - since >= PATIENCE or connection.lag > MAX_LAG:
                self.unwatch(connection)
                connection.give_up()
        if self._watched:
            self._next = self._clock.callLater(LOOK_EVERY, self._look)
        else:
            self._next = None
            give_back_memory()


def give_back_memory() -> None:
    """Give the system what full connections have left unused; does nothing beside glibc.

    glibc keeps what is freed below what is still used, here some 100 KB for each connection that
    was full (malloc_trim(3)).
    """
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):  # another C library, or Windows
        return
    trim(0)


def forget_unsent(transport: Any) -> None:
    """Free the bytes of a transport that is lost.

    A lost one is kept by its last timer, or by a command that is still at it; its bytes need not.
    """
    below = getattr(transport, "transport", transport)
    if hasattr(below, "_tempDataBuffer"):
        below.dataBuffer, below.offset = b"", 0
        below._tempDataBuffer, below._tempDataLen = [], 0


def unsent(transport: object) -> int:
    """Give the bytes that a Twisted transport still has to send; 0 where it does not tell.

    Below TLS lies the transport that has the bytes.
    """
    # twisted.internet.abstract.FileDescriptor tells a producer only when all is sent; a phone on a
    # slow network takes a little at a time, and must not look like one that takes nothing.
    below = getattr(transport, "transport", transport)
    buffered = len(getattr(below, "dataBuffer", b"")) - getattr(below, "offset", 0)
    return int(buffered + getattr(below, "_tempDataLen", 0))
