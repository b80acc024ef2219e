"""`GET /api/v1/wire`: a polling session's owner sees its requests."""

from msgspec import Struct

from chatroom.core.events import Handshake
from chatroom.transports.admission import Denied, Door
from chatroom.transports.cors import JSON, Shared
from chatroom.transports.engineio.engine import Engine
from chatroom.transports.engineio.record import Exchange
from chatroom.transports.http import Request
from chatroom.transports.visitor import Visitor
from chatroom.wire import json


class Told(Struct, frozen=True):
    """What `GET /api/v1/wire` answers."""

    handshake: Handshake | None
    requests: list[Exchange]


class WireResource(Shared):
    """Tells a polling session's owner of its requests."""

    def __init__(self, engine: Engine, door: Door) -> None:
        super().__init__(door)
        self._engine = engine

    def answer(self, request: Request, visitor: Visitor) -> bytes | int:
        """Give the record of the session that `sid` names."""
        session = self._engine.find(visitor)
        if session is None or session.record is None:
            raise Denied(404, "There is no such polling session of yours.")
        told = Told(session.record.handshake, list(session.record.exchanges))
        return request.answer(200, JSON, json.encode(told))
