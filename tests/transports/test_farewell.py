"""How all who are here are left behind at a stop."""

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from chatroom.transports.farewell import all_gone


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
