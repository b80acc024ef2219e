"""A page of a room's log, for whoever asks for it instead of being told as it happens."""

from typing import Annotated, cast

from msgspec import Meta, Struct

from chatroom.core import names
from chatroom.core.commands import Sequence
from chatroom.core.errors import no_such_room
from chatroom.core.events import EventsPage, LogEvent, Logged
from chatroom.core.interfaces import Log, LogState
from chatroom.core.room import Room
from chatroom.core.rooms import Rooms
from chatroom.core.timeline import Timeline

READ = 64 * 1024
"""The most bytes of texts in a page from memory, unless it is one alone: as the log reads."""


class CatchUp(Struct, frozen=True, kw_only=True):
    """Ask what has happened after a position; without one, only where the log stands."""

    room: str
    since: Sequence | None = None
    epoch: str | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 100

    @property
    def after(self) -> int | None:
        """The number behind which there may be something to wait for."""
        return self.since


class CatchingUp:
    """Reads pages of the log: those of a room that is awake from memory, where they are there."""

    def __init__(self, rooms: Rooms, timeline: Timeline, log: Log) -> None:
        self._rooms = rooms
        self._timeline = timeline
        self._log = log

    async def page(self, asked: CatchUp, must_exist: bool = True) -> EventsPage:
        """Give what comes after the position; one need not be in the room.

        A room that nobody ever was in is refused, or else an empty log. Raises `Refused`.
        """
        name = names.room(asked.room)
        room = self._timeline.room(name)
        since = asked.since
        place = await self._place(name, room, since or 0, must_exist)
        recovered = None if since is None else self._rooms.recovers(place, since, asked.epoch)
        events: list[LogEvent] = []
        if recovered and since is not None and since < place.seq:
            events = at_hand(room, since, asked.limit)
            events = events or await self._log.after(name, since, asked.limit)
            if not events or events[0].seq != since + 1:
                # Meanwhile that has been kept for long enough.
                place = await self._log.state(name) or place
                events, recovered = [], False
        last = events[-1].seq if events else place.seq
        # More may have been stored since it was read where the log stands.
        seq = max(place.seq, last)
        return EventsPage(
            room=name,
            epoch=self._rooms.epoch(place),
            seq=seq,
            oldest=place.oldest,
            recovered=recovered,
            events=cast("list[Logged]", events),
            more=last < seq,
        )

    async def _place(self, name: str, room: Room | None, since: int, must_exist: bool) -> LogState:
        # Who knows of more than the room was told has it from the log.
        if room is not None and self._timeline.is_whole(room) and since <= room.seq:
            return LogState(room.seq, room.oldest, room.generation)
        state = await self._log.state(name)
        if state is None and room is None and must_exist:
            raise no_such_room()
        return state or LogState(0, 1, await self._log.generation(name))


def at_hand(room: Room | None, since: int, limit: int) -> list[LogEvent]:
    """Give the next events after `since`, if memory has them, at most `limit`."""
    events: list[LogEvent] = []
    size = 0
    while room is not None and len(events) < limit:
        entry = room.recent.get(since + 1 + len(events))
        if entry is None:
            break
        size += len(getattr(entry.event, "text", "").encode())
        if events and size > READ:
            break
        events.append(entry.event)
    return events
