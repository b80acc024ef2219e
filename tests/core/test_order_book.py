"""The orders of rooms in memory: read once, anew when something was ordered, never an old one."""

from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from chatroom.core.errors import Refused, unavailable
from chatroom.core.events import Rules
from chatroom.core.order_book import AGAIN_AFTER, MOST, OrderBook
from chatroom.core.orders import SERVER, Orders
from chatroom.core.outsiders import LOOK_EVERY, Outsiders
from chatroom.core.recent import Memory
from chatroom.core.room import Room


class Asked:
    """A log whose answers come when a test gives them."""

    def __init__(self) -> None:
        self.waiting: list[tuple[str, Deferred[Any]]] = []

    def orders(self, room: str) -> Deferred[Orders | None]:
        answer: Deferred[Orders | None] = Deferred()
        self.waiting.append((room, answer))
        return answer

    def outside(self) -> Deferred[int]:
        return self.orders("outside")  # type: ignore[return-value]

    def answer(self, found: Any) -> str:
        room, answer = self.waiting.pop(0)
        if isinstance(found, Exception):
            answer.errback(found)
        else:
            answer.callback(found)
        return room


class Rooms:
    """The one question that is asked of the timeline, and what is asked of it."""

    def __init__(self) -> None:
        self.awake: dict[str, Room] = {}
        self.looks = 0

    def room(self, name: str) -> Room | None:
        return self.awake.get(name)

    def rooms(self) -> list[Room]:
        return list(self.awake.values())

    def look_at_all(self) -> None:
        self.looks += 1


class BookCase(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock, self.log, self.timeline = Clock(), Asked(), Rooms()
        timeline: Any = self.timeline
        log: Any = self.log
        self.book = OrderBook(timeline, log, self.clock, Orders())
        self.changed: list[str] = []
        self.book.on_change = lambda name, orders, verdict: self.changed.append(name)

    def orders(self, slow: int) -> Orders:
        return Orders(rules=Rules(slow=slow))


class OrderBookTests(BookCase):
    def test_of_a_room_that_sleeps_they_are_read_once(self) -> None:
        first, second = self.book.of("a"), self.book.of("a")
        orders = self.orders(1)
        self.log.answer(orders)
        self.assertIs(self.successResultOf(first), orders)
        self.assertIs(self.successResultOf(second), orders)
        self.assertIs(self.successResultOf(self.book.of("a")), orders)
        self.assertEqual(self.log.waiting, [])

    def test_what_is_not_stored_is_asked_for_again(self) -> None:
        for _ in range(2):
            asked = self.book.of("a")
            self.log.answer(None)
            self.assertIsNone(self.successResultOf(asked))
        self.assertEqual(self.changed, [])

    def test_of_a_room_that_turns_out_to_be_deleted_none_are_kept(self) -> None:
        self.book.of("a")
        self.log.answer(self.orders(1))
        self.book.look_later("a")
        self.clock.advance(AGAIN_AFTER)
        self.log.answer(None)
        asked = self.book.of("a")
        self.log.answer(None)
        self.assertIsNone(self.successResultOf(asked))

    def test_a_room_that_is_awake_has_its_own(self) -> None:
        room = self.timeline.awake["a"] = Room("a", Memory())
        self.assertIs(self.successResultOf(self.book.of("a")), room.orders)
        self.book.look("a")
        orders = self.orders(1)
        self.log.answer(orders)
        self.assertIs(room.orders, orders)
        self.assertEqual(self.changed, ["a"])

    def test_what_was_being_read_when_something_was_ordered_does_not_hold(self) -> None:
        before = self.book.of("a")
        ordered = self.book.look("a")
        self.log.answer(self.orders(1))
        self.assertNoResult(before)
        new = self.orders(2)
        self.log.answer(new)
        for asked in (before, ordered):
            self.assertIs(self.successResultOf(asked), new)

    def test_what_could_not_be_read_is_tried_again(self) -> None:
        self.timeline.awake["a"] = Room("a", Memory())
        looked = self.book.look("a")
        self.log.answer(unavailable())
        self.failureResultOf(looked, Refused)
        self.clock.advance(AGAIN_AFTER)
        self.log.answer(unavailable())
        self.clock.advance(AGAIN_AFTER)
        self.log.answer(self.orders(3))
        self.assertEqual(self.timeline.awake["a"].orders.rules.slow, 3)

    def test_but_not_where_nobody_has_them(self) -> None:
        asked = self.book.of("a")
        self.log.answer(unavailable())
        self.failureResultOf(asked, Refused)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_who_waits_is_told_whatever_goes_wrong(self) -> None:
        def fails(*change: object) -> None:
            raise ZeroDivisionError

        self.book.on_change = fails
        asked = self.book.of("a")
        orders = self.orders(1)
        self.log.answer(orders)
        self.assertIs(self.successResultOf(asked), orders)
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)

    def test_each_who_waits_is_refused_by_itself(self) -> None:
        asked = [self.book.of("a") for _ in range(2)]
        self.log.answer(unavailable())
        first, second = (self.failureResultOf(each, Refused).value for each in asked)
        self.assertIsNot(first, second)

    def test_nothing_is_tried_again_after_the_end(self) -> None:
        for name in ("a", "b"):
            self.timeline.awake[name] = Room(name, Memory())
        self.book.look("a").addErrback(lambda failure: failure.trap(Refused))
        self.book.look_later("b")
        self.book.close()
        self.log.answer(unavailable())
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_so_many_are_kept_and_the_one_asked_for_longest_ago_goes(self) -> None:
        for number in range(MOST):
            self.book.of(str(number))
            self.log.answer(self.orders(1))
        self.book.of("0")
        self.book.of("more")
        self.log.answer(self.orders(1))
        for name, reads in (("0", 0), ("2", 0), ("1", 1)):
            self.book.of(name)
            self.assertEqual(len(self.log.waiting), reads, name)

    def test_who_wakes_and_sleeps_again_is_not_judged_by_what_was_before(self) -> None:
        self.book.of("a")
        self.log.answer(self.orders(1))
        self.timeline.awake["a"] = Room("a", Memory())
        self.book.look("a")
        self.log.answer(self.orders(2))
        del self.timeline.awake["a"]
        self.book.of("a")
        self.assertEqual(len(self.log.waiting), 1)


