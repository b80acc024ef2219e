"""Entering a room by its password or an invitation, which makes a guest a member."""

from collections.abc import Callable

from twisted.internet.defer import Deferred

from chatroom.core.ordering import Ordering
from chatroom.core.orders import Origin
from chatroom.core.owning import digest
from chatroom.core.passwords import Passwords
from chatroom.core.people import User
from chatroom.core.permissions import Act, Role, forbidden
from chatroom.core.standing import Standing
from chatroom.core.work import Offer, Ruling, Verdict


class Knocking:
    """Tries passwords and invitations; fails with `Refused`."""

    def __init__(
        self,
        *,
        standing: Standing,
        ordering: Ordering,
        passwords: Passwords,
        wall: Callable[[], int],
    ) -> None:
        self._standing = standing
        self._ordering = ordering
        self._passwords = passwords
        self._wall = wall

    def knock(self, user: User, origin: Origin, room: str, password: str) -> Deferred[None]:
        """Make the user a member of the room, if this is its password and one is needed.

        Whatever else keeps a user out still does.
        """
        return Deferred.fromCoroutine(self._knock(user, origin, room, password))

    async def _knock(self, user: User, origin: Origin, room: str, password: str) -> None:
        orders = await self._standing.orders(room)
        self._standing.check_ban(user.id, origin, orders)
        kept = orders.password
        if kept is None or self._standing.may(Act.ENTER_CLOSED, user.id, orders):
            return
        if orders.rules.locked:
            # Only its moderators let somebody in now, and the password is not to be tried here.
            return
        if not await self._passwords.matches(password, kept, origin.network):
            raise forbidden("This is not the password of this room.", "password")
        # It took a while: who was banned meanwhile is not let in.
        self._standing.check_ban(user.id, origin, await self._standing.orders(room))
        await self._ordering.order(self._admission(user, room)._replace(password=kept))

    def show(self, user: User, origin: Origin, room: str, code: str) -> Deferred[None]:
        """Make the user a member of the room, if this is the code of an invitation to it.

        What is wrong with a code is told nobody: it may be none that ever was, to no room.
        """
        return Deferred.fromCoroutine(self._show(user, origin, room, code))

    async def _show(self, user: User, origin: Origin, room: str, code: str) -> None:
        orders = await self._standing.orders(room)
        if self._standing.may(Act.ENTER_CLOSED, user.id, orders):
            return
        offer = Offer(digest(code))
        if not self._standing.is_kept_out(user.id, origin, orders):
            admission = self._admission(user, room)._replace(offer=offer)
            if (await self._ordering.order(admission)).done is not None:
                return
            # By another of the user's connections, meanwhile.
            if self._standing.may(Act.ENTER_CLOSED, user.id, await self._standing.orders(room)):
                return
        sentence = "This invitation is good no more, or never was; ask for another."
        raise forbidden(sentence, "invitation")

    def _admission(self, user: User, room: str) -> Verdict:
        whom = user.person
        at = self._wall()
        return Verdict(Ruling.ADMIT, room, user.id, user.nick, at, whom=whom, role=Role.MEMBER)
