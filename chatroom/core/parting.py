"""Leaving a room for good, and deleting one."""

from collections.abc import Callable

from twisted.internet.defer import Deferred

from chatroom.core import names
from chatroom.core.attendance import Attendance
from chatroom.core.client import Client
from chatroom.core.commands import Destroy, Part
from chatroom.core.errors import no_such_room
from chatroom.core.events import Done, Left
from chatroom.core.interfaces import Journal
from chatroom.core.kinds import RoomKind
from chatroom.core.ordering import Ordering
from chatroom.core.orders import Orders, Origin
from chatroom.core.people import User
from chatroom.core.permissions import Act, Role, forbidden
from chatroom.core.standing import Standing
from chatroom.core.work import Mark, Ruling, Verdict


class Parting:
    """Carries out `part` and `destroy`; each fails with `Refused`."""

    def __init__(
        self,
        *,
        standing: Standing,
        attendance: Attendance,
        ordering: Ordering,
        journal: Journal,
        wall: Callable[[], int],
    ) -> None:
        self._standing = standing
        self._attendance = attendance
        self._ordering = ordering
        self._journal = journal
        self._wall = wall

    def command(self, client: Client, asked: Part | Destroy) -> Deferred[None]:
        """Do what a client asks, and say when it is done."""

        def answer(_: object) -> None:
            if asked.ref is not None:
                client.send(Done(ref=asked.ref))

        carry_out = self.part if isinstance(asked, Part) else self.destroy
        doing = Deferred.fromCoroutine(carry_out(client.user, client.origin, asked.room))
        return doing.addCallback(answer)

    async def part(self, user: User, origin: Origin, raw: str) -> None:
        """Leave a room on all of a user's devices; it is none of its own rooms any more."""
        room, orders = await self._room(user, origin, raw)
        if not self._standing.is_there(room, orders):
            raise no_such_room()
        if orders.kind is not RoomKind.PRIVATE:
            self._leave(user, room)
            if not orders.is_new:
                await self._journal.mark(Mark(user.id, room, parted=True))
            return
        if len(orders.roles) == 1:
            # Nobody could ever come back.
            await self._ordering.order(self._verdict(Ruling.DESTROY, user, room))
            return
        owners = [each for each, role in orders.roles.items() if role is Role.OWNER]
        if owners == [user.id]:
            raise forbidden("Make somebody else its owner first, or delete the room.", "owner")
        self._leave(user, room)
        whom = user.person
        verdict = self._verdict(Ruling.APPOINT, user, room)
        await self._ordering.order(verdict._replace(whom=whom, role=Role.GUEST))

    async def destroy(self, user: User, origin: Origin, raw: str) -> None:
        """Delete a room with all that was said there."""
        room, orders = await self._room(user, origin, raw)
        self._standing.check(Act.DESTROY, user.id, orders)
        if not self._standing.is_there(room, orders):
            raise no_such_room()
        if room == names.LOBBY:
            raise forbidden("The lobby stays; delete what was said there instead.", "lobby")
        await self._ordering.order(self._verdict(Ruling.DESTROY, user, room))

    async def _room(self, user: User, origin: Origin, raw: str) -> tuple[str, Orders]:
        room = names.room(raw)
        orders = await self._standing.orders(room)
        self._standing.check_ban(user.id, origin, orders)
        return room, orders

    def _verdict(self, ruling: Ruling, user: User, room: str) -> Verdict:
        return Verdict(ruling, room, user.id, user.nick, self._wall())

    def _leave(self, user: User, name: str) -> None:
        for client in list(user.clients):
            room = client.rooms.get(name)
            if room is not None:
                self._attendance.leave(room, client)
                client.send(Left(room=name, user=user.id, nick=user.nick, count=room.count))
