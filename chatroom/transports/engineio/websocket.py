"""Engine.IO over a WebSocket: a session's carrier from the start, or the one it upgrades to."""

from autobahn.twisted.websocket import WebSocketServerFactory
from autobahn.websocket.types import ConnectionRequest
from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger

from chatroom.transports.channel import INTERNAL_ERROR, Channel, secure
from chatroom.transports.engineio.engine import Engine, EngineSession
from chatroom.transports.settled import settled
from chatroom.transports.stalled import forget_unsent
from chatroom.transports.visitor import Visitor
from chatroom.wire.engineio.packet import Malformed, Packet, decode, decode_payload, encode
from chatroom.wire.engineio.session import NORMAL
from chatroom.wire.frames import frame


def frame_of(packet: Packet) -> bytes:
    """Give the WebSocket frame that carries a packet."""
    if isinstance(packet.data, bytes):
        return frame(packet.data, is_binary=True)
    return frame(encode(packet))


class EngineProtocol(Channel):
    """The WebSocket of one session."""

    _log = Logger()
    factory: "EngineFactory"
    visitor: Visitor
    session: EngineSession | None = None

    def onConnect(self, request: ConnectionRequest) -> None:
        """Say nothing of subprotocols; whether to let it in was settled in `admission`."""

    def onOpen(self) -> None:
        try:
            self._enter()
        except Exception:
            # The web server would answer a request that is answered already.
            self._log.failure("a session could not be opened")
            self.close(INTERNAL_ERROR, "an error of the server's own")

    def _enter(self) -> None:
        engine = self.factory.engine
        self.take_over()
        if self.visitor.asked("sid") is None:
            engine.open(self.visitor, self, upgrades=[])
            return
        session = engine.find(self.visitor)
        if session is not None and session.propose(self):
            self.session = session
        else:
            self.close(NORMAL, "this session is elsewhere")

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        session = self.session
        if session is None or not self.is_live:
            return
        try:
            packet = decode(payload if isBinary else payload.decode())
        except Malformed:
            # No kind of packet, so that whoever carries the session takes it amiss.
            packet = Packet("")
        try:
            session.receive(packet, self)
        except Malformed:
            """The session, or this WebSocket, is closing."""

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:
        session, self.session = self.session, None
        if session is not None:
            self.factory.engine.gone(session, self)
        forget_unsent(self.transport)

    # transports.engineio.Carrier

    def carry(self, session: EngineSession) -> None:
        self.session = session

    def send(self, packet: Packet) -> None:
        self.write(frame_of(packet))

    def reframe(self, payload: bytes) -> bytes:
        return b"".join(frame_of(packet) for packet in decode_payload(payload))

    def take_back(self) -> list[Packet]:
        """Nothing is taken back from a WebSocket: no session upgrades from it."""
        return []

    def hold(self, willing: bool) -> None:
        """Nothing is held here."""

    def abort(self, code: int, reason: str) -> None:
        if code == NORMAL:
            self.close(code, reason)
        else:
            self.refuse(code, reason)

    def on_full(self) -> None:
        # While it is only probed, the session goes on by polling.
        if self.session is not None and self.session.carrier is self:
            self.session.listener.pause()

    def on_drained(self) -> None:
        if self.session is not None and self.session.carrier is self:
            self.session.listener.resume()


class EngineFactory(WebSocketServerFactory):
    """Makes the WebSockets of one engine's sessions."""

    protocol = EngineProtocol  # type: ignore[assignment]

    def __init__(self, engine: Engine, max_frame: int, reactor: IReactorTime) -> None:
        super().__init__(server="", reactor=reactor)
        secure(self, max_frame, heartbeat=None)
        self.protocol = settled(self.protocol, self)
        self.engine = engine

    def admit(self, visitor: Visitor) -> EngineProtocol:
        """Make the connection of a visitor that `admission` let in."""
        protocol = self.protocol()
        protocol.factory = self
        protocol.visitor = visitor
        return protocol
