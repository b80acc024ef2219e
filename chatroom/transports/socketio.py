"""The chat over Socket.IO: a client for each session, and the hub that knows what they share."""

from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger

from chatroom.core.chat import Chat
from chatroom.core.client import Client
from chatroom.core.commands import Command, Join
from chatroom.core.errors import Refused
from chatroom.core.interfaces import Random
from chatroom.core.limits import Flooding
from chatroom.core.names import LOBBY
from chatroom.core.timeline import Timeline
from chatroom.transports.acknowledging import AcknowledgingDelivery
from chatroom.transports.channel import GOING_AWAY, POLICY, REMOVED
from chatroom.transports.engineio.backlog import MEASURE
from chatroom.transports.engineio.engine import Carrier, EngineSession
from chatroom.transports.engineio.polling import PollingCarrier
from chatroom.transports.farewell import farewell
from chatroom.transports.registry import FramedRegistry, Registry
from chatroom.transports.stalled import Stalled
from chatroom.transports.turn import Turn
from chatroom.transports.visitor import Visitor, visit_of
from chatroom.wire.engineio.session import PROTOCOL_ERROR
from chatroom.wire.frames import frame
from chatroom.wire.socketio import chat as words
from chatroom.wire.socketio.packet import MAIN
from chatroom.wire.socketio.sockets import Connect, Disconnect, Event, Sockets

NAMESPACES = frozenset({MAIN})
# A client that sees its socket taken away does not come back by itself.
FINAL = {POLICY, REMOVED}


class SocketIOClient:
    """One session's client in the room, whatever carries the session."""

    _log = Logger()

    def __init__(self, hub: "Hub", session: EngineSession, visitor: Visitor) -> None:
        self._hub = hub
        self._session = session
        self._visitor = visitor
        self._sockets = Sockets(
            NAMESPACES,
            send=session.send,
            give_up=self._give_up,
            max_message=hub.max_message,
            clock=hub.clock,
        )
        self._client: Client | None = None
        # Who had the socket before: a new one makes nobody new, nor any faster.
        self._before: Client | None = None
        self._delivery: AcknowledgingDelivery

    # transports.engineio.Application

    def message(self, data: str | bytes) -> None:
        match self._sockets.receive(data):
            case Connect() as connect:
                self._connect(connect)
            case Event() as event:
                self._take(event)
            case Disconnect():
                self._leave()
                self.read(True, full=False)

    def upgraded(self) -> None:
        if self._client is not None:
            carrier = self._session.carrier
            self._delivery.move(self._hub.registry(carrier), carrier.reframe)

    def pause(self) -> None:
        if self._client is None:
            # It may ask for sockets that there are not, and take no answer.
            self.read(True, full=True)
        else:
            self._delivery.pause()

    def resume(self) -> None:
        if self._client is None:
            self.read(True, full=False)
        else:
            self._delivery.resume()

    def stop(self, reconnect: float) -> None:
        told = words.Closing(code=GOING_AWAY, reason="the server is stopping", reconnect=reconnect)
        self._end(GOING_AWAY, farewell(reconnect), told)

    def closed(self) -> None:
        self._sockets.close()
        self._leave()

    def _connect(self, connect: Connect) -> None:
        try:
            if self._before is not None and self._before.pace is not None:
                self._before.pace.step()
            auth, join = words.decode_auth(connect.auth, connect.fault, LOBBY)
        except Refused as refused:
            reason = {"message": refused.message, "data": refused.told()}
            self._sockets.refuse(connect.namespace, reason)
        except Flooding:
            self.close(POLICY, "flooding")
        else:
            self._sockets.accept(connect.namespace, self._hub.new_id())
            self._enter(auth, join)

    def _enter(self, auth: words.Auth, join: Join) -> None:
        hub, before = self._hub, self._before
        # From here on it is the delivery that says when not to read.
        self.read(True, full=False)
        self._delivery = hub.delivery(self, self._session)
        token = self._visitor.token if auth.token is None else auth.token
        self._client = self._delivery.begin(
            lambda delivery: hub.chat.connected(
                delivery, token, auth.nick, visit_of(self._visitor), before
            )
        )
        self._client.enter(join)
        self._log.info("有个connection进入了聊天室")

    def _take(self, event: Event) -> None:
        client = self._client
        if client is None:
            return
        came: Command | Refused
        try:
            came = words.decode(event.name, event.arguments, event.fault)
        except Refused as refused:
            came = refused
        if event.id is not None:
            came = self._delivery.ask(came, event.id)
        try:
            client.receive(came)
        except Flooding:
            self.close(POLICY, "flooding")

    def _leave(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            self._before = client
            self._delivery.close()
            self._hub.chat.disconnected(client)
            self._log.info("connection离开了")

    def _give_up(self) -> None:
        self._session.abort(PROTOCOL_ERROR, "what was announced did not come")

    def _end(self, code: int, reason: str, told: words.Closing) -> None:
        if self._client is not None:
            self._delivery.finish(told)
            if code in FINAL:
                self._sockets.disconnect(MAIN)
        self._session.close(code, reason)

    # transports.delivery.Line

    @property
    def is_full(self) -> bool:
        return self._session.carrier.is_full

    @property
    def unsent(self) -> int:
        return self._session.carrier.unsent

    def write(self, data: bytes) -> None:
        self._session.carrier.write(data)

    def read(self, welcome: bool, full: bool) -> None:
        self._session.carrier.read(welcome, full)

    def close(self, code: int, reason: str) -> None:
        self._end(code, reason, words.Closing(code=code, reason=reason))

    def drop(self) -> None:
        self._session.carrier.drop()


class Hub:
    """What all Socket.IO clients share, and their audiences: one for polling, one for WebSockets.

    An event is encoded once for both.
    """

    def __init__(
        self,
        *,
        chat: Chat,
        timeline: Timeline,
        turn: Turn,
        max_message: int,
        stalled: Stalled,
        rng: Random,
        clock: IReactorTime,
    ) -> None:
        self.chat = chat
        self.max_message = max_message
        self.clock = clock
        self.packets = Registry("socketio", words.encode, lambda packet: packet, turn, MEASURE)
        self.frames = FramedRegistry(self.packets, frame)
        self._timeline = timeline
        self._stalled = stalled
        self._rng = rng

    def listen(self, session: EngineSession, visitor: Visitor) -> SocketIOClient:
        """Make the client at the end of a session."""
        return SocketIOClient(self, session, visitor)

    def delivery(self, line: SocketIOClient, session: EngineSession) -> AcknowledgingDelivery:
        """Make the way out of a client, in the frames of what carries its session."""
        return AcknowledgingDelivery(
            line,
            registry=self.registry(session.carrier),
            read=self._timeline.read,
            later=self.clock.callLater,
            stalled=self._stalled,
        )

    def registry(self, carrier: Carrier) -> Registry:
        """Give the audiences of those whose sessions are carried likewise."""
        return self.packets if isinstance(carrier, PollingCarrier) else self.frames

    def new_id(self) -> str:
        """Give the public id of a socket."""
        return self._rng.randbytes(15).hex()
