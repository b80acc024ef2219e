"""A WebSocket that begins after its opening handshake was read and checked by others."""

from contextlib import suppress
from typing import Any

from autobahn.websocket.types import ConnectionRequest
from twisted.protocols.policies import ProtocolWrapper

from chatroom.transports.http import Request
from chatroom.transports.settled import Settled

VERSION = 13


class Opening(Settled):
    """Takes a connection over from the web server, and answers the request that it has read.

    Autobahn's `WebSocketResource` would write the request anew, and parse it a second time.
    """

    # By now TCP's, or TLS's.
    transport: Any
    tcpNoDelay: bool
    websocket_version = VERSION
    # Nobody adds to these.
    websocket_protocols: list[str] = []
    websocket_extensions: list[Any] = []

    def open(self, request: Request) -> None:
        """Take over, answer and begin; `upgrade.check_handshake` has passed the request."""
        channel = request.channel
        transport, channel.transport = channel.transport, None
        # The two refer to each other, and would stay until garbage is collected.
        channel.requests.clear()
        if isinstance(transport, ProtocolWrapper):
            transport.wrappedProtocol = self  # above TLS
        else:
            transport.protocol = self  # type: ignore[union-attr]
        self.makeConnection(transport)
        # The web server has stopped it while the request was answered.
        transport.resumeProducing()  # type: ignore[union-attr]
        self._wskey = (request.getHeader(b"sec-websocket-key") or b"").decode()
        asked = ConnectionRequest("", {}, "", "/", {}, VERSION, "", [], [])
        self.succeedHandshake(self.onConnect(asked))

    def connectionMade(self) -> None:
        # Autobahn's own collects facts of process, thread and peer, and formats lines for its log,
        # logged or not.
        with suppress(AttributeError, OSError):  # where it is no TCP
            self.transport.setTcpNoDelay(self.tcpNoDelay)
        self._connectionMade()
