"""Users who come by single requests, without a connection that would tell when they leave."""

from collections import OrderedDict

from chatroom.core.identity import tell_renamed
from chatroom.core.interfaces import Clock, DelayedCall, Log
from chatroom.core.orders import Origin
from chatroom.core.people import People, User
from chatroom.core.sightings import Sightings
from chatroom.core.tokens import Tokens

# Seconds for which a user is here after its last request, and its nick its own.
LEASE = 60.0
LOOK_EVERY = 1.0
# Users who are kept like that, and those whose nick is remembered afterwards.
MOST = 10_000


class Callers:
    """Keeps each user for a minute after its last request, and remembers its nick for longer."""

    def __init__(
        self, people: People, sightings: Sightings, tokens: Tokens, log: Log, clock: Clock
    ) -> None:
        self._people = people
        self._sightings = sightings
        self._tokens = tokens
        self._log = log
        self._clock = clock
        # In the order of their last requests; until when.
        self._leases: OrderedDict[str, tuple[User, float]] = OrderedDict()
        self._nicks: OrderedDict[str, str] = OrderedDict()
        self._look: DelayedCall | None = None
        self._closed = False

    def proven(self, token: str | None) -> str | None:
        """Give the id of the user that a token proves, who is here for another minute if it was."""
        id = None if token is None else self._tokens.user(token)
        if id is not None and id in self._leases:
            self._lease(self._leases[id][0])
        return id

    def token(self, user: User) -> str:
        """Give the token that proves a user."""
        return self._tokens.token(user.id)

    async def enter(self, id: str | None, origin: Origin, wish: str | None = None) -> User:
        """Give a user, a new one without `id`, under the nick that it wishes, or has, or had.

        `wish` has passed `names.nick`; what is taken becomes the next free form. Raises `Refused`.
        """
        former = None
        if id is None:
            id = self._tokens.new_user()
        elif wish is None and not self._people.nick(id):
            former = self._nicks.get(id) or await self._log.nick(id)
        user = self._people.user(id)
        was = user.nick
        if wish is not None:
            self._people.name(user, wish)
        elif former is not None and not was:
            self._people.name(user, former)
        elif not was:
            self._people.name_guest(user)
        if was and was != user.nick:
            tell_renamed(user, was)
        self._lease(user)
        self._sightings.note(user, origin)
        return user

    def _lease(self, user: User) -> None:
        user.leased = True
        self._leases[user.id] = user, self._clock.seconds() + LEASE
        self._leases.move_to_end(user.id)
        if len(self._leases) > MOST:
            self._end_oldest()
        if self._look is None and not self._closed:
            self._look = self._clock.callLater(LOOK_EVERY, self._end_all_due)

    def _end_all_due(self) -> None:
        now = self._clock.seconds()
        while self._leases and next(iter(self._leases.values()))[1] <= now:
            self._end_oldest()
        self._look = None
        if self._leases:
            self._look = self._clock.callLater(LOOK_EVERY, self._end_all_due)

    def _end_oldest(self) -> None:
        id, (user, _) = self._leases.popitem(last=False)
        self._nicks[id] = user.nick
        self._nicks.move_to_end(id)
        if len(self._nicks) > MOST:
            self._nicks.popitem(last=False)
        user.leased = False
        self._people.left(user)

    def close(self) -> None:
        """Look after nobody any more, whoever still comes: the server stops."""
        self._closed = True
        if self._look is not None:
            self._look.cancel()
            self._look = None
