"""Buckets of messages and the pace of commands."""

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from chatroom.core.errors import Refused
from chatroom.core.limits import Bucket, Flooding, Pace, Paces


class BucketTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.bucket = Bucket(30, self.clock)

    def spend(self, count: int) -> None:
        for _ in range(count):
            self.assertEqual(self.bucket.take(), 0)

    def test_thirty_at_once_and_the_next_waits_for_a_token(self) -> None:
        self.spend(30)
        self.assertEqual(self.bucket.take(), 0.4)  # 1/3 s, rounded up to 0.1

    def test_after_the_wait_that_was_told_there_is_a_token(self) -> None:
        self.spend(30)
        self.clock.advance(self.bucket.take())
        self.spend(1)
        self.assertGreater(self.bucket.take(), 0)

    def test_three_come_back_each_second(self) -> None:
        self.spend(30)
        self.clock.advance(1)
        self.spend(3)
        self.assertGreater(self.bucket.take(), 0)

    def test_it_never_holds_more_than_thirty(self) -> None:
        self.clock.advance(1000)
        self.spend(30)
        self.assertGreater(self.bucket.take(), 0)
        self.bucket.give_back()
        self.spend(1)

    def test_it_is_full_again_after_ten_seconds(self) -> None:
        self.spend(30)
        self.clock.advance(9.9)
        self.assertFalse(self.bucket.full)
        self.clock.advance(0.2)
        self.assertTrue(self.bucket.full)

    def test_zero_is_no_limit(self) -> None:
        self.bucket = Bucket(0, self.clock)
        self.spend(1000)
        self.assertTrue(self.bucket.full)


class PaceTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.pace = Pace(self.clock)

    def step(self, count: int) -> None:
        for _ in range(count):
            self.pace.step()

    def test_a_hundred_and_then_too_fast_until_the_time_that_is_told(self) -> None:
        self.step(100)
        self.clock.advance(4)
        with self.assertRaises(Refused) as caught:
            self.pace.step()
        self.assertEqual(caught.exception.code, "too_fast")
        self.assertEqual(caught.exception.retry_after, 6)
        self.clock.advance(6)
        self.step(100)

    def test_a_hundred_more_are_refused_and_the_next_is_flooding(self) -> None:
        self.step(100)
        for _ in range(100):
            self.assertRaises(Refused, self.pace.step)
        self.assertRaises(Flooding, self.pace.step)


class PacesTests(SynchronousTestCase):
    """One pace for each key, for as long as it matters."""

    def setUp(self) -> None:
        self.clock = Clock()
        self.paces = Paces(self.clock)

    def step(self, key: str, count: int) -> None:
        for _ in range(count):
            self.paces.step(key)

    def test_a_hundred_and_then_too_fast_however_many_come(self) -> None:
        self.step("a", 100)
        self.clock.advance(4)
        for _ in range(250):
            refused = self.assertRaises(Refused, self.paces.step, "a")
            self.assertEqual((refused.code, refused.retry_after), ("too_fast", 6))
        self.clock.advance(6)
        self.step("a", 100)

    def test_each_key_has_its_own(self) -> None:
        for key in "abc":
            self.step(key, 100)
        self.assertRaises(Refused, self.paces.step, "b")

    def test_who_was_quiet_for_a_window_is_forgotten(self) -> None:
        for number in range(1000):
            self.step(str(number), 1)
        self.clock.advance(5)
        self.step("a", 1)
        self.clock.advance(5)
        self.step("b", 1)
        self.assertEqual(list(self.paces._by_key), ["a", "b"])
