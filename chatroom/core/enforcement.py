"""What was ordered is put into effect: on who is in a room, and who reads it by requests."""

from collections.abc import Callable
from typing import NamedTuple

from chatroom.core.attendance import Attendance
from chatroom.core.client import Client
from chatroom.core.errors import Refused
from chatroom.core.events import Left, LogEvent, Moderated
from chatroom.core.interfaces import Ruling
from chatroom.core.order_book import OrderBook
from chatroom.core.orders import SERVER, Orders, Origin
from chatroom.core.room import Room
from chatroom.core.standing import Standing
from chatroom.core.timeline import Timeline


class Reader(NamedTuple):
    """Somebody who waits for news of a room, to be told when it may not have them any more."""

    user: str | None
    origin: Origin
    deny: Callable[[Refused], object]


class Enforcement:
    """Hears of each order, here or on another node, and removes whom it concerns."""

    def __init__(
        self,
        *,
        book: OrderBook,
        standing: Standing,
        attendance: Attendance,
        timeline: Timeline,
    ) -> None:
        self._book = book
        self._standing = standing
        self._attendance = attendance
        self._timeline = timeline
        self._readers: dict[str, set[Reader]] = {}
        book.on_change = self._hold

    def heed(self, name: str, event: LogEvent) -> None:
        """Put into effect what an event of the log tells."""
        room = self._timeline.room(name)
        if room is not None and isinstance(event, Moderated) and event.act == Ruling.KICK.value:
            for client in room.clients:
                if client.user.id == event.whom.user:
                    self._remove(client, room)
        self._book.look(name).addErrback(lambda failure: failure.trap(Refused))

    def _hold(self, name: str, orders: Orders) -> None:
        if name == SERVER:
            for awake in self._timeline.rooms():
                self._clear(awake)
            for read in list(self._readers):
                self._book.of(read).addCallbacks(
                    self._check_readers,
                    lambda failure: failure.trap(Refused),
                    callbackArgs=(read,),
                )
            return
        room = self._timeline.room(name)
        if room is not None:
            self._clear(room)
        self._check_readers(orders, name)

    def _clear(self, room: Room) -> None:
        """Remove who is banned; who came in before it was closed to newcomers stays."""
        if not room.orders.bans and not self._book.server.bans:
            return
        for client in room.clients:
            try:
                self._standing.check_ban(client.user.id, client.origin, room.orders)
            except Refused as refused:
                client.send(refused.told())
                self._remove(client, room)

    def _remove(self, client: Client, room: Room) -> None:
        user = client.user
        self._attendance.leave(room, client)
        client.send(Left(room=room.name, user=user.id, nick=user.nick, count=room.count))
        if not client.rooms:
            client.connection.remove()

    # Those who read a room by requests.

    def watch(self, name: str, reader: Reader) -> Callable[[], None]:
        """Tell a reader when it may not read a room any more; give what ends the watch."""
        self._readers.setdefault(name, set()).add(reader)

        def forget() -> None:
            readers = self._readers.get(name, set())
            readers.discard(reader)
            if not readers:
                self._readers.pop(name, None)

        return forget

    def _check_readers(self, orders: Orders | None, name: str) -> None:
        for reader in list(self._readers.get(name, ())):
            try:
                self._standing.check_entry(reader.user, reader.origin, orders or Orders())
            except Refused as refused:
                reader.deny(refused)
