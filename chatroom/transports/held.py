"""Requests that are held open until a room has something new for them: long polling."""

from collections.abc import Awaitable, Callable
from typing import Generic, Protocol, TypeVar

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from chatroom.core.errors import unavailable
from chatroom.core.interfaces import Clock, DelayedCall
from chatroom.core.timeline import Timeline
from chatroom.transports.admission import stopping
from chatroom.transports.turn import Turn
from chatroom.wire import json


class Asked(Protocol):
    """What is waited for in a room: a number above `after`. Equal ones ask for the same."""

    @property
    def room(self) -> str: ...

    @property
    def after(self) -> int | None: ...


Q = TypeVar("Q", bound=Asked)
P = TypeVar("P")


class Held(Generic[Q, P]):
    """All requests that wait. Those that asked for the same share a read, and its encoding.

    `says` tells whether a page that was `read` is worth an answer before the time is over.
    """

    def __init__(
        self,
        read: Callable[[Q], Awaitable[P]],
        says: Callable[[P], object],
        timeline: Timeline,
        clock: Clock,
    ) -> None:
        self.read = read
        self.says = says
        self.timeline = timeline
        self.clock = clock
        self.turn = Turn(clock)
        self._waiting: dict[Q, Waiting[Q, P]] = {}

    def hold(self, asked: Q, seconds: float) -> Deferred[bytes]:
        """Give the page once it says something, and after so many seconds the empty one.

        `asked.room` has passed `names.room`. Fails with `Refused`, or `Denied` when the server
        stops. Cancel it when nobody waits for it any more.
        """
        waiting = self._waiting.get(asked)
        if waiting is not None:
            return waiting.join(seconds)
        waiting = self._waiting[asked] = Waiting(self, asked)
        page = waiting.join(seconds)
        waiting.begin()
        return page

    def forget(self, waiting: "Waiting[Q, P]") -> None:
        """Let who asks for the same from now on wait anew."""
        if self._waiting.get(waiting.asked) is waiting:
            del self._waiting[waiting.asked]

    def close(self) -> None:
        """Answer all: the server stops."""
        for waiting in list(self._waiting.values()):
            waiting.end(stopping())


class Waiting(Generic[Q, P]):
    """Those who asked for the same page."""

    def __init__(self, held: Held[Q, P], asked: Q) -> None:
        self.asked = asked
        self._held = held
        self._pages: dict[Deferred[bytes], DelayedCall] = {}
        self._empty: bytes | None = None
        self._answer: bytes | Failure = b""
        self._reading: Deferred[None] | None = None

    def join(self, seconds: float) -> Deferred[bytes]:
        """Wait with the others, at most so long."""
        page: Deferred[bytes] = Deferred(self._leave)
        self._pages[page] = self._held.clock.callLater(seconds, self._give_up, page)
        return page

    def begin(self) -> None:
        """Read, and read again at the news, until that says something."""
        self._reading = Deferred.fromCoroutine(self._read()).addBoth(self._has_read)

    async def _read(self) -> bytes:
        timeline, room, after = self._held.timeline, self.asked.room, self.asked.after or 0
        while True:
            # In this order: what is stored in between is read, or heard of, or both.
            news = timeline.next(room)
            try:
                page = await self._held.read(self.asked)
                if self._held.says(page):
                    return json.encode(page)
                self._empty = json.encode(page)
                while (seq := await news) is not None and seq <= after:
                    news = timeline.next(room)
            finally:
                news.addErrback(lambda _: None).cancel()

    def _has_read(self, answer: bytes | Failure) -> None:
        self._held.forget(self)
        self._answer = answer
        if self._pages:
            self._held.turn.wants(self)

    # transports.turn.Flushable

    def flush(self, deadline: float) -> bool:
        """Answer those who wait, until the clock says `deadline`; give whether all are."""
        while self._pages:
            if self._held.turn.over(deadline):
                return False
            page = self._take(next(iter(self._pages)))
            if isinstance(self._answer, Failure):
                page.errback(self._answer.value)
            else:
                page.callback(self._answer)
        return True

    def fail(self) -> None:
        """Answer all that it cannot be told."""
        self.end(unavailable())

    def end(self, why: Exception) -> None:
        """Answer all that they wait in vain."""
        for page in list(self._pages):
            self._take(page).errback(why)
        self._rest()

    def _take(self, page: Deferred[bytes]) -> Deferred[bytes]:
        timer = self._pages.pop(page)
        if timer.active():
            timer.cancel()
        return page

    def _leave(self, page: Deferred[bytes]) -> None:
        self._take(page)
        self._rest()

    def _give_up(self, page: Deferred[bytes]) -> None:
        self._take(page)
        if self._empty is None:
            page.errback(unavailable())
        else:
            page.callback(self._empty)
        self._rest()

    def _rest(self) -> None:
        """Stop reading when nobody waits any more."""
        if not self._pages and self._reading is not None:
            self._held.forget(self)
            self._reading.cancel()
