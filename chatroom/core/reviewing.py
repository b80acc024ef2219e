"""What moderators may read: how a room is kept, what was done there, and earlier texts."""

from collections.abc import Callable

from msgspec.structs import replace
from twisted.internet.defer import Deferred

from chatroom.core import commands, names
from chatroom.core.client import Client
from chatroom.core.errors import Refused
from chatroom.core.events import Audit, Moderation, RoleHolder, Versions
from chatroom.core.interfaces import Log
from chatroom.core.orders import SERVER, Orders, Origin
from chatroom.core.people import People, User
from chatroom.core.permissions import Act, Role, forbidden
from chatroom.core.standing import Standing

Reviewed = commands.Moderation | commands.Audit | commands.Versions


class Reviewing:
    """Answers the commands that only moderators have; each fails with `Refused`."""

    def __init__(
        self, *, standing: Standing, people: People, log: Log, wall: Callable[[], int]
    ) -> None:
        self._standing = standing
        self._people = people
        self._log = log
        self._wall = wall

    def command(self, client: Client, asked: Reviewed) -> Deferred[None]:
        """Send a client what it asks."""
        return self.review(client.user, client.origin, asked).addCallback(client.send)

    def review(
        self, user: User, origin: Origin, asked: Reviewed
    ) -> Deferred[Moderation | Audit | Versions]:
        """Give what a user asks."""
        return Deferred.fromCoroutine(self._review(user, origin, asked))

    async def _review(
        self, user: User, origin: Origin, asked: Reviewed
    ) -> Moderation | Audit | Versions:
        room = SERVER if asked.room is None else names.room(asked.room)
        orders = await self._standing.orders(room)
        self._standing.check_ban(user.id, origin, orders)
        if room == SERVER and not self._standing.is_host(user.id):
            raise forbidden("Only those who own the server may see this.", "role")
        self._standing.check(Act.REVIEW, user.id, orders)
        match asked:
            case commands.Moderation():
                return await self._moderation(user, room, orders, asked)
            case commands.Audit():
                deeds = await self._log.deeds(room, asked.before, asked.limit + 1)
                more = len(deeds) > asked.limit
                return Audit(
                    room=room or None, deeds=deeds[: asked.limit], more=more, ref=asked.ref
                )
        texts = await self._log.versions(room, asked.seq)
        if not texts:
            raise Refused("no_such_message", "There is no such message, or it is deleted.")
        return Versions(room=room, seq=asked.seq, texts=texts, ref=asked.ref)

    async def _moderation(
        self, user: User, room: str, orders: Orders, asked: commands.Moderation
    ) -> Moderation:
        kept = await self._log.kept_by(room)
        now = self._wall()
        role: Role = self._standing.role(user.id, orders)
        return Moderation(
            room=room or None,
            role=role.word,
            rules=orders.rules,
            roles=[
                replace(each, nick=self._people.nick(each.user) or each.nick)
                for each in await self._hosts(room, orders) + (kept.roles or _maker(orders))
            ],
            sanctions=[each for each in kept.sanctions if each.until is None or now < each.until],
            ref=asked.ref,
        )

    async def _hosts(self, room: str, orders: Orders) -> list[RoleHolder]:
        """Give those who own the server, and so any public room."""
        if room == SERVER or orders.kind:
            return []
        kept = await self._log.kept_by(SERVER)
        return [each for each in kept.roles if each.role == Role.HOST.word]


def _maker(orders: Orders) -> list[RoleHolder]:
    """Give who made a room of which nothing is stored yet."""
    maker = orders.maker
    return [] if maker is None else [RoleHolder(maker.user, maker.nick, Role.OWNER.word)]
