"""When old messages go: once a minute, as time passes also while nothing is said."""

from collections.abc import Callable

from twisted.internet.defer import Deferred
from twisted.logger import Logger

from chatroom.core.interfaces import Clock
from chatroom.storage.retention import Let
from chatroom.storage.rounds import A_BREATH, Rounds

# Seconds.
A_MOMENT = 0.05
LOOK_EVERY = 60.0


class Retaining:
    """Runs `let_go`, then `sweep`, until there is nothing left, a little at a time.

    `let_go` takes the time in ms since 1970 and where to go on, `sweep` gives whether to go on;
    both are done in the writer's thread. `swept` hears that rows are gone.
    """

    _log = Logger()

    def __init__(
        self,
        let_go: Callable[[int, int], Deferred[Let]],
        sweep: Callable[[], Deferred[bool]],
        swept: Callable[[], object],
        clock: Clock,
    ) -> None:
        self._let_go = let_go
        self._sweep = sweep
        self._swept = swept
        self._rounds = Rounds("Deleting", self._do_a_little, clock)
        self._wall: Callable[[], int] | None = None
        self._moved: Callable[[str, int], object] = lambda room, oldest: None
        self._anew = True
        self._place: int | None = None
        self._is_swept = False

    def begin(self, wall: Callable[[], int], moved: Callable[[str, int], object]) -> None:
        """Look now, and from now on; `moved` hears of each room whose log begins further on."""
        self._wall = wall
        self._moved = moved
        self.soon()

    def soon(self) -> None:
        """Look in a moment: a rule has changed, or a room was deleted."""
        if self._wall is not None:
            self._anew = True
            self._rounds.within(A_MOMENT)

    def close(self) -> None:
        """Begin nothing any more."""
        self._rounds.close()

    async def _do_a_little(self) -> float:
        if self._anew and self._place is None:
            # Not within a look at all rooms, or the last ones would never have their turn.
            self._anew = False
            self._place = 0
        if self._place is not None:
            assert self._wall is not None
            let = await self._let_go(self._wall(), self._place)
            self._place = let.next
            for room, oldest in let.moved:
                with self._log.failuresHandled("Forgetting in {room!r} failed", room=room):
                    self._moved(room, oldest)
            return A_BREATH
        if await self._sweep():
            self._is_swept = True
            return A_BREATH
        if self._is_swept:
            self._is_swept = False
            self._swept()
        self._anew = True
        return LOOK_EVERY
