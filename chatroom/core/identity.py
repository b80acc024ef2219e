"""Who a connection is: the greeting, `hello` and `nick`."""

from collections.abc import Callable
from dataclasses import asdict
from typing import NamedTuple

from twisted.internet.defer import Deferred

from chatroom.core import names
from chatroom.core.client import Client, Connection
from chatroom.core.commands import Command, Hello, Nick
from chatroom.core.errors import Refused
from chatroom.core.events import Done, Renamed, Welcome
from chatroom.core.interfaces import Clock, Random
from chatroom.core.limits import Limits, Pace
from chatroom.core.orders import Origin
from chatroom.core.people import People, User
from chatroom.core.sightings import Sightings
from chatroom.core.standing import Standing
from chatroom.core.tokens import Tokens

PROTOCOL = 1
FORBIDDEN = "This token is not valid here; you are a new guest."


class Visit(NamedTuple):
    """From which network a connection comes, and the token that its request carried itself."""

    network: str = ""
    token: str | None = None


class Identity:
    """Makes clients of connections, and settles which user each is and how it is called."""

    def __init__(
        self,
        *,
        people: People,
        sightings: Sightings,
        standing: Standing,
        tokens: Tokens,
        limits: Limits,
        clock: Clock,
        rng: Random,
    ) -> None:
        self._people = people
        self._sightings = sightings
        self._standing = standing
        self._tokens = tokens
        self._limits = limits
        self._told_limits = asdict(limits) | {"nick": names.MAX_NICK, "room": names.MAX_ROOM}
        self._clock = clock
        self._rng = rng

    def connected(
        self,
        connection: Connection,
        carry_out: Callable[[Client, Command], Deferred[None] | None],
        token: str | None,
        nick: str | None,
        visit: Visit,
        before: Client | None = None,
    ) -> Client:
        """Make a client, greet it, and tell it then what was wrong with its token or nick.

        `before` is the client that this connection was before; nobody new comes by it.
        """
        refused: list[Refused] = []
        user = self._user(token, refused, before)
        client = Client(
            id=self._rng.randbytes(9).hex(),
            user=user,
            connection=connection,
            pace=self._pace() if before is None else before.pace,
            carry_out=carry_out,
            origin=self._origin(visit),
        )
        user.clients.add(client)
        client.wish = nick
        self._name(user, nick, refused)
        self._sightings.note(user, client.origin)
        self._greet(client, None)
        for each in refused:
            client.send(each.told())
        return client

    def disconnected(self, client: Client) -> None:
        """Forget a connection, and its user with its last."""
        self._sightings.note(client.user, client.origin)
        client.user.clients.discard(client)
        self._people.left(client.user)

    def hello(self, client: Client, hello: Hello) -> None:
        """Become the user that the token proves, under the nick that is wished."""
        refused: list[Refused] = []
        if hello.token is not None:
            before = client.user
            client.user = self._user(hello.token, refused)
            client.user.clients.add(client)
            if before is not client.user:
                before.clients.discard(client)
                self._people.left(before)
        wish = hello.nick
        if wish is None and not client.user.nick:
            wish = client.wish
        self._name(client.user, wish, refused)
        self._greet(client, hello.ref)
        for each in refused:
            client.send(each.told(hello.ref))

    def rename(self, client: Client, wish: Nick) -> None:
        """Give the user another nick; raises `Refused('nick_taken')`."""
        user, was = client.user, client.user.nick
        nick = names.nick(wish.nick)
        if nick != was:
            self._people.rename(user, nick)
            tell_renamed(user, was)
        if wish.ref is not None:
            client.send(Done(ref=wish.ref))

    def _origin(self, visit: Visit) -> Origin:
        return Origin(
            visit.network, None if visit.token is None else self._tokens.user(visit.token)
        )

    def _pace(self) -> Pace | None:
        return Pace(self._clock) if self._limits.rate else None

    def _user(
        self, token: str | None, refused: list[Refused], before: Client | None = None
    ) -> User:
        id = None if token is None else self._tokens.user(token)
        if token is not None and id is None:
            refused.append(Refused("forbidden", FORBIDDEN))
        if id is None:
            id = self._tokens.new_user() if before is None else before.user.id
        return self._people.user(id)

    def _name(self, user: User, wish: str | None, refused: list[Refused]) -> None:
        was = user.nick
        if wish is not None:
            try:
                self._people.name(user, names.nick(wish))
            except Refused as error:
                refused.append(error)
        if not user.nick:
            self._people.name_guest(user)
        elif was and was != user.nick:
            tell_renamed(user, was)

    def _greet(self, client: Client, ref: str | None) -> None:
        client.send(
            Welcome(
                protocol=PROTOCOL,
                client=client.id,
                user=client.user.id,
                nick=client.user.nick,
                token=self._tokens.token(client.user.id),
                limits=self._told_limits,
                host=self._standing.is_host(client.user.id),
                ref=ref,
            )
        )


def tell_renamed(user: User, was: str) -> None:
    """Tell each connection that shares a room with the user, once."""
    event = Renamed(user=user.id, nick=user.nick, was=was)
    rooms = {room for client in user.clients for room in client.rooms.values()}
    sharing = {client for room in rooms for client in room.clients}
    for client in sharing:
        client.connection.tell(event)
