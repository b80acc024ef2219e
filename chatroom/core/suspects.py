"""Whom an order is about: somebody who is here, or was, and who else is where that one is."""

from collections.abc import Collection

from chatroom.core.errors import Refused
from chatroom.core.events import Person
from chatroom.core.interfaces import Log
from chatroom.core.orders import SERVER, Origin
from chatroom.core.people import People
from chatroom.core.sightings import Sightings
from chatroom.core.timeline import Timeline


class Suspects:
    """Finds users by their ids, whether they are connected, just gone, or long away."""

    def __init__(
        self, *, people: People, sightings: Sightings, timeline: Timeline, log: Log
    ) -> None:
        self._people = people
        self._sightings = sightings
        self._timeline = timeline
        self._log = log

    async def person(self, user: str, must_be_known: bool) -> Person:
        """Give a user under its present or last nick.

        Raises `Refused`: `bad_field` for one who never was here, if it must have been.
        """
        seen = self._sightings.last(user)
        nick = self._people.nick(user) or (seen.nick if seen else await self._log.known_as(user))
        if nick is None and must_be_known:
            raise Refused("bad_field", "Nobody with this id was ever here.")
        return Person(user, nick or "")

    def origins(self, user: str) -> set[Origin]:
        """Give from where a user is connected, or was last."""
        found = {client.origin for client in self._people.clients(user)}
        seen = self._sightings.last(user)
        return found if found or seen is None else {seen.origin}

    def neighbours(
        self, networks: Collection[str], room: str, but: Collection[str]
    ) -> list[Person]:
        """Give who is in a room, or with `SERVER` connected, from these networks.

        `but` are users, and what they are connected by.
        """
        if room == SERVER:
            clients = self._people.all_clients()
        else:
            awake = self._timeline.room(room)
            clients = [] if awake is None else awake.clients
        users = {
            client.user
            for client in clients
            if client.origin.network in networks and client.origin.device not in but
        }
        return [user.person for user in users if user.id not in but]
