"""Which rooms there are, making them, inviting to them and ending them, over plain HTTP."""

from dataclasses import dataclass
from typing import ClassVar

from twisted.web.resource import Resource

from chatroom.core import commands
from chatroom.core.commands import Create, Direct
from chatroom.core.directory import Directory
from chatroom.core.inviting import Asked, Inviting
from chatroom.core.making import Making
from chatroom.core.parting import Parting
from chatroom.transports.endpoint import Call, Endpoint, Terms
from chatroom.transports.http_changes import path_of
from chatroom.transports.visitor import NUMBER
from chatroom.wire import json


@dataclass(frozen=True, slots=True, kw_only=True)
class Founding:
    """What of the core lists rooms, makes and ends them."""

    directory: Directory
    making: Making
    inviting: Inviting
    parting: Parting


class AllRooms(Endpoint):
    """The rooms that there are for somebody."""

    methods: ClassVar = (b"GET", b"POST")

    def __init__(self, terms: Terms, founding: Founding) -> None:
        super().__init__(terms)
        self._directory = founding.directory
        self._making = founding.making

    async def get(self, call: Call) -> tuple[int, bytes]:
        """Give them, the last active first."""
        given = call.visitor.fields("q", numbers=("limit",))
        rooms: commands.Rooms = json.fill(commands.Rooms, given)
        user = None if call.user is None else await self.caller(call)
        return 200, json.encode(await self._directory.rooms(user, call.origin, rooms))

    async def post(self, call: Call) -> tuple[int, bytes]:
        """Make one."""
        user = await self.caller(call)
        create: Create = json.fill(Create, self.fields(call))
        return 201, json.encode(await self._making.make(user, call.origin, create))


class RoomsOfTwo(Endpoint):
    """The rooms that two users have for themselves."""

    methods: ClassVar = (b"POST",)

    def __init__(self, terms: Terms, making: Making) -> None:
        super().__init__(terms)
        self._making = making

    async def post(self, call: Call) -> tuple[int, bytes]:
        """Give that with another user, made at the first time."""
        user = await self.caller(call)
        direct: Direct = json.fill(Direct, self.fields(call))
        return 200, json.encode(await self._making.make(user, call.origin, direct))


class OneRoom(Endpoint):
    """A room with all that was said there."""

    methods: ClassVar = (b"DELETE",)

    def __init__(self, terms: Terms, parting: Parting) -> None:
        super().__init__(terms)
        self._parting = parting

    async def delete(self, call: Call) -> tuple[int, bytes]:
        """Delete it."""
        user = await self.caller(call)
        await self._parting.destroy(user, call.origin, path_of(call)[1])
        return 204, b""


class OpenInvitations(Endpoint):
    """The invitations to a room."""

    methods: ClassVar = (b"GET", b"POST")

    def __init__(self, terms: Terms, inviting: Inviting) -> None:
        super().__init__(terms)
        self._inviting = inviting

    async def get(self, call: Call) -> tuple[int, bytes]:
        """Give them, without their codes."""
        return 200, await self._do(call, commands.Invitations, {})

    async def post(self, call: Call) -> tuple[int, bytes]:
        """Make one."""
        return 201, await self._do(call, commands.Invite, self.fields(call))

    async def _do(self, call: Call, kind: type[Asked], fields: dict[str, object]) -> bytes:
        user = await self.caller(call)
        asked: Asked = json.fill(kind, fields | {"room": path_of(call)[1]})
        return json.encode(await self._inviting.carry_out(user, call.origin, asked))


class OneInvitation(Endpoint):
    """An invitation to a room."""

    methods: ClassVar = (b"DELETE",)

    def __init__(self, terms: Terms, inviting: Inviting) -> None:
        super().__init__(terms)
        self._inviting = inviting

    async def delete(self, call: Call) -> tuple[int, bytes]:
        """Revoke it."""
        user = await self.caller(call)
        _, room, _, id = path_of(call)
        fields = {"room": room, "id": int(id) if NUMBER.fullmatch(id) else id}
        revoke: commands.Revoke = json.fill(commands.Revoke, fields)
        await self._inviting.carry_out(user, call.origin, revoke)
        return 204, b""


class RoomResources:
    """Gives each path about rooms as such its resource."""

    def __init__(self, terms: Terms, founding: Founding) -> None:
        self._rooms = AllRooms(terms, founding)
        self._pairs = RoomsOfTwo(terms, founding.making)
        self._room = OneRoom(terms, founding.parting)
        self._invitations = OpenInvitations(terms, founding.inviting)
        self._invitation = OneInvitation(terms, founding.inviting)

    def at(self, path: list[bytes]) -> Resource | None:
        """Give what is at a path below `v1`, if it is about rooms."""
        match path:
            case [b"rooms"]:
                return self._rooms
            case [b"directs"]:
                return self._pairs
            case [b"rooms", name] if name:
                return self._room
            case [b"rooms", _, b"invitations"]:
                return self._invitations
            case [b"rooms", _, b"invitations", _]:
                return self._invitation
        return None
