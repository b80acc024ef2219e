"""What the Engine.IO suite of the protocol's authors checks, on a `Clock`.

That is `docs/engine.io-protocol/v4-test-suite` of github.com/socketio/socket.io.
"""

import json

import txaio
from twisted.trial.unittest import SynchronousTestCase

from tests.conformance.echo import build_echo_site
from tests.memory import Port
from tests.socketio_peer import Poller, SocketIOPeer
from tests.transports.answers import Answer, handshake, read, request

ENGINE = "/engine.io/"
OPENED = {"pingInterval": 300, "pingTimeout": 200, "maxPayload": 1_000_000}


class EchoPort(Port):
    """The conformance server in memory."""

    def __init__(self, test: SynchronousTestCase) -> None:
        super().__init__()
        test.patch(txaio.config, "loop", self.clock)
        self.site = build_echo_site(65536, 1024, self.clock)


class EngineCase(SynchronousTestCase):
    """`/engine.io/`, where each message comes back."""

    def setUp(self) -> None:
        self.port = EchoPort(self)

    def poller(self) -> Poller:
        return Poller(self.port, path=ENGINE)

    def socket(self, **query: object) -> SocketIOPeer:
        return SocketIOPeer(self.port, path=ENGINE, **query)

    def ask(self, query: str, method: bytes = b"GET") -> Answer:
        length = [b"Content-Length: 0"] if method != b"GET" else []
        [answer] = read(self.port.request(request(ENGINE + query, *length, method=method)))
        return answer

    def wait(self, seconds: float) -> None:
        """Let time pass, no more than that."""
        self.port.clock.advance(seconds)
        self.port.settle()

    def assert_over(self, poller: Poller) -> None:
        """The session of a poller is no more."""
        poller.parked = False
        self.assertEqual(poller.poll().status, 400)

    def assert_closed(self, socket: SocketIOPeer) -> None:
        self.port.settle()
        socket.take()
        self.assertIsNotNone(socket.close)


class HandshakeTests(EngineCase):
    def test_polling_is_told_what_the_suites_want_and_nothing_else(self) -> None:
        opened = self.poller().opened
        self.assertGreaterEqual(len(opened.pop("sid")), 22)
        self.assertEqual(opened, OPENED | {"upgrades": ["websocket"]})

    def test_a_websocket_upgrades_to_nothing(self) -> None:
        [packet] = self.socket().take()
        self.assertEqual(packet[0], "0")
        opened = json.loads(packet[1:])
        del opened["sid"]
        self.assertEqual(opened, OPENED | {"upgrades": []})

    def test_what_is_no_handshake_is_400(self) -> None:
        for query in (
            "?transport=polling",
            "?EIO=abc&transport=polling",
            "?EIO=3&transport=polling",
            "?EIO=4",
            "?EIO=4&transport=abc",
            "?EIO=4&transport=websocket",
            "?EIO=4&transport=polling&sid=abc",
        ):
            self.assertEqual(self.ask(query).status, 400, query)
        for method in (b"POST", b"PUT", b"DELETE", b"PATCH"):
            self.assertEqual(self.ask("?EIO=4&transport=polling", method).status, 400)

    def test_nor_is_it_one_for_a_websocket(self) -> None:
        for query in (
            "?transport=websocket",
            "?EIO=abc&transport=websocket",
            "?EIO=4",
            "?EIO=4&transport=abc",
            "?EIO=4&transport=websocket&sid=abc",
        ):
            [answer] = read(self.port.request(handshake(ENGINE + query)))
            self.assertEqual(answer.status, 400, query)


