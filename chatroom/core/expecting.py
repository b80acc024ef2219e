"""Those who wait for something to be stored in a room, or for the room to have heard of it."""

from twisted.internet.defer import Deferred

from chatroom.core.room import Room


class Expecting:
    """Fires what others wait for as a room goes on."""

    def __init__(self) -> None:
        self._reached: dict[Room, list[tuple[int, Deferred[None]]]] = {}
        self._next: dict[str, dict[Deferred[int | None], None]] = {}

    def rooms(self) -> set[str]:
        """Give the rooms in which something is waited for to be stored."""
        return set(self._next)

    def next(self, name: str) -> Deferred[int | None]:
        """Give what fires when something may be stored in a room, be it awake or not.

        It tells the newest number, None when that is unknown. Ask first and read the log then, and
        nothing is missed. Cancel it to hear no more.
        """
        news: Deferred[int | None] = Deferred(lambda news: self._forget(name, news))
        self._next.setdefault(name, {})[news] = None
        return news

    def _forget(self, name: str, news: Deferred[int | None]) -> None:
        del self._next[name][news]
        if not self._next[name]:
            del self._next[name]

    def stored(self, name: str, seq: int | None) -> None:
        """Tell those who wait that something may be stored by now."""
        for news in self._next.pop(name, ()):
            news.callback(seq)

    def reached(self, room: Room, seq: int) -> Deferred[None]:
        """Give what fires when the room has handed on this number, or sleeps."""
        reached: Deferred[None] = Deferred()
        self._reached.setdefault(room, []).append((seq, reached))
        return reached

    def handed_on(self, room: Room, sleeps: bool = False) -> None:
        """Tell those who wait for a number that the room has handed on by now."""
        if room in self._reached:
            waiting = self._reached.pop(room)
            later = [(seq, each) for seq, each in waiting if seq > room.seq and not sleeps]
            if later:
                self._reached[room] = later
            for seq, each in waiting:
                if seq <= room.seq or sleeps:
                    each.callback(None)
