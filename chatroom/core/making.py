"""Making rooms on purpose: public and private ones, and those of two."""

from collections.abc import Callable

from twisted.internet.defer import Deferred

from chatroom.core import names
from chatroom.core.client import Client
from chatroom.core.commands import Create, Direct
from chatroom.core.errors import Refused
from chatroom.core.events import Created, Rules
from chatroom.core.interfaces import Random
from chatroom.core.kinds import RoomKind
from chatroom.core.ordering import Ordering
from chatroom.core.orders import SERVER, Origin
from chatroom.core.people import User
from chatroom.core.standing import Standing
from chatroom.core.suspects import Suspects
from chatroom.core.work import Ruling, Verdict
from chatroom.core.writing import too_fast

A_KEY = 16
"""Random bytes in an address."""


class Making:
    """Carries out `create` and `direct`; each costs as much as a message. Fails with `Refused`."""

    def __init__(
        self,
        *,
        standing: Standing,
        suspects: Suspects,
        ordering: Ordering,
        rng: Random,
        wall: Callable[[], int],
    ) -> None:
        self._standing = standing
        self._suspects = suspects
        self._ordering = ordering
        self._rng = rng
        self._wall = wall

    def command(self, client: Client, asked: Create | Direct) -> Deferred[None]:
        """Make the room that a client asks for."""
        making = Deferred.fromCoroutine(self.make(client.user, client.origin, asked))
        return making.addCallback(client.send)

    async def make(self, user: User, origin: Origin, asked: Create | Direct) -> Created:
        """Make the room that a user asks for; that of two is there already from the second time."""
        self._standing.check_ban(user.id, origin, await self._standing.orders(SERVER))
        verdict = await self._verdict(user, asked)
        wait = user.bucket.take()
        if wait:
            raise too_fast(wait)
        try:
            ordered = await self._ordering.order(verdict)
        except Refused:
            user.bucket.give_back()
            raise
        if ordered.done is None:
            user.bucket.give_back()
            raise _taken()
        done = ordered.done
        title = None if done.rules is None else done.rules.title or None
        return Created(room=done.room, title=title, with_=done.whom, ref=asked.ref)

    async def _verdict(self, user: User, asked: Create | Direct) -> Verdict:
        maker = user.person
        address = names.address(self._rng.randbytes(A_KEY))
        at = self._wall()
        if isinstance(asked, Direct):
            if asked.user == user.id:
                raise Refused("bad_field", "That is you.")
            whom = await self._suspects.person(asked.user, must_be_known=True)
            return Verdict(
                Ruling.DIRECT, address, maker.user, maker.nick, at, whom=whom, maker=maker
            )
        self._standing.check_making(user.id)
        kind = RoomKind.PRIVATE if asked.room is None else RoomKind.PUBLIC
        room = address if asked.room is None else await self._free(user, asked.room)
        return Verdict(
            Ruling.CREATE,
            room,
            maker.user,
            maker.nick,
            at,
            rules=_rules(asked),
            maker=maker,
            kind=kind,
        )

    async def _free(self, user: User, raw: str) -> str:
        """Give the name of a public room that is nobody's yet; raises `Refused`."""
        room = names.room(raw)
        orders = await self._standing.orders(room, user)
        is_own = orders.maker is not None and orders.maker.user == user.id
        if names.is_address(room) or not orders.is_new or not is_own:
            raise _taken()
        return room


def _rules(asked: Create) -> Rules:
    topic = names.topic(asked.topic)
    if asked.room is not None:
        if asked.title is not None:
            raise Refused("bad_field", "A room has a name, `room`, or is private with a `title`.")
        return Rules(topic=topic, unlisted=asked.unlisted)
    if asked.title is None:
        raise Refused("bad_field", "Name the `room`, or give a private one a `title`.")
    return Rules(topic=topic, title=names.title(asked.title))


def _taken() -> Refused:
    return Refused("bad_field", "There is a room of this name already; enter it, or take another.")