class MessageTests(EngineCase):
    def test_packets_that_are_posted_come_back_joined(self) -> None:
        poller = self.poller()
        answer = poller.post("4a\x1e4b")
        self.assertEqual((answer.status, answer.body), (200, b"ok"))
        self.assertEqual(poller.poll().body, b"4a\x1e4b")

    def test_bytes_are_in_base64(self) -> None:
        poller = self.poller()
        poller.post("bAQIDBA==")
        self.assertEqual(poller.poll().body, b"bAQIDBA==")

    def test_no_packet_at_all_ends_the_session(self) -> None:
        poller = self.poller()
        self.assertEqual(poller.post("abc").status, 400)
        self.assert_over(poller)

    def test_a_websocket_brings_back_text_and_bytes(self) -> None:
        socket = self.socket()
        socket.take()
        socket.give("4床前")
        socket.frame(2, b"\x01\x02\x1e")
        self.port.settle()
        self.assertEqual(socket.frames(), [(1, "4床前".encode()), (2, b"\x01\x02\x1e")])

    def test_no_packet_at_all_closes_a_websocket(self) -> None:
        for packet in ("abc", "", "7", "5", "2"):
            socket = self.socket()
            socket.give(packet)
            self.assert_closed(socket)


class OverlapTests(EngineCase):
    def test_two_requests_at_a_time_end_the_session(self) -> None:
        poller = self.poller()
        self.assertIsNone(poller.poll())
        [second] = read(self.port.request(poller.request()))
        self.assertEqual(second.status, 400)
        self.assertEqual(poller.poll().body, b"1")
        self.assert_over(poller)

    def test_a_request_that_is_given_up_ends_the_session(self) -> None:
        poller = self.poller()
        poller.poll()
        poller.cut()
        poller.down = self.port.wire()
        self.assert_over(poller)


class HeartbeatTests(EngineCase):
    def test_three_rounds_by_polling(self) -> None:
        poller = self.poller()
        for _ in range(3):
            self.assertIsNone(poller.poll())
            self.wait(0.3)
            self.assertEqual(poller.poll().body, b"2")
            self.assertEqual(poller.post("3").body, b"ok")

    def test_three_rounds_by_websocket(self) -> None:
        socket = self.socket()
        socket.take()
        for _ in range(3):
            self.wait(0.3)
            self.assertEqual(socket.take(), ["2"])
            socket.give("3")

    def test_after_500_ms_without_an_answer_it_is_over_to_the_millisecond(self) -> None:
        poller = self.poller()
        self.wait(0.3)
        self.wait(0.199)
        self.assertEqual(poller.poll().body, b"2")
        # The moment has come, and its timer has not fired yet.
        self.port.clock.rightNow += 0.001
        self.assert_over(poller)

    def test_nor_does_a_websocket_live_longer(self) -> None:
        socket = self.socket()
        self.wait(0.3)
        self.wait(0.199)
        self.assertFalse(socket.wire.lost)
        self.wait(0.001)
        self.assertTrue(socket.wire.lost)


class CloseTests(EngineCase):
    def test_who_says_goodbye_has_its_request_answered(self) -> None:
        poller = self.poller()
        self.assertIsNone(poller.poll())
        self.assertEqual(poller.post("1").body, b"ok")
        answer = poller.poll()
        self.assertEqual((answer.status, answer.body), (200, b"6"))
        self.assert_over(poller)

    def test_a_websocket_is_closed(self) -> None:
        socket = self.socket()
        socket.give("1")
        self.assert_closed(socket)


class UpgradeTests(EngineCase):
    def test_step_by_step(self) -> None:
        poller = self.poller()
        self.assertIsNone(poller.poll())
        socket = self.socket(sid=poller.sid)
        self.assertEqual(socket.take(), [])
        socket.give("2probe")
        self.assertEqual(socket.take(), ["3probe"])
        self.assertEqual(poller.poll().body, b"6")
        self.assertEqual(poller.poll().body, b"6")
        socket.give("5", "4hello")
        self.assertEqual(socket.take(), ["4hello"])
        self.assert_over(poller)
        # What was asked in vain changed nothing.
        socket.give("4again")
        self.assertEqual(socket.take(), ["4again"])

    def test_a_second_websocket_is_let_in_and_closed(self) -> None:
        poller = self.poller()
        socket = self.socket(sid=poller.sid)
        socket.give("2probe", "5")
        socket.take()
        second = self.socket(sid=poller.sid)
        self.assertEqual(second.status, 101)
        self.assert_closed(second)
        socket.give("4hello")
        self.assertEqual(socket.take(), ["4hello"])
