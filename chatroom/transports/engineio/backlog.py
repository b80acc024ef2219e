"""What a polling session still has to be sent: it waits for the next request."""

from collections import deque

from chatroom.transports.parcel import A_WRITE, Measure, Parcel, Piece
from chatroom.wire.engineio.packet import SEPARATOR, Packet, decode_payload

# python-engineio's client gives up on a payload of more.
MOST_PACKETS = 16
MEASURE = Measure(SEPARATOR, MOST_PACKETS)


class Backlog:
    """Packets, encoded and joined, in order; `size` is in bytes."""

    __slots__ = ("_pieces", "packets", "size")

    def __init__(self) -> None:
        self._pieces: deque[Piece] = deque()
        self.packets = 0
        self.size = 0

    @property
    def fills_an_answer(self) -> bool:
        """Whether there is as much as one answer takes."""
        return self.packets >= MOST_PACKETS or self.size >= A_WRITE

    def add(self, data: bytes) -> None:
        """Put packets at the end."""
        piece = Piece(data, data.count(SEPARATOR) + 1)
        self._pieces.append(piece)
        self.packets += piece.frames
        self.size += len(data)

    def take(self) -> bytes:
        """Give the payload of one answer; empty when nothing waits."""
        parcel = Parcel(MEASURE)
        while self._pieces and parcel.add(*self._pieces[0]):
            piece = self._pieces.popleft()
            self.packets -= piece.frames
            self.size -= len(piece.data)
        return parcel.data

    def clear(self) -> list[Packet]:
        """Let go of all that waits, and give it."""
        left = [packet for piece in self._pieces for packet in decode_payload(piece.data)]
        self._pieces.clear()
        self.packets = self.size = 0
        return left
