"""What every WebSocket has in common: its frames, and how all are left behind at a stop."""

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from chatroom.transports.channel import all_gone, frame
from tests.lesson.frames import read_frames


class Guest:
    """One that goes when it is told to, or not even then."""

    def __init__(self, stays: bool = False) -> None:
        self.gone: Deferred[None] = Deferred()
        self.dropped = 0
        self._stays = stays

    def drop(self) -> None:
        """Be gone."""
        self.dropped += 1
        if not self._stays:
            self.gone.callback(None)


class AllGoneTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()

    def test_nobody_is_there(self) -> None:
        self.successResultOf(all_gone([], self.clock, 2.0))
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_all_go_in_time(self) -> None:
        guests = [Guest(), Guest()]
        gone = all_gone(guests, self.clock, 2.0)
        guests[0].gone.callback(None)
        self.assertNoResult(gone)
        guests[1].gone.callback(None)
        self.successResultOf(gone)
        self.assertEqual([guest.dropped for guest in guests], [0, 0])
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_who_does_not_is_dropped(self) -> None:
        guests = [Guest(), Guest()]
        gone = all_gone(guests, self.clock, 2.0)
        self.clock.advance(1.9)
        self.assertNoResult(gone)
        self.clock.advance(0.1)
        self.successResultOf(gone)
        self.assertEqual([guest.dropped for guest in guests], [1, 1])

    def test_it_waits_for_who_takes_longer_to_be_dropped(self) -> None:
        guest = Guest(stays=True)
        gone = all_gone([guest], self.clock, 2.0)
        self.clock.advance(60)
        self.assertNoResult(gone)
        guest.gone.callback(None)
        self.successResultOf(gone)


class FrameTests(SynchronousTestCase):
    """RFC 6455, 5.2: not masked, final, the length in its shortest form."""

    def test_each_form_of_the_length(self) -> None:
        for size, head in (
            (0, 2),
            (125, 2),
            (126, 4),
            (65_535, 4),
            (65_536, 10),
            (300_000, 10),
        ):
            for is_binary, first in ((False, 0x81), (True, 0x82)):
                data = frame(b"a" * size, is_binary)
                self.assertEqual((data[0], len(data)), (first, head + size))
                [read] = read_frames(data)
                self.assertEqual(read.payload, b"a" * size)

    def test_joined_they_are_read_one_by_one(self) -> None:
        data = frame("床前".encode()) + frame(b"\0", is_binary=True) + frame(b"")
        self.assertEqual(
            [(each.opcode, each.payload) for each in read_frames(data)],
            [(1, "床前".encode()), (2, b"\0"), (1, b"")],
        )
