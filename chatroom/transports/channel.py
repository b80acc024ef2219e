"""What every WebSocket of ours has in common: Autobahn with each unsafe default put right."""

from autobahn.twisted.websocket import WebSocketServerFactory, WebSocketServerProtocol

# Autobahn bounds the bytes of a message, not its frames: 300,000 empty continuations would be kept
# in a list (the class of CVE-2026-48779).
MAX_FRAMES_A_MESSAGE = 1_024

# Close codes of RFC 6455, 7.4.1, and of our own (docs/protocol.md, "Close codes").
GOING_AWAY = 1001
UNSUPPORTED = 1003
POLICY = 1008
INTERNAL_ERROR = 1011
TOO_FAR_BEHIND = 4008


class Channel(WebSocketServerProtocol):
    """A WebSocket connection with a limit on the frames of a message."""

    def dataReceived(self, data: bytes) -> None:
        # Autobahn's own builds coloured strings for a debug line on each chunk, logged or not.
        self._dataReceived(data)

    def onMessageBegin(self, isBinary: bool) -> None:
        super().onMessageBegin(isBinary)
        self._frames = 0

    def onMessageFrameBegin(self, length: int) -> None:
        self._frames += 1
        if self._frames > MAX_FRAMES_A_MESSAGE and not self.failedByMe:
            self.refuse(POLICY, "too many frames in a message")
        super().onMessageFrameBegin(length)

    @property
    def is_live(self) -> bool:
        """Whether neither side has begun to close."""
        return bool(self.state == self.STATE_OPEN)

    def refuse(self, code: int, reason: str) -> None:
        """Close for a fault of the peer's, and hear no more of what it sends."""
        self._fail_connection(code, reason)

    def close(self, code: int, reason: str) -> None:
        """Close for a reason of ours; `reason` is at most 123 bytes in UTF-8."""
        # `sendClose` allows 1000 and 3000 to 4999 alone.
        self.sendCloseFrame(code=code, reasonUtf8=reason.encode())


def secure(factory: WebSocketServerFactory, max_frame: int) -> None:
    """Set every option whose default is unsafe; `max_frame` is in bytes.

    All in one call: one that leaves out `allowNullOrigin` resets it. The origin is checked before,
    in `admission`, with the answers that Autobahn cannot give.
    """
    factory.setProtocolOptions(
        versions=[13],
        webStatus=False,
        utf8validateIncoming=True,
        requireMaskedClientFrames=True,
        maxFramePayloadSize=max_frame,
        maxMessagePayloadSize=max_frame,
        # A peer that is too big or malformed sees 1009 or 1007, not an aborted connection.
        failByDrop=False,
        echoCloseCodeReason=False,
        openHandshakeTimeout=5,
        closeHandshakeTimeout=5,
        tcpNoDelay=True,
        autoPingInterval=25,
        autoPingTimeout=20,
        autoPingSize=12,
        serveFlashSocketPolicy=False,
        allowedOrigins=["*"],
        allowNullOrigin=True,
        maxConnections=0,
        trustXForwardedFor=0,
    )
