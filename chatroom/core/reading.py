"""Up to where users have read, on all of their devices."""

from collections.abc import Callable

from twisted.internet.defer import Deferred

from chatroom.core import names
from chatroom.core.client import Client
from chatroom.core.commands import Read, Unread
from chatroom.core.events import Done, HasRead, RoomUnread, UnreadRooms
from chatroom.core.interfaces import Journal, Log
from chatroom.core.orders import Orders, Origin
from chatroom.core.people import User
from chatroom.core.standing import Standing
from chatroom.core.work import Mark


class Reading:
    """Carries out the commands about what is read; each fails with `Refused`."""

    def __init__(
        self, *, journal: Journal, log: Log, standing: Standing, wall: Callable[[], int]
    ) -> None:
        self._journal = journal
        self._log = log
        self._standing = standing
        self._wall = wall

    def read(self, client: Client, read: Read) -> Deferred[None]:
        """Remember up to where one has read, and tell one's other devices."""
        marking = self.mark(client.user, client.origin, read, client)
        return marking.addCallback(self._marked, client, read)

    def mark(
        self, user: User, origin: Origin, read: Read, by: Client | None = None
    ) -> Deferred[None]:
        """Remember up to where a user has read, and tell its connections but the one it is `by`."""
        room = names.room(read.room)

        def marked(further: bool) -> None:
            for client in user.clients - {by} if further else ():
                client.connection.tell(HasRead(room=room, up_to=read.seq))

        def mark(orders: Orders) -> Deferred[bool]:
            self._standing.check_entry(user.id, origin, orders)
            return self._journal.mark(Mark(user.id, room, read.seq))

        return self._standing.orders(room).addCallback(mark).addCallback(marked)

    def _marked(self, _: object, client: Client, read: Read) -> None:
        if read.ref is not None:
            client.send(Done(ref=read.ref))

    def unread(self, client: Client, unread: Unread) -> Deferred[None]:
        """Tell how much there is that one has not read."""
        return self.unread_by(client.user, client.origin, unread).addCallback(client.send)

    def unread_by(self, user: User, origin: Origin, unread: Unread) -> Deferred[UnreadRooms]:
        """Give how much there is that a user has not read."""

        def told(rooms: list[RoomUnread]) -> UnreadRooms:
            return UnreadRooms(rooms=rooms, ref=unread.ref)

        return self._log.unread(user.id, user.nick, origin, self._wall()).addCallback(told)
