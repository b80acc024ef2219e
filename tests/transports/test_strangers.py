"""By no request that the description knows does a stranger learn of a private room."""

import json
import re
from collections.abc import Iterator
from typing import Any

from chatroom.transports.http_api import DESCRIPTION
from tests.core.test_private_leaks import LeakCase
from tests.core.test_private_rooms import NOWHERE
from tests.memory import SECRET

SINCE = "since=0&after=0&wait=1&q=%E6%9C%88&keep_days=1"
VALUES = {"seq": "2", "emoji": "%F0%9F%91%8D", "id": "1"}
BODIES: list[dict[str, Any]] = [
    {},
    {"text": "a", "id": "m1", "seq": 1, "role": "member", "seconds": 9, "topic": "a", "uses": 1},
    {"password": "a", "text": ""},
    {"invitation": "a"},
]


class StrangerTests(LeakCase):
    def setUp(self) -> None:
        super().setUp()
        self.say("春江花月夜")
        self.server.clock.advance(1)
        self.server.settle()

    def requests(self, room: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Every method and path, with bodies that mean something to one or the other."""
        values = VALUES | {"room": room, "user": self.user(self.libai)}
        for path, methods in json.loads(DESCRIPTION.read_bytes())["paths"].items():
            filled = re.sub(r"\{(\w+)\}", lambda name: values[name[1]], path)
            for method in methods.keys() & {"get", "post", "put", "patch", "delete"}:
                if "{room}" in path and method == "get":
                    for query in ("", "?" + SINCE):
                        yield "GET", filled + query, {}
                        yield "HEAD", filled + query.replace("&wait=1", ""), {}
                elif "{room}" in path:
                    yield from ((method.upper(), filled, body) for body in BODIES)
        for query in ("search?q=%E6%9C%88&room=", "search?q=%E6%9C%88+in:", "rooms?q="):
            yield "GET", f"/api/v1/{query}{room}", {}
        yield "POST", "/api/v1/rooms", {"room": room}
        yield "GET", f"/r/{room}", {}

    def answer(self, token: str | None, method: str, path: str, body: dict[str, Any]) -> bytes:
        # Nobody is too fast.
        self.server.clock.advance(100)
        sent = json.dumps(body).encode()
        lines = [f"{method} {path} HTTP/1.1", "Host: chat.test", f"Content-Length: {len(sent)}"]
        if token is not None:
            lines.append(f"Authorization: Bearer {token}")
        answer = self.server.request("\r\n".join([*lines, "", ""]).encode() + sent)
        self.assertNotEqual(answer, b"", (method, path, body))
        return re.sub(rb"(Date|Set-Cookie): .*|@[\w-]{22}|%40[\w-]{22}", b"", answer)

    def assert_strange(self, token: str | None) -> None:
        count = 0
        for one, other in zip(self.requests(self.room), self.requests(NOWHERE), strict=True):
            there = self.answer(token, *one)
            self.assertEqual(there, self.answer(token, *other), one)
            self.assertNotIn("春江".encode(), there)
            count += 1
        self.assertGreater(count, 80)

    def test_without_a_token(self) -> None:
        self.assert_strange(None)

    def test_a_guest(self) -> None:
        self.assert_strange(self.dufu.welcome["token"])

    def test_where_only_hosts_make_rooms(self) -> None:
        self.patch(self.server.server._core.keeping.standing, "_only_hosts_make", True)
        self.assert_strange(self.dufu.welcome["token"])

    def test_who_owns_the_server(self) -> None:
        self.ask(self.dufu, "own", secret=SECRET)
        self.assert_strange(self.dufu.welcome["token"])

    def be_a_member(self) -> None:
        self.admit(self.dufu)
        self.ask(self.dufu, "join", room=self.room)
        self.ask(self.dufu, "say", room=self.room, text="a", id="m1")
        self.ask(self.dufu, "read", room=self.room, seq=2)

    def test_who_was_a_member(self) -> None:
        self.be_a_member()
        self.ask(self.dufu, "part", room=self.room)
        self.assert_strange(self.dufu.welcome["token"])

    def test_who_is_banned_there_and_its_network(self) -> None:
        self.be_a_member()
        user = self.user(self.dufu)
        self.ask(self.libai, "ban", room=self.room, user=user, network=True)
        self.assert_strange(self.dufu.welcome["token"])
        self.assert_strange(None)
