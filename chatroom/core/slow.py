"""Slow mode: so many seconds between two messages of one user in a room."""

import math
from collections import OrderedDict

from chatroom.core.commands import LONGEST_SLOW
from chatroom.core.interfaces import Clock


class SlowMode:
    """Knows when who wrote last in the rooms that are slowed down."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        # In the order of these times, but for those that were taken back.
        self._wrote: OrderedDict[tuple[str, str], float] = OrderedDict()

    def wait(self, room: str, user: str, seconds: int) -> float:
        """Give 0, or the seconds until the user may write again, rounded up to 0.1."""
        last = self._wrote.get((room, user)) if seconds else None
        if last is None:
            return 0.0
        left = last + seconds - self._clock.seconds()
        return max(0.0, math.ceil(left * 10 - 1e-6) / 10)

    def wrote(self, room: str, user: str) -> float | None:
        """Count from now on; give from when it was before, for `take_back`."""
        now = self._clock.seconds()
        while self._wrote and next(iter(self._wrote.values())) < now - LONGEST_SLOW:
            self._wrote.popitem(last=False)
        before = self._wrote.pop((room, user), None)
        self._wrote[room, user] = now
        return before

    def take_back(self, room: str, user: str, before: float | None) -> None:
        """Count as before: nothing was stored."""
        if before is None:
            self._wrote.pop((room, user), None)
        elif (room, user) in self._wrote:
            self._wrote[room, user] = before
