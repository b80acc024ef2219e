"""The lesson's first program, alone and behind the web server it shares its port with."""

from collections.abc import Sequence

import txaio
from autobahn.twisted.resource import WebSocketResource
from twisted.internet.interfaces import IProtocol
from twisted.internet.protocol import Protocol, ServerFactory
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.logger import LogEvent, capturedLogs
from twisted.test.iosim import FakeTransport, IOPump, connect
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.resource import Resource
from twisted.web.server import Site

from chatroom.lesson.poem import PoemFactory

from .frames import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, Frame, client_frame, read_frames

MY_LINE = "床前明月光，原来是惠康;"
NEXT_LINE = "举头望明月，低头思故乡,"
LIMIT = 64 * 1024

# The key and its answer are the example of RFC 6455, section 1.3.
REQUEST = (
    b"GET / HTTP/1.1\r\n"
    b"Host: localhost:3000\r\n"
    b"Connection: Upgrade\r\n"
    b"Upgrade: websocket\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    b"Sec-WebSocket-Version: 13\r\n"
)


class Visitor(Protocol):
    """A client that keeps every byte it was sent."""

    def __init__(self) -> None:
        self.received = b""
        self.gone = False

    def dataReceived(self, data: bytes) -> None:
        self.received += data

    def connectionLost(self, reason: object = None) -> None:
        self.gone = True


