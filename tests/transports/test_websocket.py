"""The WebSocket of `/ws`: what it takes, what it refuses, and what is left of it afterwards."""

import gc
import json
from collections import Counter
from typing import Any
from urllib.parse import quote

from twisted.logger import capturedLogs
from twisted.trial.unittest import SynchronousTestCase

from chatroom.core.client import Client
from chatroom.core.commands import Ping
from chatroom.core.people import User
from chatroom.core.rooms import Rooms
from chatroom.transports.channel import MAX_FRAMES_A_MESSAGE
from chatroom.transports.http import HttpChannel
from chatroom.transports.outbox import Outbox
from chatroom.transports.visitor import Visitor
from chatroom.transports.websocket import ChatProtocol
from tests.lesson.frames import CLOSE, CONTINUATION, PING, PONG, TEXT, client_frame, read_frames
from tests.memory import MemoryServer, Peer, Wire
from tests.transports.answers import handshake, request

BINARY = 2
LIMIT = 65536
PING_COMMAND = b'{"type":"ping"}'


def command(**fields: object) -> bytes:
    """A command as one masked frame."""
    return client_frame(TEXT, json.dumps(fields, ensure_ascii=False).encode())


class WebSocketCase(SynchronousTestCase):
    """A server with 杜甫 in the room 大厅, who sees what the others do."""

    def setUp(self) -> None:
        self.start()

    def start(self, **options: object) -> None:
        self.server = MemoryServer(self, **options)
        self.du = self.server.enter("大厅", "杜甫")

    def connect(self) -> Peer:
        """A connection that has read its `welcome`."""
        peer = self.server.connect()
        peer.events()
        return peer

    def wait(self, seconds: int) -> None:
        """Let time pass for all but 杜甫, who goes on to answer pings."""
        for _ in range(seconds):
            self.server.clock.advance(1)
            self.answer_pings(self.du)

    def answer_pings(self, peer: Peer) -> None:
        known = len(peer.pings)
        peer.heard = getattr(peer, "heard", []) + peer.events()
        for payload in peer.pings[known:]:
            peer.frame(PONG, payload)

    def assert_answers(self, peer: Peer) -> None:
        """The connection is open and its commands are carried out."""
        peer.events()
        peer.send(type="ping")
        self.assertEqual([event["type"] for event in peer.events()], ["pong"])

    def assert_closed(self, peer: Peer, code: int) -> None:
        """A close frame with this code was the last word, and then the connection ends."""
        self.server.settle()
        frames = peer.frames()
        self.assertEqual([opcode for opcode, _ in frames[-1:]], [CLOSE])
        self.assertEqual([opcode for opcode, _ in frames].count(CLOSE), 1)
        self.assertEqual(peer.close[0], code)
        self.wait(6)
        self.assertTrue(peer.wire.lost)
        self.assertEqual(self.server.server.sockets.clients, {self.du.channel})
        self.assert_answers(self.du)


