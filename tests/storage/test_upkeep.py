"""When the index is kept up, and when what was deleted is swept out of it."""

import sqlite3
from typing import Any

from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.task import Clock
from twisted.logger import capturedLogs
from twisted.trial.unittest import SynchronousTestCase

from chatroom.storage.rounds import AGAIN_AFTER
from chatroom.storage.upkeep import A_MOMENT, PATIENCE, SWEEP_EVERY, Upkeep


class UpkeepTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.done: list[str] = []
        # What is left to do, or what comes of it.
        self.left: dict[str, Any] = {"index": 0, "sweep": 0}
        self.is_busy = False
        self.upkeep = Upkeep(
            lambda: self.do("index"), lambda: self.do("sweep"), lambda: self.is_busy, self.clock
        )

    def do(self, what: str) -> Deferred[bool]:
        self.done.append(what)
        left = self.left[what]
        if isinstance(left, Deferred):
            return left
        if isinstance(left, Exception):
            return fail(left)
        self.left[what] = max(0, left - 1)
        return succeed(left > 0)

    def pass_by(self, seconds: float) -> list[str]:
        """What is done in so many seconds."""
        self.done.clear()
        self.clock.pump([0.001] * round(seconds * 1000))
        return self.done

    def test_nothing_is_done_unasked(self) -> None:
        self.assertEqual(self.pass_by(1), [])
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_a_moment_after_it_is_asked_and_until_nothing_is_left(self) -> None:
        self.left = {"index": 2, "sweep": 1}
        for _ in range(3):
            self.upkeep.soon(to_sweep=True)
        self.assertEqual(self.pass_by(A_MOMENT - 0.005), [])
        expected = ["index"] * 3 + ["sweep", "index", "sweep"]
        self.assertEqual(self.pass_by(1), expected)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_messages_that_wait_go_first(self) -> None:
        self.is_busy = True
        self.left["index"] = 2
        self.upkeep.soon(to_sweep=False)
        self.assertEqual(self.pass_by(1), [])
        self.is_busy = False
        self.assertEqual(self.pass_by(1), ["index"] * 3)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_but_not_for_ever(self) -> None:
        self.is_busy = True
        self.left["index"] = 3
        for _ in range(2):
            self.upkeep.soon(to_sweep=False)
            self.assertEqual(self.pass_by(PATIENCE / 2 - 0.1), [])
        # Then until it is up to date.
        self.assertEqual(self.pass_by(1), ["index"] * 4)
        self.upkeep.soon(to_sweep=False)
        self.assertEqual(self.pass_by(1), [])

    def test_it_sweeps_now_and_then(self) -> None:
        self.upkeep.soon(to_sweep=True)
        self.assertEqual(self.pass_by(1), ["index", "sweep"])
        self.upkeep.soon(to_sweep=True)
        self.assertEqual(self.pass_by(1), ["index"])
        # A new message does not wait for that.
        self.upkeep.soon(to_sweep=True)
        self.assertEqual(self.pass_by(1), ["index"])
        self.clock.advance(SWEEP_EVERY - 4)
        self.assertEqual(self.pass_by(2), ["index", "sweep"])
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_it_sweeps_only_where_something_may_be(self) -> None:
        self.upkeep.soon(to_sweep=False)
        self.assertEqual(self.pass_by(1), ["index"])
        self.assertEqual(self.clock.getDelayedCalls(), [])
        self.upkeep.soon(to_sweep=True)
        self.upkeep.soon(to_sweep=False)
        self.assertEqual(self.pass_by(1), ["index", "sweep"])

    def test_one_thing_at_a_time(self) -> None:
        self.left["index"] = waiting = Deferred[bool]()
        self.upkeep.soon(to_sweep=True)
        self.assertEqual(self.pass_by(1), ["index"])
        self.upkeep.soon(to_sweep=True)
        self.assertEqual(self.pass_by(1), [])
        self.left["index"] = 0
        waiting.callback(False)
        self.assertEqual(self.pass_by(1), ["index"])

    def test_it_tries_again(self) -> None:
        self.left["index"] = sqlite3.OperationalError("disk I/O error")
        self.upkeep.soon(to_sweep=True)
        with capturedLogs() as logs:
            self.assertEqual(self.pass_by(A_MOMENT + 3 * AGAIN_AFTER - 0.5), ["index"] * 3)
            self.left["index"] = 0
            self.assertEqual(self.pass_by(1), ["index", "sweep"])
        self.assertEqual(len(logs), 2)

    def test_an_error_of_ours_is_told(self) -> None:
        self.left["index"] = ValueError()
        self.upkeep.soon(to_sweep=True)
        self.assertEqual(self.pass_by(1), ["index"])
        self.assertEqual(len(self.flushLoggedErrors(ValueError)), 1)
        self.left["index"] = 0
        self.upkeep.soon(to_sweep=True)
        self.assertEqual(self.pass_by(1), ["index", "sweep"])

    def test_closed_it_begins_nothing(self) -> None:
        self.upkeep.soon(to_sweep=True)
        self.upkeep.close()
        self.upkeep.soon(to_sweep=True)
        self.assertEqual(self.pass_by(1), [])
        self.assertEqual(self.clock.getDelayedCalls(), [])
