"""A connection that sends at once: what it may not overtake, and what it leaves to others."""

from collections.abc import Callable
from errno import EPIPE, EWOULDBLOCK

from twisted.internet.address import IPv4Address
from twisted.internet.interfaces import IPullProducer, IPushProducer
from twisted.internet.protocol import Protocol
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase
from zope.interface import implementer

from chatroom.transports.eager import EagerServer


class Reactor(Clock):
    """Notes who wants to be told that it can write."""

    def __init__(self) -> None:
        super().__init__()
        self.writers: set[object] = set()

    def addReader(self, reader: object) -> None: ...

    def removeReader(self, reader: object) -> None: ...

    def addWriter(self, writer: object) -> None:
        self.writers.add(writer)

    def removeWriter(self, writer: object) -> None:
        self.writers.discard(writer)


class Socket:
    """Takes as many bytes as it has room for, or fails."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.room = 1 << 20
        self.error: int | None = None
        self.is_closed = False

    def setblocking(self, blocking: bool) -> None: ...

    def fileno(self) -> int:
        return 1

    def send(self, data: bytes) -> int:
        if self.error is not None:
            raise OSError(self.error, "as the test wants it")
        if not self.room:
            raise OSError(EWOULDBLOCK, "full")
        sent = bytes(data[: self.room])
        self.taken.append(sent)
        self.room -= len(sent)
        return len(sent)

    def shutdown(self, how: int) -> None: ...

    def setsockopt(self, *what: object) -> None: ...

    def close(self) -> None:
        self.is_closed = True


class Listening:
    _realPortNumber = 3000


@implementer(IPushProducer)
class Push:
    def __init__(self) -> None:
        self.told: list[str] = []

    def pauseProducing(self) -> None:
        self.told.append("pause")

    def resumeProducing(self) -> None:
        self.told.append("resume")

    def stopProducing(self) -> None:
        self.told.append("stop")


@implementer(IPullProducer)
class Pull:
    def __init__(self, more: Callable[[], object]) -> None:
        self.resumeProducing = more

    def stopProducing(self) -> None: ...


class EagerTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.reactor = Reactor()
        self.socket = Socket()
        self.protocol = Protocol()
        client = ("192.0.2.7", 4711)
        self.server = EagerServer(self.socket, self.protocol, client, Listening(), 0, self.reactor)
        self.protocol.makeConnection(self.server)

    def turn(self) -> object:
        """The kernel takes more, and the reactor has its turn."""
        self.socket.room = 1 << 20
        return self.server.doWrite() if self.server in self.reactor.writers else None

    def test_it_is_sent_before_write_returns(self) -> None:
        self.server.write(b"one")
        self.server.write(b"two")
        self.assertEqual(self.socket.taken, [b"one", b"two"])
        self.assertEqual(self.reactor.writers, set())

    def test_the_rest_waits_for_its_turn(self) -> None:
        self.socket.room = 4
        self.server.write(b"123456")
        self.assertEqual(self.socket.taken, [b"1234"])
        self.assertEqual(self.reactor.writers, {self.server})
        self.turn()
        self.assertEqual(b"".join(self.socket.taken), b"123456")
        self.assertEqual(self.reactor.writers, set())

    def test_a_full_kernel_takes_nothing(self) -> None:
        self.socket.room = 0
        self.server.write(b"123456")
        self.turn()
        self.assertEqual(self.socket.taken, [b"123456"])

    def test_nothing_overtakes_what_waits(self) -> None:
        self.socket.room = 1
        self.server.write(b"12")
        # There is room again, but 2 goes first.
        self.socket.room = 1 << 20
        self.server.write(b"3")
        self.assertEqual(self.socket.taken, [b"1"])
        self.turn()
        self.assertEqual(b"".join(self.socket.taken), b"123")
        self.server.write(b"4")
        self.assertEqual(self.socket.taken[-1], b"4")

    def test_nothing_overtakes_what_is_half_sent(self) -> None:
        self.socket.room = 1
        self.server.write(b"1234")
        self.socket.room = 1
        self.server.doWrite()
        self.socket.room = 1 << 20
        self.server.write(b"5")
        self.assertEqual(self.socket.taken, [b"1", b"2"])
        self.turn()
        self.assertEqual(b"".join(self.socket.taken), b"12345")

    def test_nothing_overtakes_a_sequence(self) -> None:
        self.server.writeSequence([b"1", b"2"])
        self.server.write(b"3")
        self.assertEqual(self.socket.taken, [])
        self.turn()
        self.assertEqual(b"".join(self.socket.taken), b"123")

    def test_an_error_is_met_again_in_the_next_turn(self) -> None:
        self.socket.error = EPIPE
        self.server.write(b"1")
        self.assertTrue(self.server.connected)
        self.assertFalse(self.socket.is_closed)
        self.assertIsInstance(self.turn(), Exception)

    def test_nothing_is_no_reason_to_ask_the_kernel(self) -> None:
        self.server.write(b"")
        self.assertEqual((self.socket.taken, self.reactor.writers), ([], set()))

    def test_what_is_written_behind_the_goodbye_waits(self) -> None:
        self.server.loseConnection()
        self.server.write(b"1")
        self.assertEqual(self.socket.taken, [])
        self.turn()
        self.assertEqual(self.socket.taken, [b"1"])

    def test_what_is_written_behind_the_end_of_writing_waits_or_is_dropped(self) -> None:
        self.server.loseWriteConnection()
        self.server.write(b"1")
        self.assertEqual(self.socket.taken, [])
        self.turn()
        self.server.write(b"2")
        self.assertEqual(self.socket.taken, [b"1"])

    def test_nothing_is_sent_once_it_is_aborted_or_lost(self) -> None:
        self.server.abortConnection()
        self.server.write(b"1")
        self.reactor.advance(0)
        self.assertFalse(self.server.connected)
        self.server.write(b"2")
        self.assertEqual(self.socket.taken, [])

    def test_below_starttls_all_goes_through_it(self) -> None:
        class Tls(Protocol):
            written: list[bytes]

            def write(self, data: bytes) -> None:
                self.written.append(data)

        tls = Tls()
        tls.written = []
        self.server.TLS, self.server.protocol = True, tls
        self.server.write(b"secret")
        self.assertEqual((tls.written, self.socket.taken), ([b"secret"], []))

    def test_who_pushes_is_paused_by_what_is_left_and_told_to_go_on(self) -> None:
        push = Push()
        self.server.registerProducer(push, True)
        self.server.write(bytes(self.server.bufferSize + 1))
        self.assertEqual(push.told, [])
        self.socket.room = 10
        self.server.write(bytes(self.server.bufferSize + 10))
        self.assertEqual(push.told, [])
        self.server.write(b"1")
        self.assertEqual(push.told, ["pause"])
        self.turn()
        self.assertEqual(push.told, ["pause", "resume"])

    def test_who_is_pulled_is_asked_for_all_of_it(self) -> None:
        parts = [b"1", b"2", b"3"]

        def more() -> None:
            if parts:
                self.server.write(parts.pop(0))
            else:
                self.server.unregisterProducer()

        self.server.registerProducer(Pull(more), False)
        for _ in range(5):
            self.turn()
        self.assertEqual(b"".join(self.socket.taken), b"123")

    def test_it_knows_its_peer(self) -> None:
        self.assertEqual(self.server.getPeer(), IPv4Address("TCP", "192.0.2.7", 4711))
