"""Flushes: once a turn, ten milliseconds at a time."""

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from chatroom.transports.turn import SLICE, Turn


class Slow:
    """Takes its time to write, for so many turns."""

    def __init__(self, clock: Clock, turns: int, order: list[int]) -> None:
        self._clock = clock
        self._order = order
        self.turns = turns

    def flush(self, deadline: float) -> bool:
        self._order.append(self.turns)
        self.turns -= 1
        if self.turns > 0:
            self._clock.rightNow = deadline
        return self.turns <= 0


class TurnTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.turn = Turn(self.clock)
        self.order: list[int] = []

    def test_who_asks_often_is_flushed_once(self) -> None:
        quick = Slow(self.clock, 1, self.order)
        for _ in range(5):
            self.turn.wants(quick)
        self.assertEqual(self.order, [])
        self.clock.advance(0)
        self.clock.advance(0)
        self.assertEqual(self.order, [1])

    def test_who_is_not_done_goes_on_in_the_next_turn_and_others_get_theirs(self) -> None:
        self.turn.wants(Slow(self.clock, 4, self.order))
        self.turn.wants(Slow(self.clock, 1, self.order))
        self.clock.advance(0)
        self.assertEqual(self.order, [4, 1, 3, 2, 1])

    def test_a_slice_is_ten_milliseconds(self) -> None:
        self.assertEqual(SLICE, 0.010)
        self.assertFalse(self.turn.over(self.clock.seconds() + SLICE))
        self.clock.advance(SLICE)
        self.assertTrue(self.turn.over(self.clock.seconds()))
