"""What a Socket.IO client may not do without end, and what is logged of any."""

from twisted.logger import capturedLogs

from chatroom.core.commands import Typing
from tests.core.test_chat import types
from tests.socketio_peer import SocketIOPeer, Talk, answered
from tests.transports.lobby import CARRIERS, LobbyCase, names

CLOSING_FOR_GOOD = [
    ["closing", {"type": "closing", "code": 1008, "reason": "flooding"}],
    ["DISCONNECT"],
]


class FloodingTests(LobbyCase):
    def test_a_hundred_are_carried_out_a_hundred_refused_and_then_it_is_over(self) -> None:
        for client in self.entered():
            client.give(*['42["ping"]'] * 99)
            self.assertEqual(names(client.heard()).count("pong"), 99)
            client.give(*['42["ping"]'] * 100)
            codes = [each[1].get("code") for each in client.heard()]
            self.assertEqual(codes.count("too_fast"), 100)
            client.give('42["ping"]')
            self.assertEqual(client.heard(), CLOSING_FOR_GOOD)
            self.assert_over(client)

    def assert_over(self, client: Talk) -> None:
        if isinstance(client, SocketIOPeer):
            self.assertEqual(client.close and client.close[0], 1008)
        else:
            self.assertEqual(client.poll().status, 400)
        self.assertEqual(types(self.du.events()), ["left"])


class AskingTests(LobbyCase):
    """Who asks for sockets that there are not, and takes no answer."""

    REFUSED = ["40/" + "a" * 120 + ","] * 900

    def test_by_websocket_is_not_read_from(self) -> None:
        _, socket = self.opened()
        socket.stop_reading()
        for _ in range(20):
            socket.give(*self.REFUSED)
        self.assertEqual(socket.wire.producerState, "paused")
        self.assertLess(len(socket.wire.dataBuffer), 3 * 64 * 1024)
        socket.read_on()
        self.assertEqual(names(socket.heard()), ["CONNECT_ERROR"] * 20 * 900)
        socket.enter()

    def test_by_polling_has_no_answer_to_what_it_brings(self) -> None:
        poller, _ = self.opened()
        self.assertEqual(poller.give(*self.REFUSED).body, b"ok")
        self.assertIsNone(poller.give(*self.REFUSED))
        self.assertEqual(names(poller.heard()), ["CONNECT_ERROR"] * 2 * 900)
        self.assertEqual(answered(poller.up)[0].body, b"ok")
        poller.enter()

    def test_with_a_socket_it_is_the_same(self) -> None:
        poller, socket = self.entered()
        poller.give(*self.REFUSED)
        self.assertIsNone(poller.give(*self.REFUSED))
        socket.stop_reading()
        for _ in range(20):
            socket.give(*self.REFUSED)
        self.assertEqual(socket.wire.producerState, "paused")
        self.assertLess(len(socket.wire.dataBuffer), 3 * 64 * 1024)
        self.assert_du_goes_on()

    def test_what_was_held_back_does_not_hold_up_the_socket_that_there_is(self) -> None:
        poller, _ = self.opened()
        self.assertEqual(poller.give(*self.REFUSED[:20], "40").body, b"ok")
        self.assertIn("joined", names(poller.heard()))
        poller.emit("ping", ack=1)
        self.assertEqual(names(poller.heard()), [1])


class AgainTests(LobbyCase):
    """A second socket of the same session."""

    def test_what_was_under_way_at_a_disconnect_does_not_hold_up_the_next_socket(self) -> None:
        for client in self.opened():
            client.enter()
            self.server.hold_reads = True
            asking = ['42["history",{"room":"lobby"}]'] * 70
            client.give(*asking, "41", "40")
            self.server.hold_reads = False
            self.server.release()
            names(client.heard())
            client.emit("ping", ack=1)
            self.assertIn(1, names(client.heard()))
            client.give("41")

    def test_it_is_the_same_guest_and_no_faster(self) -> None:
        for client in self.opened():
            client.enter()
            first = client.welcome["user"]
            client.give(*['42["chat message","a"]'] * 30, "41", "40", '42["chat message","a"]')
            heard = client.heard()
            codes = [each[1]["code"] for each in heard if each[0] == "error"]
            self.assertEqual(codes, ["too_fast"])
            [welcome] = [each[1] for each in heard if each[0] == "welcome"]
            self.assertEqual(welcome["user"], first)
            client.give("41")
            self.server.clock.advance(10)

    def test_coming_and_going_is_counted_like_commands(self) -> None:
        for client in self.opened():
            # Each is two commands, and the join of the first is one.
            client.give("40", *["41", "40"] * 51)
            heard = client.heard()
            self.assertEqual(names(heard).count("CONNECT"), 51)
            [refused] = [each[1] for each in heard if each[0] == "CONNECT_ERROR"]
            self.assertEqual(refused["data"]["code"], "too_fast")
            self.assert_du_goes_on()

    def test_going_on_with_it_is_flooding(self) -> None:
        for client in self.opened():
            client.give("40", *['42["ping"]'] * 199, "41", "40")
            if isinstance(client, SocketIOPeer):
                client.take()
                self.assertEqual(client.close and client.close[0], 1008)
            else:
                client.take()
                self.assertEqual(client.poll().status, 400)

    def test_a_full_transport_that_tells_but_once_is_remembered(self) -> None:
        """Below TLS the one before was told, and nobody is told again."""
        self.start(rate=0)
        _, socket = self.opened()
        socket.wire.tells_once = True
        socket.stop_reading()
        socket.give("40", *self.refused(900), "41", "40")
        for number in range(300):
            self.du.say(f"{number}" + "长" * 1000)
        self.assertLess(len(socket.wire.dataBuffer), 4 * 64 * 1024)
        socket.read_on()
        texts = [each for each in socket.heard() if each[0] == "chat message"]
        self.assertEqual([each[2]["seq"] for each in texts], list(range(1, 301)))

    def refused(self, count: int) -> list[str]:
        """Packets whose answers fill a transport."""
        return ["40/" + "a" * 120 + ","] * count


class OwnErrorTests(LobbyCase):
    """An error of our own costs one client, and is logged."""

    def fails(self, *_: object) -> None:
        raise ZeroDivisionError

    def assert_one_is_lost(self) -> None:
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)
        self.wait(10)
        self.assertEqual(self.server.server.engine.sessions, {})
        self.assert_du_goes_on()

    def test_while_a_command_is_carried_out(self) -> None:
        chat = self.server.server.sockets.chat
        for kind in CARRIERS:
            client = kind(self.server)
            client.enter()
            ways = chat._ways
            failing = self.patch(chat, "_ways", ways | {Typing: self.fails})
            client.emit("typing", {"room": "lobby"})
            failing.restore()
            [[name, closing]] = client.heard()
            self.assertEqual((name, closing["code"]), ("closing", 1011))
            self.assert_one_is_lost()


class LogTests(LobbyCase):
    """What the log says of it."""

    def play(self) -> list[str]:
        with capturedLogs() as events:
            for client in self.entered():
                client.emit("chat message", "床前明月光")
                client.give("41")
        return [event["log_format"].format(**event) for event in events if event["log_format"]]

    def test_coming_and_going_in_exactly_these_words(self) -> None:
        self.assertEqual(self.play(), ["有个connection进入了聊天室"] * 2 + ["connection离开了"] * 2)

    def test_no_text_unless_it_is_asked_for(self) -> None:
        self.assertNotIn("床前明月光", "".join(self.play()))
        self.start(log_messages=True)
        self.assertEqual("".join(self.play()).count("'床前明月光'"), 2)
