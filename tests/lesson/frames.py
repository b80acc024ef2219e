"""WebSocket frames built and read by hand, so that Autobahn is not tested against itself."""

from collections.abc import Iterator
from typing import NamedTuple

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10


class Frame(NamedTuple):
    """One frame as it was read, its payload unmasked."""

    opcode: int
    payload: bytes
    final: bool
    masked: bool


def client_frame(
    opcode: int, payload: bytes, final: bool = True, mask: bytes = b"\x01\x02\x03\x04"
) -> bytes:
    """What a client sends: always masked."""
    size = len(payload)
    if size < 126:
        length = bytes([0x80 | size])
    elif size < 65536:
        length = bytes([0x80 | 126]) + size.to_bytes(2)
    else:
        length = bytes([0x80 | 127]) + size.to_bytes(8)
    return bytes([final << 7 | opcode]) + length + mask + masked(payload, mask)


def masked(payload: bytes, mask: bytes) -> bytes:
    """The payload combined with its mask; a second time gives the payload back."""
    return bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))


def read_frames(data: bytes) -> Iterator[Frame]:
    """All the frames in these bytes, which must end where a frame ends."""
    while data:
        final, opcode = bool(data[0] & 0x80), data[0] & 0x7F
        size, start = data[1] & 0x7F, 2
        if size == 126:
            size, start = int.from_bytes(data[2:4]), 4
        elif size == 127:
            size, start = int.from_bytes(data[2:10]), 10
        mask = b""
        if data[1] & 0x80:
            mask, start = data[start : start + 4], start + 4
        payload = data[start : start + size]
        if len(payload) < size:
            raise ValueError("the last frame is cut off")
        yield Frame(opcode, masked(payload, mask) if mask else payload, final, bool(mask))
        data = data[start + size :]
