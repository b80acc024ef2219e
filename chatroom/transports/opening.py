"""A WebSocket that begins after its opening handshake was read and checked by others."""

from base64 import b64encode
from hashlib import sha1
from typing import Any

from autobahn.twisted.util import peer2str
from autobahn.websocket.types import ConnectionRequest
from twisted.protocols.policies import ProtocolWrapper

from chatroom.transports.http import Request
from chatroom.transports.settled import Settled

VERSION = 13
# RFC 6455, 1.3
MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
ANSWER = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: %b\r\n\r\n"
)


class Opening(Settled):
    """Takes a connection over from the web server, and answers the request that it has read.

    Autobahn's `WebSocketResource` would write the request anew, and parse it a second time.
    """

    # By now TCP's, or TLS's.
    transport: Any
    autoPingInterval: float
    logFrames: bool
    websocket_version = VERSION
    inside_message = False
    current_frame = None  # type: ignore[assignment]

    def open(self, request: Request) -> None:
        """Take over, answer and begin; `upgrade.check_handshake` has passed the request."""
        transport, came = request.channel.hand_over()
        if isinstance(transport, ProtocolWrapper):
            transport.wrappedProtocol = self  # above TLS
        else:
            transport.protocol = self
        self.makeConnection(transport)
        # The web server has stopped it while the request was answered.
        transport.resumeProducing()
        self.onConnect(ConnectionRequest("", {}, "", "/", {}, VERSION, "", [], []))
        self.accept(request.getHeader(b"sec-websocket-key") or b"")
        if came:
            # Frames of who did not wait for the answer.
            self.dataReceived(came)

    @property
    def peer(self) -> str:  # type: ignore[override]
        """By whom it is, for the log; Autobahn has it composed for each connection."""
        return peer2str(self.transport)

    def connectionMade(self) -> None:
        # Autobahn's own collects facts of process, thread and peer, and formats lines for its log,
        # logged or not. And the web server has turned Nagle's algorithm off.
        self._connectionMade()

    def accept(self, key: bytes) -> None:
        """Answer the handshake and be open.

        As Autobahn's `succeedHandshake` (26.10) does without extensions and subprotocols.
        """
        self.answer(ANSWER % b64encode(sha1(key + MAGIC, usedforsecurity=False).digest()))
        self.state = self.STATE_OPEN
        if self.autoPingInterval:
            self.autoPingPendingCall = self.factory._batched_timer.call_later(
                self.autoPingInterval, self._sendAutoPing
            )
        self.onOpen()

    def answer(self, head: bytes) -> None:
        """Send the answer to the handshake."""
        self.transport.write(head)
