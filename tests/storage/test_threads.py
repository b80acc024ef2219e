"""Waiting for what cannot be interrupted: a thread at work."""

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from chatroom.storage.threads import within


class WithinTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.result: Deferred[None] = Deferred()

    def wait(self) -> Deferred[None]:
        return Deferred.fromCoroutine(within(6, self.result, self.clock))

    def test_it_ends_with_the_result_whatever_that_is(self) -> None:
        for end in (lambda: self.result.callback(None), lambda: self.result.errback(OSError())):
            self.result = Deferred()
            waiting = self.wait()
            self.assertNoResult(waiting)
            end()
            self.assertIsNone(self.successResultOf(waiting))
            self.assertEqual(self.clock.getDelayedCalls(), [])
        self.failureResultOf(self.result, OSError)

    def test_at_once_when_it_is_there(self) -> None:
        self.result.callback(None)
        self.assertIsNone(self.successResultOf(self.wait()))
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_or_when_the_time_is_over_and_the_result_goes_on(self) -> None:
        waiting = self.wait()
        self.clock.advance(5.9)
        self.assertNoResult(waiting)
        self.clock.advance(0.1)
        self.assertIsNone(self.successResultOf(waiting))
        self.assertNoResult(self.result)
        self.result.callback(None)
        self.assertIsNone(self.successResultOf(self.result))
