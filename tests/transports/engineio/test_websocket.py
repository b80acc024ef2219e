"""The WebSocket of a session: taking over from polling, and being slow."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from chatroom.wire.socketio import chat as words
from tests.core.test_chat import types
from tests.memory import MemoryServer
from tests.socketio_peer import Poller, SocketIOPeer, answered, event
from tests.transports.lobby import LobbyCase, UpgradeCase, names

TEXT = "床前明月光" * 200
SHORT = "疑是地上霜" * 40
STEPS = ["say", "say", "much", "poll", "emit", "turn"]


def seqs(heard: list[list[Any]]) -> list[int]:
    """Give the numbers of messages."""
    return [each[2]["seq"] for each in heard if each[0] == "chat message"]


class UpgradeTests(UpgradeCase):
    """What was not sent goes over, once and in order."""

    def start(self, **options: object) -> None:
        super().start(rate=0, **options)

    def say(self, count: int) -> None:
        """Let 杜甫 say as much in one turn."""
        for _ in range(count):
            self.du.post(type="say", text="疑是地上霜")
        self.server.settle()

    def test_of_what_is_joined_as_answers_each_packet_is_a_frame(self) -> None:
        self.say(1)
        self.poller.poll()
        socket = self.candidate("2probe")
        self.say(10)
        socket.give("5")
        self.say(1)
        _, *frames = socket.take()
        self.assertEqual([frame[:18] for frame in frames], ['42["chat message",'] * 11)

    def test_nobody_polled_for_long(self) -> None:
        self.poller.heard()
        self.say(1)
        first = seqs(self.poller.heard())
        self.poller.poll()
        self.say(1000)
        socket = self.candidate("2probe", "5")
        self.say(1)
        found = first + seqs(self.poller.heard()) + seqs(socket.heard())
        self.assertEqual(found, list(range(1, 1003)))

    def test_who_came_in_the_same_turn_is_not_missed(self) -> None:
        socket = self.candidate("2probe")
        self.poller.take()
        bai = SocketIOPeer(self.server)
        bai.frame(1, b"40")
        socket.frame(1, b"5")
        self.server.settle()
        self.assertEqual(names(socket.heard()), ["entered"])

    def test_acknowledgements_go_over_too(self) -> None:
        self.server.hold_writes = True
        self.poller.give(event("chat message", "床前", ack=1))
        socket = self.candidate("2probe", "5")
        self.server.hold_writes = False
        self.server.release()
        self.assertEqual(names(socket.heard()), ["chat message", 1])

    def test_what_waits_for_the_log_goes_over_too(self) -> None:
        self.say(300)
        self.server.close()
        self.server = MemoryServer(self, data=self.server.settings.data, rate=0)
        self.server.hold_reads = True
        self.poller = Poller(self.server)
        self.poller.ask(since=0)
        for _ in range(2):
            job, waiting = self.server.held.popleft()
            waiting.callback(job())
            self.server.settle()
        socket = self.candidate("2probe", "5")
        self.server.hold_reads = False
        self.server.release()
        self.assertEqual(seqs(self.poller.heard()) + seqs(socket.heard()), list(range(1, 301)))

    def test_commands_that_were_brought_are_carried_out_before_later_ones(self) -> None:
        self.server.hold_reads = True
        self.poller.give(event("history", {"room": "lobby"}), event("chat message", "1"))
        socket = self.candidate("2probe", "5")
        socket.emit("chat message", "2")
        self.server.hold_reads = False
        self.server.release()
        self.assertEqual([each[1] for each in socket.heard()[1:]], ["1", "2"])

    def test_who_is_not_read_from_by_polling_is_not_by_websocket(self) -> None:
        self.server.hold_reads = True
        asked = [event("history", {"room": "lobby"})] * 70
        self.poller.give(*asked)
        socket = self.candidate("2probe", "5")
        socket.emit("ping", ack=1)
        self.assertEqual(socket.wire.producerState, "paused")
        self.server.hold_reads = False
        self.server.release()
        socket.pump()
        self.server.settle()
        self.assertEqual(names(socket.heard()).count("history"), 70)
        socket.emit("ping", ack=2)
        self.assertEqual(names(socket.heard()), [2])


class OnceAndInOrderTests(SynchronousTestCase):
    """Whatever happens in whatever order around the upgrade."""

    @settings(max_examples=40)
    @given(st.lists(st.lists(st.sampled_from(STEPS), max_size=12), min_size=4, max_size=4))
    def test_nothing_is_lost_and_nothing_comes_twice(self, parts: list[list[str]]) -> None:
        server = MemoryServer(self, rate=0)
        try:
            self.play(server, parts)
        finally:
            server.close()

    def play(self, server: MemoryServer, parts: list[list[str]]) -> None:
        du = server.enter("lobby", "杜甫")
        poller = Poller(server)
        poller.enter()
        heard: list[list[Any]] = []
        said, asked, bringing = 0, 0, False
        socket: SocketIOPeer | None = None
        for number, steps in enumerate(parts):
            for step in steps:
                if step in ("say", "much"):
                    count = 30 if step == "much" else 1
                    said += count
                    for _ in range(count):
                        du.post(type="say", text=SHORT)
                elif step == "poll" and number < 3:
                    heard += poller.heard()
                elif step == "emit" and (number == 3 or not bringing or answered(poller.up)):
                    asked, said = asked + 1, said + 1
                    packet = event("chat message", SHORT, ack=asked)
                    bringing = number < 3
                    if bringing:
                        poller.up.receive(poller.request(b"POST", packet.encode()))
                    else:
                        socket.frame(1, packet.encode())
                elif step == "turn":
                    server.clock.advance(0)
            if number == 0:
                socket = SocketIOPeer(server, sid=poller.sid)
            elif number == 1:
                socket.frame(1, b"2probe")
            elif number == 2:
                # A client has the answer to what it asked before it changes over.
                if poller.parked:
                    server.settle()
                    heard += poller.heard()
                socket.frame(1, b"5")
        server.settle()
        heard += poller.heard()
        # What it brought may have had to wait until it had taken what there was.
        while socket.is_bringing:
            socket.read_on()
        heard += socket.heard()
        self.assertIsNone(socket.close)
        self.assertEqual(seqs(heard), list(range(1, said + 1)))
        self.assertEqual([n for n in names(heard) if isinstance(n, int)], list(range(1, asked + 1)))


class SlowTests(LobbyCase):
    """A WebSocket that takes nothing for a while."""

    def start(self, **options: object) -> None:
        super().start(rate=0, **options)
        self.slow = SocketIOPeer(self.server)
        self.slow.enter(nick="慢")
        self.du.events()

    def flood(self, count: int) -> None:
        for number in range(count):
            self.du.post(type="say", text=TEXT)
            if number % 50 == 49:
                self.server.settle()
        self.server.settle()
        self.du.events()

    def test_it_falls_behind_costs_a_constant_and_catches_up(self) -> None:
        self.slow.stop_reading()
        self.flood(100)
        held = len(self.slow.wire.dataBuffer)
        self.flood(2000)
        self.assertEqual(len(self.slow.wire.dataBuffer), held)
        self.assertLess(held, 3 * 64 * 1024)
        self.slow.read_on()
        heard = self.slow.heard()
        self.assertEqual(seqs(heard), list(range(1, 2101)))
        self.assertEqual(heard[-1], ["presence", {"type": "presence", "room": "lobby", "count": 2}])
        self.du.say("live")
        self.assertEqual(seqs(self.slow.heard()), [2101])

    def test_thirty_seconds_without_a_byte_taken_are_too_far_behind(self) -> None:
        self.slow.stop_reading()
        self.flood(100)
        self.wait(29)
        self.assertTrue(self.slow.channel.is_live)
        self.wait(2)
        self.assertEqual(types(self.du.events()), [])
        self.slow.wire.take()
        heard = self.slow.heard()
        self.assertEqual(
            heard[-1],
            ["closing", {"type": "closing", "code": 4008, "reason": words_of(heard[-1])}],
        )
        self.assertEqual(self.slow.close and self.slow.close[0], 4008)
        self.wait(6)
        self.assertTrue(self.slow.wire.lost)
        self.assertEqual(self.server.server.engine.sessions, {})


def words_of(closing: list[Any]) -> str:
    """The reason of a `closing`, which is not empty."""
    reason: str = closing[1]["reason"]
    if not reason:
        raise AssertionError("no reason")
    return reason


class EncodeOnceTests(LobbyCase):
    """An event is encoded once for all, by whatever they come."""

    def test_log_events_and_passing_ones(self) -> None:
        self.start(rate=0)
        clients = [kind(self.server) for kind in (Poller, SocketIOPeer) * 20]
        for client in clients:
            client.enter()
        for client in clients:
            client.heard()
        encoded: list[str] = []

        def encode(event: Any) -> bytes:
            encoded.append(json.loads(words_encode(event)[2:])[0])
            return words_encode(event)

        words_encode = words.encode
        self.patch(self.server.server.engine._listen.__self__.packets, "_encode", encode)
        for _ in range(10):
            self.du.post(type="say", text="床前")
        self.du.post(type="typing", room="lobby")
        self.server.settle()
        self.assertEqual(encoded.count("chat message"), 10)
        self.assertEqual(encoded.count("typing"), 1)
        for client in clients:
            self.assertEqual(names(client.heard()).count("chat message"), 10)
