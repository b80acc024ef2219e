"""TLS that is gone when its connection is lost."""

from twisted.internet.protocol import connectionDone
from twisted.protocols.tls import BufferingTLSTransport
from twisted.python.failure import Failure


class FleetingTls(BufferingTLSTransport):
    """Twisted's own refers to itself, so each one that is lost would wait for garbage collection.

    That counts its few objects, and knows nothing of the 15 KB that OpenSSL has for each.
    """

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        super().connectionLost(reason)
        # Who is registered has this for its transport.
        self._producer = None

    def _tlsShutdownFinished(self, reason: Failure | None) -> None:
        super()._tlsShutdownFinished(reason)
        if reason is not None:
            # Its traceback has the frame that it was made in, and which has it.
            reason.cleanFailure()
