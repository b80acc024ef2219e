"""`GET /api/v1/wire`: a polling session's requests, told to its owner alone."""

import json
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from chatroom.transports.engineio.record import LAST_EXCHANGES, MOST_BYTES, MOST_HEADERS
from tests.memory import MemoryServer
from tests.transports.answers import Answer, read, request

PATH = "/socket.io/?EIO=4&transport=polling"


class RecordTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.server = MemoryServer(self)
        self.sid = json.loads(self.ask("GET", PATH).body[1:])["sid"]

    def ask(self, method: str, path: str, body: str = "", *lines: bytes) -> Answer:
        content = body.encode()
        length = b"Content-Length: %d" % len(content)
        sent = request(path, length, *lines, method=method.encode()) + content
        [answer] = read(self.server.request(sent))
        return answer

    def told(self, *lines: bytes) -> dict[str, Any]:
        answer = self.ask("GET", f"/api/v1/wire?sid={self.sid}", "", *lines)
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.header("cache-control"), "no-store")
        told: dict[str, Any] = json.loads(answer.body)
        return told

    def test_the_first_request_in_full(self) -> None:
        handshake = self.told()["handshake"]
        self.assertEqual(handshake["request"]["line"], f"GET {PATH} HTTP/1.1")
        self.assertEqual(handshake["request"]["headers"][0], ["Host", "chat.test"])
        self.assertEqual(handshake["response"]["line"], "HTTP/1.1 200 OK")
        self.assertIn(["Cache-Control", "no-store"], handshake["response"]["headers"])

    def test_each_request_without_its_secret(self) -> None:
        self.ask("POST", f"{PATH}&sid={self.sid}", "40")
        self.server.now += 5
        self.ask("GET", f"{PATH}&sid={self.sid}")
        requests = self.told()["requests"]
        self.assertEqual([each["received"] for each in requests], [0, 2, 0])
        self.assertEqual([each["status"] for each in requests], [200, 200, 200])
        self.assertEqual(requests[1]["sent"], 2)
        self.assertEqual(requests[2]["at"], self.server.now)
        self.assertEqual(requests[1]["line"], f"POST {PATH}&sid=… HTTP/1.1")
        self.assertNotIn(self.sid, json.dumps(requests))

    def test_how_long_one_was_kept_waiting(self) -> None:
        wire = self.server.wire()
        wire.receive(request(f"{PATH}&sid={self.sid}"))
        self.server.settle()
        self.assertEqual(len(self.told()["requests"]), 1)
        self.server.now += 7
        wire_of_another = self.ask("POST", f"{PATH}&sid={self.sid}", "40")
        self.assertEqual(wire_of_another.body, b"ok")
        waited = [each["waited"] for each in self.told()["requests"] if "GET" in each["line"]]
        self.assertEqual(waited, [0, 7])

    def test_only_the_last_ones(self) -> None:
        for _ in range(LAST_EXCHANGES + 1):
            self.ask("POST", f"{PATH}&sid={self.sid}", "6")
        requests = self.told()["requests"]
        self.assertEqual(len(requests), LAST_EXCHANGES)
        self.assertNotIn("GET", requests[0]["line"])

    def last_line(self, path: str) -> str:
        """Ask for a path; give what is told of it."""
        self.ask("POST", path, "6")
        line: str = self.told()["requests"][-1]["line"]
        return line

    def test_a_line_is_told_up_to_so_many_bytes(self) -> None:
        path = f"{PATH}&sid={self.sid}&a="
        fits = "b" * (MOST_BYTES - len(f"POST {path} HTTP/1.1"))
        for fill, end in (("", " HTTP/1.1"), ("b", " HTTP/1."), ("b" * 15_000, "bbbbbbbbb")):
            line = f"POST {path}{fits}".replace(self.sid, "…") + (fill + " HTTP/1.1")[:9]
            self.assertTrue(line.endswith(end))
            self.assertEqual(self.last_line(path + fits + fill), line)

    def test_half_a_secret_is_hidden_too(self) -> None:
        before = f"{PATH}&a="
        fill = "b" * (MOST_BYTES - len(f"POST {before}&sid=1234"))
        line = self.last_line(f"{before}{fill}&sid={self.sid}")
        self.assertEqual(line, f"POST {before}{fill}&sid=…")

    def test_a_handshake_has_so_many_headers_of_so_many_bytes(self) -> None:
        lines = [b"X-%d: %b" % (number, b"a" * 600) for number in range(20)]
        lines += [b"Y: b"] * (MOST_HEADERS - 21)
        self.sid = json.loads(self.ask("GET", PATH, "", *lines).body[1:])["sid"]
        headers = self.told()["handshake"]["request"]["headers"]
        self.assertEqual(len(headers), MOST_HEADERS)
        self.assertEqual({len(f"{name}: {value}") for name, value in headers[2:22]}, {MOST_BYTES})
        self.assertEqual(headers[-1], ["Y", "b"])

    def test_what_was_broken_off_is_not_there(self) -> None:
        wire = self.server.wire()
        wire.receive(request(f"{PATH}&sid={self.sid}"))
        self.server.settle()
        self.assertEqual(wire.taken, b"")
        record = self.server.server.engine.sessions[self.sid].record
        wire.lose(ConnectionError())
        self.server.settle()
        self.assertEqual(len(record.exchanges), 1)

    def test_nobody_else(self) -> None:
        peer = self.server.enter("大厅", "杜甫")
        bearer = f"Authorization: Bearer {peer.welcome['token']}".encode()
        for path, lines in (
            ("/api/v1/wire?sid=unknown", [bearer]),
            ("/api/v1/wire", []),
        ):
            self.assertEqual(self.ask("GET", path, "", *lines).status, 404)

    def test_the_owner_by_the_same_token(self) -> None:
        peer = self.server.enter("大厅", "杜甫")
        bearer = f"Authorization: Bearer {peer.welcome['token']}".encode()
        self.sid = json.loads(self.ask("GET", PATH, "", bearer).body[1:])["sid"]
        told = self.told(bearer)
        self.assertIn(["Authorization", "…"], told["handshake"]["request"]["headers"])
        self.assertNotIn(peer.welcome["token"], json.dumps(told))
        self.assertEqual(self.ask("GET", f"/api/v1/wire?sid={self.sid}").status, 404)