class PoemRules:
    """What holds wherever the program runs."""

    def setUp(self) -> None:
        self.clock = Clock()
        # Autobahn's timers follow this, whatever reactor the factory was given.
        self.patch(txaio.config, "loop", self.clock)
        self.factory = PoemFactory(reactor=self.clock)
        self.server = self.new_server()
        self.pumps: dict[Visitor, IOPump] = {}

    def knock(self, headers: bytes = b"", request: bytes = REQUEST) -> Visitor:
        """A visitor who has sent its request."""
        server, visitor = self.server.buildProtocol(None), Visitor()
        self.pumps[visitor] = connect(
            server, FakeTransport(server, True), visitor, FakeTransport(visitor, False)
        )
        self.send(visitor, request + headers + b"\r\n")
        return visitor

    def enter(self, headers: bytes = b"") -> Visitor:
        """A visitor whose handshake is over."""
        visitor = self.knock(headers)
        head, _, visitor.received = visitor.received.partition(b"\r\n\r\n")
        self.assertTrue(head.startswith(b"HTTP/1.1 101 "), head)
        return visitor

    def send(self, visitor: Visitor, data: bytes) -> None:
        visitor.transport.write(data)
        self.pumps[visitor].flush()

    def leave(self, visitor: Visitor) -> None:
        self.send(visitor, client_frame(CLOSE, (1000).to_bytes(2)))

    def pass_time(self, seconds: int, *visitors: Visitor) -> None:
        for _ in range(seconds):
            self.clock.advance(1)
            for visitor in visitors:
                self.pumps[visitor].flush()

    def heard(self, visitor: Visitor) -> list[Frame]:
        """The frames this visitor has received since it was last asked."""
        self.pumps[visitor].flush()
        received, visitor.received = visitor.received, b""
        return list(read_frames(received))

    def assert_answer(self, visitor: Visitor, text: str) -> None:
        self.assertEqual(self.heard(visitor), [Frame(TEXT, text.encode(), True, False)])

    def assert_closed(self, visitor: Visitor, code: int) -> None:
        """The last frame is the only close frame, with this code, and the connection ends soon."""
        frames = self.heard(visitor)
        self.assertEqual([frame.opcode for frame in frames], [CLOSE])
        self.assertEqual(int.from_bytes(frames[0].payload[:2]), code)
        self.pass_time(6, visitor)
        self.assertTrue(visitor.gone)
        self.assertEqual(self.factory.visitors, set())

    def said(self, logs: Sequence[LogEvent]) -> list[str]:
        """What the program itself has put in the log."""
        own = [event for event in logs if event["log_namespace"].startswith("chatroom.lesson")]
        return [event["log_format"] for event in own]

    # The poem

    def test_text_comes_back_with_the_next_line(self) -> None:
        visitor = self.enter()
        self.send(visitor, client_frame(TEXT, MY_LINE.encode()))
        self.assert_answer(visitor, "床前明月光，原来是惠康;举头望明月，低头思故乡,")

    def test_every_text_has_its_answer(self) -> None:
        visitor = self.enter()
        texts = ["", "a", "<b>&amp;</b>", "𠀀👩‍👩‍👧", "\x00\r\n", MY_LINE * 100]
        for text in texts:
            self.send(visitor, client_frame(TEXT, text.encode()))
            self.assert_answer(visitor, text + NEXT_LINE)

    def test_only_the_sender_hears_the_answer(self) -> None:
        li_bai, du_fu = self.enter(), self.enter()
        self.send(li_bai, client_frame(TEXT, MY_LINE.encode()))
        self.assertEqual(self.heard(du_fu), [])
        self.assert_answer(li_bai, MY_LINE + NEXT_LINE)

    def test_text_in_pieces_is_joined(self) -> None:
        """The pieces may part one character, and a ping may come between them."""
        visitor, text = self.enter(), MY_LINE.encode()
        self.send(visitor, client_frame(TEXT, text[:4], final=False))
        self.send(visitor, client_frame(CONTINUATION, text[4:5], final=False))
        self.send(visitor, client_frame(PING, b"?"))
        self.assertEqual(self.heard(visitor), [Frame(PONG, b"?", True, False)])
        self.send(visitor, client_frame(CONTINUATION, text[5:]))
        self.assert_answer(visitor, MY_LINE + NEXT_LINE)

    def test_bytes_may_arrive_one_by_one(self) -> None:
        visitor = self.enter()
        for byte in client_frame(TEXT, MY_LINE.encode()):
            self.send(visitor, bytes([byte]))
        self.assert_answer(visitor, MY_LINE + NEXT_LINE)

    # The log

    def test_log_says_who_comes_and_goes(self) -> None:
        with capturedLogs() as logs:
            visitor = self.enter()
            self.assertEqual(self.said(logs), ["有个人进来了"])
            self.leave(visitor)
            self.assertTrue(visitor.gone)
            self.assertEqual(self.said(logs), ["有个人进来了", "ta又走了！呜呜呜"])

    def test_log_says_that_a_lost_connection_has_gone(self) -> None:
        visitor = self.enter()
        with capturedLogs() as logs:
            visitor.transport.abortConnection()
            self.pumps[visitor].flush()
        self.assertEqual(self.said(logs), ["ta又走了！呜呜呜"])
        self.assertEqual(self.factory.visitors, set())

    def test_refused_handshake_says_nothing(self) -> None:
        with capturedLogs() as logs:
            visitor = self.knock(request=REQUEST.replace(b"Version: 13", b"Version: 12"))
        self.assertTrue(visitor.received.startswith(b"HTTP/1.1 400 "), visitor.received)
        self.assertTrue(visitor.gone)
        self.assertEqual(self.said(logs), [])

    def test_no_failure_is_logged(self) -> None:
        """What our own mistakes would leave in the log, on the ordinary ways in and out."""
        with capturedLogs() as logs:
            visitor = self.enter()
            self.send(visitor, client_frame(TEXT, MY_LINE.encode()))
            self.leave(visitor)
        self.assertEqual([event for event in logs if "log_failure" in event], [])

    # What is refused

    def test_binary_is_refused(self) -> None:
        visitor = self.enter()
        self.send(visitor, client_frame(BINARY, MY_LINE.encode()))
        self.assert_closed(visitor, 1003)

    def test_nothing_is_answered_after_a_refusal(self) -> None:
        visitor = self.enter()
        self.send(visitor, client_frame(BINARY, b"") + client_frame(TEXT, b"too late"))
        self.assert_closed(visitor, 1003)

    def test_text_that_is_not_utf8_is_refused(self) -> None:
        for wrong in [b"\xff", "月".encode()[:2], b"\xed\xa0\x80", "月".encode("gbk")]:
            visitor = self.enter()
            self.send(visitor, client_frame(TEXT, wrong))
            self.assert_closed(visitor, 1007)

    def test_longest_text_is_answered(self) -> None:
        """Though the answer is longer than what we would take ourselves."""
        visitor = self.enter()
        self.send(visitor, client_frame(TEXT, b"a" * LIMIT))
        self.assert_answer(visitor, "a" * LIMIT + NEXT_LINE)

    def test_longer_text_is_refused(self) -> None:
        visitor = self.enter()
        self.send(visitor, client_frame(TEXT, b"a" * (LIMIT + 1)))
        self.assert_closed(visitor, 1009)

    def test_longer_text_is_refused_by_its_announced_length(self) -> None:
        visitor = self.enter()
        self.send(visitor, client_frame(TEXT, b"a" * (LIMIT + 1))[:14])
        self.assert_closed(visitor, 1009)

    def test_pieces_count_together(self) -> None:
        half = client_frame(TEXT, b"a" * (LIMIT // 2), final=False)
        visitor = self.enter()
        self.send(visitor, half + client_frame(CONTINUATION, b"b" * (LIMIT // 2)))
        self.assert_answer(visitor, "a" * (LIMIT // 2) + "b" * (LIMIT // 2) + NEXT_LINE)
        self.send(visitor, half + client_frame(CONTINUATION, b"b" * (LIMIT // 2 + 1)))
        self.assert_closed(visitor, 1009)

    def test_as_many_pieces_as_allowed_are_joined(self) -> None:
        """Each message has its own count."""
        visitor = self.enter()
        for _ in range(2):
            self.send(visitor, client_frame(TEXT, b"a", final=False))
            self.send(visitor, client_frame(CONTINUATION, b"a", final=False) * 1022)
            self.send(visitor, client_frame(CONTINUATION, b"a"))
            self.assert_answer(visitor, "a" * 1024 + NEXT_LINE)

    def test_more_pieces_are_refused(self) -> None:
        visitor = self.enter()
        self.send(visitor, client_frame(TEXT, b"", final=False))
        self.send(visitor, client_frame(CONTINUATION, b"", final=False) * 1024)
        self.assert_closed(visitor, 1008)

    def test_endless_pieces_are_not_kept(self) -> None:
        """Nor do they cut short the close frame, which a sudden end could lose."""
        visitor = self.enter()
        server = next(iter(self.factory.visitors))
        self.send(visitor, client_frame(TEXT, b"", final=False))
        for _ in range(10):
            self.send(visitor, client_frame(CONTINUATION, b"", final=False) * 1000)
        self.assertLessEqual(len(server.message_data), 1024)
        self.assertFalse(visitor.gone)
        self.assert_closed(visitor, 1008)

    # Who may come in, and what they are told

    def test_any_origin_may_enter(self) -> None:
        """The lesson's page is opened from a file, and a browser then says "null"."""
        for origin in [b"null", b"http://evil.example", b"https://localhost:3000", b"file://"]:
            visitor = self.enter(b"Origin: " + origin + b"\r\n")
            self.send(visitor, client_frame(TEXT, b""))
            self.assert_answer(visitor, NEXT_LINE)

    def test_answer_to_the_key(self) -> None:
        head = self.knock().received.lower().split(b"\r\n")
        self.assertIn(b"sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=", head)
        self.assertIn(b"upgrade: websocket", head)
        self.assertIn(b"connection: upgrade", head)

    def test_nobody_learns_what_runs_here(self) -> None:
        requests = [
            REQUEST,
            REQUEST.replace(b"Upgrade: websocket\r\n", b""),
            REQUEST.replace(b"Version: 13", b"Version: 12"),
            REQUEST.replace(b"Key: ", b"Key: x"),
        ]
        for request in requests:
            answer = self.knock(request=request).received.lower()
            self.assertTrue(answer.startswith(b"http/1.1 "), answer)
            for name in [b"server:", b"autobahn", b"twisted", b"python", b"<html"]:
                self.assertNotIn(name, answer)

    def test_nothing_is_compressed(self) -> None:
        head = self.knock(b"Sec-WebSocket-Extensions: permessage-deflate\r\n").received
        self.assertTrue(head.startswith(b"HTTP/1.1 101 "), head)
        self.assertNotIn(b"extensions", head.lower())

    # Being alive

    def test_ping_is_answered(self) -> None:
        visitor = self.enter()
        self.send(visitor, client_frame(PING, "月".encode()))
        self.assertEqual(self.heard(visitor), [Frame(PONG, "月".encode(), True, False)])

    def test_silent_visitor_is_asked_and_stays(self) -> None:
        visitor = self.enter()
        for _ in range(3):
            self.pass_time(26, visitor)
            [ping] = self.heard(visitor)
            self.assertEqual(ping.opcode, PING)
            self.send(visitor, client_frame(PONG, ping.payload))
        self.assertFalse(visitor.gone)

    def test_dead_visitor_is_let_go(self) -> None:
        visitor = self.enter()
        self.pass_time(44, visitor)
        self.assertFalse(visitor.gone)
        with capturedLogs() as logs:
            self.pass_time(2, visitor)
        self.assertTrue(visitor.gone)
        self.assertEqual(self.said(logs), ["ta又走了！呜呜呜"])

    def test_late_text_is_not_answered(self) -> None:
        """It may cross our close frame, for instance while the server stops."""
        visitor = self.enter()
        for server in self.factory.visitors:
            server.sendCloseFrame(code=1001)
        self.send(visitor, client_frame(TEXT, MY_LINE.encode()))
        self.assertFalse(visitor.gone)
        self.assert_closed(visitor, 1001)

    def test_who_does_not_read_is_not_read_from(self) -> None:
        transport = StringTransport()
        server = self.server.buildProtocol(None)
        self.make_connection(server, transport)
        server.dataReceived(REQUEST + b"\r\n")
        transport.producer.pauseProducing()
        self.assertEqual(transport.producerState, "paused")
        transport.producer.resumeProducing()
        self.assertEqual(transport.producerState, "producing")


class PoemTests(PoemRules, SynchronousTestCase):
    """On a port of its own."""

    def new_server(self) -> ServerFactory:
        return self.factory

    def test_hesitating_visitor_is_let_go(self) -> None:
        visitor = self.knock(request=REQUEST[:40])
        self.pass_time(4, visitor)
        self.assertFalse(visitor.gone)
        self.pass_time(2, visitor)
        self.assertTrue(visitor.gone)

    def make_connection(self, server: IProtocol, transport: StringTransport) -> None:
        # A real transport allows what this one does not: to unregister when nobody is registered.
        transport.registerProducer(object(), True)
        server.makeConnection(transport)


class PoemBehindSiteTests(PoemRules, SynchronousTestCase):
    """On the port of a web server, which hands the connection over after the request."""

    def new_server(self) -> ServerFactory:
        root = Resource()
        root.putChild(b"", WebSocketResource(self.factory))
        return Site(root, reactor=self.clock)

    def make_connection(self, server: IProtocol, transport: StringTransport) -> None:
        transport.protocol = server
        server.makeConnection(transport)
