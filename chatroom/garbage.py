"""When Python looks for cycles among its objects, so that this stops nobody who chats.

A full collection takes 0.7 s with 10,000 connections, and Python begins one whenever a quarter of
the objects is new: five times while these come in, and again when a quarter of them comes back.
Ours are freed by their counts, as a lost connection drops what refers to it; so what outlives the
first look is left alone, and looked at again only when much has come since.
"""

import gc

from chatroom.core.interfaces import Clock, DelayedCall

# Objects that are new; looking at them takes 20 ms at most.
YOUNG = 20_000
NEVER = 1_000_000_000
LOOK_EVERY = 600.0  # seconds
# Looks at the new, 20,000 each, after which all are looked at.
MANY = 10


class Garbage:
    """Collects all of it, at most every 10 minutes, where so much has come that it is worth it.

    What is set is the process's, until the last of its servers has ended.
    """

    _begun = 0
    _before = gc.get_threshold()

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._next: DelayedCall | None = None
        self._looks = 0

    def begin(self) -> None:
        """Leave alone what is there now: the program. For a process, once all is loaded."""
        if not Garbage._begun:
            Garbage._before = gc.get_threshold()
        Garbage._begun += 1
        gc.collect()
        gc.freeze()
        gc.set_threshold(YOUNG, NEVER, NEVER)
        self._looks = _looks()
        self._next = self._clock.callLater(LOOK_EVERY, self._look)

    def _look(self) -> None:
        if _looks() - self._looks >= MANY:
            gc.collect()
            self._looks = _looks()
        self._next = self._clock.callLater(LOOK_EVERY, self._look)

    def end(self) -> None:
        """Leave it to Python again."""
        if self._next is None:
            return
        self._next.cancel()
        self._next = None
        Garbage._begun -= 1
        if not Garbage._begun:
            gc.set_threshold(*Garbage._before)
            gc.unfreeze()


def _looks() -> int:
    return int(gc.get_stats()[0]["collections"])
