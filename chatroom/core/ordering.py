"""What moderators order is stored, and holds from that moment on."""

from twisted.internet.defer import Deferred

from chatroom.core.errors import Refused
from chatroom.core.interfaces import Journal
from chatroom.core.order_book import OrderBook
from chatroom.core.timeline import Timeline
from chatroom.core.work import Ordered, Verdict


class Ordering:
    """Brings verdicts to the journal, and what was carried out into the book in the same turn."""

    def __init__(self, *, journal: Journal, book: OrderBook, timeline: Timeline) -> None:
        self._journal = journal
        self._book = book
        self._timeline = timeline

    def order(self, verdict: Verdict) -> Deferred[Ordered]:
        """Carry a verdict out; fires once it holds. Fails with `Refused`, as `Journal.order`."""
        return Deferred.fromCoroutine(self._order(verdict))

    async def _order(self, verdict: Verdict) -> Ordered:
        try:
            ordered = await self._journal.order(verdict)
        except Refused as refused:
            if refused.code == "unavailable":
                # It may be stored all the same, and then it must hold.
                self._timeline.look(verdict.room)
                self._book.look_later(verdict.room)
            raise
        if ordered.done is not None:
            self._book.apply(ordered.done, ordered.event)
        return ordered
