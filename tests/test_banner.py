"""What the start shows: addresses that a phone can use, a QR code of the first, and the folder."""

import locale
import os
import socket
from io import StringIO
from pathlib import Path

import ifaddr
import segno
from twisted.trial.unittest import SynchronousTestCase

from chatroom import banner
from chatroom.options import Settings

DATA = Path("/srv/chatroom-data")


class Terminal(StringIO):
    """A terminal that shows Chinese and blocks."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


class PoorTerminal(Terminal):
    """One that does not."""

    encoding = "ascii"


def modules(drawn: str) -> list[list[bool]]:
    """Read a QR code as a scanner sees it on a dark terminal: True is dark."""
    halves = {" ": (True, True), "█": (False, False), "▀": (False, True), "▄": (True, False)}
    return [
        [halves[block][half] for block in line.removeprefix("  ")]
        for line in drawn.splitlines()
        for half in (0, 1)
    ]


class BannerTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.speak("en_US.UTF-8")
        self.patch(banner, "addresses", lambda: ["192.168.1.5", "10.0.0.7"])

    def speak(self, language: str) -> None:
        self.patch(os, "environ", {"LANG": language})

    def show(self, out: StringIO | None = None, port: int | None = 3000, **options: object) -> str:
        return banner.banner(Settings(data=DATA, **options), port, out or StringIO())

    def test_each_address_and_the_folder(self) -> None:
        self.assertEqual(
            self.show(port=4711),
            "The room is open.\n"
            "  http://localhost:4711/  (here)\n"
            "  http://192.168.1.5:4711/  (in your network)\n"
            "  http://10.0.0.7:4711/  (in your network)\n"
            "  data: /srv/chatroom-data\n",
        )

    def test_in_chinese_where_the_system_is(self) -> None:
        for language in ("zh_CN.UTF-8", "zh_TW", "zh"):
            self.speak(language)
            self.assertIn("聊天室开好了。\n  http://localhost:3000/  (本机)\n", self.show())

    def test_the_environment_is_asked_in_the_order_of_posix(self) -> None:
        self.patch(os, "environ", {"LC_ALL": "", "LC_MESSAGES": "zh_CN", "LANG": "en_US"})
        self.assertIn("聊天室", self.show())
        self.patch(os, "environ", {"LC_ALL": "C", "LC_MESSAGES": "zh_CN", "LANG": "zh_CN"})
        self.assertNotIn("聊天室", self.show())

    def test_windows_has_no_such_environment(self) -> None:
        self.patch(os, "environ", {})
        self.patch(locale, "getlocale", lambda: ("Chinese (Simplified)_China", "936"))
        self.assertIn("聊天室", self.show())

    def test_https(self) -> None:
        shown = self.show(certificate=Path("a"), key=Path("b"))
        self.assertIn("  https://localhost:3000/", shown)
        self.assertIn("  https://192.168.1.5:3000/", shown)
        self.assertNotIn("http://", shown)

    def test_the_public_url_takes_the_place_of_addresses(self) -> None:
        shown = self.show(public_url="https://chat.example.org")
        self.assertIn("  https://chat.example.org/  (public)\n", shown)
        self.assertNotIn("192.168.1.5", shown)

    def test_endpoints_are_shown_as_they_were_given(self) -> None:
        shown = self.show(port=None, listen=("unix:/run/chat.socket",))
        self.assertEqual(
            shown, "The room is open.\n  unix:/run/chat.socket\n  data: /srv/chatroom-data\n"
        )

    def test_the_qr_code_is_of_the_first_address_that_others_can_use(self) -> None:
        self.assertIn(banner.qr_code("http://192.168.1.5:3000/"), self.show(Terminal()))
        self.assertIn(
            banner.qr_code("https://chat.example.org/"),
            self.show(Terminal(), public_url="https://chat.example.org"),
        )

    def test_no_qr_code_where_it_cannot_be_seen(self) -> None:
        for out in (StringIO(), PoorTerminal()):
            self.assertNotIn("█", self.show(out))

    def test_no_qr_code_where_nobody_else_could_come(self) -> None:
        self.patch(banner, "addresses", list)
        self.assertNotIn("█", self.show(Terminal()))


class QrCodeTests(SynchronousTestCase):
    def test_it_is_the_code_of_the_text(self) -> None:
        for text in ("http://192.168.1.5:3000/", "https://chat.example.org/"):
            expected = [
                [bool(module) for module in row] for row in segno.make(text).matrix_iter(border=2)
            ]
            drawn = modules(banner.qr_code(text))
            self.assertEqual(drawn[: len(expected)], expected)
            # Half a line more, where the code ends within a line: light, like the border.
            self.assertFalse(any(map(any, drawn[len(expected) :])))

    def test_it_fits_a_terminal_of_80_columns(self) -> None:
        lines = banner.qr_code("https://a-rather-long-name.chat.example.org:12345/").splitlines()
        self.assertLessEqual(max(map(len, lines)), 80)


class AddressesTests(SynchronousTestCase):
    def have(self, *interfaces: tuple[str, str | tuple[str, int, int]]) -> None:
        adapters = [
            ifaddr.Adapter(name, name, [ifaddr.IP(address, 24, name)])
            for name, address in interfaces
        ]
        self.patch(ifaddr, "get_adapters", lambda: adapters)

    def test_only_those_that_a_phone_can_use(self) -> None:
        self.have(
            ("lo", "127.0.0.1"),
            ("docker0", "172.17.0.1"),
            ("br-1a2b", "172.18.0.1"),
            ("veth1", "172.19.0.1"),
            ("virbr0", "192.168.122.1"),
            ("eth9", "169.254.3.4"),
            ("eth0", ("fe80::1", 0, 2)),
            ("Loopback", "127.0.0.2"),
            ("wlan0", "192.168.1.5"),
        )
        self.assertEqual(banner.addresses(), ["192.168.1.5"])

    def test_the_one_of_the_default_route_comes_first(self) -> None:
        self.have(("eth1", "10.9.9.9"), ("wlan0", "192.168.1.5"), ("eth0", "10.0.0.7"))

        class Probe(socket.socket):
            def connect(self, address: object) -> None:
                """Choose the interface, as the kernel does."""

            def getsockname(self) -> tuple[str, int]:
                return ("192.168.1.5", 40000)

        self.patch(socket, "socket", Probe)
        self.assertEqual(banner.addresses(), ["192.168.1.5", "10.9.9.9", "10.0.0.7"])

    def test_a_machine_without_a_network(self) -> None:
        self.have(("lo", "127.0.0.1"))

        class Unreachable(socket.socket):
            def connect(self, address: object) -> None:
                raise OSError(101, "Network is unreachable")

        self.patch(socket, "socket", Unreachable)
        self.assertEqual(banner.addresses(), [])
