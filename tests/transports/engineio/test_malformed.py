"""What is not of the protocol: 400 or a close, no failure in the log, nothing to anybody else."""

from tests.socketio_peer import PATH, SEPARATOR, Poller, SocketIOPeer, event
from tests.transports.answers import handshake
from tests.transports.lobby import LobbyCase, names

PLACE = '{"_placeholder":true,"num":0}'
# Packets of Engine.IO that no client sends.
NO_PACKET = ("", "abc", "7", "-1", "0", '0{"sid":"a"}', "5", "2", "2probe", "床前")
# CVE-2020-36049, CVE-2023-32695, CVE-2026-33151, and their kin.
NO_EVENT = (
    "4",
    "47",
    "42",
    "42{}",
    "42[]",
    "42null",
    "42abc",
    '42["a"',
    '42["a"]]',
    "42[null]",
    "42[true]",
    "42[1]",
    '42[{"toString":"foo"}]',
    '42[["ping"]]',
    '42["connect"]',
    '42["connect_error"]',
    '42["disconnect"]',
    '42["disconnecting"]',
    '42["newListener"]',
    '42["removeListener"]',
    '42abc["ping"]',
    '42-1["ping"]',
    "42" + "9" * 16 + '["ping"]',
    '42/admin,["ping"]',
    '42["ping",NaN]',
    '42["ping",1e999',
    "42" + "[" * 60_000,
    "42" + '["' * 30_000,
    "40",
    "40[]",
    '40"a"',
    "401",
    '41{"a":1}',
    "411",
    "43[]",
    "43",
    '431{"a":1}',
    '44{"message":"no"}',
    '45["a"]',
    "45-[]",
    '4511-["a"]',
    '45999999-["a"]',
    '451.5-["a"]',
    '421-["a"]',
    "46",
    "461-[]",
)
# Heads of packets with one attachment, and no place for it (CVE-2022-2421).
NO_PLACE = (
    '451-["hello",{"_placeholder":true,"num":"splice"}]',
    '451-["hello",{"_placeholder":true,"num":1}]',
    '451-["hello",{"_placeholder":true,"num":-1}]',
    '451-["hello",{"_placeholder":true,"num":0.5}]',
    '451-["hello",{"_placeholder":true,"num":true}]',
    '451-["hello",{"_placeholder":true}]',
    '451-["hello"]',
    f'451-["hello",{PLACE},{PLACE}]',
)


class MalformedCase(LobbyCase):
    """A server that any number of clients may offend, one after the other."""

    def start(self, **options: object) -> None:
        super().start(rate=0, **options)

    def entered_by(self, kind: type[Poller] | type[SocketIOPeer]) -> Poller | SocketIOPeer:
        client = kind(self.server)
        client.enter()
        return client

    def assert_refused(self, poller: Poller, *packets: str | bytes) -> None:
        """These are 400, and the session is over."""
        parts = [part.encode() if isinstance(part, str) else part for part in packets]
        answer = poller.post(SEPARATOR.encode().join(parts))
        self.assertIsNotNone(answer, packets)
        self.assertEqual(answer.status, 400, packets)
        self.assertNotIn(poller.sid, self.server.server.engine.sessions)
        self.assert_du_goes_on()

    def assert_closed(self, socket: SocketIOPeer, what: object) -> None:
        """The session is over, and the WebSocket closed for a fault of the peer's."""
        self.server.settle()
        socket.frames()
        self.assertIn(socket.close and socket.close[0], (1002, 1007, 1008, 1009), what)
        self.assert_du_goes_on()
        socket.cut()
        self.assertEqual(self.server.server.engine.sessions, {})


class PollingTests(MalformedCase):
    def test_no_packet(self) -> None:
        for packet in NO_PACKET:
            self.assert_refused(self.entered_by(Poller), packet)

    def test_no_event(self) -> None:
        for packet in NO_EVENT:
            self.assert_refused(self.entered_by(Poller), packet)

    def test_no_place(self) -> None:
        for head in NO_PLACE:
            self.assert_refused(self.entered_by(Poller), head, "bAQI=")

    def test_attachments_that_do_not_belong(self) -> None:
        for packets in (("bAQI=",), (f'451-["a",{PLACE}]', '42["ping"]'), ("b",)):
            self.assert_refused(self.entered_by(Poller), *packets)

    def test_no_base64_and_no_utf_8(self) -> None:
        for packet in (b"b*", b"bA", b"bAQI", b"b\xff", b"4\xff", b'42["\xed\xa0\x80"]', b"\xc0"):
            self.assert_refused(self.entered_by(Poller), packet)

    def test_before_there_is_a_socket(self) -> None:
        for packet in ("4abc", '42["ping"]', "41", "431[]", f'451-["a",{PLACE}]', "bAQI="):
            self.assert_refused(Poller(self.server), packet)

    def test_a_payload_that_is_malformed_anywhere_is_not_begun_with(self) -> None:
        poller = self.entered_by(Poller)
        self.assert_refused(poller, event("chat message", "1"), "abc")
        self.assertEqual(self.entered_by(Poller).joined["seq"], 0)

    def test_what_came_before_no_event_is_carried_out_and_what_came_after_is_not(self) -> None:
        poller = self.entered_by(Poller)
        poller.give(event("chat message", "1"), '42["connect"]', event("chat message", "2"))
        self.assertEqual(self.texts(self.du), ["1"])


