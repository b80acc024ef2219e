"""`/ws?wire=1`: the handshake and each frame are told, to this connection alone."""

import json
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from chatroom.transports.wiretap import frames_in
from chatroom.wire.frames import frame
from tests.memory import KEY, MemoryServer, Peer

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10


class WireCase(SynchronousTestCase):
    def setUp(self) -> None:
        self.server = MemoryServer(self, rate=0)
        self.du = self.server.enter("大厅", "杜甫")

    def tapped(self, **headers: str) -> Peer:
        """A connection that has asked, with its welcome and joined read."""
        return self.server.connect(headers=headers, room="大厅", nick="李白", wire=1)

    def told(self, events: list[dict[str, Any]]) -> list[tuple[str, int, bool, int]]:
        """What is told of frames."""
        return [
            (event["way"], event["opcode"], event["masked"], event["length"])
            for event in events
            if event["type"] == "wire"
        ]


class HandshakeTests(WireCase):
    def test_what_was_received_and_sent(self) -> None:
        token = self.du.welcome["token"]
        li = self.tapped(Cookie=f"chatroom={token}", Authorization=f"Bearer {token}")
        handshake = li.events()[0]["handshake"]
        self.assertEqual(
            handshake["request"]["line"],
            "GET /ws?room=%E5%A4%A7%E5%8E%85&nick=%E6%9D%8E%E7%99%BD&wire=1 HTTP/1.1",
        )
        headers = dict(handshake["request"]["headers"])
        self.assertEqual(headers["Sec-WebSocket-Key"], KEY)
        self.assertEqual((headers["Cookie"], headers["Authorization"]), ("…", "…"))
        self.assertNotIn(token, json.dumps(handshake))
        first, *lines = li.head.split("\r\n")
        self.assertEqual(handshake["response"]["line"], first)
        sent = [f"{name}: {value}" for name, value in handshake["response"]["headers"]]
        self.assertEqual(sent, lines)
        self.assertIn("Sec-WebSocket-Accept", dict(handshake["response"]["headers"]))

    def test_only_who_asks(self) -> None:
        for asked in ({}, {"wire": 0}, {"wire": "yes"}):
            peer = self.server.connect(room="大厅", **asked)
            peer.send(type="ping")
            events = peer.events()
            self.assertNotIn("handshake", events[0])
            self.assertEqual(self.told(events), [])

    def test_of_several_the_first_counts(self) -> None:
        for query, is_told in (
            ("wire=1&wire=1", True),
            ("wire=1&wire=0", True),
            ("wire=0&wire=1", False),
        ):
            [welcome] = self.server.connect(f"/ws?{query}").events()[:1]
            self.assertEqual("handshake" in welcome, is_told, query)

    def test_hello_is_welcomed_with_it_too(self) -> None:
        peer = self.server.connect(wire=1)
        peer.events()
        peer.send(type="hello", nick="李白", ref="h")
        [welcome] = [event for event in peer.events() if event["type"] == "welcome"]
        self.assertIn("handshake", welcome)


class FrameTests(WireCase):
    def setUp(self) -> None:
        super().setUp()
        self.li = self.tapped()
        self.first = self.li.events()

    def test_what_follows_the_welcome_is_told_and_the_welcome_not(self) -> None:
        self.assertEqual([event["type"] for event in self.first], ["welcome", "joined", "wire"])
        length = len(json.dumps(self.first[1], ensure_ascii=False, separators=(",", ":")).encode())
        self.assertEqual(self.told(self.first), [("down", TEXT, False, length)])

    def test_both_ways_of_a_message(self) -> None:
        self.li.say("床前明月光")
        said = len('{"type": "say", "text": "床前明月光"}'.encode())
        events = self.li.events()
        [came] = [event for event in events if event["type"] == "said"]
        length = len(json.dumps(came, ensure_ascii=False, separators=(",", ":")).encode())
        self.assertEqual(
            self.told(events), [("up", TEXT, True, said), ("down", TEXT, False, length)]
        )
        self.assertEqual({event["at"] for event in events if "way" in event}, {self.server.now})

    def test_what_others_say(self) -> None:
        self.du.say("疑是地上霜")
        self.assertEqual([way for way, *_ in self.told(self.li.events())], ["down"])

    def test_pings_of_both_sides(self) -> None:
        self.li.frame(PING, b"abc")
        self.server.settle()
        self.assertEqual(
            self.told(self.li.events()), [("up", PING, True, 3), ("down", PONG, False, 3)]
        )
        self.server.clock.advance(25)
        self.li.events()
        [payload] = self.li.pings
        self.li.frame(PONG, payload)
        self.server.settle()
        self.assertIn(("up", PONG, True, len(payload)), self.told(self.li.events()))

    def test_nothing_after_a_close_frame(self) -> None:
        self.li.frame(CLOSE, b"\x03\xe8")
        self.server.settle()
        self.assertEqual([opcode for opcode, _ in self.li.frames()], [CLOSE])

    def test_nobody_else_is_told(self) -> None:
        self.du.events()
        self.li.say("床前明月光")
        self.assertEqual([event["type"] for event in self.du.events()], ["said"])

    def test_who_is_behind_does_without(self) -> None:
        self.li.stop_reading()
        for number in range(60):
            self.du.say(f"{number}" + "长" * 1000)
        self.assertTrue(self.li.channel._delivery.full)
        written = self.li.wire.writes
        self.li.channel.logRxFrame(type("Header", (), {"opcode": PING, "length": 0}), b"")
        self.assertEqual(self.li.wire.writes, written)
        self.li.read_on()
        texts = [event["seq"] for event in self.li.events() if event["type"] == "said"]
        self.assertEqual(texts, list(range(1, 61)))


class ParsingTests(SynchronousTestCase):
    def test_lengths_of_every_form(self) -> None:
        for length in (0, 1, 125, 126, 65535, 65536, 70000):
            data = frame(b"a" * length) + frame(b"", is_binary=True)
            self.assertEqual(list(frames_in(data)), [(1, length), (2, 0)])
