"""Tells the members of private rooms what is said there while they are not in them."""

from collections.abc import Iterable, Sequence

from twisted.internet.defer import Deferred

from chatroom.core.errors import Refused
from chatroom.core.events import Appointed, LogEvent, News, Said
from chatroom.core.order_book import OrderBook
from chatroom.core.orders import Orders
from chatroom.core.people import People
from chatroom.core.permissions import Role

LONGEST = 200
"""Characters of a text that are told."""


class Announcing:
    """Passes on the newest of what is stored in rooms that only their members know."""

    def __init__(self, *, book: OrderBook, people: People) -> None:
        self._book = book
        self._people = people

    def heed(self, name: str, events: Sequence[LogEvent]) -> None:
        """Tell those members of a room who are connected, but not to it."""
        said = [event for event in events if isinstance(event, Said)]
        for event in events:
            if isinstance(event, Appointed) and event.role != Role.GUEST.word:
                self._tell([event.whom.user], News(room=name, newest=event.seq))
        if said:
            asking: Deferred[Orders | None] = self._book.of(name)
            asking.addCallbacks(
                self._tell_members, lambda failure: failure.trap(Refused), callbackArgs=(said[-1],)
            )

    def _tell_members(self, orders: Orders | None, said: Said) -> None:
        text = said.text[:LONGEST]
        news = News(room=said.room, newest=said.seq, user=said.user, nick=said.nick, text=text)
        self._tell(() if orders is None else orders.roles, news)

    def _tell(self, users: Iterable[str], news: News) -> None:
        for user in users:
            for client in self._people.clients(user):
                if news.room not in client.rooms:
                    client.connection.tell(news)
