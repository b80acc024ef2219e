"""The orders of rooms and of the server, read once and then kept in memory."""

from collections import OrderedDict
from collections.abc import Callable

from twisted.internet.defer import Deferred, succeed
from twisted.logger import Logger
from twisted.python.failure import Failure

from chatroom.core.errors import Refused, unavailable
from chatroom.core.events import LogEvent
from chatroom.core.interfaces import Clock, DelayedCall, Log
from chatroom.core.orders import SERVER, Orders
from chatroom.core.timeline import Timeline
from chatroom.core.work import Ruling, Verdict

MOST = 1_000
"""Of how many rooms that sleep the orders are kept."""
AGAIN_AFTER = 1.0  # seconds
NO_ORDERS = {Ruling.DIRECT, Ruling.DESTROY, Ruling.INVITE, Ruling.REVOKE}
"""What changes nothing of how a room is kept."""


class OrderBook:
    """An awake room has its orders; those of the others are here, as long as they are asked for."""

    _logger = Logger()

    def __init__(self, timeline: Timeline, log: Log, clock: Clock, server: Orders) -> None:
        self._timeline = timeline
        self._log = log
        self._clock = clock
        self.server = server
        self._asleep: OrderedDict[str, Orders] = OrderedDict()
        self._reading: dict[str, list[Deferred[Orders | None]]] = {}
        self._again: set[str] = set()
        self._applied: set[tuple[str, int]] = set()
        self._later: dict[str, DelayedCall] = {}
        self._closed = False
        # Hears of orders that have changed, and of the verdict, if it was given here.
        self.on_change: Callable[[str, Orders, Verdict | None], object] = lambda *change: None

    def of(self, name: str) -> Deferred[Orders | None]:
        """Give the orders of a room, None where nothing is stored; or with `SERVER` its own.

        Fails with `Refused('unavailable')`.
        """
        found = self._at_hand(name)
        return self._read(name) if found is None else succeed(found)

    def _at_hand(self, name: str) -> Orders | None:
        if name == SERVER:
            return self.server
        room = self._timeline.room(name)
        if room is not None:
            return room.orders
        if name in self._asleep:
            self._asleep.move_to_end(name)
        return self._asleep.get(name)

    def settled(self, name: str) -> Deferred[Orders | None] | None:
        """Give what fires when orders from elsewhere are read; None when none are being read."""
        return self._read(name) if name in self._reading else None

    def apply(self, done: Verdict, event: LogEvent | None) -> None:
        """Let a verdict hold that was carried out here; `event` tells of it, if any does."""
        if done.ruling in NO_ORDERS:
            return
        name = done.room
        orders = self._at_hand(name)
        if name in self._reading:
            self._again.add(name)
        if orders is None:
            return
        if event is not None:
            self._applied.add((name, event.seq))
        orders.apply(done)
        self.on_change(name, orders, done)

    def forget(self, name: str) -> None:
        """Keep nothing of a room that was deleted."""
        self._asleep.pop(name, None)
        if name in self._reading:
            self._again.add(name)

    def heed(self, name: str, event: LogEvent) -> None:
        """Read the orders anew, unless what the event tells was ordered here and holds already.

        It is told before its verdict comes back from the journal, in the same turn.
        """
        self._clock.callLater(0, self._heed, name, event.seq)

    def _heed(self, name: str, seq: int) -> None:
        if (name, seq) in self._applied:
            self._applied.discard((name, seq))
        elif self._at_hand(name) is not None:
            self._look(name)

    def look(self, name: str) -> Deferred[Orders | None]:
        """Read the orders anew, as something was ordered elsewhere; give them once they hold."""
        if name in self._reading:
            # What is being read may be from before.
            self._again.add(name)
        return self._read(name)

    def look_later(self, name: str) -> None:
        """Read the orders anew in a second, and again until that succeeds."""
        if name not in self._later and not self._closed:
            self._later[name] = self._clock.callLater(AGAIN_AFTER, self._look, name)

    def _look(self, name: str) -> None:
        self._later.pop(name, None)
        self.look(name).addErrback(lambda failure: failure.trap(Refused))

    def look_at_all(self) -> None:
        """Read all orders anew that somebody needs now: nobody knows which have changed."""
        self._asleep.clear()
        # What is being read may be from before.
        self._again.update(self._reading)
        for name in (SERVER, *(room.name for room in self._timeline.rooms())):
            self._look(name)

    def _read(self, name: str) -> Deferred[Orders | None]:
        read: Deferred[Orders | None] = Deferred()
        if name in self._reading:
            self._reading[name].append(read)
        else:
            self._reading[name] = [read]
            self._ask(name)
        return read

    def _ask(self, name: str) -> None:
        self._log.orders(name).addCallbacks(
            self._take, self._fail, callbackArgs=(name,), errbackArgs=(name,)
        )

    def _take(self, orders: Orders | None, name: str) -> None:
        if name in self._again:
            self._again.discard(name)
            self._ask(name)
            return
        waiting = self._reading.pop(name)
        if orders is None:
            # It may have been deleted: what is known of it is of no room.
            self._asleep.pop(name, None)
        else:
            self._keep(name, orders)
            with self._logger.failuresHandled("an order could not be put into effect"):
                self.on_change(name, orders, None)
        for read in waiting:
            read.callback(orders)

    def _fail(self, failure: Failure, name: str) -> None:
        waiting = self._reading.pop(name)
        if name in self._again or self._at_hand(name) is not None:
            # What holds now is not what was ordered.
            self._again.discard(name)
            self.look_later(name)
        for read in waiting:
            read.errback(unavailable())

    def _keep(self, name: str, orders: Orders) -> None:
        if name == SERVER:
            self.server = orders
            return
        room = self._timeline.room(name)
        if room is not None:
            room.orders = orders
            self._asleep.pop(name, None)
            return
        self._asleep[name] = orders
        self._asleep.move_to_end(name)
        if len(self._asleep) > MOST:
            self._asleep.popitem(last=False)

    def close(self) -> None:
        """Try nothing again: the server stops."""
        self._closed = True
        for later in self._later.values():
            later.cancel()
