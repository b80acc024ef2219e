"""When the search index is brought up to date: a moment after something was stored.

While messages wait to be stored they go first, for some seconds at most.
"""

from collections.abc import Callable

from twisted.internet.defer import Deferred

from chatroom.core.interfaces import Clock
from chatroom.storage.rounds import A_BREATH, Rounds

# Seconds. Several batches share one round, and the index gets fewer and larger segments.
A_MOMENT = 0.05
PATIENCE = 10.0
SWEEP_EVERY = 600.0


class Upkeep:
    """Runs `index` and now and then `sweep`, each until there is nothing left, a little at a time.

    Both give whether to go on, and are done in the writer's thread. `is_busy` says whether others
    wait for that.
    """

    def __init__(
        self,
        index: Callable[[], Deferred[bool]],
        sweep: Callable[[], Deferred[bool]],
        is_busy: Callable[[], bool],
        clock: Clock,
    ) -> None:
        self._index = index
        self._sweep = sweep
        self._is_busy = is_busy
        self._clock = clock
        self._rounds = Rounds("Indexing", self._do_a_little, clock)
        self._to_sweep = False
        self._swept_at = -SWEEP_EVERY
        # When it was last up to date and something came.
        self._since: float | None = None

    def soon(self, to_sweep: bool) -> None:
        """Begin in a moment: something was stored, or the server has started.

        `to_sweep`: there may be something in the index that was deleted.
        """
        self._to_sweep |= to_sweep
        if self._since is None:
            self._since = self._clock.seconds()
        self._rounds.within(A_MOMENT)

    def close(self) -> None:
        """Begin nothing any more."""
        self._rounds.close()

    async def _do_a_little(self) -> float | None:
        """Give the seconds until more is to be done, None if nothing is."""
        waited = 0.0 if self._since is None else self._clock.seconds() - self._since
        if self._is_busy() and waited < PATIENCE:
            return A_MOMENT
        if await self._index():
            return A_BREATH
        self._since = None
        return await self._sweep_a_little() if self._to_sweep else None

    async def _sweep_a_little(self) -> float | None:
        left = self._swept_at + SWEEP_EVERY - self._clock.seconds()
        if left > 0:
            return left
        if await self._sweep():
            return A_BREATH
        self._to_sweep = False
        self._swept_at = self._clock.seconds()
        return None
