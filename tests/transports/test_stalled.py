"""What a full connection leaves behind: nothing."""

from twisted.internet.abstract import FileDescriptor
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.trial.unittest import SynchronousTestCase

from chatroom.transports.stalled import Stalled, forget_unsent, give_back_memory, unsent


class Below(FileDescriptor):
    """Twisted's own buffering, to nowhere."""

    connected = True

    def __init__(self) -> None:
        super().__init__(reactor=self)

    def addWriter(self, writer: object) -> None:
        """Never ask to write."""


class Tls:
    """A transport with TCP below it."""

    def __init__(self, transport: FileDescriptor) -> None:
        self.transport = transport


class Full:
    """A connection that takes nothing."""

    unsent = 1000
    lag = 0


class StoppingTests(SynchronousTestCase):
    def test_a_server_that_has_stopped_leaves_no_timer(self) -> None:
        clock = Clock()
        stalled, full = Stalled(clock), Full()
        stalled.watch(full)
        clock.advance(1)
        stalled.unwatch(full)
        self.assertEqual(len(clock.getDelayedCalls()), 1)
        stalled.close()
        self.assertEqual(clock.getDelayedCalls(), [])
        stalled.close()


class UnsentTests(SynchronousTestCase):
    def test_what_waits_is_counted_and_freed_below_tls_too(self) -> None:
        for wrap in (lambda transport: transport, Tls):
            below = Below()
            below.write(b"x" * 1000)
            below.dataBuffer, below.offset = b"y" * 100, 10
            self.assertEqual(unsent(wrap(below)), 1090)
            forget_unsent(wrap(below))
            self.assertEqual(unsent(wrap(below)), 0)

    def test_other_transports_are_left_alone(self) -> None:
        other = StringTransport()
        other.write(b"x")
        forget_unsent(other)
        self.assertEqual((other.value(), unsent(other)), (b"x", 0))

    def test_giving_back_harms_nobody(self) -> None:
        give_back_memory()
