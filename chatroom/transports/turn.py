"""What is to be written goes out at the end of the reactor's turn, all that gathered in one."""

from typing import Protocol

from twisted.logger import Logger

from chatroom.core.interfaces import Clock

# Seconds. One flush to 10,000 clients is 50 to 120 ms of system calls; others want a turn, too.
SLICE = 0.010


class Flushable(Protocol):
    """Something with bytes to write."""

    def flush(self, deadline: float) -> bool:
        """Write, until the clock says `deadline`; give whether all is written."""
        ...

    def fail(self) -> None:
        """Clear away what cannot be flushed."""
        ...


class Turn:
    """Flushes all who ask for it, once, when the turn is over; at most 10 ms at a time."""

    _log = Logger()

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiting: dict[Flushable, None] = {}

    def wants(self, flushable: Flushable) -> None:
        """Flush this one at the end of the turn."""
        if not self._waiting:
            self._clock.callLater(0, self._flush)
        self._waiting[flushable] = None

    def over(self, deadline: float) -> bool:
        """Whether the time of a flush is up."""
        return self._clock.seconds() >= deadline

    def flush(self, flushable: Flushable, deadline: float) -> bool:
        """Flush one; an error of ours in it costs the others nothing."""
        try:
            return flushable.flush(deadline)
        except Exception:
            self.failed(flushable)
            return True

    def failed(self, flushable: Flushable) -> None:
        """Clear away one that has raised an error of ours."""
        self._log.failure("a flush failed")
        flushable.fail()

    def _flush(self) -> None:
        deadline = self._clock.seconds() + SLICE
        # Whoever asks again while being flushed is flushed again, in this loop or the next turn.
        waiting, self._waiting = self._waiting, {}
        while waiting:
            flushable = next(iter(waiting))
            del waiting[flushable]
            if not self.flush(flushable, deadline):
                waiting[flushable] = None
            if self.over(deadline):
                break
        if waiting:
            if not self._waiting:
                self._clock.callLater(0, self._flush)
            self._waiting = waiting | self._waiting
