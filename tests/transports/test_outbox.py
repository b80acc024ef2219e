"""The log is the outbox: slow clients, joins under a stream, and what a batch costs."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.internet.defer import Deferred, fail
from twisted.trial.unittest import SynchronousTestCase

from chatroom.core.errors import unavailable
from chatroom.wire import json
from tests.core.test_chat import types
from tests.memory import MemoryServer, Peer

TEXT = "床前明月光" * 200
STEPS = ["say", "say", "say", "turn", "join", "again", "release", "stop", "read", "cut"]


def seqs(events: list[dict[str, Any]]) -> list[int]:
    """Give the numbers of log events."""
    return [event["seq"] for event in events if event["type"] == "said"]


class BatchTests(SynchronousTestCase):
    def test_a_hundred_events_to_fifty_clients_are_a_hundred_encodes_and_fifty_writes(self) -> None:
        server = MemoryServer(self, rate=0)
        peers = [server.enter("大厅", f"n{number}") for number in range(50)]
        encoded: list[object] = []

        def counting(event: object) -> bytes:
            encoded.append(event)
            return json.encode(event)

        self.patch(server.server.sockets.registry, "frame", self.framing(server, counting))
        for peer in peers:
            peer.events()
            peer.wire.writes = 0
        for number in range(100):
            peers[0].post(type="say", text=str(number))
        server.settle()
        self.assertEqual([len(seqs(peer.events())) for peer in peers], [100] * 50)
        self.assertEqual(len(encoded), 100)
        self.assertEqual([peer.wire.writes for peer in peers], [1] * 50)

    @staticmethod
    def framing(server: MemoryServer, encode: Any) -> Any:
        factory = server.server.sockets
        return lambda event: factory.prepareMessage(encode(event)).payloadHybi

    def test_several_rooms_and_answers_are_one_write_too(self) -> None:
        server = MemoryServer(self)
        li = server.enter("一", "李白")
        li.send(type="join", room="二")
        li.events()
        li.wire.writes = 0
        li.post(type="say", text="a", room="一", ref="1")
        li.post(type="say", text="b", room="二", ref="2")
        li.post(type="ping")
        server.settle()
        # The pong needs no storage, so it goes out a turn earlier.
        self.assertEqual(sorted(types(li.events())), ["done", "done", "pong", "said", "said"])
        self.assertLessEqual(li.wire.writes, 2)


class SlowClientTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.server = MemoryServer(self, rate=0)
        self.slow = self.server.enter("大厅", "慢")
        self.li = self.server.enter("大厅", "李白")
        self.slow.events()

    def flood(self, count: int) -> None:
        """Let somebody else say much."""
        for number in range(count):
            self.li.post(type="say", text=TEXT)
            if number % 50 == 49:
                self.server.settle()
        self.server.settle()

    def test_it_gets_everything_in_order_and_costs_a_constant_meanwhile(self) -> None:
        self.slow.stop_reading()
        self.flood(100)
        held = len(self.slow.wire.dataBuffer)
        self.flood(3000)
        self.assertEqual(len(self.slow.wire.dataBuffer), held)
        self.assertLess(held, 3 * 64 * 1024)
        self.assertEqual(seqs(self.li.events()), list(range(1, 3101)))
        self.slow.read_on()
        self.assertEqual(seqs(self.slow.events()), list(range(1, 3101)))
        self.li.say("live")
        self.assertEqual(seqs(self.slow.events()), [3101])

    def test_back_among_the_live_it_is_told_the_count_of_the_room(self) -> None:
        self.slow.stop_reading()
        self.flood(100)
        self.server.enter("大厅", "杜甫")
        self.slow.read_on()
        *said, presence = self.slow.events()
        self.assertEqual(presence, {"type": "presence", "room": "大厅", "count": 3})
        self.assertEqual(seqs(said), list(range(1, 101)))
        self.assertNotIn("entered", types(said))

    def test_it_is_not_read_from_while_it_does_not_read(self) -> None:
        self.slow.stop_reading()
        for _ in range(1000):
            self.slow.post(type="history", room="大厅", limit=200)
        self.flood(300)
        for _ in range(1000):
            self.slow.post(type="history", room="大厅", limit=200)
        self.server.settle()
        # One page, up to 256 KiB, may be under way.
        self.assertLess(len(self.slow.wire.dataBuffer), 64 * 1024 + 256 * 1024 + 10_000)
        self.assertEqual(self.slow.wire.producerState, "paused")
        self.slow.read_on()
        self.assertEqual(types(self.slow.events()).count("history"), 2000)

    def test_what_it_said_itself_is_done_after_it_was_told(self) -> None:
        self.slow.post(type="say", text="mine", ref="r")
        self.slow.stop_reading()
        self.flood(100)
        self.slow.read_on()
        events = self.slow.events()
        done = next(i for i, e in enumerate(events) if e["type"] == "done")
        said = next(i for i, e in enumerate(events) if e.get("text") == "mine")
        self.assertLess(said, done)
        self.assertEqual(seqs(events), list(range(1, 102)))

    def test_no_byte_taken_for_thirty_seconds_is_too_far_behind(self) -> None:
        self.slow.stop_reading()
        self.flood(100)
        for _ in range(29):
            self.server.clock.advance(1)
        self.assertEqual(self.server.server.sockets.clients, {self.slow.channel, self.li.channel})
        self.server.clock.advance(2)
        self.assertFalse(self.slow.wire.lost)
        self.server.clock.pump([0.5] * 14)
        self.assertTrue(self.slow.wire.lost)
        self.slow.wire.take()
        self.slow.events()
        self.assertEqual(self.slow.close and self.slow.close[0], 4008)
        self.assertIn("left", types(self.li.events()))

    def test_a_byte_taken_now_and_then_is_enough(self) -> None:
        self.slow.stop_reading()
        self.flood(100)
        for _ in range(100):
            self.server.clock.advance(1)
            self.slow.wire.take(100)
        self.assertFalse(self.slow.wire.lost)
        self.slow.read_on()
        self.assertIsNone(self.slow.close)
        self.assertEqual(seqs(self.slow.events()), list(range(1, 101)))

    def test_ten_thousand_behind_and_one_more(self) -> None:
        self.slow.stop_reading()
        self.flood(100)
        lag = self.slow.channel._delivery.lag
        for _ in range(10_000 - lag):
            self.li.post(type="say", text="x")
        self.server.settle()
        self.assertEqual(self.slow.channel._delivery.lag, 10_000)
        self.server.clock.advance(1)
        self.assertTrue(self.slow.channel.is_live)
        self.li.say("one more")
        self.server.clock.advance(1)
        self.assertFalse(self.slow.channel.is_live)


class HostileTests(SynchronousTestCase):
    """What costs the one who does it, and nobody else."""

    def setUp(self) -> None:
        self.server = MemoryServer(self, rate=0)
        self.li = self.server.enter("大厅", "李白")

    def test_pings_that_are_not_waited_for_are_not_read(self) -> None:
        self.li.channel._control = Endless()
        self.li.stop_reading()
        for _ in range(20_000):
            self.li.frame(9, b"x" * 125)
            self.server.settle()
        self.assertEqual(self.li.wire.producerState, "paused")
        self.assertLess(len(self.li.wire.dataBuffer), 2 * 64 * 1024)

    def test_a_hundred_control_frames_and_then_it_is_flooding(self) -> None:
        for opcode in (9, 10):
            peer = self.server.enter("大厅", "杜甫")
            for _ in range(100):
                peer.frame(opcode, b"x")
            self.server.settle()
            peer.events()
            self.assertIsNone(peer.close)
            peer.frame(opcode, b"x")
            peer.events()
            self.assertEqual(peer.close and peer.close[0], 1008)

    def test_a_goodbye_with_much_unsent_ends_the_connection_in_five_seconds(self) -> None:
        slow = self.server.enter("大厅", "慢")
        slow.stop_reading()
        for _ in range(100):
            self.li.say(TEXT)
        # The goodbye was on its way when we stopped reading.
        slow.wire.producerState = "producing"
        slow.frame(8, b"\x03\xe8")
        self.li.events()
        self.server.clock.pump([0.5] * 9)
        self.assertEqual(self.li.events(), [])
        self.server.clock.pump([0.5] * 3)
        self.assertEqual(types(self.li.events()), ["left"])

    def test_nothing_is_carried_out_after_our_close(self) -> None:
        self.server.hold_reads = True
        self.li.post(type="history", room="大厅")
        self.li.post(type="say", text="after")
        self.li.frame(2, b"binary")
        self.server.release()
        self.server.hold_reads = False
        du = self.server.enter("大厅", "杜甫")
        self.assertEqual(du.joined["seq"], 0)

    def test_answers_come_before_the_close(self) -> None:
        self.li.post(type="ping", ref="p")
        self.li.frame(2, b"binary")
        self.assertEqual(types(self.li.events()), ["pong"])
        self.assertEqual(self.li.close and self.li.close[0], 1003)

    def test_refusals_come_in_the_order_of_what_they_answer(self) -> None:
        self.li.say("a")
        self.li.events()
        self.server.hold_reads = True
        self.li.post(type="history", room="大厅", ref="1")
        self.li.post(type="history", room="大厅", limit=0, ref="2")
        self.li.post(type="nonsense", ref="3")
        self.server.release()
        self.assertEqual([event["ref"] for event in self.li.events()], ["1", "2", "3"])


class Endless:
    """A pace that lets everything pass."""

    def step(self) -> None:
        """Count nothing."""


class RejoinTests(SynchronousTestCase):
    """Who joins a room again gets what the first join has promised."""

    def setUp(self) -> None:
        self.server = MemoryServer(self, rate=0)
        self.li = self.server.enter("大厅", "李白")
        for number in range(1, 251):
            self.li.say(str(number))

    def test_at_once(self) -> None:
        peer = self.server.connect()
        peer.post(type="join", room="大厅", since=0)
        peer.post(type="join", room="大厅")
        self.server.settle()
        self.li.say("live")
        events = peer.events()[1:]
        self.assertEqual(types(events).count("joined"), 2)
        self.assertEqual(seqs(events), list(range(1, 252)))

    def test_while_the_log_is_read(self) -> None:
        self.server.close()
        self.server = MemoryServer(self, data=self.server.settings.data, rate=0)
        self.server.enter("大厅", "杜甫")
        self.server.hold_reads = True
        peer = self.server.connect()
        peer.post(type="join", room="大厅", since=0)
        peer.post(type="join", room="大厅")
        peer.post(type="leave", room="大厅")
        self.server.settle()
        self.server.release()
        events = peer.events()[1:]
        self.assertEqual(seqs(events), list(range(1, 251)))
        self.assertEqual(types(events)[-1], "left")


class AwayTests(SynchronousTestCase):
    def test_a_log_that_is_away_makes_nobody_too_far_behind(self) -> None:
        server = MemoryServer(self, rate=0)
        li = server.enter("大厅", "李白")
        for number in range(1, 301):
            li.say(str(number))
        li.cut()
        server.close()
        server = MemoryServer(self, data=server.settings.data, rate=0)
        server.enter("大厅", "杜甫")
        log = server.server.database.log
        away = self.patch(log, "after", lambda *args: fail(unavailable()))
        peer = server.connect(room="大厅", since=0)
        heard: list[dict[str, Any]] = []
        for _ in range(40):
            server.clock.advance(1)
            for opcode, payload in peer.frames():
                if opcode == 9:
                    peer.frame(10, payload)
        self.assertTrue(peer.channel.is_live)
        away.restore()
        server.clock.advance(1)
        server.settle()
        heard += peer.events()
        self.assertEqual(seqs(heard), list(range(1, 301)))


class StopTests(SynchronousTestCase):
    def test_nobody_is_let_in_while_the_server_stops(self) -> None:
        server = MemoryServer(self)
        li = server.enter("大厅", "李白")
        li.stop_reading()
        closing = Deferred.fromCoroutine(server.server.close())
        self.assertEqual(server.connect().status, 503)
        server.clock.pump([0.5] * 20)
        self.successResultOf(closing)
        server._closed = True

    def test_it_is_over_when_the_visitor_of_the_poem_has_said_goodbye_too(self) -> None:
        server = MemoryServer(self)
        visitor = server.connect("/")
        closing = Deferred.fromCoroutine(server.server.close())
        server.settle()
        visitor.frames()
        self.assertEqual(visitor.close and visitor.close[0], 1001)
        self.assertNoResult(closing)
        visitor.frame(8, (1001).to_bytes(2))
        server.settle()
        self.successResultOf(closing)
        self.assertTrue(visitor.wire.lost)
        server._closed = True

    def test_a_visitor_of_the_poem_who_never_does_is_cut_off(self) -> None:
        server = MemoryServer(self)
        visitor = server.connect("/")
        closing = Deferred.fromCoroutine(server.server.close())
        server.clock.pump([0.5] * 6)
        self.successResultOf(closing)
        self.assertTrue(visitor.wire.lost)
        server._closed = True

    def test_a_disk_that_never_answers_does_not_hold_it_up(self) -> None:
        server = MemoryServer(self)
        li = server.enter("大厅", "李白")
        never: Deferred[None] = Deferred()
        close = self.patch(server.server.database, "close", lambda: never)
        closing = Deferred.fromCoroutine(server.server.close())
        server.clock.pump([0.5] * 20)
        self.failureResultOf(closing, TimeoutError)
        li.events()
        self.assertEqual(li.close and li.close[0], 1001)
        server._closed = True
        close.restore()
        server.server.database.close()


class JoinUnderAStreamTests(SynchronousTestCase):
    """Join is subscribe, read, merge by `seq`: never a hole, never a repeat."""

    @settings(max_examples=150)
    @given(
        st.lists(
            st.sampled_from(STEPS),
            min_size=5,
            max_size=60,
        )
    )
    def test_whatever_happens_in_whatever_order(self, steps: list[str]) -> None:
        server = MemoryServer(self, rate=0)
        try:
            self.play(server, steps)
        finally:
            server.hold_reads = False
            server.release()
            server.close()

    def play(self, server: MemoryServer, steps: list[str]) -> None:
        li = server.enter("大厅", "李白")
        epoch = li.joined["epoch"]
        server.hold_reads = True
        peer: Peer | None = None
        seen = 0
        heard: list[int] = []
        said = 0
        for step in steps:
            if step == "say":
                # Three at a time, and long, so that a transport fills.
                for _ in range(3):
                    said += 1
                    li.post(type="say", text=TEXT * 3)
            elif step == "turn":
                server.clock.advance(0)
            elif step == "join" and peer is None:
                peer = server.connect(room="大厅", since=seen, epoch=epoch)
            elif step == "release":
                server.release()
            elif peer is not None:
                if step == "again":
                    peer.post(type="join", room="大厅")
                elif step == "stop":
                    peer.stop_reading()
                elif step == "read":
                    peer.read_on()
                elif step == "cut":
                    heard += seqs(peer.events())
                    seen = heard[-1] if heard else 0
                    peer.cut()
                    peer = None
        server.hold_reads = False
        server.release()
        server.settle()
        if peer is None:
            peer = server.connect(room="大厅", since=seen, epoch=epoch)
        peer.read_on()
        heard += seqs(peer.events())
        self.assertEqual(heard, list(range(1, said + 1)))
