"""The recent events of awake rooms, kept in memory with their encoded forms."""

from collections import OrderedDict, deque

from chatroom.core.events import LogEvent

EVENTS_A_ROOM = 1_000
BYTES_A_ROOM = 1 << 20
BYTES_IN_ALL = 32 << 20
# Two small objects, their numbers and a dict of one frame: measured with sys.getsizeof.
OVERHEAD = 700


class Entry:
    """A log event and, by the name of each way of speaking, the frame that carries it."""

    __slots__ = ("event", "frames", "size")

    def __init__(self, event: LogEvent) -> None:
        self.event = event
        self.frames: dict[str, bytes] = {}
        # The text stands here, and again in a frame of each of two ways of speaking.
        self.size = OVERHEAD + 9 * len(getattr(event, "text", ""))


class Recent:
    """One room's last events, oldest first and without holes."""

    __slots__ = ("_memory", "entries", "size")

    def __init__(self, memory: "Memory") -> None:
        self._memory = memory
        self.entries: deque[Entry] = deque()
        self.size = 0

    def append(self, entry: Entry) -> None:
        """Keep an event; the oldest go when there are too many."""
        self.entries.append(entry)
        self.size += entry.size
        self._memory.grown(self, entry.size)
        while len(self.entries) > EVENTS_A_ROOM or self.size > BYTES_A_ROOM:
            self.drop_oldest()

    def drop_oldest(self) -> None:
        """Forget the oldest event."""
        size = self.entries.popleft().size
        self.size -= size
        self._memory.shrunk(size)

    def get(self, seq: int) -> Entry | None:
        """Give the event with this number if it is here."""
        if not self.entries:
            return None
        place = seq - self.entries[0].event.seq
        return self.entries[place] if 0 <= place < len(self.entries) else None

    def forget(self) -> None:
        """Forget everything: the room sleeps."""
        self._memory.gone(self)
        self.entries.clear()
        self.size = 0


class Memory:
    """What all rooms' recent events may take together; the least active room gives first."""

    def __init__(self, limit: int = BYTES_IN_ALL) -> None:
        self._limit = limit
        self.size = 0
        self._by_activity: OrderedDict[Recent, None] = OrderedDict()

    def grown(self, recent: Recent, size: int) -> None:
        """Count an event that a room now keeps, and make room for it."""
        self.size += size
        self._by_activity[recent] = None
        self._by_activity.move_to_end(recent)
        while self.size > self._limit:
            oldest = next(iter(self._by_activity))
            if oldest.entries:
                oldest.drop_oldest()
            else:
                del self._by_activity[oldest]

    def shrunk(self, size: int) -> None:
        """Count an event that is gone."""
        self.size -= size

    def gone(self, recent: Recent) -> None:
        """Stop counting a room."""
        self.size -= recent.size
        self._by_activity.pop(recent, None)
