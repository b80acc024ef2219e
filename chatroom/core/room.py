"""A room that is awake: its members, and where its log stands."""

from itertools import islice

from chatroom.core.client import Client
from chatroom.core.errors import Refused
from chatroom.core.events import Person
from chatroom.core.orders import Orders
from chatroom.core.people import User
from chatroom.core.recent import Memory, Recent

MEMBERS_A_PAGE = 50


class Room:
    """`seq` is the newest number handed on here, `oldest` the oldest that the log still has."""

    __slots__ = (
        "_here",
        "filling",
        "generation",
        "looking",
        "name",
        "oldest",
        "orders",
        "recent",
        "seq",
        "typed",
    )

    def __init__(self, name: str, memory: Memory) -> None:
        self.name = name
        self.seq = 0
        self.oldest = 1
        self.generation = 0
        self.recent = Recent(memory)
        self.filling = False
        self.looking = False
        self.typed: dict[str, float] = {}
        self.orders = Orders.of_new(name)
        self._here: dict[User, set[Client]] = {}

    @property
    def count(self) -> int:
        """How many users are in the room."""
        return len(self._here)

    @property
    def clients(self) -> list[Client]:
        """All connections in the room."""
        return [client for clients in self._here.values() for client in clients]

    @property
    def present(self) -> list[Person]:
        """All users in the room."""
        return [user.person for user in self._here]

    def add(self, client: Client) -> bool:
        """Let a connection in; give whether it is its user's first."""
        clients = self._here.setdefault(client.user, set())
        clients.add(client)
        return len(clients) == 1

    def remove(self, client: Client) -> bool:
        """Let a connection out; give whether it was its user's last."""
        clients = self._here[client.user]
        clients.discard(client)
        if clients:
            return False
        del self._here[client.user]
        self.typed.pop(client.user.id, None)
        return True

    def members(self, start: int) -> list[Person]:
        """Give a page of members in the order of coming, from place `start` on."""
        users = islice(self._here, start, start + MEMBERS_A_PAGE)
        return [user.person for user in users]

    def place_after(self, id: str) -> int:
        """Give the place behind a user; raises `Refused('bad_field')` if it is not here."""
        for place, user in enumerate(self._here, 1):
            if user.id == id:
                return place
        raise Refused("bad_field", "The member in `after` is not here any more; begin again.")
