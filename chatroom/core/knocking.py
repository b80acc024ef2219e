"""Entering a room by its password, which makes a guest a member."""

from collections.abc import Callable

from twisted.internet.defer import Deferred

from chatroom.core.events import Person
from chatroom.core.interfaces import Clock, Journal, Ruling, Verdict
from chatroom.core.limits import Paces
from chatroom.core.order_book import OrderBook
from chatroom.core.orders import Origin
from chatroom.core.passwords import Passwords
from chatroom.core.people import User
from chatroom.core.permissions import Act, Role, forbidden, is_allowed
from chatroom.core.standing import Standing

# A whole class behind one address may mistype it.
TRIES = 60
A_WINDOW = 60.0  # seconds


class Knocking:
    """Tries passwords, at most 60 wrong ones in a minute from a network; fails with `Refused`."""

    def __init__(
        self,
        *,
        standing: Standing,
        book: OrderBook,
        passwords: Passwords,
        journal: Journal,
        clock: Clock,
        wall: Callable[[], int],
    ) -> None:
        self._standing = standing
        self._book = book
        self._passwords = passwords
        self._journal = journal
        self._tries = Paces(clock, TRIES, A_WINDOW)
        self._wall = wall

    def knock(self, user: User, origin: Origin, room: str, password: str) -> Deferred[None]:
        """Make the user a member of the room, if it has this password and it needs to be known.

        Whatever else keeps a user out still does.
        """
        return Deferred.fromCoroutine(self._knock(user, origin, room, password))

    async def _knock(self, user: User, origin: Origin, room: str, password: str) -> None:
        orders = await self._standing.orders(room)
        kept = orders.password
        if kept is None or is_allowed(Act.ENTER_CLOSED, self._standing.role(user.id, orders)):
            return
        self._standing.check_ban(user.id, origin, orders)
        if orders.rules.locked:
            # Only its moderators let somebody in now, and the password is not to be tried here.
            return
        self._tries.step(origin.network)
        if not await self._passwords.matches(password, kept):
            raise forbidden("This is not the password of this room.", "password")
        self._tries.step_back(origin.network)
        whom = Person(user.id, user.nick)
        admitted = Verdict(
            Ruling.ADMIT, room, user.id, user.nick, self._wall(), whom=whom, role=Role.MEMBER
        )
        await self._journal.order(admitted)
        await self._book.look(room)
