"""The orders of rooms and of the server, read once and then kept in memory."""

from collections import OrderedDict
from collections.abc import Callable

from twisted.internet.defer import Deferred, succeed
from twisted.python.failure import Failure

from chatroom.core.errors import Refused
from chatroom.core.interfaces import Clock, Log
from chatroom.core.orders import SERVER, Orders
from chatroom.core.timeline import Timeline

MOST = 1_000
"""Of how many rooms that sleep the orders are kept."""
AGAIN_AFTER = 1.0  # seconds


class OrderBook:
    """An awake room has its orders; those of the others are here, as long as they are asked for."""

    def __init__(self, timeline: Timeline, log: Log, clock: Clock, server: Orders) -> None:
        self._timeline = timeline
        self._log = log
        self._clock = clock
        self.server = server
        self._asleep: OrderedDict[str, Orders] = OrderedDict()
        self._reading: dict[str, list[Deferred[Orders | None]]] = {}
        self._again: set[str] = set()
        # Hears of orders that were read anew.
        self.on_change: Callable[[str, Orders], object] = lambda name, orders: None

    def of(self, name: str) -> Deferred[Orders | None]:
        """Give the orders of a room, None where nothing is stored; or with `SERVER` its own.

        Fails with `Refused('unavailable')`.
        """
        if name == SERVER:
            return succeed(self.server)
        room = self._timeline.room(name)
        if room is not None:
            return succeed(room.orders)
        if name in self._asleep:
            self._asleep.move_to_end(name)
            return succeed(self._asleep[name])
        return self._read(name)

    def look(self, name: str) -> Deferred[Orders | None]:
        """Read the orders anew, as something was ordered; give them once they hold."""
        if name in self._reading:
            # What is being read may be from before.
            self._again.add(name)
        return self._read(name)

    def look_at_all(self) -> None:
        """Read all orders anew that are in memory: nobody knows which have changed."""
        awake = [room.name for room in self._timeline.rooms()]
        for name in (SERVER, *awake, *self._asleep):
            self._try_again(name)

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
        if orders is not None:
            self._keep(name, orders)
            self.on_change(name, orders)
        for read in waiting:
            read.callback(orders)

    def _fail(self, failure: Failure, name: str) -> None:
        waiting = self._reading.pop(name)
        if name in self._again or self._is_kept(name):
            # What holds now is not what was ordered.
            self._again.discard(name)
            self._clock.callLater(AGAIN_AFTER, self._try_again, name)
        for read in waiting:
            read.errback(failure.value)

    def _try_again(self, name: str) -> None:
        self.look(name).addErrback(lambda failure: failure.trap(Refused))

    def _is_kept(self, name: str) -> bool:
        return name == SERVER or name in self._asleep or self._timeline.room(name) is not None

    def _keep(self, name: str, orders: Orders) -> None:
        if name == SERVER:
            self.server = orders
            return
        room = self._timeline.room(name)
        if room is not None:
            room.is_new = False
            room.orders = orders
            self._asleep.pop(name, None)
            return
        self._asleep[name] = orders
        self._asleep.move_to_end(name)
        if len(self._asleep) > MOST:
            self._asleep.popitem(last=False)
