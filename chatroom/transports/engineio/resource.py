"""The one path of Engine.IO: which request opens a session, which belongs to one."""

from collections.abc import Callable

from chatroom.core.interfaces import Clock
from chatroom.transports.admission import Denied, Door
from chatroom.transports.cors import Shared
from chatroom.transports.engineio.engine import Engine, EngineSession
from chatroom.transports.engineio.polling import Overlap, PollingCarrier
from chatroom.transports.engineio.record import Record
from chatroom.transports.engineio.refusals import (
    BAD_METHOD,
    BAD_REQUEST,
    UNKNOWN_SESSION,
    UNKNOWN_TRANSPORT,
    UNSUPPORTED_VERSION,
    BadRequest,
    body,
)
from chatroom.transports.http import Request
from chatroom.transports.turn import Turn
from chatroom.transports.upgrade import Upgrade, is_upgrade
from chatroom.transports.visitor import Visitor
from chatroom.wire.engineio.packet import Malformed

VERSION = "4"


class EngineResource(Shared):
    """Engine.IO for polling and, by `upgrade`, for WebSockets."""

    # Whatever else there is gets Engine.IO's own answer, which is 400 and not 405.
    methods = (b"GET", b"POST", b"PUT", b"DELETE", b"PATCH")

    def __init__(
        self,
        engine: Engine,
        upgrade: Upgrade,
        *,
        door: Door,
        turn: Turn,
        wall: Callable[[], int],
        clock: Clock,
    ) -> None:
        super().__init__(door)
        self._engine = engine
        self._upgrade = upgrade
        self._turn = turn
        self._wall = wall
        self._clock = clock

    def explain(self, denied: Denied) -> bytes:
        """Give the JSON that Engine.IO's clients know."""
        return body(denied)

    def answer(self, request: Request, visitor: Visitor) -> bytes | int:
        """Open a session, or hand the request to its own."""
        if visitor.asked("EIO") != VERSION:
            raise BadRequest(UNSUPPORTED_VERSION)
        transport = visitor.asked("transport")
        if transport not in ("polling", "websocket"):
            raise BadRequest(UNKNOWN_TRANSPORT)
        session = None if visitor.asked("sid") is None else self._find(visitor)
        if transport == "websocket":
            if not is_upgrade(request):
                raise BadRequest(BAD_REQUEST)
            has_place = session is not None and session.may_upgrade
            return self._upgrade.upgrade(request, has_place)
        return self._poll(request, visitor, session)

    def _find(self, visitor: Visitor) -> EngineSession:
        session = self._engine.find(visitor)
        if session is None:
            raise BadRequest(UNKNOWN_SESSION)
        return session

    def _poll(self, request: Request, visitor: Visitor, session: EngineSession | None) -> int:
        if request.method not in (b"GET", b"POST"):
            raise BadRequest(BAD_METHOD)
        if session is None:
            if request.method != b"GET":
                raise BadRequest(BAD_METHOD)
            return self._open(request, visitor)
        carrier = session.carrier
        if session.record is not None:
            session.record.note(request)
        if not isinstance(carrier, PollingCarrier):
            raise BadRequest(BAD_REQUEST)
        try:
            if request.method == b"GET":
                return carrier.poll(request)
            return carrier.take(request, request.content.getvalue())
        except (Malformed, Overlap):
            raise BadRequest(BAD_REQUEST) from None

    def _open(self, request: Request, visitor: Visitor) -> int:
        self._door.capacity.check(visitor.address)
        carrier = PollingCarrier(self._engine, self._turn, self._clock)
        self._door.capacity.count_in(visitor.address, carrier)
        session = self._engine.open(visitor, carrier, upgrades=["websocket"])
        session.record = Record(self._wall)
        session.record.note(request)
        return carrier.poll(request)
