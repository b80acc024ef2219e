"""People at the door: one who talks over `/ws`, and one who only holds a socket."""

import json
import socket
from typing import Any
from urllib.parse import urlencode

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

PATIENCE = 20.0
HANDSHAKE = (
    "GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
Event = dict[str, Any]


def path(**query: object) -> str:
    """Give the chat's path with its parameters."""
    return f"/ws?{urlencode(query)}" if query else "/ws"


class Guest:
    """A client that knows the URL alone."""

    def __init__(
        self, port: int, token: str | None = None, tls: Any = None, **query: object
    ) -> None:
        scheme = "ws" if tls is None else "wss"
        self.socket = connect(
            f"{scheme}://localhost:{port}{path(**query)}",
            additional_headers={"Authorization": f"Bearer {token}"} if token else None,
            ssl=tls,
            proxy=None,
            compression=None,
            open_timeout=PATIENCE,
            close_timeout=PATIENCE,
        )
        self.welcome = self.hear("welcome")
        self.joined = self.hear("joined") if "room" in query else {}

    def send(self, kind: str, **fields: object) -> None:
        """Send a command."""
        self.socket.send(json.dumps({"type": kind, **fields}))

    def next(self) -> Event:
        """Give the next event."""
        event: Event = json.loads(self.socket.recv(PATIENCE))
        return event

    def hear(self, *kinds: str) -> Event:
        """Give the next event of one of these kinds."""
        while (event := self.next())["type"] not in kinds:
            pass
        return event

    def say(self, text: str, **fields: object) -> Event:
        """Say something; give the receipt, or what was answered instead."""
        self.send("say", text=text, **fields)
        return self.hear("said", "error")

    def history(self, room: str) -> list[Event]:
        """Give all messages of a room, oldest first, page by page."""
        messages: list[Event] = []
        more = True
        while more:
            after = messages[-1]["seq"] if messages else 0
            self.send("history", room=room, after=after, limit=200)
            page = self.hear("history", "error")
            messages += page["messages"]
            more = page["more"]
        return messages

    def farewell(self) -> tuple[int, str]:
        """Hear all there is; give the code and the reason of the close."""
        try:
            while True:
                self.socket.recv(PATIENCE)
        except ConnectionClosed as closed:
            if closed.rcvd is None:
                raise
            return closed.rcvd.code, closed.rcvd.reason

    def close(self) -> None:
        """Go."""
        self.socket.close()


def visit_the_lesson(port: int) -> ClientConnection:
    """Open a WebSocket on `/`."""
    return connect(f"ws://localhost:{port}/", proxy=None)


def hold(port: int, path: str, receive_buffer: int | None = None) -> socket.socket:
    """Open a WebSocket and give the bare socket: nothing is read but the server's handshake."""
    holder = socket.socket()
    if receive_buffer is not None:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    holder.settimeout(PATIENCE)
    holder.connect(("127.0.0.1", port))
    holder.sendall(HANDSHAKE.format(path=path).encode())
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        answer += holder.recv(1)
    if not answer.startswith(b"HTTP/1.1 101"):
        raise AssertionError(answer)
    return holder
