"""Flushes: once a turn, ten milliseconds at a time."""

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from chatroom.transports.turn import Turn


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

    def fail(self) -> None:
        raise AssertionError


class Taking:
    """Takes so long to write."""

    def __init__(self, clock: Clock, seconds: float, order: list[int], number: int) -> None:
        self._clock = clock
        self._seconds = seconds
        self._order = order
        self._number = number

    def flush(self, deadline: float) -> bool:
        self._order.append(self._number)
        self._clock.rightNow += self._seconds
        return True

    def fail(self) -> None:
        raise AssertionError


class Broken:
    """Has a bug."""

    failed = False

    def flush(self, deadline: float) -> bool:
        raise ZeroDivisionError

    def fail(self) -> None:
        self.failed = True


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
        for number in range(100):
            self.turn.wants(Taking(self.clock, 0.001, self.order, number))
        # Of the clock's calls one is made, as in one turn of a reactor.
        self.clock.calls.pop(0).func()
        self.assertEqual(self.order, list(range(10)))
        self.clock.advance(0)
        self.assertEqual(self.order, list(range(100)))

    def test_an_error_in_one_costs_the_others_nothing(self) -> None:
        broken = Broken()
        self.turn.wants(broken)
        self.turn.wants(Slow(self.clock, 1, self.order))
        self.clock.advance(0)
        self.assertEqual((self.order, broken.failed), ([1], True))
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)
