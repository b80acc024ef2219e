"""What one is in a room, and on the server, over plain HTTP."""

from typing import ClassVar

import msgspec

from chatroom.core import names
from chatroom.core.commands import Join, Own
from chatroom.core.events import Rules
from chatroom.core.knocking import Knocking
from chatroom.core.owning import Owning
from chatroom.core.parting import Parting
from chatroom.core.standing import Standing
from chatroom.transports.endpoint import Call, Endpoint, Terms
from chatroom.transports.http_changes import path_of
from chatroom.wire import json


class OwnStanding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one is in a room, as `joined` tells it; `host` owns the server."""

    role: str
    rules: Rules
    muted: int | None = None
    muted_for: str | None = None
    host: bool = False


class Membership(Endpoint):
    """What one is in a room; by its password or an invitation one becomes a member."""

    methods: ClassVar = (b"GET", b"PUT", b"DELETE")

    def __init__(
        self, terms: Terms, knocking: Knocking, standing: Standing, parting: Parting
    ) -> None:
        super().__init__(terms)
        self._knocking = knocking
        self._standing = standing
        self._parting = parting

    async def get(self, call: Call) -> tuple[int, bytes]:
        """Tell it."""
        user = await self.caller(call)
        orders = await self._standing.orders(names.room(path_of(call)[1]))
        self._standing.check_entry(user.id, call.origin, orders)
        mute = self._standing.mute_of(user.id, orders)
        own = OwnStanding(
            role=self._standing.role(user.id, orders).word,
            rules=orders.rules,
            muted=None if mute is None else mute.until,
            muted_for=None if mute is None else mute.reason,
            host=self._standing.is_host(user.id),
        )
        return 200, json.encode(own)

    async def put(self, call: Call) -> tuple[int, bytes]:
        """Try a password, or an invitation."""
        user = await self.caller(call)
        join: Join = json.fill(Join, self.fields(call) | {"room": path_of(call)[1]})
        room = names.room(join.room)
        if join.invitation is not None:
            await self._knocking.show(user, call.origin, room, join.invitation)
        else:
            await self._knocking.knock(user, call.origin, room, join.password or "")
        self._standing.check_entry(user.id, call.origin, await self._standing.orders(room))
        return 204, b""

    async def delete(self, call: Call) -> tuple[int, bytes]:
        """Leave for good."""
        user = await self.caller(call)
        await self._parting.part(user, call.origin, path_of(call)[1])
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
