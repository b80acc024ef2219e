"""The chat over `/ws`: a WebSocket for each client, and the factory that knows them all."""

from collections.abc import Callable, Sequence

from autobahn.twisted.websocket import WebSocketServerFactory, WebSocketServerProtocol
from autobahn.websocket.types import ConnectionRequest
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger

from chatroom.core.chat import Chat
from chatroom.core.client import Client
from chatroom.core.commands import Command, Join
from chatroom.core.errors import Refused
from chatroom.core.events import Event
from chatroom.core.interfaces import Random
from chatroom.core.limits import Flooding
from chatroom.core.recent import Entry
from chatroom.core.room import Room
from chatroom.core.timeline import Timeline
from chatroom.transports import channel
from chatroom.transports.channel import Channel, Heartbeat
from chatroom.transports.delivery import Delivery
from chatroom.transports.farewell import all_gone, farewell, reconnect_delay
from chatroom.transports.registry import Registry
from chatroom.transports.settled import settled
from chatroom.transports.stalled import Stalled, forget_unsent
from chatroom.transports.turn import Turn
from chatroom.transports.visitor import Visitor, visit_of
from chatroom.wire import json
from chatroom.wire.frames import frame


class ChatProtocol(Channel, WebSocketServerProtocol):  # type: ignore[misc]
    """One client's WebSocket."""

    _log = Logger()
    delivery_of: type[Delivery] = Delivery
    factory: "ChatFactory"
    visitor: Visitor
    _client: Client | None = None
    _delivery: Delivery

    def onConnect(self, request: ConnectionRequest) -> None:
        """Say nothing of subprotocols; whether to let it in was settled in `admission`."""

    def onOpen(self) -> None:
        try:
            self._enter()
        except Exception:
            # The web server would answer a request that is answered already.
            self._log.failure("a client could not be let in")
            self.close(channel.INTERNAL_ERROR, "an error of the server's own")

    def _enter(self) -> None:
        factory, visitor = self.factory, self.visitor
        self.take_over()
        self._delivery = factory.delivery(self)
        factory.clients.add(self)
        self._client = client = self._delivery.begin(
            lambda delivery: factory.chat.connected(
                delivery, visitor.token, visitor.asked("nick"), visit_of(visitor)
            )
        )
        room = visitor.asked("room")
        if room is not None:
            self._join_at_once(client, room)

    def _join_at_once(self, client: Client, room: str) -> None:
        asked: dict[str, object] = {"room": room, "epoch": self.visitor.asked("epoch")}
        since = self.visitor.number("since")
        if since is not None:
            asked["since"] = since
        try:
            client.enter(json.fill(Join, asked))
        except Refused as refused:
            client.send(refused.told())

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        if not self.is_live or self._client is None:
            return
        if isBinary:
            self.refuse(channel.UNSUPPORTED, "text frames only")
            return
        came: Command | Refused
        try:
            came = json.decode(payload)
        except Refused as refused:
            came = refused
        try:
            self._client.receive(came)
        except Flooding:
            self.refuse(channel.POLICY, "flooding")

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:
        self.factory.clients.discard(self)
        if self._client is not None:
            client, self._client = self._client, None
            self._delivery.close()
            # The two refer to each other, and would stay until garbage is collected.
            del self._delivery
            forget_unsent(self.transport)
            self.factory.chat.disconnected(client)

    def onAutoPingTimeout(self) -> None:
        if self._client is None or not self._delivery.full:
            super().onAutoPingTimeout()
            return
        # Its pong may lie in what we do not read from a peer that is slow; `stalled` is the judge.
        self.autoPingPending = None
        self.autoPingTimeoutCall = None
        self._sendAutoPing()

    def close(self, code: int, reason: str) -> None:
        self._end()
        super().close(code, reason)

    def _fail_connection(self, code: int = channel.GOING_AWAY, reason: str = "") -> None:
        self._end()
        super()._fail_connection(code, reason)

    def _end(self) -> None:
        """Send what has happened until now before the goodbye."""
        if self._client is not None and self.is_live:
            self._delivery.finish()

    def on_full(self) -> None:
        self._delivery.pause()

    def on_drained(self) -> None:
        self._delivery.resume()


class ChatFactory(WebSocketServerFactory):
    """All clients on `/ws`, and their audiences by room."""

    protocol = ChatProtocol  # type: ignore[assignment]
    tapped: type[ChatProtocol]

    def __init__(
        self,
        *,
        chat: Chat,
        timeline: Timeline,
        turn: Turn,
        max_frame: int,
        heartbeat: Heartbeat,
        stalled: Stalled,
        rng: Random,
        wall: Callable[[], int],
        reactor: IReactorTime,
    ) -> None:
        super().__init__(server="", reactor=reactor)
        channel.secure(self, max_frame, heartbeat)
        self.protocol = self.tapped = settled(self.protocol, self)
        self.chat = chat
        self.clients: set[ChatProtocol] = set()
        self.registry = Registry("json", json.encode, frame, turn)
        self._stalled = stalled
        self.wall = wall
        # Bound once, not for each connection.
        self._read, self._later = timeline.read, reactor.callLater
        self._clock = reactor
        self._rng = rng

    def admit(self, visitor: Visitor) -> ChatProtocol:
        """Make the connection of a visitor that `admission` let in."""
        protocol = self.tapped() if visitor.head else self.protocol()
        protocol.factory = self
        protocol.visitor = visitor
        return protocol

    def delivery(self, line: ChatProtocol) -> Delivery:
        """Make the way out of one connection."""
        return line.delivery_of(
            line,
            registry=self.registry,
            read=self._read,
            later=self._later,
            stalled=self._stalled,
        )

    def broadcast(self, room: Room, events: Sequence[Entry]) -> None:
        """Hand log events to the clients that are in the room."""
        self.registry.broadcast(room, events)

    def pass_on(self, room: Room, event: Event) -> None:
        """Hand an event without a number to the clients in the room that are not behind."""
        self.registry.pass_on(room, event)

    def close_all(self, patience: float) -> Deferred[None]:
        """Tell every client that the server stops and when to come back; fires when all are gone.

        Who has not said goodbye after `patience` seconds is dropped.
        """
        clients = list(self.clients)
        for client in clients:
            client.close(channel.GOING_AWAY, farewell(reconnect_delay(self._rng)))
        return all_gone(clients, self._clock, patience)
