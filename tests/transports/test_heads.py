"""Heads of requests as they are told: whole, but for what is secret."""

from twisted.trial.unittest import SynchronousTestCase

from chatroom.transports.heads import head


class HeadTests(SynchronousTestCase):
    def test_line_and_headers_as_they_came(self) -> None:
        told = head([b"GET /ws?nick=\xe6\x9d\x8e HTTP/1.1", b"host:  a", b"X-Y: b:c ", b""])
        self.assertEqual(told.line, "GET /ws?nick=李 HTTP/1.1")
        self.assertEqual(told.headers, [("host", "a"), ("X-Y", "b:c")])

    def test_secret_headers(self) -> None:
        for name in ("Cookie", "cookie", "AUTHORIZATION", "Proxy-Authorization", "Set-Cookie"):
            told = head([b"GET / HTTP/1.1", f"{name}: chatroom=secret".encode()])
            self.assertEqual(told.headers, [(name, "…")])

    def test_secrets_in_the_address(self) -> None:
        for address, shown in (
            ("/socket.io/?EIO=4&sid=abc-_9&t=1", "/socket.io/?EIO=4&sid=…&t=1"),
            ("/socket.io/?sid=abc", "/socket.io/?sid=…"),
            ("/ws?TOKEN=a.b", "/ws?TOKEN=…"),
            ("/ws?since=1&side=2", "/ws?since=1&side=2"),
        ):
            told = head([f"GET {address} HTTP/1.1".encode()])
            self.assertEqual(told.line, f"GET {shown} HTTP/1.1")

    def test_what_is_no_text(self) -> None:
        self.assertEqual(head([b"GET /\xff HTTP/1.1"]).line, "GET /\ufffd HTTP/1.1")
