"""Notices what another process has changed in the database: the operator, at the command line."""

from twisted.internet.defer import Deferred

from chatroom.core.enforcement import Enforcement
from chatroom.core.errors import Refused
from chatroom.core.interfaces import Clock, DelayedCall, Log
from chatroom.core.order_book import OrderBook
from chatroom.core.timeline import Timeline

LOOK_EVERY = 1.0  # seconds


class Outsiders:
    """Looks once a second, and has every room look for what it lacks when there is something."""

    def __init__(
        self,
        *,
        log: Log,
        timeline: Timeline,
        book: OrderBook,
        enforcement: Enforcement,
        clock: Clock,
        seen: int,
    ) -> None:
        self._log = log
        self._timeline = timeline
        self._book = book
        self._enforcement = enforcement
        self._clock = clock
        self._seen = seen
        self._next: DelayedCall | None = None
        self._closed = False

    def look(self) -> None:
        """Look now, and from now on."""
        self._next = None
        asking: Deferred[int] = self._log.outside()
        asking.addCallbacks(self._compare, lambda failure: failure.trap(Refused))
        asking.addBoth(self._look_again)

    def _compare(self, count: int) -> None:
        if self._seen != count:
            self._timeline.look_at_all()
            self._book.look_at_all()
            self._enforcement.check_all_waiters()
        self._seen = count

    def _look_again(self, result: object) -> object:
        if not self._closed:
            self._next = self._clock.callLater(LOOK_EVERY, self.look)
        return result

    def close(self) -> None:
        """Look no more."""
        self._closed = True
        if self._next is not None:
            self._next.cancel()
