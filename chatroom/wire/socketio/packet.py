"""Packets of Socket.IO 5 (github.com/socketio/socket.io-protocol, "Packet encoding").

`5` + `2-` + `/admin,` + `7` + `["name", …]`: kind, attachments, namespace, id, data. Bytes in the
data travel after it, each as a message of its own, and a placeholder stands where they belong.
"""

import re
from json import loads
from typing import Any, NamedTuple

import msgspec

from chatroom.core.errors import Refused
from chatroom.wire import strict
from chatroom.wire.engineio.packet import Malformed

CONNECT = 0
DISCONNECT = 1
EVENT = 2
ACK = 3
CONNECT_ERROR = 4
BINARY_EVENT = 5
BINARY_ACK = 6

MAIN = "/"
# As the official parser since 4.2.6 (CVE-2026-33151).
MOST_ATTACHMENTS = 10
# The official client keeps these for itself.
RESERVED = {
    "connect",
    "connect_error",
    "disconnect",
    "disconnecting",
    "newListener",
    "removeListener",
}
HEAD = re.compile(r"([0-6])(?:([0-9]{1,2})-)?(/[^,]{0,128}(?:,|\Z))?([0-9]{1,15})?(.*)", re.DOTALL)


class Packet(NamedTuple):
    """One packet. `fault` says which of our own rules its data breaks, sound JSON though it is."""

    kind: int
    namespace: str = MAIN
    data: Any = None
    id: int | None = None
    attachments: int = 0
    fault: str | None = None


def decode(text: str) -> Packet:
    """Read the text of a packet; raises `Malformed`."""
    head = HEAD.fullmatch(text)
    if head is None:
        raise Malformed("no packet begins so")
    kind, count, namespace, id, rest = int(head[1]), head[2], head[3], head[4], head[5]
    is_binary = kind in (BINARY_EVENT, BINARY_ACK)
    if is_binary is not (count is not None) or int(count or 0) > MOST_ATTACHMENTS:
        raise Malformed("attachments that cannot be")
    data, fault = _data(rest)
    packet = Packet(
        kind=kind,
        namespace=(namespace or MAIN).removesuffix(","),
        data=data,
        id=None if id is None else int(id),
        attachments=int(count or 0),
        fault=fault,
    )
    if not _is_valid(packet, rest):
        raise Malformed("data that does not belong to its kind")
    return packet


def _data(text: str) -> tuple[Any, str | None]:
    if not text:
        return None, None
    payload = text.encode()
    try:
        data = strict.parse(payload)
    except Refused:
        return _sound_but_refused(text), "A string holds no lone surrogate, a number is finite."
    # One level for the list of arguments.
    return data, strict.fault(data, payload, strict.MAX_DEPTH + 1)


def _sound_but_refused(text: str) -> Any:
    """Decode what is JSON to JavaScript, and not to us: a lone surrogate, an endless number."""
    try:
        return loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Malformed("no JSON") from None


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _is_valid(packet: Packet, rest: str) -> bool:
    data = packet.data
    if packet.kind == CONNECT:
        return packet.id is None and (not rest or isinstance(data, dict))
    if packet.kind == DISCONNECT:
        return packet.id is None and not rest
    if packet.kind in (EVENT, BINARY_EVENT):
        return (
            isinstance(data, list)
            and bool(data)
            and isinstance(data[0], str)
            and data[0] not in RESERVED
        )
    if packet.kind in (ACK, BINARY_ACK):
        return packet.id is not None and isinstance(data, list)
    # No client refuses a connection.
    return False


def fill(data: Any, attachments: list[bytes]) -> Any:
    """Put attachments where their placeholders stand, each once; raises `Malformed`."""
    places: list[int] = []
    filled = _fill(data, attachments, places)
    if sorted(places) != list(range(len(attachments))):
        raise Malformed("attachments without a place")
    return filled


def _fill(data: Any, attachments: list[bytes], places: list[int]) -> Any:
    if isinstance(data, list):
        return [_fill(item, attachments, places) for item in data]
    if not isinstance(data, dict):
        return data
    if data.get("_placeholder") is True:
        place = data.get("num")
        if type(place) is not int or not 0 <= place < len(attachments):
            raise Malformed("a placeholder for no attachment")
        places.append(place)
        return attachments[place]
    return {name: _fill(item, attachments, places) for name, item in data.items()}


def encode(packet: Packet) -> list[str | bytes]:
    """Give the messages of a packet: its text, then the bytes that were found in its data."""
    attachments: list[bytes] = []
    data = _take_out(packet.data, attachments)
    kind = packet.kind
    if attachments:
        kind = {EVENT: BINARY_EVENT, ACK: BINARY_ACK}[kind]
    text = "".join(
        (
            str(kind),
            f"{len(attachments)}-" if attachments else "",
            "" if packet.namespace == MAIN else packet.namespace + ",",
            "" if packet.id is None else str(packet.id),
            "" if data is None else msgspec.json.encode(data).decode(),
        )
    )
    return [text, *attachments]


def _take_out(data: Any, attachments: list[bytes]) -> Any:
    if isinstance(data, bytes):
        attachments.append(data)
        return {"_placeholder": True, "num": len(attachments) - 1}
    if isinstance(data, list):
        return [_take_out(item, attachments) for item in data]
    if isinstance(data, dict):
        return {name: _take_out(item, attachments) for name, item in data.items()}
    return data
