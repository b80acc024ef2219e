"""Keeping order over plain HTTP: what moderators order and what only they may read."""

from typing import ClassVar

from chatroom.core.commands import (
    Appoint,
    Audit,
    Ban,
    Kick,
    Mute,
    Purge,
    Retention,
    Rule,
    Unban,
    Unmute,
)
from chatroom.core.events import Event
from chatroom.core.moderating import Asked, Moderating
from chatroom.core.purging import Purging
from chatroom.core.retaining import Retaining
from chatroom.core.reviewing import Reviewed, Reviewing
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
        return await self._order(call, Kick, call.visitor.fields("reason"))


class RoomRules(Order):
    """How a room is kept."""

    methods: ClassVar = (b"PATCH",)

    async def patch(self, call: Call) -> tuple[int, bytes]:
        """Change what is named, and leave the rest."""
        return await self._order(call, Rule, self.fields(call))


class WhatWouldGo(Endpoint):
    """What a room would let go of, by its rules or by others."""

    def __init__(self, terms: Terms, retaining: Retaining) -> None:
        super().__init__(terms)
        self._retaining = retaining

    async def get(self, call: Call) -> tuple[int, bytes]:
        """Give it; nothing is changed."""
        user = await self.caller(call)
        given = call.visitor.fields(numbers=("keep_days", "keep_messages"))
        asked: Retention = json.fill(Retention, given | place_of(call))
        return 200, json.encode(await self._retaining.would_go(user, call.origin, asked))


class Reviews(Endpoint):
    """What only moderators may read; `kind` is the command for it."""

    def __init__(self, terms: Terms, reviewing: Reviewing, kind: type[Reviewed]) -> None:
        super().__init__(terms)
        self._reviewing = reviewing
        self._kind = kind

    async def get(self, call: Call) -> tuple[int, bytes]:
        """Give it."""
        user = await self.caller(call)
        numbers = ("before", "limit") if self._kind is Audit else ()
        given = call.visitor.fields(numbers=numbers)
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
