"""The log of a room over plain HTTP: whoever asks again and again misses no change."""

from msgspec.structs import replace

from chatroom.core.catching_up import CatchingUp, CatchUp
from chatroom.core.enforcement import Enforcement
from chatroom.core.events import EventsPage
from chatroom.core.rooms import Rooms
from chatroom.transports.endpoint import Call, Terms
from chatroom.transports.held import Held
from chatroom.transports.http_changes import path_of
from chatroom.transports.http_waiting import Waitable, wait_of
from chatroom.wire import json


class AllEvents(Waitable[CatchUp, EventsPage]):
    """What has happened in a room after a position: to be read, and waited for."""

    def __init__(
        self,
        terms: Terms,
        catching_up: CatchingUp,
        held: Held[CatchUp, EventsPage],
        rooms: Rooms,
        enforcement: Enforcement,
    ) -> None:
        super().__init__(terms, held, rooms, enforcement)
        self._catching_up = catching_up

    async def get(self, call: Call) -> tuple[int, bytes]:
        """Give a page of the log, at once or when there is one."""
        visitor = call.visitor
        given = visitor.fields("epoch", numbers=("since", "limit"))
        catch_up: CatchUp = json.fill(CatchUp, given | {"room": path_of(call)[1]})
        seconds = wait_of(visitor, "since")
        room = await self._readable(call, catch_up.room)
        if seconds:
            return await self._hold(call, replace(catch_up, room=room), seconds)
        return 200, json.encode(await self._catching_up.page(catch_up))


def says_something(page: EventsPage) -> bool:
    """Whether there is no use in waiting: for who begins again, too."""
    return bool(page.events) or not page.recovered
