"""Which rooms there are."""

from msgspec import Struct
from twisted.internet.defer import Deferred

from chatroom.core.interfaces import Log, StoredRoom
from chatroom.core.timeline import Timeline

MOST = 200


class Listed(Struct, frozen=True, kw_only=True):
    """A room in the list: `count` users are in it now; `at` is of its last message, in ms."""

    name: str
    topic: str = ""
    count: int
    seq: int
    at: int | None


class Directory:
    """Lists the rooms where something was said, and those with somebody in them."""

    def __init__(self, timeline: Timeline, log: Log) -> None:
        self._timeline = timeline
        self._log = log

    def rooms(self) -> Deferred[list[Listed]]:
        """Give at most 200 rooms, the last active first; fails with `Refused('unavailable')`.

        Those where nothing was said yet come last.
        """
        return self._log.active(MOST).addCallback(self._with_those_awake)

    def _with_those_awake(self, stored: list[StoredRoom]) -> list[Listed]:
        awake = {room.name: room.count for room in self._timeline.rooms()}
        said = [
            Listed(name=room.name, count=awake.get(room.name, 0), seq=room.seq, at=room.at)
            for room in stored
        ]
        silent = [
            Listed(name=room.name, count=room.count, seq=0, at=None)
            for room in self._timeline.rooms()
            if room.count and not room.seq
        ]
        # What was stored while it was read is in neither list, or in both.
        known = {room.name for room in said}
        return [*said, *(room for room in silent if room.name not in known)][:MOST]
