"""An answer of any length, sent as fast as its client takes it; one that breaks off shows it."""

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IPushProducer
from zope.interface import implementer

from chatroom.transports import stalled
from chatroom.transports.http import Request
from chatroom.transports.stalled import Stalled


class Gone(Exception):
    """Nobody takes it any more."""


@implementer(IPushProducer)
class Download:
    """Writes to a request when its transport has room. Who takes nothing for long is cut off."""

    lag = 0

    def __init__(self, request: Request, watch: Stalled) -> None:
        self._request = request
        self._watch = watch
        self._is_full = request.channel.is_full
        self._waiting: Deferred[None] | None = None
        self._is_over = False
        request.gone.addCallback(self._gone)
        request.registerProducer(self, True)

    async def write(self, data: bytes) -> None:
        """Send bytes, and wait until there is room for more; raises `Gone`."""
        if self._is_over:
            raise Gone
        self._request.write(data)
        if self._is_full:
            self._waiting = Deferred()
            await self._waiting
        if self._is_over:
            raise Gone

    def finish(self) -> None:
        """All of it was written."""
        if not self._is_over:
            self._request.unregisterProducer()
            self._request.finish()

    def abort(self) -> None:
        """Cut the connection off, so that nobody takes what there is for the whole."""
        if not self._is_over:
            # A response that is chunked lacks its last chunk then (RFC 9112, 8).
            self._request.channel.transport.abortConnection()  # type: ignore[union-attr]

    def _gone(self, _: object) -> None:
        self._is_over = True
        self._watch.unwatch(self)
        self._go_on()

    def _go_on(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting.callback(None)

    def pauseProducing(self) -> None:
        if not self._is_over:
            self._is_full = True
            self._watch.watch(self)

    def resumeProducing(self) -> None:
        self._is_full = False
        self._watch.unwatch(self)
        self._go_on()

    def stopProducing(self) -> None:
        """The loss of the connection says the same."""

    @property
    def unsent(self) -> int:
        """Bytes that wait in the transport."""
        channel = self._request.channel
        return 0 if channel is None else stalled.unsent(channel.transport)

    def give_up(self) -> None:
        """Cut off who takes nothing any more."""
        self.abort()
