"""When the search index is brought up to date: a moment after something was stored."""

import sqlite3
from collections.abc import Callable

from twisted.internet.defer import Deferred
from twisted.logger import Logger

from chatroom.core.interfaces import Clock, DelayedCall
from chatroom.storage.outage import Outage
from chatroom.storage.schema import StorageError

# Seconds. Several batches share one round, and the index gets fewer and larger segments.
A_MOMENT = 0.05
# Between two rounds, for what waits to be stored.
A_BREATH = 0.005
AGAIN_AFTER = 1.0
SWEEP_EVERY = 600.0


class Upkeep:
    """Runs `index` and now and then `sweep`, each until there is nothing left, a little at a time.

    Both give whether to go on, and are done in the writer's thread.
    """

    _log = Logger()

    def __init__(
        self,
        index: Callable[[], Deferred[bool]],
        sweep: Callable[[], Deferred[bool]],
        clock: Clock,
    ) -> None:
        self._index = index
        self._sweep = sweep
        self._clock = clock
        self._outage = Outage("Indexing")
        self._next: DelayedCall | None = None
        self._due = 0.0
        self._at_work = self._more = self._closed = False
        self._to_sweep = False
        self._swept_at = -SWEEP_EVERY

    def soon(self, to_sweep: bool) -> None:
        """Begin in a moment: something was stored, or the server has started.

        `to_sweep`: there may be something in the index that was deleted.
        """
        self._more = True
        self._to_sweep |= to_sweep
        self._wait(A_MOMENT)

    def close(self) -> None:
        """Begin nothing any more."""
        self._closed = True
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def _wait(self, seconds: float) -> None:
        due = self._clock.seconds() + seconds
        if self._at_work or self._closed or (self._next is not None and self._due <= due):
            return
        if self._next is not None:
            self._next.cancel()
        self._due = due
        self._next = self._clock.callLater(seconds, self._begin)

    def _begin(self) -> None:
        self._next = None
        self._at_work = True
        working = Deferred.fromCoroutine(self._work())
        working.addErrback(lambda failure: self._log.failure("Indexing has stopped", failure))
        working.addCallback(self._wait_again)

    async def _work(self) -> float | None:
        """Give the seconds until more is to be done, None if nothing is."""
        self._more = False
        try:
            seconds = await self._do_a_little()
        except (sqlite3.Error, StorageError) as error:
            self._outage.goes_on(error)
            return AGAIN_AFTER
        self._outage.is_over()
        return seconds

    async def _do_a_little(self) -> float | None:
        if await self._index():
            return A_BREATH
        return await self._sweep_a_little() if self._to_sweep else None

    async def _sweep_a_little(self) -> float | None:
        left = self._swept_at + SWEEP_EVERY - self._clock.seconds()
        if left > 0:
            return left
        if await self._sweep():
            return A_BREATH
        self._to_sweep = False
        self._swept_at = self._clock.seconds()
        return None

    def _wait_again(self, seconds: float | None) -> None:
        self._at_work = False
        if self._more:
            seconds = A_MOMENT if seconds is None else min(seconds, A_MOMENT)
        if seconds is not None:
            self._wait(seconds)
