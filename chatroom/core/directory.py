"""Which rooms there are, for whoever asks: those that are listed for all, and its own."""

from collections.abc import Callable

from twisted.internet.defer import Deferred

from chatroom.core import commands
from chatroom.core.client import Client
from chatroom.core.events import Listed, Person, RoomList, RoomUnread
from chatroom.core.interfaces import Log, StoredRoom
from chatroom.core.kinds import RoomKind
from chatroom.core.orders import SERVER, Origin
from chatroom.core.people import People, User
from chatroom.core.permissions import Role
from chatroom.core.standing import Standing
from chatroom.core.timeline import Timeline


class Directory:
    """Lists the rooms that are stored, and those with somebody in them; fails with `Refused`."""

    def __init__(
        self,
        *,
        standing: Standing,
        timeline: Timeline,
        people: People,
        log: Log,
        wall: Callable[[], int],
    ) -> None:
        self._standing = standing
        self._timeline = timeline
        self._people = people
        self._log = log
        self._wall = wall

    def command(self, client: Client, asked: commands.Rooms) -> Deferred[None]:
        """Send a client the rooms that there are for it."""
        listing = Deferred.fromCoroutine(self.rooms(client.user, client.origin, asked))
        return listing.addCallback(client.send)

    async def rooms(self, user: User | None, origin: Origin, asked: commands.Rooms) -> RoomList:
        """Give a user's own rooms, at most 500, and at most `limit` others, the last active first.

        Those where nothing was said yet come last. Raises `Refused`: `unavailable`, and `forbidden`
        for who is banned from the server.
        """
        now, id = self._wall(), "" if user is None else user.id
        server = await self._standing.orders(SERVER)
        self._standing.check_ban(id or None, origin, server)
        unread: dict[str, RoomUnread] = {}
        own: list[StoredRoom] = []
        if user is not None:
            counted = await self._log.unread(id, user.nick, origin, now)
            unread = {each.room: each for each in counted}
            own = await self._log.own_rooms(id, asked.q, now)
        others = await self._log.listed_rooms(id, asked.q, now, asked.limit + 1)
        stored = own + others[: asked.limit]
        known = {room.name for room in stored}
        listed = [self._listed(room, unread.get(room.name)) for room in stored]
        listed.sort(key=lambda each: (each.archived, -(each.at or 0)))
        silent = [each for each in self._silent(asked.q) if each.name not in known]
        left = max(asked.limit - len(others), 0)
        more = len(others) > asked.limit or len(silent) > left
        return RoomList(rooms=listed + silent[:left], more=more, ref=asked.ref)

    def _listed(self, room: StoredRoom, unread: RoomUnread | None) -> Listed:
        awake = self._timeline.room(room.name)
        # Whoever has read in a room that was closed since has it among the others, as all have.
        mine = room.mine and (unread is not None or room.role > Role.GUEST)
        return Listed(
            name=room.name,
            kind=room.kind.word,
            title=room.rules.title or None,
            with_=None if room.other is None else self._now(room.other),
            topic=room.rules.topic,
            count=0 if awake is None else awake.count,
            seq=room.seq,
            at=room.at,
            unlisted=room.rules.unlisted,
            locked=room.rules.locked,
            password=room.rules.password,
            archived=room.rules.archived,
            role=room.role.word if room.role else None,
            mine=mine,
            read=unread.read if mine and unread else None,
            unread=unread.unread if mine and unread else None,
            mentions=unread.mentions if mine and unread else None,
        )

    def _now(self, other: Person) -> Person:
        return Person(other.user, self._people.nick(other.user) or other.nick)

    def _silent(self, q: str) -> list[Listed]:
        """Give the rooms of which nothing is stored and that somebody is in."""
        return [
            Listed(name=room.name, topic="", count=room.count, seq=0, at=None)
            for room in self._timeline.rooms()
            if room.count and not room.seq and room.orders.kind is RoomKind.PUBLIC
            if room.orders.is_new and q.casefold() in room.name.casefold()
        ]
