"""Brings a room's events to its clients in order of `seq`, whichever node stored them."""

from collections.abc import Callable, Sequence
from typing import Protocol

from twisted.internet.defer import Deferred, succeed
from twisted.logger import Logger
from twisted.python.failure import Failure

from chatroom.core.errors import Refused, unavailable
from chatroom.core.events import Appointed, Deleted, Destroyed, Event, LogEvent, Moderated, Ruled
from chatroom.core.expecting import Expecting
from chatroom.core.interfaces import Clock, Log, LogState
from chatroom.core.names import is_address
from chatroom.core.orders import Orders
from chatroom.core.recent import Entry, Memory
from chatroom.core.room import Room

# What a waking room reads at once, so that whoever comes back after a restart is served by it.
WOKEN_WITH = 200
EVENTS_A_READ = 100
AGAIN_AFTER = 1.0
ORDERS = {Moderated, Appointed, Ruled, Destroyed}


class Transport(Protocol):
    """A way in which clients are reached: it knows its own clients by room."""

    def broadcast(self, room: Room, events: Sequence[Entry]) -> None:
        """Hand on log events, once a batch."""
        ...

    def pass_on(self, room: Room, event: Event) -> None:
        """Hand on an event without a number to those who are not behind."""
        ...


class Timeline:
    """The rooms that are awake, and the way of stored events to their clients."""

    _log = Logger()

    def __init__(self, log: Log, clock: Clock) -> None:
        self._stored = log
        self._clock = clock
        self._memory = Memory()
        self._awake: dict[str, Room] = {}
        self._waking: dict[str, list[Deferred[Room]]] = {}
        self._known: dict[str, int] = {}
        self._outdated: set[str] = set()
        self._begins: dict[str, int] = {}
        self._expecting = Expecting()
        self.transports: list[Transport] = []
        # Hears of the first event of a room, and of all that change how one is kept.
        self.on_order: Callable[[str, LogEvent], object] = lambda name, event: None
        # Hears of all that is stored in rooms that only their members know.
        self.on_private: Callable[[str, Sequence[LogEvent]], object] = lambda name, events: None
        # Hears of a room that was deleted elsewhere.
        self.on_gone: Callable[[Room], object] = lambda room: None
        self.orders_of: Callable[[str], Deferred[Orders | None]] = log.orders

    def room(self, name: str) -> Room | None:
        """Give a room that is awake."""
        return self._awake.get(name)

    def wake(self, name: str) -> Deferred[Room]:
        """Give a room, reading where its log stands if it sleeps.

        It is awake while somebody is in it. Fails with `Refused('unavailable')`.
        """
        room = self._awake.get(name)
        if room is not None:
            return succeed(room)
        waiting: Deferred[Room] = Deferred()
        others = self._waking.setdefault(name, [])
        others.append(waiting)
        if len(others) == 1:
            self._begin_to_wake(name)
        return waiting

    def _begin_to_wake(self, name: str) -> None:
        Deferred.fromCoroutine(self._read(name)).addCallbacks(
            self._woken, self._not_woken, errbackArgs=(name,)
        )

    async def _read(self, name: str) -> Room:
        room = Room(name, self._memory)
        state = await self._stored.state(name)
        if state is not None:
            room.seq, room.oldest, room.generation = state
            for event in await self._stored.newest(name, WOKEN_WITH):
                room.recent.append(Entry(event))
                room.seq = event.seq
            # Last: of what was ordered after this, an event is still to come.
            room.orders = await self.orders_of(name) or room.orders
        elif not is_address(name):
            room.generation = await self._stored.generation(name)
        return room

    def _woken(self, room: Room) -> None:
        if room.name in self._outdated:
            # It was deleted while this was read.
            self._outdated.discard(room.name)
            self._known.pop(room.name, None)
            self._begins.pop(room.name, None)
            self._begin_to_wake(room.name)
            return
        self._awake[room.name] = room
        self._forget(room, self._begins.pop(room.name, 1))
        self._fill(room)
        for waiting in self._waking.pop(room.name):
            waiting.callback(room)
        # Whoever waited has its turn to enter first, also where the log answers at once.
        self._clock.callLater(0, self.rest, room)

    def _log_unexpected(self, failure: Failure) -> None:
        if not failure.check(Refused):
            self._log.failure("a room could not be read", failure)

    def _not_woken(self, failure: Failure, name: str) -> None:
        self._log_unexpected(failure)
        self._known.pop(name, None)
        self._outdated.discard(name)
        self._begins.pop(name, None)
        for waiting in self._waking.pop(name):
            waiting.errback(unavailable())

    def rest(self, room: Room) -> None:
        """Let the room sleep if nobody is in it."""
        if not room.count and self._awake.get(room.name) is room:
            del self._awake[room.name]
            self._known.pop(room.name, None)
            room.recent.forget()
            self._expecting.handed_on(room, sleeps=True)

    def arrive(self, name: str, events: Sequence[LogEvent]) -> None:
        """Take stored events of one room, in order of `seq`, and hand on those that are new."""
        self._take(name, events)
        if is_address(name):
            self.on_private(name, events)
        # When the room has them: those who wait for what comes next read it there.
        self._expecting.stored(name, events[-1].seq)

    def _take(self, name: str, events: Sequence[LogEvent]) -> None:
        room = self._awake.get(name)
        if room is None:
            # A waking room may have read the log before this was stored.
            if name in self._waking:
                self._known[name] = events[-1].seq
            self._tell_orders(name, events)
            return
        if events[0].seq == room.seq + 1:
            self._hand_on(room, events)
        elif events[-1].seq > room.seq:
            self._known[name] = max(events[-1].seq, self._known.get(name, 0))
            self._fill(room)

    def _hand_on(self, room: Room, events: Sequence[LogEvent]) -> None:
        entries = [Entry(event) for event in events]
        for entry in entries:
            room.recent.append(entry)
            if isinstance(entry.event, Deleted):
                room.recent.blank(entry.event.of)
        room.seq = events[-1].seq
        for transport in self.transports:
            transport.broadcast(room, entries)
        self._expecting.handed_on(room)
        self._tell_orders(room.name, events)

    def begins(self, name: str, oldest: int) -> None:
        """Heed that a room's log begins at this number now: what is below is kept no longer."""
        room = self._awake.get(name)
        if room is not None:
            self._forget(room, oldest)
        elif name in self._waking:
            # It may have read the log before.
            self._begins[name] = oldest

    def _forget(self, room: Room, oldest: int) -> None:
        if oldest <= room.oldest:
            return
        room.oldest = oldest
        room.recent.drop_below(oldest)
        if room.seq < oldest - 1:
            # What the room was never told of is gone: nobody in it can go on without a hole.
            room.seq = oldest - 1
            for client in room.clients:
                client.connection.give_up()

    def _tell_orders(self, name: str, events: Sequence[LogEvent]) -> None:
        if events[0].seq > 1 and ORDERS.isdisjoint(map(type, events)):
            return
        for event in events:
            if isinstance(event, Destroyed) and name in self._waking:
                self._outdated.add(name)
            if event.seq == 1 or type(event) in ORDERS:
                self.on_order(name, event)

    def is_whole(self, room: Room) -> bool:
        """Whether a room that is awake has all that is known to be stored."""
        return not room.looking and self._known.get(room.name, 0) <= room.seq

    def rooms(self) -> list[Room]:
        """Give the rooms that are awake."""
        return list(self._awake.values())

    def next(self, name: str) -> Deferred[int | None]:
        """Give what fires when something may be stored in a room, as `Expecting.next` does."""
        return self._expecting.next(name)

    def reached(self, name: str, seq: int) -> Deferred[None] | None:
        """Give what fires when the room has handed on this number; None when it has, or sleeps."""
        room = self._awake.get(name)
        if room is None or room.seq >= seq:
            return None
        return self._expecting.reached(room, seq)

    def _fill(self, room: Room) -> None:
        """Read from the log what is known to be stored and has not come."""
        if self._known.get(room.name, 0) > room.seq and not room.filling:
            room.filling = True
            self._stored.after(room.name, room.seq, EVENTS_A_READ).addCallbacks(
                self._filled, self._not_filled, callbackArgs=(room,), errbackArgs=(room,)
            )

    def _filled(self, events: list[LogEvent], room: Room) -> None:
        room.filling = False
        fresh = [event for event in events if event.seq > room.seq]
        if fresh and self._awake.get(room.name) is room:
            if fresh[0].seq > room.seq + 1:
                # What is between is kept no longer: nobody is to be told this behind a hole.
                self.look(room.name)
                return
            self._hand_on(room, fresh)
            self._fill(room)

    def _not_filled(self, failure: Failure, room: Room) -> None:
        room.filling = False
        self._log_unexpected(failure)
        self._clock.callLater(AGAIN_AFTER, self._fill, room)

    def look_at_all(self) -> None:
        """Ask the log at once about every room that somebody is in, or waits for."""
        for name in {*self._awake, *self._expecting.rooms()}:
            self.look(name, after=0.0)
        for name in list(self._waking):
            # It may have read the log before.
            self.wake(name).addCallbacks(
                lambda room: self.look(room.name, after=0.0), lambda failure: None
            )

    def look(self, name: str, after: float = AGAIN_AFTER) -> None:
        """Ask the log whether the room has all of it; after a failed commit nobody knows."""
        room = self._awake.get(name)
        if room is not None and not room.looking:
            room.looking = True
            self._clock.callLater(after, self._look, room)
        # Those who wait for what comes next ask the log for themselves.
        self._expecting.stored(name, None)

    def _look(self, room: Room) -> None:
        self._stored.state(room.name).addCallbacks(
            self._looked, self._not_looked, callbackArgs=(room,), errbackArgs=(room,)
        )

    def _looked(self, state: LogState | None, room: Room) -> None:
        room.looking = False
        if self._awake.get(room.name) is not room:
            return
        # Of a room of two nothing may have been said yet.
        was_stored = room.seq or not room.orders.is_new
        if was_stored and (state is None or state.generation != room.generation):
            self.on_gone(room)
        elif state is not None:
            self._forget(room, state.oldest)
            self._known[room.name] = max(state.seq, self._known.get(room.name, 0))
            self._fill(room)

    def _not_looked(self, failure: Failure, room: Room) -> None:
        room.looking = False
        self._log_unexpected(failure)
        self.look(room.name)

    def pass_on(self, room: Room, event: Event) -> None:
        """Hand on an event without a number."""
        for transport in self.transports:
            transport.pass_on(room, event)

    def read(self, room: Room, seq: int, most: int | None) -> Deferred[list[Entry]]:
        """Give the next events after `seq` from the log, for whoever is behind memory.

        `most` is how many of them can be used, where that is known.
        """
        reading = self._stored.after(room.name, seq, most or EVENTS_A_READ)
        return reading.addCallback(self._has_read, room, seq)

    def _has_read(self, events: list[LogEvent], room: Room, seq: int) -> list[Entry]:
        first = events[0].seq if events else room.seq + 1
        if first > seq + 1:
            # What comes next is kept no longer. Where a commit was uncertain nobody has told that.
            self.look(room.name, after=0.0)
        return [Entry(event) for event in events]
