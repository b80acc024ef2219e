"""Who was here lately, and from where: somebody who has just left may still be kept out."""

from collections import OrderedDict
from typing import NamedTuple

from chatroom.core.orders import Origin
from chatroom.core.people import User

MOST = 10_000


class Sighting(NamedTuple):
    """Under which nick a user was here last, and from where it came."""

    nick: str
    origin: Origin


class Sightings:
    """The last users who came, at most 10,000; nothing of it is stored."""

    def __init__(self) -> None:
        self._by_user: OrderedDict[str, Sighting] = OrderedDict()

    def note(self, user: User, origin: Origin) -> None:
        """Remember that a user is here."""
        self._by_user[user.id] = Sighting(user.nick, origin)
        self._by_user.move_to_end(user.id)
        if len(self._by_user) > MOST:
            self._by_user.popitem(last=False)

    def last(self, user: str) -> Sighting | None:
        """Give when and how a user was seen last, if it was lately."""
        return self._by_user.get(user)
