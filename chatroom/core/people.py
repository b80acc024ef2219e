"""Who is connected: users, their nicks and their connections."""

from collections import OrderedDict
from collections.abc import Callable

from chatroom.core import names
from chatroom.core.client import Client
from chatroom.core.errors import Refused
from chatroom.core.events import Person
from chatroom.core.interfaces import Clock
from chatroom.core.limits import Bucket


class User:
    """Who it is: outlives the connection and the nick."""

    __slots__ = ("_nick", "_person", "bucket", "clients", "id", "leased")

    def __init__(self, id: str, bucket: Bucket) -> None:
        self.id = id
        self._nick = ""
        self._person: Person | None = None
        self.bucket = bucket
        self.clients: set[Client] = set()
        # Whether it is kept without a connection, by `Callers`.
        self.leased = False

    @property
    def nick(self) -> str:
        """How it is called now."""
        return self._nick

    @nick.setter
    def nick(self, nick: str) -> None:
        self._nick, self._person = nick, None

    @property
    def person(self) -> Person:
        """As others see it."""
        # Made once: the first of a room are shown to each who comes.
        if self._person is None:
            self._person = Person(self.id, self._nick)
        return self._person


class People:
    """The connected users. A nick belongs, server-wide, to the user connected under it."""

    def __init__(self, rate: int, clock: Clock, chance: Callable[[], float]) -> None:
        self._rate = rate
        self._clock = clock
        self._chance = chance
        self._here: dict[str, User] = {}
        self._owners: dict[str, User] = {}
        # A bucket outlives its user's connections until it is full: reconnecting buys no speed.
        self._away: OrderedDict[str, Bucket] = OrderedDict()

    def user(self, id: str) -> User:
        """Give the user with this id, who from now on is connected."""
        user = self._here.get(id)
        if user is None:
            bucket = self._away.pop(id, None) or Bucket(self._rate, self._clock)
            user = self._here[id] = User(id, bucket)
        return user

    def nick(self, id: str) -> str:
        """Give the nick of a user that is connected, or else ''."""
        user = self._here.get(id)
        return "" if user is None else user.nick

    def clients(self, id: str) -> set[Client]:
        """Give the connections of a user."""
        user = self._here.get(id)
        return set() if user is None else user.clients

    def all_clients(self) -> list[Client]:
        """Give all connections."""
        return [client for user in self._here.values() for client in user.clients]

    def left(self, user: User) -> None:
        """Forget a user whom nothing keeps any more, all but its spent tokens; free its nick."""
        if user.clients or user.leased:
            return
        del self._here[user.id]
        self._free(user)
        while self._away and next(iter(self._away.values())).full:
            self._away.popitem(last=False)
        if not user.bucket.full:
            self._away[user.id] = user.bucket

    def name(self, user: User, wish: str) -> None:
        """Give the user the nick it wishes, or the next free of `wish-2`, `wish-3` …

        `wish` has passed `names.nick`.
        """
        taken = self._free_form(user, wish)
        self._free(user)
        user.nick = taken
        self._owners[names.skeleton(taken)] = user

    def name_guest(self, user: User) -> None:
        """Give a user who said no name one of a guest."""
        self.name(user, f"guest-{int(self._chance() * 9000) + 1000}")

    def rename(self, user: User, nick: str) -> None:
        """Give the user exactly this nick; raises `Refused('nick_taken')`."""
        owner = self._owners.get(names.skeleton(nick))
        if owner not in (None, user):
            raise Refused("nick_taken", "Somebody here has this nick, or one that looks like it.")
        self._free(user)
        user.nick = nick
        self._owners[names.skeleton(nick)] = user

    def _free(self, user: User) -> None:
        key = names.skeleton(user.nick)
        if self._owners.get(key) is user:
            del self._owners[key]

    def _free_form(self, user: User, wish: str) -> str:
        number, form = 1, wish
        while self._owners.get(names.skeleton(form)) not in (None, user):
            number += 1
            ending = f"-{number}"
            form = wish[: names.MAX_NICK - len(ending)] + ending
        return form
