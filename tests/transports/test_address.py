"""By what address others can come: never one by which each computer means itself."""

import json
import re
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

from chatroom import banner
from chatroom.transports.address import means_itself
from tests.memory import MemoryServer
from tests.test_site import SiteCase
from tests.transports.answers import request

NEARBY = ["192.168.1.5", "10.0.0.7"]


class AddressTests(SiteCase):
    def serve(self, nearby: list[str] = NEARBY, **options: Any) -> None:
        patched = patch.object(banner, "addresses", lambda: nearby)
        patched.start()
        self.addCleanup(patched.stop)
        self.server = MemoryServer(self, **options)

    def url(self, host: str, room: str = "数学课", *lines: bytes) -> str | None:
        asked = request(f"/address?room={quote(room, safe='')}", *lines)
        found = self.ask(asked.replace(b"Host: chat.test", b"Host: " + host.encode()))
        self.assertEqual(found.status, 200, found.body)
        self.assertEqual(found.header("cache-control"), "no-store")
        answer: dict[str, str | None] = json.loads(found.body)
        return answer["url"]

    def test_what_the_request_came_by_is_good_for_others(self) -> None:
        self.serve()
        room = "/r/%E6%95%B0%E5%AD%A6%E8%AF%BE"
        for host in ("192.168.1.9:3000", "chat.example", "[2001:db8::1]:3000", "pi.local:80"):
            self.assertEqual(self.url(host), f"http://{host}{room}")
        self.assertEqual(self.url("chat.example", "lobby"), "http://chat.example/")
        self.assertEqual(self.url("chat.example", "a b?"), "http://chat.example/r/a%20b%3F")

    def test_one_that_each_means_itself_by_is_not(self) -> None:
        self.serve()
        for host in ("localhost:3000", "127.0.0.1:3000", "[::1]:3000", "a.localhost", "0.0.0.0"):
            self.assertRegex(self.url(host) or "", r"^http://192\.168\.1\.5:\d+/r/%E6")

    def test_nor_is_what_is_no_host(self) -> None:
        self.serve()
        for host in ("evil.example/x", "a@b", "a b", "<b>", "x:99999999", "", "[::1", "..", "a..b"):
            self.assertRegex(self.url(host) or "", r"^http://192\.168\.1\.5:\d+/", host)

    def test_in_no_network_there_is_none(self) -> None:
        self.serve([])
        self.assertIsNone(self.url("localhost:3000"))
        asked = request("/address.svg?room=x").replace(b"chat.test", b"localhost")
        self.assertEqual(self.ask(asked).status, 404)

    def test_the_code_of_an_invitation_is_another_one(self) -> None:
        self.serve()
        plain, invited, odd = (
            self.ask(request(f"/address.svg?room=x{more}")).body
            for more in ("", "&invite=abc_-9", "&invite=" + quote("<a>"))
        )
        self.assertIn(b"<svg", plain)
        self.assertNotEqual(plain, invited)
        self.assertEqual(plain, odd)

    def test_where_it_listens_elsewhere_nobody_guesses(self) -> None:
        self.serve(port=None, listen=("unix:/run/chat",))
        self.assertIsNone(self.url("localhost"))

    def test_the_public_one_is_that_of_the_operator(self) -> None:
        self.serve(public_url="https://chat.example")
        self.assertEqual(self.url("localhost:3000", "lobby"), "https://chat.example/")

    def test_a_proxy_that_is_trusted_is_believed(self) -> None:
        self.serve(trust_proxy=True)
        told = (b"X-Forwarded-Host: chat.example", b"X-Forwarded-Proto: https")
        self.assertEqual(self.url("localhost:3000", "lobby", *told), "https://chat.example/")
        # It has not told by what host one came, and this machine's own address leads past it.
        self.assertIsNone(self.url("localhost:3000", "lobby"))
        self.serve()
        self.assertRegex(self.url("localhost:3000", "lobby", *told) or "", "^http://192")

    def test_the_code_is_a_picture_of_it(self) -> None:
        self.serve()
        answer = self.get("/address.svg?room=" + quote("数学课"))
        self.assertEqual(answer.header("content-type"), "image/svg+xml")
        self.assertTrue(answer.body.startswith(b"<svg"))
        self.assertIsNone(re.search(rb"<svg[^>]* (width|height)=", answer.body))
        self.assertNotEqual(answer.body, self.get("/address.svg?room=x").body)

    def test_a_room_that_cannot_be_is_refused(self) -> None:
        self.serve()
        for path in ("/address?room=a%2Fb", "/address.svg?room=" + "x" * 65, "/address?room=%ff"):
            answer = self.get(path)
            self.assertIn(answer.status, (400, 413), path)
            self.assertEqual(json.loads(answer.body)["type"], "error")
        self.assertEqual(self.ask(request("/address", method=b"POST")).status, 405)

    def test_pages_from_elsewhere_are_told_nothing(self) -> None:
        self.serve()
        self.assertEqual(self.get("/address", b"Origin: https://evil.example").status, 403)


class LoopbackTests(SiteCase):
    def test_by_what_a_computer_means_itself(self) -> None:
        for host in (
            "localhost",
            "LOCALHOST.",
            "x.localhost",
            "127.9.9.9",
            "[::1]",
            "0.0.0.0",
            "[::]",
            "[::ffff:127.0.0.1]",
        ):
            self.assertTrue(means_itself(host), host)
        for host in ("localhost.example", "128.0.0.1", "[::2]", "mylocalhost", "127.0.0.1.example"):
            self.assertFalse(means_itself(host), host)
