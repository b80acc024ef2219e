"""Work that can wait, in the writer's thread: done in rounds, and a breath between two."""

import sqlite3
from collections.abc import Awaitable, Callable

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from chatroom.core.interfaces import Clock, DelayedCall
from chatroom.storage.outage import Outage
from chatroom.storage.schema import StorageError

# Seconds. Between two rounds, for what waits to be stored.
A_BREATH = 0.005
AGAIN_AFTER = 1.0


class Rounds:
    """One after the other; `do` gives the seconds until the next, None until one is asked for.

    `what` is that in a word for the log. A round in which storage fails is tried again.
    """

    _log = Logger()

    def __init__(self, what: str, do: Callable[[], Awaitable[float | None]], clock: Clock) -> None:
        self._what = what
        self._do = do
        self._clock = clock
        self._outage = Outage(what)
        self._next: DelayedCall | None = None
        self._due = 0.0
        self._asked: float | None = None
        self._at_work = self._closed = False

    def within(self, seconds: float) -> None:
        """Begin a round in so many seconds, or earlier; if one goes on, so long after it."""
        if self._at_work:
            self._asked = seconds if self._asked is None else min(self._asked, seconds)
            return
        due = self._clock.seconds() + seconds
        if self._closed or (self._next is not None and self._due <= due):
            return
        if self._next is not None:
            self._next.cancel()
        self._due = due
        self._next = self._clock.callLater(seconds, self._begin)

    def close(self) -> None:
        """Begin nothing any more."""
        self._closed = True
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def _begin(self) -> None:
        self._next = None
        self._at_work = True
        self._asked = None
        working = Deferred.fromCoroutine(self._work())
        working.addErrback(self._stopped)
        working.addCallback(self._go_on)

    async def _work(self) -> float | None:
        try:
            seconds = await self._do()
        except (sqlite3.Error, StorageError) as error:
            self._outage.goes_on(error)
            return AGAIN_AFTER
        self._outage.is_over()
        return seconds

    def _stopped(self, failure: Failure) -> None:
        self._log.failure("{what} has stopped", failure, what=self._what)

    def _go_on(self, seconds: float | None) -> None:
        self._at_work = False
        for each in (seconds, self._asked):
            if each is not None:
                self.within(each)
