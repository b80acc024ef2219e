"""The recent events of awake rooms, kept in memory with their encoded forms."""

from collections import OrderedDict, deque
from sys import getsizeof

from msgspec.structs import replace

from chatroom.core.events import Edited, LogEvent, Said

EVENTS_A_ROOM = 1_000
BYTES_A_ROOM = 1 << 20
BYTES_IN_ALL = 32 << 20
# Of an event beside its text and its frames, measured with sys.getsizeof: two small objects, their
# strings and numbers, and a dict.
OVERHEAD = 700


class Entry:
    """A log event and, by the name of each way of speaking, the frame that carries it.

    `size` is what all of it takes, in bytes; `recent` counts that while it keeps the event.
    """

    __slots__ = ("_text", "event", "frames", "recent", "size")

    def __init__(self, event: LogEvent) -> None:
        self.event = event
        self.frames: dict[str, bytes] = {}
        self.recent: Recent | None = None
        self._text = getsizeof(getattr(event, "text", ""))
        self.size = OVERHEAD + self._text

    def keep(self, speaks: str, frame: bytes) -> None:
        """Keep a frame for all who speak so."""
        self.frames[speaks] = frame
        # A text that was encoded has its UTF-8 beside it from then on.
        before, self._text = self._text, getsizeof(getattr(self.event, "text", ""))
        self._grow(getsizeof(frame) + self._text - before)

    def blank(self) -> None:
        """Take its text out, and forget the frames that have it."""
        assert isinstance(self.event, Said | Edited)
        self.event = replace(self.event, text="", deleted=True)
        self.frames.clear()
        self._text = getsizeof("")
        self._grow(OVERHEAD + self._text - self.size)

    def _grow(self, size: int) -> None:
        self.size += size
        if self.recent is not None:
            self.recent.grow(size)


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
        entry.recent = self
        self.grow(entry.size)

    def grow(self, size: int) -> None:
        """Count so many bytes more; the oldest events go when that is too much."""
        self.size += size
        self._memory.grown(self, size)
        while len(self.entries) > EVENTS_A_ROOM or self.size > BYTES_A_ROOM:
            self.drop_oldest()

    def drop_oldest(self) -> None:
        """Forget the oldest event."""
        entry = self.entries.popleft()
        entry.recent = None
        self.size -= entry.size
        self._memory.shrunk(entry.size)

    def drop_below(self, oldest: int) -> None:
        """Forget the events below a number."""
        while self.entries and self.entries[0].event.seq < oldest:
            self.drop_oldest()

    def blank(self, seq: int) -> None:
        """Forget the text of the message with this number, and whatever it was changed to."""
        for entry in list(self.entries):
            event = entry.event
            says = isinstance(event, Said) and event.seq == seq
            if says or (isinstance(event, Edited) and event.of == seq):
                entry.blank()

    def get(self, seq: int) -> Entry | None:
        """Give the event with this number if it is here."""
        if not self.entries:
            return None
        place = seq - self.entries[0].event.seq
        return self.entries[place] if 0 <= place < len(self.entries) else None

    def forget(self) -> None:
        """Forget everything: the room sleeps."""
        self._memory.gone(self)
        for entry in self.entries:
            entry.recent = None
        self.entries.clear()
        self.size = 0


class Memory:
    """What all rooms' recent events may take together; the least active room gives first."""

    def __init__(self, limit: int = BYTES_IN_ALL) -> None:
        self._limit = limit
        self.size = 0
        self._by_activity: OrderedDict[Recent, None] = OrderedDict()

    def grown(self, recent: Recent, size: int) -> None:
        """Count what a room now keeps, and make room for it."""
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
