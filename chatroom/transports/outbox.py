"""What one connection still has to be sent, in order, and where it is in each room's log.

The log is the outbox: to a connection that is behind belongs a number a room, not a queue of
messages. It gets on from the recent events in memory, then from the log, and is live again when in
one turn it has all there is.
"""

from collections import deque
from collections.abc import Callable
from typing import Protocol

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from chatroom.core.errors import Refused
from chatroom.core.events import Event, Presence
from chatroom.core.recent import Entry
from chatroom.core.room import Room
from chatroom.transports.parcel import Parcel, Piece
from chatroom.transports.registry import Audience, Registry

READ_AGAIN_AFTER = 1.0


class Behind:
    """A room of which the connection has the log up to `seq` and no more."""

    __slots__ = ("ahead", "last", "room", "seq", "told_less")

    def __init__(self, room: Room, seq: int) -> None:
        self.room = room
        self.seq = seq
        # Whether passing events were dropped meanwhile.
        self.told_less = False
        # Where to end, once the room is left; until then there is always more to come.
        self.last: int | None = None
        self.ahead: deque[Entry] = deque()

    @property
    def lag(self) -> int:
        """By how many events it is behind."""
        return (self.room.seq if self.last is None else self.last) - self.seq

    @property
    def is_cut_off(self) -> bool:
        """Whether the log begins further on by now: what comes next is kept no longer."""
        return self.seq < self.room.oldest - 1

    def next(self) -> Entry | None:
        """Give the event after `seq` if it is at hand: in memory, or read from the log."""
        while self.ahead:
            entry = self.ahead.popleft()
            if entry.event.seq == self.seq + 1:
                return entry
        return self.room.recent.get(self.seq + 1)


class Sink(Protocol):
    """The connection that an outbox writes to."""

    def write(self, data: bytes) -> None:
        """Hand bytes to the transport, which may call `pause` meanwhile."""
        ...

    def drained(self) -> None:
        """Hear that all is written and the transport takes more."""
        ...

    def blocked(self) -> None:
        """Hear that the transport, or the log, keeps us waiting."""
        ...

    def give_up(self) -> None:
        """Close the connection, which cannot be told all that it lacks: it is to come back."""
        ...

    def drop(self) -> None:
        """Drop the connection: nothing sound can be written to it any more."""
        ...


Read = Callable[[Room, int, int | None], "Deferred[list[Entry]]"]
Later = Callable[[float, Callable[[], None]], object]


