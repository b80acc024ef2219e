"""Packets and payloads of Engine.IO 4 (github.com/socketio/engine.io-protocol, "Packet encoding").

Over a WebSocket each packet is a frame; over HTTP long-polling several are joined to one payload,
and bytes are in base64.
"""

import binascii
from base64 import b64decode, b64encode
from typing import NamedTuple

OPEN = "0"
CLOSE = "1"
PING = "2"
PONG = "3"
MESSAGE = "4"
UPGRADE = "5"
NOOP = "6"
KINDS = frozenset("0123456")

SEPARATOR = b"\x1e"
# The specification names no number; a thousand messages that waited for a slow request are honest.
MOST_PACKETS = 1_000


class Malformed(Exception):
    """What came is not of the protocol; its session is closed."""


class Packet(NamedTuple):
    """One packet; only a message carries bytes."""

    kind: str
    data: str | bytes = ""


def encode(packet: Packet) -> bytes:
    """Give a packet as it stands in a payload."""
    if isinstance(packet.data, bytes):
        return b"b" + b64encode(packet.data)
    return (packet.kind + packet.data).encode()


def decode(frame: str | bytes) -> Packet:
    """Read the packet in a WebSocket frame: bytes are a message."""
    if isinstance(frame, bytes):
        return Packet(MESSAGE, frame)
    if frame[:1] not in KINDS:
        raise Malformed("no packet begins so")
    return Packet(frame[0], frame[1:])


def decode_payload(payload: bytes) -> list[Packet]:
    """Read the packets of a request's body; raises `Malformed`, also for too many."""
    if payload.count(SEPARATOR) >= MOST_PACKETS:
        raise Malformed("too many packets")
    return [_decode_part(part) for part in payload.split(SEPARATOR)]


def _decode_part(part: bytes) -> Packet:
    try:
        if part[:1] == b"b":
            return Packet(MESSAGE, b64decode(part[1:], validate=True))
        return decode(part.decode())
    except (binascii.Error, UnicodeDecodeError):
        raise Malformed("no UTF-8, or no base64") from None
