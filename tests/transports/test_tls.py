"""TLS whose connection is lost leaves nothing for the garbage collection."""

import gc
import ssl
import weakref
from collections.abc import Callable
from pathlib import Path

from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IPushProducer
from twisted.internet.protocol import Factory, Protocol
from twisted.internet.ssl import PrivateCertificate
from twisted.internet.task import Clock
from twisted.protocols.tls import TLSMemoryBIOFactory
from twisted.trial.unittest import SynchronousTestCase
from zope.interface import implementer

from chatroom.transports.tls import FleetingTls
from tests.end_to_end.certificates import make_certificate
from tests.memory import Wire


@implementer(IPushProducer)
class Echo(Protocol):
    """Sends back what it is sent, and is told when there is no room."""

    def connectionMade(self) -> None:
        self.transport.registerProducer(self, True)

    def dataReceived(self, data: bytes) -> None:
        self.transport.write(data)

    def pauseProducing(self) -> None: ...

    def resumeProducing(self) -> None: ...

    def stopProducing(self) -> None: ...


class FleetingTests(SynchronousTestCase):
    def setUp(self) -> None:
        folder = Path(self.mktemp())
        folder.mkdir()
        pems = b"".join(path.read_bytes() for path in make_certificate(folder))
        self.clock = Clock()
        self.factory = TLSMemoryBIOFactory(
            PrivateCertificate.loadPEM(pems).options(),
            False,
            Factory.forProtocol(Echo),
            self.clock,
        )
        self.factory.protocol = FleetingTls
        gc.collect()
        gc.disable()
        self.addCleanup(gc.enable)

    def connect(self) -> None:
        """Have a client in memory that has said something and heard it again."""
        self.wire = wire = Wire(self.clock, "192.0.2.7")
        wire.protocol = self.factory.buildProtocol(wire.getPeer())
        wire.protocol.makeConnection(wire)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.client = context.wrap_bio(self.incoming, self.outgoing)
        self.until(self.client.do_handshake)
        self.client.write(b"once")
        self.assertEqual(self.until(self.client.read), b"once")

    def until(self, step: Callable[[], object]) -> object:
        """Take a step of the client's, as soon as there is what it needs."""
        for _ in range(5):
            try:
                return step()
            except ssl.SSLWantReadError:
                self.bring()
        raise AssertionError("the other side says nothing")

    def bring(self) -> None:
        """Bring both sides what the other has sent."""
        data = self.outgoing.read()
        if data:
            self.wire.receive(data)
        self.clock.advance(0)
        self.incoming.write(self.wire.taken)
        self.wire.taken = b""

    def assert_gone(self) -> None:
        """Once the transport has let go of it, as Twisted's does."""
        gone = weakref.ref(self.wire.protocol)
        del self.wire.protocol
        self.assertIsNone(gone())

    def test_who_just_goes(self) -> None:
        self.connect()
        self.wire.lose(ConnectionDone())
        self.assert_gone()

    def test_who_says_goodbye_as_tls_has_it(self) -> None:
        self.connect()
        try:
            self.client.unwrap()
        except ssl.SSLWantReadError:
            self.bring()
        self.wire.lose(ConnectionDone())
        self.assert_gone()

    def test_who_speaks_no_tls(self) -> None:
        self.connect()
        self.wire.receive(b"GET / HTTP/1.1\r\n\r\n")
        self.clock.advance(0)
        self.assertTrue(self.wire.lost)
        self.assert_gone()

    def test_whom_we_close(self) -> None:
        self.connect()
        self.wire.protocol.loseConnection()
        self.wire.protocol.unregisterProducer()
        self.bring()
        self.wire.lose(ConnectionDone())
        self.assert_gone()

    def test_whom_we_cut_off(self) -> None:
        self.connect()
        self.wire.protocol.abortConnection()
        self.clock.advance(0)
        self.assertTrue(self.wire.lost)
        self.assert_gone()
