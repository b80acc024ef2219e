"""Signs of life of a session, in every state that it may be in."""

from tests.core.test_chat import types
from tests.socketio_peer import Poller, SocketIOPeer, answered
from tests.transports.lobby import LARGE, LobbyCase, names, pile_up


class HeartCase(LobbyCase):
    """Clients of each carrier, and time."""

    @property
    def sessions(self) -> dict[str, object]:
        """The table of sessions."""
        return self.server.server.engine.sessions

    def poller(self) -> Poller:
        poller = Poller(self.server)
        poller.enter()
        return poller

    def socket(self, **query: object) -> SocketIOPeer:
        socket = SocketIOPeer(self.server, **query)
        if not query:
            socket.enter()
        return socket

    def live(self, seconds: int, client: Poller | SocketIOPeer) -> None:
        """Let time pass for who answers pings."""
        for _ in range(seconds):
            self.wait(1)
            if "2" in client.take():
                client.give("3")


class PollingTests(HeartCase):
    """A pong comes by a request, too."""

    def test_who_polls_and_answers_stays(self) -> None:
        self.live(200, self.poller())
        self.assertEqual(len(self.sessions), 1)

    def test_polling_alone_is_no_answer(self) -> None:
        poller = self.poller()
        for second in range(45):
            self.assertEqual(len(self.sessions), 1, second)
            self.wait(1)
            poller.take()
        self.assertEqual(self.sessions, {})

    def test_nor_is_a_pong_that_nobody_asked_for(self) -> None:
        poller = self.poller()
        for _ in range(24):
            self.wait(1)
            poller.give(*["3"] * 1000)
        self.wait(21)
        self.assertEqual(self.sessions, {})

    def test_who_waits_for_an_answer_to_what_it_brought_can_bring_its_pong(self) -> None:
        poller = self.poller()
        pile_up(poller)
        self.assertIsNone(poller.give(*LARGE))
        for _ in range(100):
            self.wait(1)
            if "2" in poller.take():
                # What was held is answered with it, and the way is free for the pong.
                answered(poller.up)
                self.assertEqual(poller.give("3").body, b"ok")
        self.assertEqual(len(self.sessions), 1)
        self.server.hold_reads = False
        self.server.release()
        self.assertEqual(names(poller.heard()).count("history"), 70)

    def test_the_operator_says_how_often_and_a_request_may_wait_as_long(self) -> None:
        self.start(ping_interval=200.0, ping_timeout=5.0)
        poller = self.poller()
        self.assertEqual(poller.opened["pingInterval"], 200_000)
        self.assertEqual(poller.opened["pingTimeout"], 5_000)
        self.assertIsNone(poller.poll())
        self.wait(199)
        self.assertIsNone(poller.poll())
        self.wait(1)
        self.assertEqual(poller.poll().body, b"2")
        self.wait(4)
        self.assertEqual(len(self.sessions), 1)
        self.wait(1)
        self.assertEqual(self.sessions, {})


class WebSocketTests(HeartCase):
    def test_who_answers_stays(self) -> None:
        self.live(200, self.socket())
        self.assertEqual(len(self.sessions), 1)

    def test_who_is_silent_is_out_of_the_room_after_45_seconds_and_then_gone(self) -> None:
        self.socket()
        self.du.events()
        self.wait(44)
        self.assertEqual(self.du.events(), [])
        self.server.clock.advance(1)
        self.assertEqual(types(self.du.events()), ["left"])
        self.wait(10)
        self.assertEqual(self.sessions, {})

    def slow(self) -> SocketIOPeer:
        """A client whose transport is full."""
        self.start(rate=0)
        slow = self.socket()
        # Its pong will be due before half a minute is over.
        self.live(24, slow)
        slow.stop_reading()
        for _ in range(40):
            self.du.say("长" * 3000)
        return slow

    def test_who_is_slow_but_takes_a_little_is_not_dropped(self) -> None:
        slow = self.slow()
        for _ in range(12):
            self.wait(10)
            slow.wire.take(1000)
        self.assertFalse(slow.wire.lost)
        slow.read_on()
        self.live(60, slow)
        self.assertFalse(slow.wire.lost)

    def test_who_takes_nothing_has_its_thirty_seconds(self) -> None:
        slow = self.slow()
        self.wait(29)
        self.assertFalse(slow.wire.lost)
        self.wait(10)
        self.assertTrue(slow.wire.lost)
        slow.wire.take()
        slow.take()
        self.assertEqual(slow.close and slow.close[0], 4008)


class UpgradingTests(HeartCase):
    """Half of it by polling, half by a WebSocket."""

    def test_a_ping_by_polling_is_answered_by_polling(self) -> None:
        poller = self.poller()
        self.wait(20)
        socket = self.socket(sid=poller.sid)
        socket.give("2probe")
        self.live(5, poller)
        self.wait(5)
        self.assertEqual(len(self.sessions), 1)

    def test_a_ping_by_polling_is_answered_by_the_websocket(self) -> None:
        poller = self.poller()
        self.du.say("that no request may wait")
        self.wait(25)
        socket = self.socket(sid=poller.sid)
        socket.give("2probe", "5")
        self.assertEqual(socket.take(), ["3probe", "2"])
        socket.give("3")
        self.live(100, socket)
        self.assertEqual(len(self.sessions), 1)

    def test_a_probe_is_no_sign_of_life(self) -> None:
        poller = self.poller()
        for _ in range(5):
            self.wait(9)
            socket = self.socket(sid=poller.sid)
            socket.give("2probe")
            self.wait(0)
        self.wait(5)
        self.assertEqual(self.sessions, {})

    def test_silence_after_the_upgrade(self) -> None:
        poller = self.poller()
        self.socket(sid=poller.sid).give("2probe", "5")
        self.wait(60)
        self.assertEqual(self.sessions, {})
