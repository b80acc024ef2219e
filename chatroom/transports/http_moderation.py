"""Keeping order over plain HTTP: what moderators order and what only they may read."""

from dataclasses import dataclass
from typing import ClassVar

import msgspec
from twisted.web.resource import Resource

from chatroom.core import names
from chatroom.core.commands import (
    Appoint,
    Audit,
    Ban,
    Join,
    Kick,
    Moderation,
    Mute,
    Own,
    Purge,
    Rule,
    Unban,
    Unmute,
    Versions,
)
from chatroom.core.enforcement import Enforcement
from chatroom.core.events import Event, Rules
from chatroom.core.knocking import Knocking
from chatroom.core.moderating import Asked, Moderating
from chatroom.core.owning import Owning
from chatroom.core.purging import Purging
from chatroom.core.reviewing import Reviewed, Reviewing
from chatroom.core.standing import Standing
from chatroom.transports.endpoint import Call, Endpoint, Terms
from chatroom.transports.http_changes import path_of
from chatroom.transports.visitor import NUMBER
from chatroom.wire import json


class Order(Endpoint):
    """What changes how a room is kept, or the whole server."""

    def __init__(self, terms: Terms, moderating: Moderating) -> None:
        super().__init__(terms)
        self._moderating = moderating

    async def _order(
        self, call: Call, kind: type[Asked], fields: dict[str, object]
    ) -> tuple[int, bytes]:
        """Give the event, or 204 where the room is told of nothing."""
        user = await self.caller(call)
        asked: Asked = json.fill(kind, fields | whom_of(call))
        ordered = await self._moderating.order(user, call.origin, asked)
        return (204, b"") if ordered.event is None else (200, json.encode(ordered.event))


class OneRole(Order):
    """The role of a user in a room."""

    methods: ClassVar = (b"PUT", b"DELETE")

    async def put(self, call: Call) -> tuple[int, bytes]:
        """Give it."""
        return await self._order(call, Appoint, self.fields(call))

    async def delete(self, call: Call) -> tuple[int, bytes]:
        """Make a guest of it."""
        return await self._order(call, Appoint, {"role": "guest"})


class OneMute(Order):
    """Whether a user may write in a room."""

    methods: ClassVar = (b"PUT", b"DELETE")

    async def put(self, call: Call) -> tuple[int, bytes]:
        """It may not."""
        return await self._order(call, Mute, self.fields(call))

    async def delete(self, call: Call) -> tuple[int, bytes]:
        """It may."""
        return await self._order(call, Unmute, {})


class OneBan(Order):
    """Whether a user may be in a room, or on the server."""

    methods: ClassVar = (b"PUT", b"DELETE")

    async def put(self, call: Call) -> tuple[int, bytes]:
        """It may not."""
        return await self._order(call, Ban, self.fields(call))

    async def delete(self, call: Call) -> tuple[int, bytes]:
        """It may."""
        return await self._order(call, Unban, {})


class OneMember(Order):
    """A user's presence in a room."""

    methods: ClassVar = (b"DELETE",)

    async def delete(self, call: Call) -> tuple[int, bytes]:
        """End it."""
        reason = call.visitor.asked("reason")
        return await self._order(call, Kick, {} if reason is None else {"reason": reason})


class RoomRules(Order):
    """How a room is kept."""

    methods: ClassVar = (b"PATCH",)

    async def patch(self, call: Call) -> tuple[int, bytes]:
        """Change what is named, and leave the rest."""
        return await self._order(call, Rule, self.fields(call))


class Reviews(Endpoint):
    """What only moderators may read; `kind` is the command for it."""

    def __init__(self, terms: Terms, reviewing: Reviewing, kind: type[Reviewed]) -> None:
        super().__init__(terms)
        self._reviewing = reviewing
        self._kind = kind

    async def get(self, call: Call) -> tuple[int, bytes]:
        """Give it."""
        user = await self.caller(call)
        names_of_numbers = ("before", "limit") if self._kind is Audit else ()
        numbers = {name: call.visitor.number(name) for name in names_of_numbers}
        given = {name: value for name, value in numbers.items() if value is not None}
        asked: Reviewed = json.fill(self._kind, given | place_of(call))
        answer: Event = await self._reviewing.review(user, call.origin, asked)
        return 200, json.encode(answer)


class Purges(Endpoint):
    """All that a user said in a room."""

    methods: ClassVar = (b"DELETE",)

    def __init__(self, terms: Terms, purging: Purging) -> None:
        super().__init__(terms)
        self._purging = purging

    async def delete(self, call: Call) -> tuple[int, bytes]:
        """Delete it."""
        user = await self.caller(call)
        purge: Purge = json.fill(Purge, whom_of(call))
        await self._purging.purge(user, call.origin, purge)
        return 204, b""


