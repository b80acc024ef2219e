"""Tells the members of private rooms what is said there while they are not in them."""

from collections.abc import Iterable, Sequence

from twisted.internet.defer import Deferred

from chatroom.core.client import Client
from chatroom.core.errors import Refused
from chatroom.core.events import Appointed, Deleted, LogEvent, News, Said
from chatroom.core.interfaces import Clock
from chatroom.core.orders import Orders
from chatroom.core.people import People
from chatroom.core.permissions import Role
from chatroom.core.standing import Standing

LONGEST = 200
"""Characters of a text that are told."""
A_TURN = 200
"""Members that are told in one turn of the reactor."""
FOLDED_ABOVE = 50
"""So many members are told at once of each batch; more of them once a second, of the newest."""
FOLDED_FOR = 1.0  # seconds


class Announcing:
    """Passes on the newest of what is stored in rooms that only their members know."""

    def __init__(self, *, standing: Standing, people: People, clock: Clock) -> None:
        self._standing = standing
        self._people = people
        self._clock = clock
        self._newest: dict[str, Said] = {}
        self._telling: set[str] = set()

    def heed(self, name: str, events: Sequence[LogEvent]) -> None:
        """Tell those members of a room who are connected, but not to it."""
        waiting = self._newest.get(name)
        if waiting and any(isinstance(each, Deleted) and each.of == waiting.seq for each in events):
            del self._newest[name]
        if any(isinstance(event, Said | Appointed) for event in events):
            # Events come before the orders of their batch hold, in the same turn: who was removed
            # by one of these hears nothing of what was said after it.
            self._clock.callLater(0, self._begin, name, events)

    def _begin(self, name: str, events: Sequence[LogEvent]) -> None:
        announcing = Deferred.fromCoroutine(self._announce(name, events))
        announcing.addErrback(lambda failure: failure.trap(Refused))

    async def _announce(self, name: str, events: Sequence[LogEvent]) -> None:
        settled = self._standing.settled(name)
        if settled is not None:
            await settled
        orders = await self._standing.orders(name)
        for event in events:
            if isinstance(event, Appointed) and event.role != Role.GUEST.word:
                self._tell([event.whom.user], orders, News(room=name, newest=event.seq))
        said = [event for event in events if isinstance(event, Said)]
        if said:
            self._newest[name] = said[-1]
            if name not in self._telling:
                self._telling.add(name)
                try:
                    await self._tell_members(name)
                finally:
                    self._telling.discard(name)

    async def _tell_members(self, name: str) -> None:
        while name in self._newest:
            news = _news(self._newest.pop(name))
            members = list((await self._standing.orders(name)).roles)
            for start in range(0, len(members), A_TURN):
                # Anew in each turn: who was removed meanwhile is told nothing.
                orders = await self._standing.orders(name)
                told = [user for user in members[start : start + A_TURN] if user in orders.roles]
                self._tell(told, orders, news)
                if start + A_TURN < len(members):
                    await self._pass(0)
            if len(members) > FOLDED_ABOVE:
                await self._pass(FOLDED_FOR)

    def _pass(self, seconds: float) -> Deferred[None]:
        passed: Deferred[None] = Deferred()
        self._clock.callLater(seconds, passed.callback, None)
        return passed

    def _tell(self, users: Iterable[str], orders: Orders, news: News) -> None:
        for user in users:
            for client in self._people.clients(user):
                if news.room not in client.rooms and self._may_read(client, orders):
                    client.connection.tell(news)

    def _may_read(self, client: Client, orders: Orders) -> bool:
        """Whether a member may: it, or what it is connected by, may be banned from the server."""
        try:
            self._standing.check_entry(client.user.id, client.origin, orders)
        except Refused:
            return False
        return True


def _news(said: Said) -> News:
    text = said.text[:LONGEST]
    return News(room=said.room, newest=said.seq, user=said.user, nick=said.nick, text=text)
