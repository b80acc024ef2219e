"""An upgrade that is not finished, or too late, or asked for twice: polling goes on."""

import json

from twisted.internet.error import ConnectionLost

from tests.core.test_chat import types
from tests.lesson.frames import TEXT, client_frame
from tests.socketio_peer import PATH, SocketIOPeer, event
from tests.transports.answers import handshake
from tests.transports.lobby import LARGE, UpgradeCase, names, pile_up

SECONDS = 10


class PollingGoesOnCase(UpgradeCase):
    """What an upgrade must leave as it was."""

    def assert_polls(self) -> None:
        """The session goes on by polling, and waits for what is said."""
        self.poller.heard()
        self.assertIsNone(self.poller.poll())
        self.du.say("床前")
        self.assertEqual(names(self.poller.heard()), ["chat message"])
        self.poller.emit("ping", ack=1)
        self.assertEqual(names(self.poller.heard()), [1])

    def assert_refused(self, socket: SocketIOPeer) -> None:
        """A WebSocket was let in, and closed without a word."""
        self.assertEqual(socket.status, 101)
        self.assertEqual(socket.take(), [])
        self.assertEqual(socket.close and socket.close[0], 1000)


class ResetTests(PollingGoesOnCase):
    """The connection is reset (CVE-2022-41940)."""

    def test_before_the_change_the_session_goes_on_polling(self) -> None:
        for packets in ((), ("2probe",)):
            socket = self.candidate(*packets)
            socket.cut()
            self.assert_polls()

    def test_within_a_frame(self) -> None:
        probe = client_frame(TEXT, b"2probe")
        for end in range(len(probe)):
            socket = self.candidate()
            socket.bring(probe[:end])
            self.server.settle()
            socket.cut()
        self.assert_polls()

    def test_within_the_handshake(self) -> None:
        whole = handshake(f"{PATH}?EIO=4&transport=websocket&sid={self.poller.sid}")
        for end in range(0, len(whole), 7):
            wire = self.server.wire()
            wire.receive(whole[:end])
            wire.lose(ConnectionLost())
            self.server.settle()
        self.assert_polls()

    def test_after_the_change_the_session_is_over(self) -> None:
        socket = self.candidate("2probe", "5")
        self.assertEqual(self.du.events(), [])
        socket.cut()
        self.assertEqual(types(self.du.events()), ["left"])
        self.assertEqual(self.server.server.engine.sessions, {})

    def test_of_the_request_that_waits_it_ends_both(self) -> None:
        socket = self.candidate()
        self.poller.cut()
        socket.take()
        self.assertIsNotNone(socket.close)
        self.assertEqual(types(self.du.events()), ["left"])

    def test_of_both_at_once(self) -> None:
        socket = self.candidate("2probe")
        self.poller.cut()
        socket.cut()
        self.wait(60)
        self.assertEqual(self.server.server.engine.sessions, {})


class UnfinishedTests(PollingGoesOnCase):
    """It has ten seconds."""

    def test_in_time(self) -> None:
        for packets in ((), ("2probe",)):
            socket = self.candidate(*packets)
            self.wait(SECONDS - 1)
            socket.take()
            self.assertIsNone(socket.close)
            self.wait(1)
            socket.take()
            self.assertEqual(socket.close and socket.close[0], 1008)
            self.assert_polls()
            socket.cut()

    def test_meanwhile_requests_are_answered_at_once_and_what_is_said_arrives(self) -> None:
        self.assertIsNone(self.poller.poll())
        self.candidate("2probe")
        for _ in range(3):
            self.assertEqual(self.poller.poll().body, b"6")
        self.poller.emit("chat message", "床前", ack=1)
        self.assertEqual(names(self.poller.heard()), ["chat message", 1])

    def test_what_it_says_too_late_is_nothing(self) -> None:
        socket = self.candidate("2probe")
        self.wait(SECONDS)
        socket.give("5", event("chat message", "unheard"))
        self.assert_polls()
        self.assertNotIn("unheard", self.texts(self.du))


class TwiceTests(PollingGoesOnCase):
    """A second WebSocket for one session."""

    def test_while_the_first_is_only_probed(self) -> None:
        first = self.candidate("2probe")
        self.assert_refused(self.candidate())
        first.give("5")
        first.take()
        first.emit("ping", ack=1)
        self.assertEqual(names(first.heard()), [1])

    def test_after_the_upgrade(self) -> None:
        first = self.candidate("2probe", "5")
        second = self.candidate()
        self.assert_refused(second)
        second.give("2probe", "5", event("chat message", "unheard"))
        self.assertEqual(self.texts(self.du), [])
        second.cut()
        first.take()
        first.emit("ping", ack=1)
        self.assertEqual(names(first.heard()), [1])

    def test_of_a_session_that_began_as_one(self) -> None:
        first = SocketIOPeer(self.server)
        sid = json.loads(first.take()[0][1:])["sid"]
        self.assertIn(sid, self.server.server.engine.sessions)
        self.assert_refused(SocketIOPeer(self.server, sid=sid))
        first.enter()

    def test_after_the_first_has_failed(self) -> None:
        self.candidate("2probe").cut()
        second = self.candidate("2probe", "5")
        second.take()
        second.emit("ping", ack=1)
        self.assertEqual(names(second.heard()), [1])


class AfterwardsTests(PollingGoesOnCase):
    """Requests by polling have nothing of it any more, and do not harm it."""

    def test_they_are_400(self) -> None:
        self.poller.heard()
        socket = self.candidate("2probe", "5")
        self.assertEqual(self.poller.poll().body, b"6")
        for method, body in ((b"GET", None), (b"POST", b"6"), (b"POST", b"abc")):
            answer = self.server.request(self.poller.request(method, body))
            self.assertTrue(answer.startswith(b"HTTP/1.1 400 "), (method, body))
        socket.take()
        socket.emit("ping", ack=1)
        self.assertEqual(names(socket.heard()), [1])

    def test_what_passes_by_in_the_same_turn_is_heard(self) -> None:
        socket = self.candidate("2probe")
        socket.take()
        self.poller.heard()
        other = self.server.enter("lobby", "苏轼")
        self.poller.heard()
        socket.frame(TEXT, b"5")
        other.post(type="typing", room="lobby")
        other.wire.lose(ConnectionError())
        self.server.settle()
        self.assertEqual(names(socket.heard()), ["typing", "left"])

    def test_a_request_that_brought_commands_is_answered(self) -> None:
        pile_up(self.poller)
        self.assertIsNone(self.poller.give(*LARGE[:5], event("chat message", "床前明月光")))
        socket = self.candidate("2probe")
        # The client changes over once its requests are answered.
        self.assertIn(b"\r\n\r\nok", self.poller.up.taken)
        socket.give("5")
        self.server.hold_reads = False
        self.server.release()
        self.assertEqual(names(socket.heard())[-1], "chat message")