class OwnStanding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one is in a room, as `joined` tells it; `host` owns the server."""

    role: str
    rules: Rules
    muted: int | None = None
    host: bool = False


class Membership(Endpoint):
    """What one is in a room; by its password one becomes a member."""

    methods: ClassVar = (b"GET", b"PUT")

    def __init__(self, terms: Terms, knocking: Knocking, standing: Standing) -> None:
        super().__init__(terms)
        self._knocking = knocking
        self._standing = standing

    async def get(self, call: Call) -> tuple[int, bytes]:
        """Tell it."""
        user = await self.caller(call)
        orders = await self._standing.orders(names.room(path_of(call)[1]))
        self._standing.check_entry(user.id, call.origin, orders)
        own = OwnStanding(
            role=self._standing.role(user.id, orders).word,
            rules=orders.rules,
            muted=self._standing.muted_until(user.id, orders),
            host=self._standing.is_host(user.id),
        )
        return 200, json.encode(own)

    async def put(self, call: Call) -> tuple[int, bytes]:
        """Try a password."""
        user = await self.caller(call)
        join: Join = json.fill(Join, self.fields(call) | {"room": path_of(call)[1]})
        room = names.room(join.room)
        await self._knocking.knock(user, call.origin, room, join.password or "")
        self._standing.check_entry(user.id, call.origin, await self._standing.orders(room))
        return 204, b""


class Owner(Endpoint):
    """Who owns the server."""

    methods: ClassVar = (b"POST",)

    def __init__(self, terms: Terms, owning: Owning) -> None:
        super().__init__(terms)
        self._owning = owning

    async def post(self, call: Call) -> tuple[int, bytes]:
        """Be it, by the secret of an owner link."""
        user = await self.caller(call)
        own: Own = json.fill(Own, self.fields(call))
        await self._owning.own(user, own.secret)
        return 204, b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """What of the core keeps order."""

    standing: Standing
    enforcement: Enforcement
    knocking: Knocking
    moderating: Moderating
    purging: Purging
    reviewing: Reviewing
    owning: Owning


class KeepingResources:
    """Gives each path about order its resource."""

    def __init__(self, terms: Terms, keeping: Keeping) -> None:
        moderating, reviewing = keeping.moderating, keeping.reviewing
        self._roles = OneRole(terms, moderating)
        self._mutes = OneMute(terms, moderating)
        self._bans = OneBan(terms, moderating)
        self._members = OneMember(terms, moderating)
        self._rules = RoomRules(terms, moderating)
        self._purges = Purges(terms, keeping.purging)
        self._moderation = Reviews(terms, reviewing, Moderation)
        self._audit = Reviews(terms, reviewing, Audit)
        self._versions = Reviews(terms, reviewing, Versions)
        self._membership = Membership(terms, keeping.knocking, keeping.standing)
        self._owner = Owner(terms, keeping.owning)

    def at(self, path: list[bytes]) -> Resource | None:
        """Give what is at a path below `v1`, if it is about order."""
        match path:
            case [b"rooms", _, b"roles", _]:
                return self._roles
            case [b"rooms", _, b"mutes", _]:
                return self._mutes
            case [b"rooms", _, b"bans", _] | [b"bans", _]:
                return self._bans
            case [b"rooms", _, b"members", _]:
                return self._members
            case [b"rooms", _, b"members", _, b"messages"]:
                return self._purges
            case [b"rooms", _, b"messages", _, b"versions"]:
                return self._versions
            case [b"rooms", _, b"rules"]:
                return self._rules
            case [b"rooms", _, b"moderation"] | [b"moderation"]:
                return self._moderation
            case [b"rooms", _, b"audit"] | [b"audit"]:
                return self._audit
            case [b"rooms", _, b"membership"]:
                return self._membership
            case [b"owner"]:
                return self._owner
        return None


def place_of(call: Call) -> dict[str, object]:
    """Give what the path says: the room, if it is about one, and the number of a message."""
    match path_of(call):
        case ["rooms", room, "messages", seq, *_]:
            return {"room": room, "seq": int(seq) if NUMBER.fullmatch(seq) else seq}
        case ["rooms", room, *_]:
            return {"room": room}
    return {}


def whom_of(call: Call) -> dict[str, object]:
    """Give the room and the user that the path names; there is no room in that of a server ban."""
    match path_of(call):
        case ["rooms", room, _, user, *_]:
            return {"room": room, "user": user}
        case ["rooms", room, *_]:
            return {"room": room}
        case [_, user]:
            return {"room": None, "user": user}
    return {}
