"""How users stand in rooms: what they are there, and what they may do at this moment."""

from collections.abc import Callable

from twisted.internet.defer import Deferred

from chatroom.core import names
from chatroom.core.client import Client
from chatroom.core.errors import Refused
from chatroom.core.kinds import RoomKind
from chatroom.core.order_book import OrderBook
from chatroom.core.orders import Held, Orders, Origin
from chatroom.core.people import User
from chatroom.core.permissions import Act, Role, check, forbidden, is_allowed
from chatroom.core.room import Room
from chatroom.core.timeline import Timeline


class Standing:
    """Judges by the orders of a room, be it awake or not, and by those of the whole server."""

    def __init__(
        self,
        timeline: Timeline,
        book: OrderBook,
        wall: Callable[[], int],
        only_hosts_make: bool = False,
    ) -> None:
        self._timeline = timeline
        self._book = book
        self._wall = wall
        self._only_hosts_make = only_hosts_make

    @property
    def _server(self) -> Orders:
        return self._book.server

    def orders(self, room: str, user: User | None = None) -> Deferred[Orders]:
        """Give how a room is kept; `user` will have made it if nobody has.

        Fails with `Refused`: `unavailable`, or `no_such_room` where the user may make none.
        """
        awake = self._timeline.room(room)
        if awake is not None:
            self.make(awake, user)
        return self._book.of(room).addCallback(lambda found: found or self._of_new(room, user))

    def _of_new(self, room: str, user: User | None) -> Orders:
        if user is None or names.is_address(room):
            # Nobody makes one at an address by writing there, whoever may make rooms.
            return Orders.of_new(room)
        if self._only_hosts_make and room != names.LOBBY and not self.is_host(user.id):
            raise Refused("no_such_room", "There is no such room, and not everybody makes some.")
        return Orders.of_new(room, user.person)

    def check_making(self, user: str) -> None:
        """Raise `Refused('forbidden')` unless the user may make rooms."""
        if self._only_hosts_make and not self.is_host(user):
            raise forbidden("Only those who own the server make rooms here.", "role")

    def settled(self, room: str) -> Deferred[Orders | None] | None:
        """Give what fires when orders from elsewhere are read; None when none are being read."""
        return self._book.settled(room)

    def is_there(self, room: str, orders: Orders) -> bool:
        """Whether there is a room that these orders can be of: stored, or with somebody in it."""
        awake = self._timeline.room(room)
        return not orders.is_new or awake is not None

    def make(self, room: Room, user: User | None) -> None:
        """Let a room that is new be the user's, if it is nobody's yet.

        Raises `Refused('no_such_room')` where the user may make none.
        """
        if not room.orders.is_new or room.name == names.LOBBY:
            return
        # It may have been made meanwhile by who wrote there first, and the orders not be read yet.
        is_untouched = not room.seq and self._timeline.is_whole(room)
        if room.orders.maker is None and is_untouched:
            room.orders = self._of_new(room.name, user)

    def role(self, user: str | None, orders: Orders) -> Role:
        """Give what a user is in the room of these orders.

        Who owns the server is nothing in rooms that are not open to all, unless made a member.
        """
        if orders.kind is RoomKind.PUBLIC and self._server.role(user) is Role.HOST:
            return Role.HOST
        return orders.role(user)

    def is_host(self, user: str) -> bool:
        """Whether the user owns the server."""
        return self._server.role(user) is Role.HOST

    def check(self, act: Act, user: str, orders: Orders, towards: str | None = None) -> None:
        """Raise `Refused('forbidden')` unless the user may do this, to another or to nobody."""
        check(act, self.role(user, orders), self.role(towards, orders))

    def may(self, act: Act, user: str, orders: Orders) -> bool:
        """Whether the user may do this."""
        return is_allowed(act, self.role(user, orders))

    def check_entry(self, user: str | None, origin: Origin, orders: Orders) -> None:
        """Raise `Refused` unless the user may be in the room and read it."""
        self.check_ban(user, origin, orders)
        orders.check_entry(self.role(user, orders))

    def check_ban(self, user: str | None, origin: Origin, orders: Orders) -> None:
        """Raise `Refused` for who is banned from the room, or the whole server.

        Also for who is not to learn that there is this room, so that nobody does by the refusal.
        """
        now = self._wall()
        if self._server.bans:
            self._server.check_ban(user, origin, self._server.role(user), now)
        if orders.kind or orders.bans:
            role = self.role(user, orders)
            orders.check_seen(role)
            orders.check_ban(user, origin, role, now)

    def is_kept_out(self, user: str, origin: Origin, orders: Orders) -> bool:
        """Whether the user, its device or its network is banned from the room, or the server."""
        try:
            self._server.check_ban(user, origin, self._server.role(user), self._wall())
            orders.check_ban(user, origin, self.role(user, orders), self._wall())
        except Refused:
            return True
        return False

    def is_meant(self, client: Client, orders: Orders) -> bool:
        """Whether a client is banned itself, and not for where it comes from."""
        now, user = self._wall(), client.user.id
        return any(
            each.ban_of(user, client.origin, self.role(user, each), now) is not None
            for each in (self._server, orders)
        )

    def check_writing(self, user: str, orders: Orders, reacts: bool = False) -> None:
        """Raise `Refused('forbidden')` for who may not write, or not even react."""
        rules = orders.rules
        if orders.mutes or rules.announcements or rules.archived:
            orders.check_writing(user, self.role(user, orders), reacts, self._wall())

    def wait_of(self, user: str, orders: Orders) -> int:
        """Give the seconds that the user has to leave between two messages."""
        slow = orders.rules.slow
        return 0 if not slow or self.may(Act.HURRY, user, orders) else slow

    def mute_of(self, user: str, orders: Orders) -> Held | None:
        """Give what keeps a user from writing, if anything does."""
        return orders.mute_of(user, self._wall())
