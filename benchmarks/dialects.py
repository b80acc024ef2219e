"""How a client of each server speaks: its handshake, a message, and the server's question for life.

Frames are RFC 6455's, masked with a key of zeros, which leaves the payload as it is.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
TEXT, PONG = 0x81, 0x8A


def frame(payload: bytes, first: int = TEXT) -> bytes:
    """Make one whole masked frame of at most 65,535 bytes."""
    length = len(payload)
    if length < 126:
        return bytes((first, 0x80 | length, 0, 0, 0, 0)) + payload
    return bytes((first, 0x80 | 126)) + length.to_bytes(2) + bytes(4) + payload


def upgrade(port: int, path: str) -> bytes:
    """Make the request that opens a WebSocket."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Key: {KEY}\r\nSec-WebSocket-Version: 13\r\n\r\n"
    ).encode()


class Ping(NamedTuple):
    """What asks for a sign of life, and the answer."""

    begins: bytes
    length: int
    answer: Callable[[bytes], bytes]


def answers(came: bytes, ping: Ping) -> Iterator[bytes]:
    """Give an answer to each ping that is whole in these bytes.

    What only looks like one is answered as well, which does no harm.
    """
    at = came.find(ping.begins)
    while 0 <= at <= len(came) - ping.length:
        yield ping.answer(came[at : at + ping.length])
        at = came.find(ping.begins, at + ping.length)


class Dialect(NamedTuple):
    """What is particular to the clients of one server."""

    path: Callable[[str], str]
    """To a room."""
    steps: tuple[tuple[bytes, bytes], ...]
    """Each is a sign in what the server sends, and what is answered; after the last one is in."""
    say: Callable[[str, str, str], bytes]
    """A message's frame, by room, id and text."""
    ping: Ping


def _json(room: str, id: str, text: str) -> bytes:
    return frame(f'{{"type":"say","room":"{room}","id":"{id}","text":"{text}"}}'.encode())


def _event(room: str, id: str, text: str) -> bytes:
    return frame(f'42["chat message","{text}"]'.encode())


def _socketio(room: str) -> str:
    return "/socket.io/?EIO=4&transport=websocket"


# Twelve bytes is what the server asks with; a peer that asks for nothing has the same, unused.
_FRAME = Ping(b"\x89\x0c", 14, lambda ping: frame(ping[2:], PONG))
_PACKET = Ping(b"\x81\x012", 3, lambda ping: frame(b"3"))
_OPENED = b'0{"sid"'

DIALECTS = {
    "json": Dialect(
        path=lambda room: f"/ws?room={room}",
        steps=((b'"type":"joined"', b""),),
        say=_json,
        ping=_FRAME,
    ),
    "socketio": Dialect(
        path=_socketio,
        steps=((_OPENED, frame(b"40")), (b'40{"sid"', b"")),
        say=_event,
        ping=_PACKET,
    ),
    # The server that is measured tells a Socket.IO client when it is in the room.
    "socketio-room": Dialect(
        path=_socketio,
        steps=((_OPENED, frame(b"40")), (b'42["joined"', b"")),
        say=_event,
        ping=_PACKET,
    ),
    "text": Dialect(
        path=lambda room: "/",
        steps=((b"\r\n\r\n", b""),),
        say=lambda room, id, text: frame(text.encode()),
        ping=_FRAME,
    ),
}
