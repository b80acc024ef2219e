"""The wire made visible: a `/ws` connection that is told of each of its own frames."""

import struct
from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from chatroom.core.events import Event, Handshake, Welcome, Wire
from chatroom.transports.delivery import Delivery
from chatroom.transports.heads import head
from chatroom.transports.websocket import ChatProtocol
from chatroom.wire import json
from chatroom.wire.frames import frame

UP, DOWN = "up", "down"
CLOSE = 8


class TappedDelivery(Delivery):
    """Puts the handshake into the welcome."""

    _line: "TappedProtocol"

    def send(self, event: Event, ref: str | None = None) -> None:
        """Send an event to this connection alone."""
        if isinstance(event, Welcome):
            event = replace(event, handshake=self._line.handshake)
        super().send(event, ref)


class TappedProtocol(ChatProtocol):
    """A WebSocket that asked for `wire=1`. What describes a frame is not described."""

    delivery_of = TappedDelivery
    _response = b""
    _is_greeted = False

    @property
    def handshake(self) -> Handshake:
        """What came and what went before the first frame."""
        return Handshake(head(self.visitor.head), head(self._response.split(b"\r\n")))

    def answer(self, head: bytes) -> None:
        self._response = head
        super().answer(head)

    def onOpen(self) -> None:
        # Autobahn then calls the two methods below, also for the frames that it sends itself.
        self.logFrames = True
        super().onOpen()

    def logRxFrame(self, frameHeader: Any, payload: bytes) -> None:
        self._describe(UP, frameHeader.opcode, frameHeader.length, masked=True)

    def logTxFrame(self, frameHeader: Any, *how: Any) -> None:
        self._describe(DOWN, frameHeader.opcode, frameHeader.length, masked=False)

    def write(self, data: bytes) -> None:
        """Send frames, joined; all but the welcome are described."""
        super().write(data)
        frames = frames_in(data)
        if not self._is_greeted:
            self._is_greeted = True
            next(frames)
        for opcode, length in frames:
            self._describe(DOWN, opcode, length, masked=False)

    def _describe(self, way: str, opcode: int, length: int, masked: bool) -> None:
        # It passes by: who is behind does without, and after a close frame nothing is sent.
        if opcode != CLOSE and not self._delivery.full:
            told = Wire(
                way=way, opcode=opcode, masked=masked, length=length, at=self.factory.wall()
            )
            super().write(frame(json.encode(told)))


def frames_in(data: bytes) -> Iterator[tuple[int, int]]:
    """Give the opcode and the payload's length of each frame of ours (RFC 6455, 5.2)."""
    at = 0
    while at < len(data):
        opcode, length, start = data[at] & 15, data[at + 1], at + 2
        if length == 126:
            (length,), start = struct.unpack_from("!H", data, start), start + 2
        elif length == 127:
            (length,), start = struct.unpack_from("!Q", data, start), start + 8
        yield opcode, length
        at = start + length
