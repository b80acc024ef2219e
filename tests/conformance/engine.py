"""`/engine.io/` and `/socket.io/` as the protocol authors' suites want them, on our own classes."""

from random import SystemRandom
from typing import Any

from chatroom.transports.admission import Capacity, Door, Origins
from chatroom.transports.engineio.engine import Application, Engine, EngineSession
from chatroom.transports.engineio.resource import EngineResource
from chatroom.transports.engineio.websocket import EngineFactory
from chatroom.transports.turn import Turn
from chatroom.transports.upgrade import Upgrade
from chatroom.transports.visitor import Visitor
from chatroom.wire.engineio.packet import Malformed
from chatroom.wire.engineio.session import PROTOCOL_ERROR, Terms
from chatroom.wire.socketio.packet import MAIN
from chatroom.wire.socketio.sockets import Connect, Event, Sockets

# What the suites want of a server, in seconds and bytes.
TERMS = Terms(ping_interval=0.3, ping_timeout=0.2, max_payload=1_000_000)
NAMESPACES = frozenset({MAIN, "/custom"})


class Echo:
    """Sends each message back."""

    def __init__(self, session: EngineSession, visitor: Visitor, clock: Any) -> None:
        self.session = session

    def message(self, data: str | bytes) -> None:
        self.session.send(data)

    def upgraded(self) -> None:
        """Messages go by whatever carries the session."""

    def pause(self) -> None:
        # Who does not take what comes back is not read from.
        self.session.carrier.read(True, full=True)

    def resume(self) -> None:
        self.session.carrier.read(True, full=False)

    def stop(self, reconnect: float) -> None:
        self.session.close(1001, "")

    def closed(self) -> None:
        """Nothing is kept."""


class Handlers(Echo):
    """Emits `auth`, sends back `message` as `message-back`, acknowledges `message-with-ack`."""

    def __init__(self, session: EngineSession, visitor: Visitor, clock: Any) -> None:
        super().__init__(session, visitor, clock)
        self.sockets = Sockets(
            NAMESPACES,
            send=session.send,
            give_up=lambda: session.abort(PROTOCOL_ERROR, ""),
            max_message=TERMS.max_payload,
            clock=clock,
        )

    def message(self, data: str | bytes) -> None:
        match self.sockets.receive(data):
            case Connect(namespace, auth):
                self.sockets.accept(namespace, self.session.sid[::-1])
                self.sockets.emit(namespace, "auth", auth)
            case Event(fault=str()):
                raise Malformed
            case Event(namespace, "message", arguments):
                self.sockets.emit(namespace, "message-back", *arguments)
            case Event(namespace, "message-with-ack", arguments, int() as id):
                self.sockets.acknowledge(namespace, id, *arguments)

    def closed(self) -> None:
        self.sockets.close()


def build_engine(application: type[Application], reactor: Any) -> EngineResource:
    """Make the resource of one path; pages from everywhere may come."""
    engine = Engine(
        listen=lambda session, visitor: application(session, visitor, reactor),
        owner_of=lambda token: None,
        terms=TERMS,
        rng=SystemRandom(),
        clock=reactor,
    )
    factory = EngineFactory(engine, TERMS.max_payload, reactor)
    door = Door(Capacity(0, 0), Origins(("*",), False), False)
    return EngineResource(
        engine,
        Upgrade(factory.admit, door),
        door=door,
        turn=Turn(reactor),
        wall=lambda: round(reactor.seconds() * 1000),
        clock=reactor,
    )
