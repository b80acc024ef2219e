"""The threads that SQL runs in, so that the reactor never waits for a disk."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorFromThreads
from twisted.internet.threads import deferToThreadPool
from twisted.python.threadpool import ThreadPool

from chatroom.core.interfaces import Clock

T = TypeVar("T")


class Run(Protocol):
    """Executes a job away from the reactor, or at once in tests, and fires with its result."""

    def __call__(self, job: Callable[[], T], /) -> Deferred[T]: ...


class Threads:
    """One thread that writes, two that read, and one that hashes passwords."""

    def __init__(self, reactor: IReactorFromThreads) -> None:
        self._reactor = reactor
        self._writer = ThreadPool(1, 1, "chatroom-writer")
        self._readers = ThreadPool(2, 2, "chatroom-reader")
        self._hasher = ThreadPool(0, 1, "chatroom-hasher")

    def start(self) -> None:
        """Start the threads; not before a fork, which they would not survive."""
        self._writer.start()
        self._readers.start()
        self._hasher.start()

    def stop(self) -> None:
        """Wait for the jobs at hand, then end the threads; what comes later never fires."""
        self._writer.stop()
        self._readers.stop()
        self._hasher.stop()

    def write(self, job: Callable[[], T]) -> Deferred[T]:
        """Run a job in the writer's thread, after those that were given before."""
        return deferToThreadPool(self._reactor, self._writer, job)

    def hash(self, job: Callable[[], T]) -> Deferred[T]:
        """Run a job that takes long in a thread of its own, after those that were given before."""
        return deferToThreadPool(self._reactor, self._hasher, job)

    def read(self, job: Callable[[], T]) -> Deferred[T]:
        """Run a job in a reader's thread."""
        return deferToThreadPool(self._reactor, self._readers, job)


async def within(seconds: float, result: Deferred[None], clock: Clock) -> None:
    """Wait for a result, but no longer than so many seconds; it goes on all the same."""
    waiting: Deferred[None] = Deferred()
    timer = clock.callLater(seconds, waiting.callback, None)

    def over(value: T) -> T:
        if timer.active():
            timer.cancel()
            waiting.callback(None)
        return value

    result.addBoth(over)
    await waiting
