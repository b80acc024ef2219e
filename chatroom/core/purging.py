"""Deleting all that somebody said in a room, however much that is."""

from collections.abc import Callable

from twisted.internet.defer import Deferred, DeferredList
from twisted.python.failure import Failure

from chatroom.core import names
from chatroom.core.client import Client
from chatroom.core.commands import Purge
from chatroom.core.errors import Refused, no_such_room
from chatroom.core.events import Done, LogEvent
from chatroom.core.interfaces import Journal, Log
from chatroom.core.orders import Origin
from chatroom.core.people import User
from chatroom.core.permissions import Act
from chatroom.core.standing import Standing
from chatroom.core.suspects import Suspects
from chatroom.core.work import Change, Kind, Power, Ruling, Verdict

A_BATCH = 100
NEWEST = 2**53


class Purging:
    """Carries out `purge`, a batch after the other, so that others have their turn in between."""

    def __init__(
        self,
        *,
        standing: Standing,
        suspects: Suspects,
        journal: Journal,
        log: Log,
        wall: Callable[[], int],
    ) -> None:
        self._standing = standing
        self._suspects = suspects
        self._journal = journal
        self._log = log
        self._wall = wall

    def command(self, client: Client, purge: Purge) -> Deferred[None]:
        """Delete what the client asks, and say when all of it is."""

        def answer(_: None) -> None:
            if purge.ref is not None:
                client.send(Done(ref=purge.ref))

        return self.purge(client.user, client.origin, purge).addCallback(answer)

    def purge(self, user: User, origin: Origin, purge: Purge) -> Deferred[None]:
        """Delete all that somebody said in a room."""
        return Deferred.fromCoroutine(self._purge(user, origin, purge))

    async def _purge(self, user: User, origin: Origin, purge: Purge) -> None:
        room = names.room(purge.room)
        orders = await self._standing.orders(room)
        self._standing.check_ban(user.id, origin, orders)
        self._standing.check(Act.PURGE, user.id, orders, purge.user)
        if not self._standing.is_there(room, orders):
            raise no_such_room()
        whom = await self._suspects.person(purge.user, must_be_known=True)
        # Before the first is gone: a server that is killed meanwhile leaves no deed without a note.
        await self._journal.order(
            Verdict(Ruling.PURGE, room, user.id, user.nick, self._wall(), whom=whom)
        )
        before = NEWEST
        while seqs := await self._log.said_by(room, whom.user, before, A_BATCH):
            deleting = [self._delete(user, room, seq) for seq in seqs]
            for _, outcome in await DeferredList(deleting, consumeErrors=True):
                if isinstance(outcome, Failure):
                    _raise_unless_gone(outcome)
            before = seqs[-1]

    def _delete(self, user: User, room: str, seq: int) -> Deferred[LogEvent | None]:
        change = Change(Kind.DELETE, room, seq, user.id, user.nick, self._wall(), by=Power.PURGE)
        return self._journal.change(change)


def _raise_unless_gone(failure: Failure) -> None:
    """Pass over a message that was let go of by the room's rules while this waited."""
    if not (isinstance(failure.value, Refused) and failure.value.code == "no_such_message"):
        failure.raiseException()
