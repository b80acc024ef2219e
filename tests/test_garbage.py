"""When garbage is collected."""

import gc

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from chatroom.garbage import LOOK_EVERY, MANY, NEVER, Garbage


class GarbageTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.before = gc.get_threshold()
        self.garbage = Garbage(self.clock)
        self.garbage.begin()
        self.addCleanup(self.garbage.end)

    def full(self) -> int:
        """How often all of it was collected."""
        return int(gc.get_stats()[2]["collections"])

    def test_by_itself_only_what_is_new_is_looked_at(self) -> None:
        self.assertEqual(gc.get_threshold()[1:], (NEVER, NEVER))
        self.assertGreater(gc.get_freeze_count(), 10_000)

    def test_cycles_among_what_is_new_are_found(self) -> None:
        import weakref

        class Node:
            other: "Node"

        node = Node()
        node.other = node
        gone = weakref.ref(node)
        del node
        gc.collect(0)
        self.assertIsNone(gone())

    def test_all_is_looked_at_only_when_much_has_come(self) -> None:
        before = self.full()
        self.clock.advance(LOOK_EVERY)
        self.assertEqual(self.full(), before)
        for _ in range(MANY):
            gc.collect(0)
        self.clock.advance(LOOK_EVERY - 1)
        self.assertEqual(self.full(), before)
        self.clock.advance(1)
        self.assertEqual(self.full(), before + 1)
        self.clock.advance(LOOK_EVERY)
        self.assertEqual(self.full(), before + 1)

    def test_in_the_end_it_is_as_it_was(self) -> None:
        self.garbage.end()
        self.assertEqual(gc.get_threshold(), self.before)
        self.assertEqual(gc.get_freeze_count(), 0)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_of_several_servers_the_last_leaves_it_as_it_was(self) -> None:
        other = Garbage(self.clock)
        other.begin()
        self.addCleanup(other.end)
        self.garbage.end()
        self.assertEqual(gc.get_threshold()[1:], (NEVER, NEVER))
        self.assertGreater(gc.get_freeze_count(), 0)
        other.end()
        self.assertEqual(gc.get_threshold(), self.before)
        self.assertEqual(gc.get_freeze_count(), 0)
