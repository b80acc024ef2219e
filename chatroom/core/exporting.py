"""A room read from its first message to its last, by whoever may read it."""

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from twisted.internet.defer import DeferredLock

from chatroom.core import names
from chatroom.core.errors import Refused, no_such_room
from chatroom.core.events import Message
from chatroom.core.interfaces import Log, LogState, Page, Place
from chatroom.core.orders import Orders, Origin
from chatroom.core.rooms import Rooms
from chatroom.core.standing import Standing
from chatroom.core.timeline import Timeline

MOST = 8
"""So many rooms are read at once, for all users together."""
MOST_A_USER = 2
RETRY_AFTER = 5.0  # seconds
PAGE = 50
"""So many messages at a time, of which a file is made between two turns of the reactor."""


class Exporting:
    """Lets rooms be read as a whole, not too many at once."""

    def __init__(
        self,
        *,
        rooms: Rooms,
        standing: Standing,
        timeline: Timeline,
        log: Log,
        wall: Callable[[], int],
    ) -> None:
        self._rooms = rooms
        self._standing = standing
        self._log = log
        # One page at a time, so that a thread is left for those who read.
        self._reading = DeferredLock()
        self._timeline = timeline
        self._wall = wall
        self._running: Counter[str] = Counter()

    async def begin(self, user: str | None, origin: Origin, room: str) -> "Export":
        """Give a room to read, which counts until it is closed. Raises `Refused`."""
        name = names.room(room)
        orders = await self.readable(user, origin, name)
        state = await self._log.state(name)
        if state is None and self._timeline.room(name) is None:
            raise no_such_room()
        state = state or LogState(seq=0, oldest=1)
        key = origin.network if user is None else user
        if self._running.total() >= MOST:
            sentence = "Too many rooms are being saved right now; try again in a moment."
            raise Refused("unavailable", sentence, RETRY_AFTER)
        if self._running[key] >= MOST_A_USER:
            raise Refused("too_fast", f"Save at most {MOST_A_USER} rooms at once.", RETRY_AFTER)
        self._running[key] += 1
        file = File(
            name,
            title_of(name, orders),
            orders.rules.topic,
            self._wall(),
            self._rooms.epoch(state),
            state.seq,
        )
        return Export(self, key, user, origin, file, state.generation)

    async def readable(self, user: str | None, origin: Origin, room: str) -> Orders:
        """Give how a room is kept, for who may read it; raises `Refused`."""
        orders = await self._standing.orders(room)
        self._standing.check_entry(user, origin, orders)
        return orders

    async def page(self, room: str, after: int, generation: int) -> Page:
        """Give the next messages; raises `Refused`, also where it is another room by now."""
        return await self._reading.run(self._page, room, after, generation)

    async def _page(self, room: str, after: int, generation: int) -> Page:
        page = await self._log.page(room, Place(after=after), PAGE)
        if page is None or await self._log.generation(room) != generation:
            raise no_such_room()
        return page

    def over(self, key: str) -> None:
        """Count one less for this user."""
        self._running[key] -= 1
        if not self._running[key]:
            del self._running[key]


class File(NamedTuple):
    """What is known of a room before its first message is read; times are in ms since 1970."""

    room: str
    title: str
    topic: str
    at: int
    epoch: str
    seq: int


def title_of(room: str, orders: Orders) -> str:
    """Give what people see as a room's name."""
    return orders.rules.title or " · ".join(each.nick for each in orders.pair) or room


class Export:
    """One room that is being read: all that was said until it began, as it is when it is read."""

    def __init__(
        self,
        exporting: Exporting,
        key: str,
        user: str | None,
        origin: Origin,
        file: File,
        generation: int,
    ) -> None:
        self.file = file
        self._generation = generation
        self._exporting = exporting
        self._key: str | None = key
        self._reader = user, origin
        self._after = 0

    async def page(self) -> list[Message]:
        """Give the next messages, none when there are no more; raises `Refused`.

        It is asked each time whether the user may still read the room.
        """
        room, seq = self.file.room, self.file.seq
        if self._after >= seq:
            return []
        page = await self._exporting.page(room, self._after, self._generation)
        # Only now: who is removed while it is read gets no more.
        await self._exporting.readable(*self._reader, room)
        messages = [message for message in page.messages if message.seq <= seq]
        self._after = messages[-1].seq if messages and page.more else seq
        return messages

    def close(self) -> None:
        """Let others have their turn."""
        if self._key is not None:
            self._exporting.over(self._key)
            self._key = None
