"""What becomes of messages and what one has read, over plain HTTP."""

from typing import ClassVar, TypeVar

import msgspec

from chatroom.core.commands import Delete, Edit, React, Read, Unreact, Unread
from chatroom.core.events import LogEvent
from chatroom.core.messages import Changing, Messages
from chatroom.core.reading import Reading
from chatroom.transports.endpoint import Call, Endpoint, Terms
from chatroom.transports.visitor import NUMBER
from chatroom.wire import json

C = TypeVar("C", bound=msgspec.Struct)


class Change(Endpoint):
    """What changes a message, which is named in the path: `…/rooms/{room}/messages/{seq}…`."""

    def __init__(self, terms: Terms, messages: Messages) -> None:
        super().__init__(terms)
        self._messages = messages

    async def _change(
        self, call: Call, kind: type[Changing], **fields: object
    ) -> tuple[int, bytes]:
        """Give the event, or 204 where all is so already."""
        user = await self.caller(call)
        _, room, _, seq, *_ = path_of(call)
        number: object = int(seq) if NUMBER.fullmatch(seq) else seq
        asked: Changing = json.fill(kind, {"room": room, "seq": number, **fields})
        event: LogEvent | None = await self._messages.alter(user, call.origin, asked)
        return (204, b"") if event is None else (200, json.encode(event))


class OneMessage(Change):
    """A message of one's own."""

    methods: ClassVar = (b"PATCH", b"DELETE")

    async def patch(self, call: Call) -> tuple[int, bytes]:
        """Change its text."""
        return await self._change(call, Edit, text=self.fields(call).get("text"))

    async def delete(self, call: Call) -> tuple[int, bytes]:
        """Delete it."""
        return await self._change(call, Delete)


class OneReaction(Change):
    """One's own emoji at a message."""

    methods: ClassVar = (b"PUT", b"DELETE")

    async def put(self, call: Call) -> tuple[int, bytes]:
        """Put it there."""
        return await self._change(call, React, emoji=path_of(call)[-1])

    async def delete(self, call: Call) -> tuple[int, bytes]:
        """Take it back."""
        return await self._change(call, Unreact, emoji=path_of(call)[-1])


class ReadMark(Endpoint):
    """Up to where one has read a room."""

    methods: ClassVar = (b"PUT",)

    def __init__(self, terms: Terms, reading: Reading) -> None:
        super().__init__(terms)
        self._reading = reading

    async def put(self, call: Call) -> tuple[int, bytes]:
        """Remember it."""
        user = await self.caller(call)
        read: Read = json.fill(Read, self.fields(call) | {"room": path_of(call)[1]})
        await self._reading.mark(user, call.origin, read)
        return 204, b""


class UnreadList(Endpoint):
    """What one has not read, in all rooms."""

    def __init__(self, terms: Terms, reading: Reading) -> None:
        super().__init__(terms)
        self._reading = reading

    async def get(self, call: Call) -> tuple[int, bytes]:
        """Give the rooms where one ever read."""
        user = await self.caller(call)
        return 200, json.encode(await self._reading.unread_by(user, call.origin, Unread()))


def path_of(call: Call) -> list[str]:
    """Give what is behind `v1`; malformed UTF-8 becomes lone surrogates, which names refuse."""
    return [part.decode("utf-8", "surrogateescape") for part in call.request.postpath]