class RefusedFrameTests(WebSocketCase):
    """What ends a connection, with the code that says why."""

    def test_binary_is_1003(self) -> None:
        for payload in (b"", PING_COMMAND, b"\xff"):
            peer = self.connect()
            peer.frame(BINARY, payload)
            self.assert_closed(peer, 1003)

    def test_text_that_is_not_utf_8_is_1007(self) -> None:
        for payload in (b"\xff", b'"\xed\xa0\x80"', b'"\xc0\x80"', b'"\xf4\x90\x80\x80"', b'"\xe6'):
            peer = self.connect()
            peer.frame(TEXT, payload)
            self.assert_closed(peer, 1007)

    def test_it_is_1007_before_the_message_is_whole(self) -> None:
        peer = self.connect()
        peer.frame(TEXT, b'{"type":"\xff', fin=False)
        self.assert_closed(peer, 1007)

    def test_a_character_may_be_cut_between_fragments(self) -> None:
        peer = self.connect()
        whole = json.dumps({"type": "ping", "ref": "李"}, ensure_ascii=False).encode()
        middle = whole.index("李".encode()) + 1
        peer.frame(TEXT, whole[:middle], fin=False)
        peer.frame(CONTINUATION, whole[middle:])
        self.server.settle()
        self.assertEqual(peer.events()[0]["ref"], "李")

    def test_a_frame_may_have_64_kib_and_no_byte_more(self) -> None:
        peer = self.connect()
        peer.frame(TEXT, PING_COMMAND.ljust(LIMIT))
        self.server.settle()
        self.assertEqual([event["type"] for event in peer.events()], ["pong"])
        peer.frame(TEXT, PING_COMMAND.ljust(LIMIT + 1))
        self.assert_closed(peer, 1009)

    def test_a_frame_too_big_is_refused_by_its_head_alone(self) -> None:
        for size in (LIMIT + 1, 2**40, 2**62):
            peer = self.connect()
            peer.bring(bytes([0x80 | TEXT, 0xFF]) + size.to_bytes(8) + b"\0\0\0\0")
            self.assert_closed(peer, 1009)

    def test_fragments_together_may_have_64_kib_and_no_byte_more(self) -> None:
        peer = self.connect()
        for last in (0, 1):
            peer.frame(TEXT, PING_COMMAND.ljust(LIMIT // 2), fin=False)
            peer.frame(CONTINUATION, b" " * (LIMIT // 2 + last))
            if not last:
                self.server.settle()
                self.assertEqual([event["type"] for event in peer.events()], ["pong"])
        self.assert_closed(peer, 1009)

    def test_the_operator_sets_the_limit(self) -> None:
        self.start(max_frame=1000)
        peer = self.connect()
        peer.frame(TEXT, PING_COMMAND.ljust(1000))
        self.server.settle()
        self.assertEqual([event["type"] for event in peer.events()], ["pong"])
        peer.frame(TEXT, PING_COMMAND.ljust(1001))
        self.assert_closed(peer, 1009)

    def send_in_frames(self, peer: Peer, count: int) -> None:
        peer.frame(TEXT, PING_COMMAND, fin=False)
        peer.bring(client_frame(CONTINUATION, b"", final=False) * (count - 2))
        peer.frame(CONTINUATION, b"")
        self.server.settle()

    def test_a_message_may_have_1024_frames_and_not_one_more(self) -> None:
        self.assertEqual(MAX_FRAMES_A_MESSAGE, 1024)
        peer = self.connect()
        for _ in range(2):
            self.send_in_frames(peer, 1024)
            self.assertEqual([event["type"] for event in peer.events()], ["pong"])
        self.send_in_frames(peer, 1025)
        self.assert_closed(peer, 1008)

    def test_a_flood_of_frames_is_refused_before_it_is_over(self) -> None:
        peer = self.connect()
        peer.frame(TEXT, b"", fin=False)
        flood = client_frame(CONTINUATION, b"", final=False)
        for _ in range(100):
            peer.bring(flood * 1000)
        # What came after the refusal was not kept.
        self.assertLess(len(peer.channel.message_data or []), 2 * MAX_FRAMES_A_MESSAGE)
        self.assert_closed(peer, 1008)

    def test_what_rfc_6455_forbids_is_1002(self) -> None:
        unmasked = bytes([0x80 | TEXT, len(PING_COMMAND)]) + PING_COMMAND
        for data in (
            unmasked,
            client_frame(TEXT | 0x40, PING_COMMAND),  # RSV1: no deflate was agreed on
            client_frame(TEXT | 0x10, PING_COMMAND),
            client_frame(3, b""),
            client_frame(11, b""),
            client_frame(CONTINUATION, b""),
            client_frame(TEXT, b"", final=False) + client_frame(TEXT, b""),
            client_frame(PING, b"", final=False),
            client_frame(PING, b"a" * 126),
            client_frame(CLOSE, b"\x03"),
            client_frame(CLOSE, (1005).to_bytes(2)),
        ):
            peer = self.connect()
            peer.bring(data)
            self.assert_closed(peer, 1002)

    def test_nothing_is_heard_of_who_was_refused(self) -> None:
        for fault in (
            client_frame(BINARY, b""),
            client_frame(3, b""),
            client_frame(TEXT, b"\xff"),
            client_frame(TEXT, b" " * (LIMIT + 1)),
        ):
            peer = self.server.enter("大厅", "李白")
            self.du.events()
            peer.bring(fault + command(type="say", text="ignored"))
            peer.bring(command(type="say", text="ignored"))
            self.server.settle()
            self.wait(6)
            self.assertEqual({event["type"] for event in self.du.heard}, {"left"})
            self.du.heard = []


class ImpatientTests(WebSocketCase):
    """Who does not wait for the answer to its handshake, as RFC 6455, 4.1, has it."""

    def heard(self, ahead: bytes, behind: bytes = b"") -> list[str]:
        """Send all of that at once, and what is behind later; give what 杜甫 hears."""
        wire = self.server.wire()
        wire.receive(ahead)
        self.server.settle()
        self.assertTrue(wire.taken.startswith(b"HTTP/1.1 101 "))
        self.assertEqual(wire.producerState, "producing")
        wire.receive(behind)
        self.server.settle()
        wire.lose(ConnectionError())
        self.server.settle()
        return [event["text"] for event in self.du.events() if event["type"] == "said"]

    def test_nothing_is_lost(self) -> None:
        begins = handshake(f"/ws?room={quote('大厅')}")
        frames = command(type="say", text="早") + command(type="say", text="安")
        for cut in (0, 1, 7, len(frames) - 1, len(frames)):
            self.assertEqual(self.heard(begins + frames[:cut], frames[cut:]), ["早", "安"])

    def test_much(self) -> None:
        """More than twisted.web keeps of the next request before it reads no further."""
        begins = handshake(f"/ws?room={quote('大厅')}")
        texts = [str(number) * 2_000 for number in range(10)]
        frames = b"".join(command(type="say", text=text) for text in texts)
        self.assertEqual(self.heard(begins + frames), texts)

    def test_behind_an_empty_body(self) -> None:
        begins = handshake(f"/ws?room={quote('大厅')}", b"Transfer-Encoding: chunked")
        frame = command(type="say", text="早")
        self.assertEqual(self.heard(begins + b"0\r\n\r\n" + frame), ["早"])


class BareTests(WebSocketCase):
    """The options hold by themselves, without the site that is in front of them."""

    def answered(self, data: bytes) -> Wire:
        wire = Wire(self.server.clock, "192.0.2.7")
        wire.protocol = self.server.server.sockets.buildProtocol(wire.getPeer())
        wire.protocol.makeConnection(wire)
        wire.receive(data)
        return wire

    def test_a_plain_get_shows_no_page_of_autobahns(self) -> None:
        wire = self.answered(request("/"))
        self.assertTrue(wire.taken.startswith(b"HTTP/1.1 426 "))
        self.assertNotIn(b"Autobahn", wire.taken)

    def test_only_version_13_is_spoken(self) -> None:
        wire = self.answered(handshake("/", Sec_WebSocket_Version=b"8"))
        self.assertTrue(wire.taken.startswith(b"HTTP/1.1 400 "))


class PingTests(WebSocketCase):
    """Signs of life, both ways."""

    def test_a_ping_is_answered_with_its_payload(self) -> None:
        peer = self.connect()
        for payload in (b"", b"hello", bytes(range(125))):
            peer.frame(PING, payload)
            self.assertEqual(peer.frames(), [(PONG, payload)])

    def test_also_between_fragments(self) -> None:
        peer = self.connect()
        peer.frame(TEXT, PING_COMMAND[:5], fin=False)
        peer.frame(PING, b"here?")
        self.assertEqual(peer.frames(), [(PONG, b"here?")])
        peer.frame(CONTINUATION, PING_COMMAND[5:])
        self.server.settle()
        self.assertEqual([event["type"] for event in peer.events()], ["pong"])

    def test_a_pong_that_nobody_asked_for_is_ignored(self) -> None:
        peer = self.connect()
        peer.frame(PONG, b"x")
        self.assertEqual(peer.frames(), [])
        self.assert_answers(peer)

    def test_who_is_silent_is_asked_after_25_seconds_and_dropped_after_45(self) -> None:
        peer = self.server.enter("大厅", "李白")
        for seconds, pings in ((24, 0), (1, 1), (19, 1)):
            self.wait(seconds)
            peer.frames()
            self.assertEqual(len(peer.pings), pings)
            self.assertFalse(peer.wire.lost)
        self.wait(1)
        self.assertTrue(peer.wire.lost)
        self.assertEqual(self.du.heard[-1]["type"], "left")

    def test_the_log_has_the_address_of_who_is_dropped(self) -> None:
        self.server.enter("大厅", "李白")
        with capturedLogs() as events:
            self.wait(46)
        dropped = [
            event["peer"] for event in events if "dropping connection" in event["log_format"]
        ]
        self.assertEqual(dropped, ["tcp4:192.0.2.7:4711"])

    def test_who_answers_stays(self) -> None:
        peer = self.connect()
        for _ in range(300):
            self.wait(1)
            self.answer_pings(peer)
        self.assertGreaterEqual(len(peer.pings), 9)
        self.assert_answers(peer)

    def test_another_pong_is_no_answer(self) -> None:
        peer = self.connect()
        self.wait(26)
        peer.frames()
        for _ in range(20):
            peer.frame(PONG, b"not what was asked")
            self.wait(1)
        self.assertTrue(peer.wire.lost)

    def fill(self, peer: Peer) -> None:
        """Let the peer stop reading while more is said than its transport takes."""
        peer.stop_reading()
        for _ in range(40):
            self.du.say("长" * 3000)
        self.assertFalse(peer.channel._delivery.writable)

    def test_who_is_slow_but_takes_a_little_is_not_dropped(self) -> None:
        self.start(rate=0)
        peer = self.server.enter("大厅", "李白")
        self.fill(peer)
        # Its pong cannot be read meanwhile: whoever does not take our answers is not read from.
        for _ in range(12):
            self.wait(10)
            peer.wire.take(1000)
        self.assertFalse(peer.wire.lost)
        peer.read_on()
        self.answer_pings(peer)
        said = [event["seq"] for event in peer.heard if event["type"] == "said"]
        self.assertEqual(said, list(range(1, 41)))
        for _ in range(60):
            self.wait(1)
            self.answer_pings(peer)
        self.assert_answers(peer)

    def test_who_takes_nothing_is_closed_after_30_seconds(self) -> None:
        self.start(rate=0)
        peer = self.server.enter("大厅", "李白")
        self.fill(peer)
        self.wait(29)
        self.assertFalse(peer.wire.lost)
        self.wait(10)
        self.assertTrue(peer.wire.lost)


class CloseTests(WebSocketCase):
    """Ending a connection in good order."""

    def test_a_close_is_answered_and_the_connection_ends(self) -> None:
        for payload in (b"", (1000).to_bytes(2), (1001).to_bytes(2) + "再见".encode()):
            peer = self.server.enter("大厅", "李白")
            peer.frame(CLOSE, payload)
            self.assertEqual([frame.opcode for frame in read_frames(peer.wire.taken)], [CLOSE])
            self.server.settle()
            self.assertTrue(peer.wire.lost)
            self.assertEqual(self.du.events()[-1]["type"], "left")

    def test_a_command_after_a_close_is_ignored(self) -> None:
        peer = self.server.enter("大厅", "李白")
        peer.bring(
            command(type="say", text="heard")
            + client_frame(CLOSE, (1000).to_bytes(2))
            + command(type="say", text="ignored")
        )
        peer.bring(command(type="say", text="ignored"))
        self.server.settle()
        texts = [event["text"] for event in self.du.events() if event["type"] == "said"]
        self.assertEqual(texts, ["heard"])

    def test_a_command_that_crosses_our_close_is_ignored(self) -> None:
        peer = self.server.enter("大厅", "李白")
        peer.channel.close(1001, "going")
        peer.bring(command(type="say", text="ignored"))
        self.server.settle()
        self.assertEqual([event for event in self.du.events() if event["type"] == "said"], [])

    def test_who_does_not_answer_our_close_is_dropped_after_5_seconds(self) -> None:
        peer = self.connect()
        peer.channel.close(1001, "going")
        self.wait(4)
        self.assertFalse(peer.wire.lost)
        self.wait(2)
        self.assertTrue(peer.wire.lost)

    def test_nothing_is_sent_behind_our_close(self) -> None:
        peer = self.server.enter("大厅", "李白")
        peer.channel.close(1001, "going")
        self.du.say("未完")
        self.assertEqual([opcode for opcode, _ in peer.frames()], [CLOSE])


class FloodingTests(WebSocketCase):
    """A connection may send 100 commands in 10 s."""

    def pinged(self, peer: Peer, count: int) -> list[dict[str, Any]]:
        for number in range(count):
            peer.post(type="ping", ref=str(number))
        self.server.settle()
        return peer.events()

    def test_a_hundred_are_carried_out_and_a_hundred_more_refused(self) -> None:
        peer = self.connect()
        self.assertEqual({event["type"] for event in self.pinged(peer, 100)}, {"pong"})
        refused = self.pinged(peer, 100)
        self.assertEqual([event["ref"] for event in refused], [str(n) for n in range(100)])
        self.assertEqual({event["code"] for event in refused}, {"too_fast"})
        self.assertEqual({event["retry_after"] for event in refused}, {10.0})
        peer.post(type="ping")
        self.assert_closed(peer, 1008)

    def test_frames_that_are_no_commands_count_too(self) -> None:
        peer = self.connect()
        for _ in range(201):
            peer.frame(TEXT, b"nonsense")
        self.assert_closed(peer, 1008)

    def test_after_ten_seconds_it_begins_anew(self) -> None:
        peer = self.connect()
        self.pinged(peer, 150)
        self.wait(10)
        self.assertEqual({event["type"] for event in self.pinged(peer, 100)}, {"pong"})

    def test_each_connection_has_its_own_count(self) -> None:
        peer, other = self.connect(), self.connect()
        self.pinged(peer, 200)
        self.assert_answers(other)

    def test_without_a_rate_there_is_no_limit(self) -> None:
        self.start(rate=0)
        peer = self.connect()
        self.assertEqual({event["type"] for event in self.pinged(peer, 1000)}, {"pong"})
        self.assert_answers(peer)


class LargeAnswerTests(WebSocketCase):
    """The limit on what we take is none on what we send."""

    # What `websockets` takes by default, the smallest of the usual limits.
    MOST = 1024 * 1024

    def setUp(self) -> None:
        self.start(rate=0, max_frame=LIMIT)

    def pages(self, peer: Peer, **position: int) -> list[dict[str, Any]]:
        """Ask for pages, `before` or `after` the last one, until there are no more."""
        (direction, seq) = position.popitem()
        pages: list[dict[str, Any]] = []
        while not pages or pages[-1]["more"]:
            peer.send(type="history", room="大厅", limit=200, **{direction: seq})
            (frame,) = peer.frames()
            self.assertLess(len(frame[1]), self.MOST)
            pages.append(json.loads(frame[1]))
            seq = pages[-1]["oldest" if direction == "before" else "newest"]
        return pages

    def test_two_hundred_long_messages_arrive_in_pages_that_every_client_takes(self) -> None:
        texts = [f"{number:04}" + "月" * 3996 for number in range(200)]
        for text in texts:
            self.du.say(text)
        peer = self.connect()
        forward = self.pages(peer, after=0)
        self.assertGreater(len(forward), 1)
        self.assertEqual([m["text"] for page in forward for m in page["messages"]], texts)
        backward = self.pages(peer, before=201)
        self.assertGreater(len(backward), 1)
        self.assertEqual([m["text"] for p in reversed(backward) for m in p["messages"]], texts)
        self.assertTrue(any(len(json.dumps(page)) > LIMIT for page in forward))

    def test_also_when_json_makes_them_six_times_as_long(self) -> None:
        texts = [f"{number:04}" + "\x01" * 3996 for number in range(200)]
        for text in texts:
            self.du.say(text)
        peer = self.connect()
        forward = self.pages(peer, after=0)
        self.assertEqual([m["text"] for page in forward for m in page["messages"]], texts)

    def test_what_was_missed_arrives_whole(self) -> None:
        for number in range(200):
            self.du.say(f"{number:04}" + "月" * 3996)
        peer = self.server.connect(room="大厅", since=0)
        frames = peer.frames()
        self.assertLess(max(len(payload) for _, payload in frames), self.MOST)
        said = [json.loads(payload) for _, payload in frames][2:]
        self.assertEqual([event["seq"] for event in said], list(range(1, 201)))


class OwnErrorTests(WebSocketCase):
    """An error of our own costs one connection, and is logged."""

    def fails(self, *_: object) -> None:
        raise ZeroDivisionError

    def assert_one_connection_lost(self, peer: Peer) -> None:
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)
        self.assert_closed(peer, 1011)

    def test_while_a_command_is_carried_out(self) -> None:
        peer = self.server.enter("大厅", "李白")
        ways = self.server.server.sockets.chat._ways
        self.patch(self.server.server.sockets.chat, "_ways", ways | {Ping: self.fails})
        peer.send(type="ping")
        self.patch(self.server.server.sockets.chat, "_ways", ways)
        self.assert_one_connection_lost(peer)

    def test_after_a_command_had_to_wait(self) -> None:
        peer = self.server.enter("大厅", "李白")
        self.server.hold_reads = True
        self.patch(Rooms, "_history_page", self.fails)
        peer.send(type="history", room="大厅")
        self.server.hold_reads = False
        self.server.release()
        self.assert_one_connection_lost(peer)

    def test_on_entering(self) -> None:
        chat = self.server.server.sockets.chat
        connected = chat.connected
        chat.connected = self.fails
        peer = self.server.connect()
        chat.connected = connected
        self.assert_one_connection_lost(peer)


class SegmentTests(WebSocketCase):
    """TCP cuts where it likes."""

    SESSION = (
        handshake("/ws?room=%E5%A4%A7%E5%8E%85&nick=%E6%9D%8E%E7%99%BD"),
        command(type="say", text="举头望明月", id="a", ref="1"),
        client_frame(TEXT, b'{"type":', final=False),
        client_frame(PING, b"here?"),
        client_frame(CONTINUATION, b'"typing","room":"\xe5\xa4\xa7\xe5\x8e\x85"}'),
        client_frame(TEXT, b'{"type":"nonsense"}'),
        command(type="say", text="长" * 100, ref="2"),
        command(type="leave", room="大厅"),
        client_frame(CLOSE, (1000).to_bytes(2)),
    )

    def play(self, wire: Wire, *parts: bytes) -> list[tuple[int, bytes]]:
        """Send a session in these parts; give the frames that came back."""
        for part in parts:
            wire.receive(part)
            self.server.settle()
        _, _, rest = wire.taken.partition(b"\r\n\r\n")
        return [(frame.opcode, frame.payload) for frame in read_frames(rest)]

    def test_segments_of_one_byte_are_the_same_as_whole_frames(self) -> None:
        heard = []
        for size in (None, 1):
            # The same seed gives the same ids and tokens.
            self.start()
            wire = self.server.wire()
            parts = list(self.SESSION)
            if size is not None:
                parts[1:] = [bytes([byte]) for byte in b"".join(parts[1:])]
                parts[:1] = [bytes([byte]) for byte in self.SESSION[0]]
            heard.append((self.play(wire, *parts), self.du.events()))
            self.assertTrue(wire.lost)
        self.assertEqual(heard[0], heard[1])
        self.assertIn(PONG, [opcode for opcode, _ in heard[0][0]])

    def test_frames_in_one_segment_are_the_same_as_apart(self) -> None:
        start, *commands, _leave, _close = self.SESSION
        apart = self.play(self.server.wire(), start, *commands)
        self.start()
        together = self.play(self.server.wire(), start, b"".join(commands))
        # What needs no storage is answered earlier.
        self.assertEqual(sorted(apart), sorted(together))

    def test_a_session_cut_anywhere_leaves_nothing_behind(self) -> None:
        whole = b"".join(self.SESSION)
        handshaken = len(self.SESSION[0])
        self.du.events()
        for end in range(len(whole) + 1):
            wire = self.server.wire()
            wire.receive(whole[: min(end, handshaken)])
            self.server.settle()
            wire.receive(whole[handshaken:end])
            self.server.settle()
            wire.lose(ConnectionError())
            self.server.settle()
            here = 1
            for event in self.du.events():
                here = event.get("count", here)
            self.assertEqual(here, 1, end)
            self.assertEqual(self.server.server.sockets.clients, {self.du.channel})
        self.assertEqual(self.flushLoggedErrors(), [])
        self.du.send(type="members", room="大厅")
        self.assertEqual([m["nick"] for m in self.du.events()[-1]["members"]], ["杜甫"])


class NothingRemainsTests(WebSocketCase):
    """When a client is gone, so is all that was kept for it."""

    def leave_by(self, way: str, peer: Peer) -> None:
        match way:
            case "a close":
                peer.frame(CLOSE, (1000).to_bytes(2))
            case "a cut":
                peer.cut()
            case "a fault":
                peer.frame(BINARY, b"")
            case "silence":
                self.wait(50)
            case "a cut while it waits":
                self.server.hold_reads = True
                peer.post(type="history", room="大厅")
                peer.post(type="join", room="第三")
                peer.cut()
                self.server.hold_reads = False
                self.server.release()
            case "a cut while it does not read":
                peer.stop_reading()
                for _ in range(40):
                    self.du.say("长" * 3000)
                peer.cut()
        # What was said gets into the index too, a little at a time.
        self.wait(60)

    def alive(self) -> dict[str, int]:
        """Count the objects that there are for clients."""
        gc.collect()
        kinds = (ChatProtocol, HttpChannel, Client, User, Outbox, Visitor)
        return dict(
            Counter(type(each).__name__ for each in gc.get_objects() if isinstance(each, kinds))
        )

    def test_no_timer_no_client_no_audience_no_object(self) -> None:
        self.start(rate=0)
        sockets = self.server.server.sockets
        self.wait(30)
        timers = len(self.server.clock.getDelayedCalls())
        before = self.alive()
        for way in (
            "a close",
            "a cut",
            "a fault",
            "silence",
            "a cut while it waits",
            "a cut while it does not read",
        ):
            peer = self.server.enter("第二", "李白")
            peer.send(type="join", room="大厅")
            peer.say("在", room="第二")
            peer.send(type="typing", room="大厅")
            self.leave_by(way, peer)
            self.assertTrue(peer.wire.lost, way)
            self.assertEqual(sockets.clients, {self.du.channel}, way)
            self.assertEqual({room.name for room in sockets.registry._audiences}, {"大厅"}, way)
            self.assertEqual(sockets._stalled._watched, {}, way)
            del peer
            self.assertEqual(self.alive(), before, way)
            self.assertEqual(len(self.server.clock.getDelayedCalls()), timers, way)

    def test_what_was_being_stored_when_it_went_is_stored(self) -> None:
        peer = self.server.enter("大厅", "李白")
        peer.post(type="say", text="留下")
        peer.cut()
        texts = [event.get("text") for event in self.du.events()]
        self.assertIn("留下", texts)

    def test_a_command_is_dropped_when_its_sender_is_gone(self) -> None:
        peer = self.server.enter("大厅", "李白")
        self.server.hold_reads = True
        peer.post(type="join", room="别处")
        peer.post(type="say", text="不再", room="大厅")
        peer.cut()
        self.server.hold_reads = False
        self.server.release()
        self.assertNotIn("不再", [event.get("text") for event in self.du.events()])