class WebSocketTests(MalformedCase):
    def test_no_packet(self) -> None:
        for packet in NO_PACKET:
            socket = self.entered_by(SocketIOPeer)
            socket.give(packet)
            self.assert_closed(socket, packet)

    def test_no_event(self) -> None:
        for packet in NO_EVENT:
            socket = self.entered_by(SocketIOPeer)
            socket.give(packet)
            self.assert_closed(socket, packet)

    def test_no_place(self) -> None:
        for head in NO_PLACE:
            socket = self.entered_by(SocketIOPeer)
            socket.give(head)
            socket.frame(2, b"\1\2")
            self.assert_closed(socket, head)

    def test_attachments_that_do_not_belong(self) -> None:
        socket = self.entered_by(SocketIOPeer)
        socket.frame(2, b"\1\2")
        self.assert_closed(socket, "no head")
        socket = self.entered_by(SocketIOPeer)
        socket.give(f'451-["a",{PLACE}]', '42["ping"]')
        self.assert_closed(socket, "no attachment")

    def test_attachments_count_in_the_limit_of_a_message(self) -> None:
        for more in (0, 1):
            socket = self.entered_by(SocketIOPeer)
            head = f'1-["ping",{{"a":{PLACE}}}]'
            socket.give("45" + head)
            socket.frame(2, bytes(65_536 - len("5" + head) + more))
            self.server.settle()
            if more:
                self.assert_closed(socket, more)
            else:
                self.assertEqual(names(socket.heard()), ["pong"])
                socket.cut()

    def test_attachments_that_never_come_have_twenty_seconds(self) -> None:
        for kind in (Poller, SocketIOPeer):
            client = self.entered_by(kind)
            client.give(f'452-["ping",{{"a":{PLACE}}}]')
            self.wait(19)
            self.assertEqual(len(self.server.server.engine.sessions), 1)
            self.wait(7)
            self.assertEqual(self.server.server.engine.sessions, {})

    def test_before_there_is_a_socket(self) -> None:
        for packet in ("4abc", '42["ping"]', "41", "431[]", f'451-["a",{PLACE}]'):
            socket = SocketIOPeer(self.server)
            socket.give(packet)
            self.assert_closed(socket, packet)

    def test_bytes_right_behind_the_handshake(self) -> None:
        poller = self.entered_by(Poller)
        for query in ("", f"&sid={poller.sid}"):
            wire = self.server.wire()
            wire.receive(handshake(f"{PATH}?EIO=4&transport=websocket{query}") + b"test")
            self.server.settle()
            self.assertTrue(wire.taken.startswith(b"HTTP/1.1 101 "))
            wire.receive(b"test" * 10)
            self.server.settle()
            self.assertIn(b"\x88", wire.taken)
            self.wait(6)
            self.assertTrue(wire.lost)
        # As a candidate it cost the session nothing.
        poller.emit("ping", ack=1)
        self.assertEqual(names(poller.heard())[-1], 1)
        self.assert_du_goes_on()

    def test_a_frame_too_large(self) -> None:
        socket = self.entered_by(SocketIOPeer)
        socket.frame(1, b"4" * 65_537)
        self.assert_closed(socket, "too large")


class CandidateTests(MalformedCase):
    """What a WebSocket says that is only probed costs itself alone."""

    def test_the_session_goes_on_polling(self) -> None:
        poller = self.entered_by(Poller)
        for packets in (
            ("",),
            ("5",),
            ("2",),
            ("2probe2",),
            ("3probe",),
            ("4hello",),
            ("40",),
            ("1",),
            ("6",),
            ("2probe", "4hello"),
            ("2probe", "1"),
            ("2probe", "3"),
            ("2probe", "abc"),
        ):
            socket = SocketIOPeer(self.server, sid=poller.sid)
            socket.give(*packets)
            self.assertIsNotNone(socket.frames())
            self.assertEqual(socket.close and socket.close[0], 1002, packets)
            socket.cut()
            poller.emit("ping", ack=1)
            self.assertEqual(names(poller.heard()), [1])
        self.assert_du_goes_on()


class LoneSurrogateTests(MalformedCase):
    """What is JSON to JavaScript, and not to us, costs its message alone."""

    def test_it_is_an_error(self) -> None:
        for client in (self.entered_by(Poller), self.entered_by(SocketIOPeer)):
            client.heard()
            for text in (r'"\ud800"', r'"a\u0000"', "1e999"):
                client.give(f'42["chat message",{text}]')
                self.assertEqual([each[1]["code"] for each in client.heard()], ["bad_json"])
