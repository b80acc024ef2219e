"""Invitations: codes by which somebody becomes a member of a room."""

from base64 import urlsafe_b64encode
from collections.abc import Callable

from twisted.internet.defer import Deferred

from chatroom.core import commands, names
from chatroom.core.client import Client
from chatroom.core.errors import Refused, no_such_room
from chatroom.core.events import Done, Event, Invitation, Invitations, Invited, Person
from chatroom.core.interfaces import Log, Random
from chatroom.core.ordering import Ordering
from chatroom.core.orders import Origin
from chatroom.core.owning import digest
from chatroom.core.people import User
from chatroom.core.permissions import Act
from chatroom.core.standing import Standing
from chatroom.core.work import Offer, Ruling, Verdict

A_CODE = 16
"""Random bytes in a code."""

Asked = commands.Invite | commands.Invitations | commands.Revoke


class Inviting:
    """Carries out the commands about invitations; each fails with `Refused`."""

    def __init__(
        self,
        *,
        standing: Standing,
        ordering: Ordering,
        log: Log,
        rng: Random,
        wall: Callable[[], int],
    ) -> None:
        self._standing = standing
        self._ordering = ordering
        self._log = log
        self._rng = rng
        self._wall = wall

    def command(self, client: Client, asked: Asked) -> Deferred[None]:
        """Do what a client asks, and tell it what came of it."""

        def answer(event: Event | None) -> None:
            if event is not None:
                client.send(event)
            elif asked.ref is not None:
                client.send(Done(ref=asked.ref))

        doing = Deferred.fromCoroutine(self.carry_out(client.user, client.origin, asked))
        return doing.addCallback(answer)

    async def carry_out(self, user: User, origin: Origin, asked: Asked) -> Event | None:
        """Do what a user asks; give what is to be told of it."""
        room = names.room(asked.room)
        orders = await self._standing.orders(room)
        self._standing.check_ban(user.id, origin, orders)
        self._standing.check(Act.INVITE, user.id, orders)
        if not self._standing.is_there(room, orders):
            raise no_such_room()
        verdict = Verdict(Ruling.INVITE, room, user.id, user.nick, self._wall(), maker=orders.maker)
        match asked:
            case commands.Invite():
                return await self._invite(verdict, asked)
            case commands.Revoke(id=id):
                await self._ordering.order(
                    verdict._replace(ruling=Ruling.REVOKE, offer=Offer(id=id))
                )
                return None
        found = await self._log.invitations(room, verdict.at)
        return Invitations(room=room, invitations=found, ref=asked.ref)

    async def _invite(self, verdict: Verdict, asked: commands.Invite) -> Invited:
        code = urlsafe_b64encode(self._rng.randbytes(A_CODE)).decode().rstrip("=")
        until = None if asked.seconds is None else verdict.at + asked.seconds * 1000
        offer = Offer(digest(code), asked.uses)
        ordered = await self._ordering.order(verdict._replace(until=until, offer=offer))
        if ordered.done is None or ordered.done.offer is None:
            raise Refused("too_many", "There are 100 invitations to this room; revoke one first.")
        invitation = Invitation(
            id=ordered.done.offer.id,
            code=code,
            by=Person(verdict.user, verdict.nick),
            at=verdict.at,
            until=until,
            uses=asked.uses,
        )
        return Invited(room=verdict.room, invitation=invitation, ref=asked.ref)
