"""What every WebSocket of ours has in common: Autobahn with each unsafe default put right."""

from typing import NamedTuple, Protocol

from autobahn.twisted.websocket import WebSocketServerFactory
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall, IPushProducer
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure
from zope.interface import implementer

from chatroom.core.errors import Refused
from chatroom.core.limits import Pace
from chatroom.transports.opening import Opening
from chatroom.transports.stalled import unsent
from chatroom.wire.frames import whole_text

# Autobahn bounds the bytes of a message, not its frames: 300,000 empty continuations would be kept
# in a list (the class of CVE-2026-48779).
MAX_FRAMES_A_MESSAGE = 1_024

# Seconds for the last bytes of a connection that is closed.
LAST_BYTES = 5.0

# Close codes of RFC 6455, 7.4.1, and of our own (docs/protocol.md, "Close codes").
GOING_AWAY = 1001
UNSUPPORTED = 1003
POLICY = 1008
INTERNAL_ERROR = 1011
REMOVED = 4003
TOO_FAR_BEHIND = 4008


class Guard(Opening):
    """Bounds what Autobahn leaves without a bound: to be mixed into a protocol of its.

    `gone` fires when the transport is lost.
    """

    factory: WebSocketServerFactory
    maxFramePayloadSize: int

    def __init__(self) -> None:
        super().__init__()
        self.gone: Deferred[None] = Deferred()
        self._dropping: IDelayedCall | None = None
        self._control: Pace | None = None

    def onPing(self, payload: bytes) -> None:
        if self._may_control():
            super().onPing(payload)

    def onPong(self, payload: bytes) -> None:
        if self._may_control():
            super().onPong(payload)

    def _may_control(self) -> bool:
        """Count a control frame; a peer that floods with these is closed as one with commands."""
        if self._control is None:
            self._control = Pace(self.factory.reactor)
        try:
            self._control.step()
        except Refused:
            self._fail_connection(POLICY, "flooding")
            return False
        return True

    def dropConnection(self, abort: bool = False) -> None:
        super().dropConnection(abort)
        if not abort and self._dropping is None and not self.gone.called:
            # Its last bytes wait for a peer that may never take them.
            abort_it = self.transport.abortConnection
            self._dropping = self.factory.reactor.callLater(LAST_BYTES, abort_it)

    def drop(self) -> None:
        """Cut the connection off."""
        self.dropConnection(abort=True)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        if self._dropping is not None and self._dropping.active():
            self._dropping.cancel()
        super().connectionLost(reason)
        self.gone.callback(None)


class Transport(Protocol):
    """What we use of a transport, of TCP or below TLS."""

    def write(self, data: bytes) -> None: ...

    def pauseProducing(self) -> None: ...

    def resumeProducing(self) -> None: ...


@implementer(IPushProducer)
class Channel(Guard):
    """A WebSocket connection with a limit on the frames of a message."""

    transport: Transport  # type: ignore[assignment]
    most_frames = MAX_FRAMES_A_MESSAGE
    is_full = False
    _reading = True

    def dataReceived(self, data: bytes) -> None:
        # The usual frames at once, a tenth of the work; Autobahn has all others, and its own of
        # this name builds coloured strings for a line in its log, logged or not.
        at = 0
        while at < len(data) and self._awaits_text():
            found = whole_text(data, at, self.maxFramePayloadSize)
            if found is None:
                break
            payload, at = found
            self.onMessage(payload, False)
        if at < len(data):
            self._dataReceived(data[at:] if at else data)

    def _awaits_text(self) -> bool:
        """Whether Autobahn is between two messages, and waits for nothing."""
        return not (
            self.data
            or self.state != self.STATE_OPEN
            or self.inside_message
            or self.current_frame is not None
            or self.failedByMe
            # Any frame is a sign of life in its eyes.
            or self.autoPingTimeoutCall is not None
            or self.logFrames
        )

    def onMessageBegin(self, isBinary: bool) -> None:
        super().onMessageBegin(isBinary)
        self._frames = 0

    def onMessageFrameBegin(self, length: int) -> None:
        self._frames += 1
        if self._frames > self.most_frames and not self.failedByMe:
            self.refuse(POLICY, "too many frames in a message")
        super().onMessageFrameBegin(length)

    @property
    def is_heard(self) -> bool:
        """Whether what the peer sends is read, a pong too."""
        return self._reading

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

    def take_over(self) -> None:
        """Be told by the transport when it is full.

        The HTTP channel, which still is its producer, would do nothing.
        """
        self.unregisterProducer()
        self.registerProducer(self, True)

    def on_full(self) -> None:
        """Write no more for now."""

    def on_drained(self) -> None:
        """Write on."""

    # IPushProducer

    def pauseProducing(self) -> None:
        self.is_full = True
        self.on_full()

    def resumeProducing(self) -> None:
        self.is_full = False
        self.on_drained()

    def stopProducing(self) -> None:
        """The connection is lost; `onClose` follows."""

    # transports.delivery.Line, transports.engineio.Carrier

    @property
    def unsent(self) -> int:
        """Bytes that wait in the transport."""
        return unsent(self.transport)

    def write(self, data: bytes) -> None:
        """Send frames, joined."""
        # Beside `sendMessage`, which would hold what we send to the limit on what we receive.
        if self.state == self.STATE_OPEN:
            self.transport.write(data)

    def read(self, welcome: bool, full: bool) -> None:
        """Read from the peer only while it takes our answers and its commands do not pile up."""
        reading = welcome and not full
        if reading is not self._reading:
            self._reading = reading
            if reading:
                self.transport.resumeProducing()
            else:
                self.transport.pauseProducing()


class Heartbeat(NamedTuple):
    """How often a peer is asked for a sign of life, and how long that may take, in seconds."""

    interval: float = 25.0
    timeout: float = 20.0


def secure(
    factory: WebSocketServerFactory,
    max_frame: int,
    heartbeat: Heartbeat | None = Heartbeat(),  # noqa: B008 - it is immutable
) -> None:
    """Set every option whose default is unsafe; `max_frame` is in bytes.

    Without a `heartbeat` nobody is pinged: the protocol above has one of its own.

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
        # The web server sees to the request that comes before.
        openHandshakeTimeout=0,
        closeHandshakeTimeout=5,
        tcpNoDelay=True,
        autoPingInterval=heartbeat.interval if heartbeat else 0,
        autoPingTimeout=heartbeat.timeout if heartbeat else 0,
        autoPingSize=12,
        serveFlashSocketPolicy=False,
        allowedOrigins=["*"],
        allowNullOrigin=True,
        maxConnections=0,
        trustXForwardedFor=0,
    )
