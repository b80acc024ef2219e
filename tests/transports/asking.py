"""Requests to the HTTP API of a server in memory; each answer is held to the description."""

import json
from typing import Any
from urllib.parse import quote

from twisted.internet.defer import succeed
from twisted.trial.unittest import SynchronousTestCase

from tests.memory import MemoryServer, Wire
from tests.transports import described
from tests.transports.answers import Answer, read, request


def parsed(answer: Answer) -> Any:
    """Give the JSON of an answer."""
    return json.loads(answer.body)


def messages(room: str, query: str = "") -> str:
    """Give the address of a room's messages."""
    return f"/api/v1/rooms/{quote(room, safe='')}/messages{'?' if query else ''}{query}"


def events(room: str, query: str = "") -> str:
    """Give the address of a room's log."""
    return f"/api/v1/rooms/{quote(room, safe='')}/events{'?' if query else ''}{query}"


def bearer(token: str) -> bytes:
    """Give the header that shows a token."""
    return b"Authorization: Bearer " + token.encode()


class ApiCase(SynchronousTestCase):
    """A server, and ways to ask it."""

    def setUp(self) -> None:
        self.start()

    def start(self, **options: Any) -> None:
        self.server = MemoryServer(self, **options)

    def know_orders(self) -> None:
        """Have the log asked for nothing but what a test is about: who may read is known."""
        self.patch(self.server.server.database.log, "orders", lambda room: succeed(None))

    def written(self, path: str, *lines: bytes, method: str = "GET", body: Any = None) -> bytes:
        """Give a request as bytes; a body that is not bytes goes as JSON."""
        if body is None:
            return request(path, *lines, method=method.encode())
        data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        length = b"Content-Length: %d" % len(data)
        return request(path, *lines, length, method=method.encode()) + data

    def ask(self, path: str, *lines: bytes, method: str = "GET", body: Any = None) -> Answer:
        """Give the one answer to a request."""
        data = self.server.request(self.written(path, *lines, method=method, body=body))
        [answer] = read(data, bodies=method != "HEAD")
        described.check(method, path, answer)
        return answer

    def get(self, path: str, *lines: bytes) -> Any:
        """Give the JSON of a page that is there."""
        answer = self.ask(path, *lines)
        self.assertEqual(answer.status, 200, answer.body)
        return parsed(answer)

    def guest(self, nick: str | None = None) -> dict[str, str]:
        """Become a guest."""
        answer = self.ask(
            "/api/v1/guests", method="POST", body={} if nick is None else {"nick": nick}
        )
        self.assertEqual(answer.status, 201, answer.body)
        found: dict[str, str] = parsed(answer)
        return found

    def say(self, token: str, room: str, text: str, *lines: bytes, **fields: Any) -> Answer:
        """Post a message."""
        body = {"text": text, **fields}
        return self.ask(messages(room), bearer(token), *lines, method="POST", body=body)

    def hold(self, path: str, *lines: bytes) -> Wire:
        """Send a request that is not answered at once."""
        wire = self.server.wire()
        wire.receive(request(path, *lines))
        self.server.settle()
        self.assertEqual(wire.taken, b"")
        return wire

    def answered(self, wire: Wire, path: str) -> Answer:
        """Give the one answer that has come meanwhile."""
        self.server.settle()
        [answer] = read(wire.taken)
        wire.taken = b""
        described.check("GET", path, answer)
        return answer

    def assert_refused(self, answer: Answer, status: int, code: str) -> dict[str, Any]:
        """Give the error that an answer is."""
        error: dict[str, Any] = parsed(answer)
        self.assertEqual((answer.status, error["type"], error["code"]), (status, "error", code))
        return error
