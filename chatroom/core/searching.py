"""Searching in all that one may read."""

from collections.abc import Callable

from twisted.internet.defer import Deferred

from chatroom.core import interfaces, names
from chatroom.core.client import Client
from chatroom.core.commands import Search
from chatroom.core.errors import Refused
from chatroom.core.events import Found, FoundMessage
from chatroom.core.interfaces import Log
from chatroom.core.limits import Paces
from chatroom.core.orders import Origin
from chatroom.core.pages import Pages
from chatroom.core.standing import Standing
from chatroom.search.query import parse

LONGEST = 200
SEARCHES_A_WINDOW = 20
MOST_WAITING = 50
"""Searches of all users that wait for their turn."""
RETRY_AFTER = 1.0  # seconds


class Searching:
    """Carries out searches; each fails with `Refused`. `paces` of None is any number."""

    def __init__(
        self,
        *,
        log: Log,
        standing: Standing,
        pages: Pages,
        paces: Paces | None,
        wall: Callable[[], int],
    ) -> None:
        self._log = log
        self._standing = standing
        self._pages = pages
        self._paces = paces
        self._wall = wall
        self._waiting = 0

    def search(self, client: Client, search: Search) -> Deferred[None]:
        """Send a page of what is found."""
        finding = Deferred.fromCoroutine(self.found(client.user.id, client.origin, search))
        return finding.addCallback(client.send)

    async def found(self, user: str | None, origin: Origin, search: Search) -> Found:
        """Give a page of what a user, or somebody without a token, finds. Raises `Refused`."""
        asked = self._asked(user, search)
        if self._paces is not None:
            self._paces.step(origin.network if user is None else user)
        if self._waiting >= MOST_WAITING:
            raise Refused("too_fast", "Too many people are searching; wait 1 s.", RETRY_AFTER)
        self._waiting += 1
        try:
            if asked.room is not None:
                await self._check(user, origin, asked.room)
            hits = await self._log.search(asked)
            messages = await self._readable(user, origin, hits.messages)
        finally:
            self._waiting -= 1
        following = None if hits.next is None else self._pages.seal(hits.next)
        return Found(messages=messages, next=following, ref=search.ref)

    def _asked(self, user: str | None, search: Search) -> interfaces.Search:
        if len(search.q) > LONGEST:
            raise Refused("too_long", f"A search has at most {LONGEST} characters.")
        try:
            search.q.encode()
        except UnicodeEncodeError:
            # What a URL had, and is no UTF-8.
            raise Refused("bad_field", "Lone surrogates are no text.") from None
        query = parse(search.q)
        if query.is_empty:
            raise Refused("bad_field", "`q` needs a word, a phrase, an emoji or a filter.")
        return interfaces.Search(
            query=query,
            user=user,
            now=self._wall(),
            room=None if search.room is None else names.room(search.room),
            before=None if search.cursor is None else self._pages.open(search.cursor),
            limit=search.limit,
        )

    async def _check(self, user: str | None, origin: Origin, room: str) -> None:
        orders = await self._standing.orders(room)
        self._standing.check_entry(user, origin, orders)

    async def _readable(
        self, user: str | None, origin: Origin, messages: list[FoundMessage]
    ) -> list[FoundMessage]:
        """Leave out what is in rooms from which a network or a device is banned.

        And from which the user was removed, or that were deleted, while it was searched.
        """
        kept_out = set()
        for room in sorted({message.room for message in messages}):
            try:
                await self._check(user, origin, room)
            except Refused as refused:
                if refused.code not in ("forbidden", "no_such_room"):
                    raise
                kept_out.add(room)
        return [message for message in messages if message.room not in kept_out]
