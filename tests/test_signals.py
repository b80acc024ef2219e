"""Ending by a signal: the reactor is stopped once, from the thread that it runs in."""

import os
import signal
from collections.abc import Callable

from twisted.trial.unittest import SynchronousTestCase

from chatroom.signals import STOPPING, stop_on_signals


class WaitingReactor:
    """Notes what it is asked for, and does nothing."""

    def __init__(self) -> None:
        self.when_running: list[Callable[[], None]] = []
        self.from_thread: list[Callable[[], None]] = []

    def callWhenRunning(self, call: Callable[[], None]) -> None:
        self.when_running.append(call)

    def callFromThread(self, call: Callable[[], None]) -> None:
        self.from_thread.append(call)

    def stop(self) -> None:
        raise AssertionError("not within a signal handler")


class StopOnSignalsTests(SynchronousTestCase):
    def setUp(self) -> None:
        for each in STOPPING:
            self.addCleanup(signal.signal, each, signal.getsignal(each))
        self.reactor = WaitingReactor()
        stop_on_signals(self.reactor)

    def test_nothing_is_installed_before_the_reactor_runs(self) -> None:
        """Its own handlers come with its start, and would replace these."""
        before = signal.getsignal(signal.SIGTERM)
        self.assertEqual(len(self.reactor.when_running), 1)
        self.reactor.when_running[0]()
        self.assertIsNot(signal.getsignal(signal.SIGTERM), before)

    def test_each_signal_stops_the_reactor_in_its_own_time(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            self.reactor.from_thread.clear()
            self.reactor.when_running[0]()
            os.kill(os.getpid(), number)
            self.assertEqual(self.reactor.from_thread, [self.reactor.stop])

    def test_a_second_signal_is_not_heard(self) -> None:
        self.reactor.when_running[0]()
        for number in (signal.SIGTERM, signal.SIGTERM, signal.SIGINT):
            os.kill(os.getpid(), number)
        self.assertEqual(self.reactor.from_thread, [self.reactor.stop])