class Outbox:
    """One connection's side of the audiences that it is in."""

    _log = Logger()
    __slots__ = (
        "_later",
        "_live",
        "_queue",
        "_read",
        "_reading",
        "_registry",
        "_sink",
        "closed",
        "paused",
    )

    def __init__(self, sink: Sink, registry: Registry, read: Read, later: Later) -> None:
        self._sink = sink
        self._registry = registry
        self._read = read
        self._later = later
        # No deque: an empty one has 0.7 KB, and here are a few at most.
        self._queue: list[Piece | Behind] = []
        self._live: dict[Room, Audience] = {}
        self._reading = False
        self.paused = False
        self.closed = False

    @property
    def idle(self) -> bool:
        """Whether nothing holds up what is put in now."""
        return not self.paused and not self._reading

    @property
    def lag(self) -> int:
        """By how many events the connection is behind in the worst of its rooms."""
        return max((item.lag for item in self._queue if isinstance(item, Behind)), default=0)

    def put(self, event: Event) -> None:
        """Send an event to this connection alone, after all that has happened before."""
        self._put(self._registry.frame(event))

    def put_packet(self, packet: bytes) -> None:
        """Send what is encoded already, as `put` does."""
        self._put(self._registry.wrap(packet))

    def frame(self, event: Event) -> bytes:
        """Give the frame of an event as it is sent here."""
        return self._registry.frame(event)

    def _put(self, frame: bytes) -> None:
        for audience in self._live.values():
            self._take_all(audience)
        self._queue.append(Piece(frame))
        self._registry.turn.wants(self)

    def tell(self, event: Event) -> None:
        """Send a passing event; a connection that is behind does without."""
        if self.idle:
            self._put(self._registry.frame_of(event))

    def follow(self, room: Room, since: int) -> None:
        """Send the room's log from `since` + 1 on, then live events."""
        is_behind = any(isinstance(item, Behind) for item in self._queue)
        if since == room.seq and self.idle and not is_behind:
            # At once, or passing events of this turn would be missed.
            self._join(room)
        else:
            self._queue.append(Behind(room, since))
        self._registry.turn.wants(self)

    def _join(self, room: Room) -> None:
        audience = self._live[room] = self._registry.audience(room)
        audience.join(self)

    def unfollow(self, room: Room) -> None:
        """Send no more of a room than what has happened until now."""
        audience = self._live.pop(room, None)
        if audience is not None:
            self._take_all(audience)
            audience.leave(self)
            self._registry.turn.wants(self)
        for item in self._queue:
            if isinstance(item, Behind) and item.room is room and item.last is None:
                item.last = room.seq

    def _take_all(self, audience: Audience) -> None:
        has_all = False
        while not has_all:
            parcel = self._registry.parcel()
            has_all = audience.take(self, parcel)
            if parcel.frames:
                self._queue.append(Piece(parcel.data, parcel.frames))

    def hand(self, data: bytes) -> bool:
        """Write at once what an audience has, unless something goes before or with it."""
        if self._queue or self.paused or self._reading or self.closed or len(self._live) > 1:
            return False
        self._sink.write(data)
        return True

    def flush(self, deadline: float) -> bool:
        """Write all that is there, as far as the transport takes it."""
        while self.idle and not self.closed:
            parcel = self._registry.parcel()
            if self._gather_queue(parcel):
                self._gather_live(parcel)
            if parcel.frames:
                self._sink.write(parcel.data)
            elif not self._queue:
                self._sink.drained()
                return True
        if not self.closed:
            self._fall_behind()
        return True

    def _gather_queue(self, parcel: Parcel) -> bool:
        """Put what is queued into a parcel; give whether that was all."""
        while self._queue:
            item = self._queue[0]
            if isinstance(item, Piece):
                if not parcel.add(*item):
                    return False
                self._queue.pop(0)
            elif not self._catch_up(item, parcel):
                return False
            elif item.lag > 0:
                self._read_on(item)
                return False
            else:
                self._queue.pop(0)
                if item.last is None:
                    self._go_live(item)
        return True

    def _gather_live(self, parcel: Parcel) -> None:
        for audience in self._live.values():
            if not audience.take(self, parcel):
                break

    def _skip(self, behind: Behind) -> bool:
        """Pass over what is kept no longer, where nobody waits for it; or end the connection."""
        if behind.last is not None:
            behind.seq = behind.last
            return True
        # Not within a flush, which closing makes another of. Until then there is nothing to write.
        self._reading = True
        self._later(0, self._give_up)
        return False

    def _give_up(self) -> None:
        if not self.closed:
            self._sink.give_up()

    def _catch_up(self, behind: Behind, parcel: Parcel) -> bool:
        """Put into a parcel what is at hand of the room's log; give whether it had room."""
        if behind.is_cut_off and not self._skip(behind):
            return False
        while behind.lag > 0:
            entry = behind.next()
            if entry is None:
                break
            if not parcel.add(self._registry.encoded(entry)):
                behind.ahead.appendleft(entry)
                return False
            behind.seq = entry.event.seq
        return True

    def _go_live(self, behind: Behind) -> None:
        self._join(behind.room)
        if behind.told_less:
            notice = Presence(room=behind.room.name, count=behind.room.count)
            self._queue.insert(0, Piece(self._registry.frame(notice)))

    def _fall_behind(self) -> None:
        """Leave the live set: from now on there is a number a room, and nothing grows for us."""
        for room, audience in self._live.items():
            self._queue.append(Behind(room, audience.leave(self)))
        self._live.clear()
        for item in self._queue:
            if isinstance(item, Behind):
                item.told_less = True
                # What was read ahead is read again: a hundred of these would be a hundred reads.
                if self.paused:
                    item.ahead.clear()
        self._sink.blocked()

    def move(self, registry: Registry, reframe: Callable[[bytes], bytes]) -> None:
        """Go on in the frames of another registry; `reframe` turns what was joined into these."""
        for audience in self._live.values():
            self._take_all(audience)
            audience.leave(self)
        self._queue = [
            Piece(reframe(item.data), item.frames) if isinstance(item, Piece) else item
            for item in self._queue
        ]
        self._registry = registry
        for room in self._live:
            self._join(room)
        registry.turn.wants(self)

    def _read_on(self, behind: Behind) -> None:
        self._reading = True
        self._read(behind.room, behind.seq, self._registry.most_frames).addCallbacks(
            self._have_read, self._have_not_read, callbackArgs=(behind,)
        )

    def _have_read(self, entries: list[Entry], behind: Behind) -> None:
        behind.ahead.extend(entries)
        if entries and entries[0].event.seq == behind.seq + 1:
            self._read_again()
        else:
            # Nothing yet, or what comes next is kept no longer, as the room will hear.
            self._later(READ_AGAIN_AFTER, self._read_again)

    def _have_not_read(self, failure: Failure) -> None:
        if not failure.check(Refused):
            self._log.failure("the log could not be read", failure)
        self._later(READ_AGAIN_AFTER, self._read_again)

    def _read_again(self) -> None:
        self._reading = False
        self._registry.turn.wants(self)

    def pause(self) -> None:
        """Stop writing: the transport is full. The flush that follows leaves the live set."""
        self.paused = True
        self._registry.turn.wants(self)

    def resume(self) -> None:
        """Go on writing: the transport has sent all it had."""
        self.paused = False
        self._registry.turn.wants(self)

    def fail(self) -> None:
        """Give up the connection after an error of our own in its flush."""
        if not self.closed:
            self._sink.drop()

    def close(self) -> None:
        """Send nothing more."""
        if self.closed:
            return
        self.closed = True
        # The two refer to each other, and would stay until garbage is collected.
        del self._sink
        self._queue.clear()
        for audience in self._live.values():
            audience.leave(self)
        self._live.clear()
