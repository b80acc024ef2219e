"""One client of a crowd, and what all of them have in common."""

import socket
from typing import NamedTuple

from benchmarks import marks
from benchmarks.dialects import Dialect


class Plan(NamedTuple):
    """Whom to be, and where."""

    port: int
    dialect: Dialect
    clients: int
    rooms: int = 1
    size: int = 0
    """Of a text, at least, in characters."""


class Client:
    """One connection; until it is in, `came` is what the server has sent."""

    __slots__ = (
        "came", "fd", "heard", "kept", "number", "own", "room", "said", "socket",
        "step", "tag", "tail", "watched",
    )  # fmt: skip

    def __init__(self, number: int, room: str) -> None:
        self.number = number
        self.room = room
        self.socket = socket.socket()
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.fd = self.socket.fileno()
        self.came = b""
        self.step = 0
        self.tail = bytes(marks.TAIL)
        self.heard = self.said = self.own = 0
        self.tag = b""
        """Begins its own texts, if it is to hear them."""
        self.watched = False
        self.kept: bytearray | None = None
