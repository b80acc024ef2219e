"""What was ordered is put into effect: on who is in a room, and who waits for its news."""

from collections.abc import Callable
from typing import NamedTuple

from chatroom.core.attendance import Attendance
from chatroom.core.client import Client
from chatroom.core.errors import Refused, no_such_room
from chatroom.core.events import Appointed, Destroyed, Left, LogEvent, Moderated, Person
from chatroom.core.order_book import OrderBook
from chatroom.core.orders import SERVER, Orders, Origin
from chatroom.core.permissions import Role
from chatroom.core.room import Room
from chatroom.core.standing import Standing
from chatroom.core.timeline import Timeline
from chatroom.core.work import Ruling, Verdict

KEEPS_OUT = {Ruling.RULE, Ruling.KICK, Ruling.BAN, Ruling.APPOINT}
"""What may mean that somebody may not be in a room any more."""


class Waiter(NamedTuple):
    """Somebody who waits for news of a room, to be told when it may not have them any more."""

    user: str | None
    origin: Origin
    deny: Callable[[Refused], object]


class Enforcement:
    """Hears of each order, and removes whom it concerns."""

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
        self._waiters: dict[str, set[Waiter]] = {}
        book.on_change = self._hold

    def heed(self, name: str, event: LogEvent) -> None:
        """Put into effect what an event of the log tells."""
        room = self._timeline.room(name)
        if isinstance(event, Destroyed):
            self._empty(name, room)
            return
        if room is not None and isinstance(event, Moderated) and event.act == Ruling.KICK.value:
            self._remove_user(room, event.whom)
        if room is not None and isinstance(event, Appointed) and event.role == Role.GUEST.word:
            # Before the orders are known that may come from elsewhere: nobody is a member by them.
            room.orders.roles.pop(event.whom.user, None)
            if room.orders.closed:
                self._remove_user(room, event.whom)
        self._book.heed(name, event)

    def _empty(self, name: str, room: Room | None, refused: Refused | None = None) -> None:
        """Let everybody out of a room that is not there any more; their connections stay."""
        self._book.forget(name)
        if room is not None:
            # Who is behind is told no more of it than that it has left.
            room.oldest = room.seq + 1
            for client in room.clients:
                if refused is not None:
                    client.send(refused.told())
                self._leave(client, room)
        self._check_waiters(name)

    def empty(self, room: Room) -> None:
        """Let everybody out of a room that was deleted elsewhere, which no event has told."""
        self._empty(room.name, room, no_such_room())

    def _remove_user(self, room: Room, whom: Person) -> None:
        for client in room.clients:
            if client.user.id == whom.user:
                self._remove(client, room)

    def _hold(self, name: str, orders: Orders, verdict: Verdict | None) -> None:
        if verdict is not None and verdict.ruling not in KEEPS_OUT:
            return
        if name == SERVER:
            for awake in self._timeline.rooms():
                self._clear(awake, verdict)
            self.check_all_waiters()
            return
        room = self._timeline.room(name)
        if room is not None:
            self._clear(room, verdict)
        self._check_waiters(name)

    def _clear(self, room: Room, verdict: Verdict | None) -> None:
        """Remove who may not be in a room any more.

        What was ordered elsewhere names nobody who was here then: those who are stay, but for who
        is banned in person.
        """
        orders = room.orders
        if not (orders.closed or orders.bans or self._book.server.bans):
            return
        for client in room.clients:
            if verdict is None and not self._standing.is_meant(client, orders):
                continue
            try:
                self._standing.check_entry(client.user.id, client.origin, orders)
            except Refused as refused:
                client.send(refused.told())
                self._remove(client, room)

    def _remove(self, client: Client, room: Room) -> None:
        self._leave(client, room)
        if not client.rooms:
            client.connection.remove()

    def _leave(self, client: Client, room: Room) -> None:
        user = client.user
        self._attendance.leave(room, client)
        client.send(Left(room=room.name, user=user.id, nick=user.nick, count=room.count))

    # Those who read a room by requests.

    def watch(self, name: str, waiter: Waiter) -> Callable[[], None]:
        """Tell a waiter when it may not read a room any more; give what ends the watch."""
        self._waiters.setdefault(name, set()).add(waiter)

        def forget() -> None:
            waiters = self._waiters.get(name, set())
            waiters.discard(waiter)
            if not waiters:
                self._waiters.pop(name, None)

        return forget

    def check_all_waiters(self) -> None:
        """Look whether those who wait still may: what is ordered may have changed anywhere."""
        for name in list(self._waiters):
            self._check_waiters(name)

    def _check_waiters(self, name: str) -> None:
        if name in self._waiters:
            self._standing.orders(name).addCallbacks(
                self._deny_waiters, lambda failure: failure.trap(Refused), callbackArgs=(name,)
            )

    def _deny_waiters(self, orders: Orders, name: str) -> None:
        for waiter in list(self._waiters.get(name, ())):
            try:
                self._standing.check_entry(waiter.user, waiter.origin, orders)
            except Refused as refused:
                waiter.deny(refused)
