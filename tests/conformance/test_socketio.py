"""What the Socket.IO suite of the protocol's authors checks, on a `Clock`.

That is `docs/socket.io-protocol/v5-test-suite` of github.com/socketio/socket.io.
"""

import json
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.conformance.test_engine import EchoPort
from tests.socketio_peer import Poller, SocketIOPeer


class SocketIOTests(SynchronousTestCase):
    """`/socket.io/`, with the words of the suites."""

    def setUp(self) -> None:
        self.port = EchoPort(self)
        self.socket = SocketIOPeer(self.port)
        self.socket.take()

    def said(self, *packets: str) -> list[str]:
        """What comes back for these."""
        self.socket.give(*packets)
        return self.socket.take()

    def sid(self, packet: str, head: str) -> None:
        self.assertEqual(packet[: len(head)], head)
        self.assertEqual(list(json.loads(packet[len(head) :])), ["sid"])

    def connect(self) -> None:
        connected, auth = self.said("40")
        self.sid(connected, "40")
        self.assertEqual(auth, '42["auth",{}]')

    def assert_closed(self) -> None:
        self.socket.take()
        self.assertIsNotNone(self.socket.close)

    def test_connect_comes_first_and_has_the_sid_alone(self) -> None:
        self.connect()

    def test_what_one_connects_with_is_told(self) -> None:
        self.assertEqual(self.said('40{"token":"123"}')[1], '42["auth",{"token":"123"}]')

    def test_another_namespace_has_its_own_socket(self) -> None:
        connected, auth = self.said('40/custom,{"token":"abc"}')
        self.sid(connected, "40/custom,")
        self.assertEqual(auth, '42/custom,["auth",{"token":"abc"}]')

    def test_an_unknown_namespace_is_refused(self) -> None:
        self.assertEqual(self.said("40/random"), ['44/random,{"message":"Invalid namespace"}'])

    def test_after_a_disconnect_only_the_ping_comes(self) -> None:
        self.connect()
        self.assertEqual(self.said("41"), [])
        self.port.clock.advance(0.3)
        self.assertEqual(self.socket.take(), ["2"])

    def test_a_namespace_is_left_alone(self) -> None:
        self.connect()
        self.said("40/custom")
        self.said("41/custom", '42["message","message to main namespace"]')
        self.assertEqual(self.said('42["message","a"]'), ['42["message-back","a"]'])

    def test_text_comes_back_and_is_acknowledged(self) -> None:
        self.connect()
        self.assertEqual(
            self.said('42["message",1,"2",{"3":[true]}]'),
            ['42["message-back",1,"2",{"3":[true]}]'],
        )
        self.assertEqual(
            self.said('42456["message-with-ack",1,"2",{"3":[false]}]'),
            ['43456[1,"2",{"3":[false]}]'],
        )

    def binary(self, head: str, *attachments: bytes) -> list[Any]:
        self.socket.give(head)
        for data in attachments:
            self.socket.frame(2, data)
        self.port.settle()
        return [
            payload.decode() if opcode == 1 else payload for opcode, payload in self.socket.frames()
        ]

    def test_bytes_come_back_and_are_acknowledged(self) -> None:
        self.connect()
        first, second = '{"_placeholder":true,"num":0}', '{"_placeholder":true,"num":1}'
        self.assertEqual(
            self.binary(f'452-["message",{first},{second}]', b"\1\2", b"\3"),
            [f'452-["message-back",{first},{second}]', b"\1\2", b"\3"],
        )
        self.assertEqual(
            self.binary(f'452-789["message-with-ack",{first},{second}]', b"\1\2", b"\3"),
            [f"462-789[{first},{second}]", b"\1\2", b"\3"],
        )

    def test_bytes_come_back_by_polling(self) -> None:
        poller = Poller(self.port)
        place = '{"_placeholder":true,"num":0}'
        poller.give("40")
        poller.take()
        poller.give(f'451-["message",{place}]', "bAQI=")
        self.assertEqual(poller.take(), [f'451-["message-back",{place}]', "bAQI="])

    def test_what_is_not_of_the_protocol_closes(self) -> None:
        for before in ([], ["40"]):
            for packet in ("4abc", "42{}", '42abc["message",1]', "4"):
                self.socket = SocketIOPeer(self.port)
                self.socket.give(*before)
                self.socket.give(packet)
                self.assert_closed()

    def test_an_event_before_the_socket_is_there_closes(self) -> None:
        self.said('42["message",1]')
        self.assert_closed()

    def test_who_never_asks_for_a_socket_has_twenty_seconds(self) -> None:
        def live(seconds: int) -> None:
            for _ in range(seconds * 5):
                self.port.clock.advance(0.2)
                if "2" in self.socket.take():
                    self.socket.give("3")

        live(19)
        self.assertIsNone(self.socket.close)
        live(2)
        self.assert_closed()
