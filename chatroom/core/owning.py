"""How the server gets its owner: by the secret of a link, which is good once."""

import hashlib
from collections.abc import Callable

from twisted.internet.defer import Deferred

from chatroom.core.client import Client
from chatroom.core.commands import Own
from chatroom.core.errors import Refused
from chatroom.core.events import Hosting
from chatroom.core.interfaces import Journal
from chatroom.core.order_book import OrderBook
from chatroom.core.orders import SERVER
from chatroom.core.people import User
from chatroom.core.permissions import forbidden
from chatroom.core.standing import Standing
from chatroom.core.work import Claim


def digest(secret: str) -> bytes:
    """Give what is kept of a secret; it has 256 random bits, so no more is needed (SHA-256)."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


class Owning:
    """Carries out `own`; it fails with `Refused`."""

    def __init__(
        self,
        *,
        standing: Standing,
        book: OrderBook,
        journal: Journal,
        wall: Callable[[], int],
    ) -> None:
        self._standing = standing
        self._book = book
        self._journal = journal
        self._wall = wall

    def command(self, client: Client, own: Own) -> Deferred[None]:
        """Let the client's user own the server."""
        return self.own(client.user, own.secret, client).addCallback(
            lambda _: client.send(Hosting(ref=own.ref))
        )

    def own(self, user: User, secret: str, by: Client | None = None) -> Deferred[None]:
        """Let a user own the server, and tell its connections but the one it is `by`."""
        return Deferred.fromCoroutine(self._own(user, secret, by))

    async def _own(self, user: User, secret: str, by: Client | None) -> None:
        claim = Claim(digest(secret), user.id, user.nick, self._wall())
        try:
            is_good = await self._journal.claim(claim)
        except Refused:
            # It may be stored all the same, and then it must hold.
            self._book.look_later(SERVER)
            raise
        if not is_good and not self._standing.is_host(user.id):
            raise forbidden("This link has been used, or is too old; ask for another.", "link")
        await self._book.look(SERVER)
        for client in user.clients - {by}:
            client.connection.tell(Hosting())
