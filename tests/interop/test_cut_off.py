"""A client that is cut off while it sends, and tries again by another way: one message."""

import json
import socket
import struct
from collections.abc import Callable

from tests.end_to_end.guest import PATIENCE, Guest
from tests.end_to_end.process import EndToEndTestCase, open_url

# A reset: on, after 0 s.
AT_ONCE = struct.pack("ii", 1, 0)
TEXT = "低头思故乡"


class CutOffTests(EndToEndTestCase):
    """Over plain HTTP and over polling; the other way is `/ws`."""

    def setUp(self) -> None:
        self.server = self.serve()
        self.libai, self.dufu = (Guest(self.server.port, room="lobby") for _ in range(2))
        for guest in (self.libai, self.dufu):
            self.addCleanup(guest.close)
        self.token = self.libai.welcome["token"]

    def post(self, path: str, body: str, *headers: str) -> tuple[bytes, bytes]:
        """Give the head and the body of a request."""
        data = body.encode()
        given = ("Host: localhost", f"Content-Length: {len(data)}", *headers)
        return "\r\n".join((f"POST {path} HTTP/1.1", *given, "", "")).encode(), data

    def line(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.server.port), timeout=PATIENCE)

    def cut(self, line: socket.socket) -> None:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        line.close()

    def check(self, post: Callable[[str], tuple[bytes, bytes]]) -> None:
        """Cut requests off at several places; `post` gives the one for a message's id."""
        head, body = (len(part) for part in post("cut-0"))
        places = (head // 2, head, head + body // 2, head + body - 1)
        for number, place in enumerate(places):
            line = self.line()
            line.sendall(b"".join(post(f"cut-{number}"))[:place])
            self.cut(line)
            self.assertNotIn("again", self.libai.say(TEXT, id=f"cut-{number}"))
            self.assertEqual(self.dufu.hear("said")["id"], f"cut-{number}")
        line = self.line()
        line.sendall(b"".join(post("whole")))
        stored = self.dufu.hear("said")
        self.cut(line)
        self.libai.hear("said")
        again = self.libai.say(TEXT, id="whole")
        self.assertEqual(again, stored | {"again": True})
        ids = [message["id"] for message in self.dufu.history("lobby")]
        self.assertEqual(ids, [*(f"cut-{number}" for number in range(len(places))), "whole"])

    def test_over_plain_http(self) -> None:
        authorization = f"Authorization: Bearer {self.token}"

        def post(id: str) -> tuple[bytes, bytes]:
            body = json.dumps({"text": TEXT, "id": id})
            return self.post("/api/v1/rooms/lobby/messages", body, authorization)

        self.check(post)

    def test_over_polling(self) -> None:
        path = "/socket.io/?EIO=4&transport=polling"
        url = f"http://localhost:{self.server.port}"
        with open_url(url + path) as answer:
            path += f"&sid={json.loads(answer.read()[1:])['sid']}"
        with open_url(url + path, b"40" + json.dumps({"token": self.token}).encode()) as answer:
            self.assertEqual(answer.read(), b"ok")

        def post(id: str) -> tuple[bytes, bytes]:
            return self.post(path, "42" + json.dumps(["chat message", TEXT, {"id": id}]))

        self.check(post)
