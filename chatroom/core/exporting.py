"""A room read from its first message to its last, by whoever may read it."""

from collections import Counter
from collections.abc import Callable

from twisted.internet.defer import DeferredLock

from chatroom.core import names
from chatroom.core.errors import Refused, no_such_room
from chatroom.core.events import Message
from chatroom.core.interfaces import Log, LogState, Place
from chatroom.core.orders import Origin
from chatroom.core.rooms import Rooms
from chatroom.core.timeline import Timeline

MOST = 8
"""So many rooms are read at once, for all users together."""
MOST_A_USER = 2
RETRY_AFTER = 5.0  # seconds
PAGE = 100
"""So many messages at a time."""


class Exporting:
    """Lets rooms be read as a whole, not too many at once."""

    def __init__(
        self, *, rooms: Rooms, timeline: Timeline, log: Log, wall: Callable[[], int]
    ) -> None:
        self.rooms = rooms
        self.log = log
        # One page at a time, so that a thread is left for those who read.
        self.reading = DeferredLock()
        self._timeline = timeline
        self._wall = wall
        self._running: Counter[str] = Counter()

    async def begin(self, user: str | None, origin: Origin, room: str) -> "Export":
        """Give a room to read, which counts until it is closed. Raises `Refused`."""
        name = names.room(room)
        orders = await self.rooms.readable(user, origin, name)
        state = await self.log.state(name)
        if state is None and self._timeline.room(name) is None:
            raise no_such_room()
        key = origin.network if user is None else user
        if self._running.total() >= MOST:
            sentence = "Too many rooms are being saved right now; try again in a moment."
            raise Refused("unavailable", sentence, RETRY_AFTER)
        if self._running[key] >= MOST_A_USER:
            raise Refused("too_fast", f"Save at most {MOST_A_USER} rooms at once.", RETRY_AFTER)
        self._running[key] += 1
        other = self.rooms.other(user, orders)
        return Export(
            self,
            key,
            (user, origin),
            name,
            state or LogState(seq=0, oldest=1),
            orders.rules.title or (name if other is None else other.nick),
            orders.rules.topic,
        )

    @property
    def now(self) -> int:
        """The time in ms since 1970."""
        return self._wall()

    def over(self, key: str) -> None:
        """Count one less for this user."""
        self._running[key] -= 1
        if not self._running[key]:
            del self._running[key]


class Export:
    """One room that is being read: all that was said until it began, as it is when it is read."""

    def __init__(
        self,
        exporting: Exporting,
        key: str,
        reader: tuple[str | None, Origin],
        room: str,
        state: LogState,
        title: str,
        topic: str,
    ) -> None:
        self.room = room
        self.title = title
        self.topic = topic
        self.seq = state.seq
        self.at = exporting.now
        self.epoch = exporting.rooms.epoch(state)
        self._exporting = exporting
        self._key: str | None = key
        self._reader = reader
        self._after = 0

    async def page(self) -> list[Message]:
        """Give the next messages, none when there are no more; raises `Refused`.

        It is asked each time whether the user may still read the room.
        """
        if self._after >= self.seq:
            return []
        exporting = self._exporting
        page = await exporting.reading.run(
            exporting.log.page, self.room, Place(after=self._after), PAGE
        )
        # Only now: who is removed while it is read gets no more.
        await exporting.rooms.readable(*self._reader, self.room)
        if page is None:
            raise no_such_room()
        messages = [message for message in page.messages if message.seq <= self.seq]
        self._after = messages[-1].seq if messages and page.more else self.seq
        return messages

    def close(self) -> None:
        """Let others have their turn."""
        if self._key is not None:
            self._exporting.over(self._key)
            self._key = None
