"""What would go if a room's messages were kept for so long: asked before it is ruled so."""

from collections.abc import Callable

from twisted.internet.defer import Deferred

from chatroom.core import names
from chatroom.core.client import Client
from chatroom.core.commands import Retention
from chatroom.core.errors import no_such_room
from chatroom.core.events import WouldGo
from chatroom.core.interfaces import Going, Log
from chatroom.core.orders import Origin
from chatroom.core.people import User
from chatroom.core.permissions import Act
from chatroom.core.standing import Standing


class Retaining:
    """Carries out `retention`; it fails with `Refused`."""

    def __init__(self, *, standing: Standing, log: Log, wall: Callable[[], int]) -> None:
        self._standing = standing
        self._log = log
        self._wall = wall

    def command(self, client: Client, asked: Retention) -> Deferred[None]:
        """Tell a client what would go."""
        return self.would_go(client.user, client.origin, asked).addCallback(client.send)

    def would_go(self, user: User, origin: Origin, asked: Retention) -> Deferred[WouldGo]:
        """Give what would go now; nothing is changed."""
        return Deferred.fromCoroutine(self._would_go(user, origin, asked))

    async def _would_go(self, user: User, origin: Origin, asked: Retention) -> WouldGo:
        room = names.room(asked.room)
        orders = await self._standing.orders(room)
        self._standing.check_ban(user.id, origin, orders)
        self._standing.check(Act.RETAIN, user.id, orders)
        if not self._standing.is_there(room, orders):
            raise no_such_room()
        rules = orders.rules
        days = rules.keep_days if asked.keep_days is None else asked.keep_days
        number = rules.keep_messages if asked.keep_messages is None else asked.keep_messages
        going = await self._log.going(room, days, number, self._wall()) or Going(0, None, None)
        return WouldGo(
            room=room,
            keep_days=days,
            keep_messages=number,
            messages=going.messages,
            up_to=going.up_to,
            at=going.at,
            ref=asked.ref,
        )
