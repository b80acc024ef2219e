"""The journal: gathers what arrives while the last batch is being stored, and stores it next.

So a lone message waits for nothing, and a thousand at once share a few commits.
"""

import sqlite3
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

from twisted.internet.defer import Deferred, DeferredLock, fail, succeed
from twisted.logger import Logger

from chatroom.core.errors import Refused, unavailable
from chatroom.core.events import LogEvent
from chatroom.core.interfaces import Clock, DelayedCall
from chatroom.core.permissions import Role
from chatroom.core.work import Change, Claim, Draft, Mark, Ordered, Receipt, Ruling, Verdict
from chatroom.storage.batch import Changed, Work
from chatroom.storage.outage import Outage
from chatroom.storage.retention import Let
from chatroom.storage.threads import Run
from chatroom.storage.writer import Outcome, Writer, is_away

BATCH = 200
"""The most that is stored in one transaction."""
QUEUE = 10_000
"""The most that waits for its own."""
PATIENCE = 5.0
"""How long it waits, in seconds."""
_ROUND = 0.1  # seconds; who is impatient is looked for no more often than this


class _Waiting(NamedTuple):
    work: Work
    stored: Deferred[Any]
    until: float


class Journal:
    """Stores what happens in all rooms in batches, one batch at a time.

    `connect` opens a connection to write; `run` executes a job in the one thread that uses it.
    `publish` gets the new events of each room, in order, before their receipts fire.
    """

    _log = Logger()

    def __init__(
        self,
        connect: Callable[[], sqlite3.Connection],
        run: Run,
        publish: Callable[[str, list[LogEvent]], object],
        clock: Clock,
    ) -> None:
        self._writer = Writer(connect)
        self._run = run
        self._publish = publish
        self._clock = clock
        self._waiting: deque[_Waiting] = deque()
        self._storing = DeferredLock()
        self._begin: DelayedCall | None = None
        self._lose_patience: DelayedCall | None = None
        self._outage = Outage("Writing")
        self._closed = False

    def write(self, draft: Draft) -> Deferred[Receipt]:
        """Fire once the message is safe on disk and published.

        Fails with `Refused`: `no_such_message` when `reply_to` names none in this room;
        `unavailable` when storage cannot take it now, or did not say whether it has.
        """
        return self._add(draft)

    def change(self, change: Change) -> Deferred[LogEvent | None]:
        """Fire once the change is safe on disk and published; with None where nothing changes.

        Fails with `Refused`: `no_such_message`, `forbidden`, `too_many`, `unavailable`.
        """
        return self._add(change)

    def order(self, verdict: Verdict) -> Deferred[Ordered]:
        """Fire once the verdict is safe on disk, and published where the room is told of it.

        Fails with `Refused`: `forbidden`, `no_such_room`, `unavailable`.
        """
        return self._add(verdict)

    def claim(self, claim: Claim) -> Deferred[bool]:
        """Let a user own the server, if nobody has used this secret and it is still good.

        Fails with `Refused('unavailable')`.
        """
        return self._add(claim)

    def mark(self, mark: Mark) -> Deferred[bool]:
        """Remember up to where a user has read; give whether that is further than before.

        Fails with `Refused`: `no_such_room`, `unavailable`.
        """
        return self._add(mark)

    @property
    def is_busy(self) -> bool:
        """Whether something is being stored, or waits for that."""
        return bool(self._storing.locked or self._waiting)

    def index(self) -> Deferred[bool]:
        """Bring the next messages into the search index; fire with whether there was any.

        Fails with `sqlite3.Error` or `StorageError`.
        """
        return succeed(False) if self._closed else self._run(self._writer.index)

    def sweep(self) -> Deferred[bool]:
        """Take a little of what was deleted out of the search index; fire with whether any is left.

        Fails with `sqlite3.Error` or `StorageError`.
        """
        return succeed(False) if self._closed else self._run(self._writer.sweep)

    def let_go(self, now: int, place: int) -> Deferred[Let]:
        """Let go of a part of what is kept no longer at `now`, in ms since 1970.

        `place` is the `next` of the time before. Fails with `sqlite3.Error` or `StorageError`.
        """
        if self._closed:
            return succeed(Let((), None))
        return self._run(partial(self._writer.let_go, now, place))

    def sweep_logs(self) -> Deferred[bool]:
        """Take away a little of what logs begin after; fire with whether there was any.

        Fails with `sqlite3.Error` or `StorageError`.
        """
        return succeed(False) if self._closed else self._run(self._writer.sweep_logs)

    def _add(self, work: Work) -> Deferred[Any]:
        if self._closed or len(self._waiting) >= QUEUE:
            return fail(unavailable())
        stored: Deferred[Any] = Deferred()
        self._waiting.append(_Waiting(work, stored, self._clock.seconds() + PATIENCE))
        self._watch()
        if self._begin is None and not self._storing.locked:
            # At the end of this turn, so that all that arrives in it shares a batch.
            self._begin = self._clock.callLater(0, self._store_what_waits)
        return stored

    def close(self) -> Deferred[None]:
        """Store what still waits, then close the connection; writing fails from now on."""
        self._closed = True
        return self._storing.run(self._finish)

    async def _finish(self) -> None:
        if self._begin is not None:
            self._begin.cancel()
            self._begin = None
        await self._store_all()
        await self._run(self._writer.close)

    def _store_what_waits(self) -> None:
        self._begin = None
        self._storing.run(self._store_all).addErrback(
            lambda failure: self._log.failure("The journal has stopped", failure)
        )

    async def _store_all(self) -> None:
        while self._waiting:
            batch = self._next_batch()
            self._watch()
            work = [waiting.work for waiting in batch]
            try:
                outcomes = await self._run(partial(self._writer.write, work))
            except Exception as error:
                outcomes = [error] * len(batch)
            self._publish_new(outcomes)
            for waiting, outcome in zip(batch, outcomes, strict=True):
                self._answer(waiting.stored, outcome)

    def _next_batch(self) -> list[_Waiting]:
        """Take what is stored next; whoever is removed by it is so before more is published."""
        batch: list[_Waiting] = []
        while self._waiting and len(batch) < BATCH:
            batch.append(self._waiting.popleft())
            if _removes_somebody(batch[-1].work):
                break
        return batch

    def _publish_new(self, outcomes: Sequence[Outcome]) -> None:
        rooms: defaultdict[str, list[LogEvent]] = defaultdict(list)
        for outcome in outcomes:
            event = _new_event(outcome)
            if event is not None:
                rooms[event.room].append(event)
        for room, events in rooms.items():
            # They are stored all the same, and whoever misses them reads them from the log.
            with self._log.failuresHandled("Publishing in {room!r} failed", room=room):
                self._publish(room, events)

    def _answer(self, stored: Deferred[Any], outcome: Outcome) -> None:
        if not isinstance(outcome, Exception):
            self._outage.is_over()
            stored.callback(outcome.event if isinstance(outcome, Changed) else outcome)
        elif isinstance(outcome, Refused):
            stored.errback(outcome)
        else:
            if is_away(outcome):
                self._outage.goes_on(outcome)
            else:
                with self._log.failuresHandled("A message cannot be stored"):
                    raise outcome
            stored.errback(unavailable())

    def _watch(self) -> None:
        """Have one timer as long as something waits."""
        if not self._waiting:
            if self._lose_patience is not None:
                self._lose_patience.cancel()
                self._lose_patience = None
        elif self._lose_patience is None:
            left = self._waiting[0].until - self._clock.seconds()
            self._lose_patience = self._clock.callLater(max(left, _ROUND), self._turn_away)

    def _turn_away(self) -> None:
        """Answer those who have waited too long, however long the batch at hand takes."""
        self._lose_patience = None
        now = self._clock.seconds()
        late = []
        while self._waiting and self._waiting[0].until <= now:
            late.append(self._waiting.popleft())
        self._watch()
        for waiting in late:
            waiting.stored.errback(unavailable())


def _removes_somebody(work: Work) -> bool:
    return isinstance(work, Verdict) and (
        work.ruling in (Ruling.KICK, Ruling.BAN) or work.role is Role.GUEST
    )


def _new_event(outcome: Outcome) -> LogEvent | None:
    if isinstance(outcome, Changed | Ordered):
        return outcome.event
    return outcome.event if isinstance(outcome, Receipt) and not outcome.again else None