class OutsidersTests(BookCase):
    def setUp(self) -> None:
        super().setUp()
        timeline: Any = self.timeline
        log: Any = self.log
        self.waiters = 0
        enforcement: Any = self
        self.outsiders = Outsiders(
            log=log,
            timeline=timeline,
            book=self.book,
            enforcement=enforcement,
            clock=self.clock,
            seen=3,
        )
        self.outsiders.look()

    def check_all_waiters(self) -> None:
        self.waiters += 1

    def look(self, count: object) -> None:
        self.assertEqual(self.log.answer(count), "outside")
        self.clock.advance(LOOK_EVERY)

    def test_only_what_is_new(self) -> None:
        for count in (3, 3, unavailable(), 3):
            self.look(count)
        self.assertEqual(self.timeline.looks, 0)
        self.timeline.awake["a"] = Room("a", Memory())
        self.look(4)
        self.assertEqual((self.timeline.looks, self.waiters), (1, 1))
        self.assertEqual({self.log.answer(Orders()) for _ in range(2)}, {SERVER, "a"})
        self.look(4)
        self.assertEqual(self.timeline.looks, 1)

    def test_also_when_the_first_look_fails(self) -> None:
        self.look(unavailable())
        self.look(4)
        self.assertEqual(self.timeline.looks, 1)

    def test_until_it_is_closed(self) -> None:
        self.look(3)
        self.outsiders.close()
        self.log.answer(2)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_nothing_is_looked_at_after_that(self) -> None:
        self.log.answer(1)
        self.outsiders.close()
        self.assertEqual(self.clock.getDelayedCalls(), [])
