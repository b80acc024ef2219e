"""Socket.IO clients in memory, by polling and by WebSocket: no library's, all bytes by hand."""

import json
from typing import Any
from urllib.parse import urlencode

from twisted.internet.error import ConnectionLost

from tests.memory import Peer, Port, Wire
from tests.transports.answers import Answer, read, request

SEPARATOR = "\x1e"
PATH = "/socket.io/"


class Talk:
    """The words of Socket.IO, over whatever has `give` and `take` for packets of Engine.IO."""

    def give(self, *packets: str) -> Any:
        """Send packets, and let the server act."""
        raise NotImplementedError

    def take(self) -> list[str]:
        """Give the packets that have come since the last call."""
        raise NotImplementedError

    def ask(self, **auth: object) -> None:
        """Ask for the socket."""
        self.give("40" + (json.dumps(auth) if auth else ""))

    def emit(self, name: str, *arguments: object, ack: int | None = None) -> None:
        """Send an event."""
        self.give(event(name, *arguments, ack=ack))

    def heard(self) -> list[list[Any]]:
        """Give what has come since the last call, as `[name, *arguments]`; no pings, no noops.

        An acknowledgement is `[id, answer]`; what else Socket.IO has is named after its packet.
        """
        names = {"40": "CONNECT", "41": "DISCONNECT", "44": "CONNECT_ERROR"}
        found: list[list[Any]] = []
        for packet in self.take():
            kind, rest = packet[:2], packet[2:]
            if kind == "42":
                found.append(json.loads(rest))
            elif kind == "43":
                at = rest.index("[")
                found.append([int(rest[:at]), *json.loads(rest[at:])])
            elif kind in names:
                _, brace, data = rest.partition("{")
                found.append([names[kind], *([json.loads(brace + data)] if brace else [])])
        return found

    def enter(self, **auth: object) -> list[list[Any]]:
        """Have a socket, and so be in a room; give what came of it."""
        self.ask(**auth)
        came = self.heard()
        self.welcome, self.joined = came[1][1], came[2][1]
        return came


def event(name: str, *arguments: object, ack: int | None = None) -> str:
    """The packet of an event."""
    id = "" if ack is None else str(ack)
    return f"42{id}{json.dumps([name, *arguments], ensure_ascii=False)}"


class SocketIOPeer(Talk, Peer):
    """A client by WebSocket, from the start or, with the `sid` of a poller, upgrading it."""

    def __init__(
        self,
        server: Port,
        headers: dict[str, str] | None = None,
        path: str = PATH,
        **query: object,
    ) -> None:
        asked = {"EIO": 4, "transport": "websocket"} | query
        super().__init__(server, f"{path}?{urlencode(asked)}", headers or {})

    def give(self, *packets: str) -> None:
        for packet in packets:
            self.frame(1, packet.encode())
        self.server.settle()

    def take(self) -> list[str]:
        return [payload.decode() for opcode, payload in self.frames() if opcode == 1]


class Poller(Talk):
    """A client by polling: one connection for what it asks, another for what it brings."""

    def __init__(
        self,
        server: Port,
        headers: dict[str, str] | None = None,
        path: str = PATH,
        **query: object,
    ) -> None:
        self.server = server
        self._path = path
        self._headers = headers or {}
        self._query = {"EIO": 4, "transport": "polling"} | query
        self.down, self.up = server.wire(), server.wire()
        self.parked = False
        # Where not 200, the answer that was the end of it, or the reason not to begin.
        self.last = self.poll()
        if self.last is not None and self.last.status == 200:
            self.opened: dict[str, Any] = json.loads(self.last.body[1:])
            self._query["sid"] = self.sid = self.opened["sid"]

    def request(self, method: bytes = b"GET", body: bytes | None = None, **query: object) -> bytes:
        """A request of this client's, as bytes."""
        lines = [f"{name}: {value}".encode() for name, value in self._headers.items()]
        if body is not None:
            lines.append(b"Content-Length: %d" % len(body))
        path = f"{self._path}?{urlencode(self._query | query)}"
        return request(path, *lines, method=method) + (body or b"")

    def poll(self) -> Answer | None:
        """Ask, if nothing is asked for yet; give the answer if it is there."""
        if not self.parked:
            self.parked = True
            self.down = self._open(self.down)
            self.down.receive(self.request())
            self.server.settle()
        [answer] = answered(self.down) or [None]
        if answer is not None:
            self.parked = False
        return answer

    def post(self, body: str | bytes) -> Answer | None:
        """Bring a body; give the answer if it is there."""
        body = body.encode() if isinstance(body, str) else body
        self.up = self._open(self.up)
        self.up.receive(self.request(b"POST", body))
        self.server.settle()
        [answer] = answered(self.up) or [None]
        return answer

    def _open(self, wire: Wire) -> Wire:
        # The server closes a connection on which nothing was asked for half a minute.
        return self.server.wire() if wire.lost else wire

    def give(self, *packets: str) -> Answer | None:
        return self.post(SEPARATOR.join(packets))

    def take(self) -> list[str]:
        packets: list[str] = []
        while (answer := self.poll()) is not None and answer.status == 200:
            found = answer.body.decode().split(SEPARATOR)
            packets += found
            # An upgrade is under way, or it is over.
            if found == ["6"] or "1" in found:
                break
        else:
            self.last = answer
        return packets

    def cut(self) -> None:
        """Lose both connections without a word."""
        for wire in (self.down, self.up):
            wire.lose(ConnectionLost())
        self.server.settle()


def answered(wire: Wire) -> list[Answer]:
    """Give the answers that have come by a connection since the last call."""
    answers = read(wire.taken)
    wire.taken = b""
    return answers
