"""Engine.IO over HTTP long-polling: one request that waits for packets, others that bring them."""

from collections import deque
from typing import NamedTuple

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure
from twisted.web.server import NOT_DONE_YET

from chatroom.core.interfaces import Clock, DelayedCall
from chatroom.transports.channel import LAST_BYTES
from chatroom.transports.cors import JSON
from chatroom.transports.engineio.backlog import Backlog
from chatroom.transports.engineio.engine import Engine, EngineSession
from chatroom.transports.engineio.refusals import BAD_REQUEST, BadRequest, body
from chatroom.transports.http import Request
from chatroom.transports.turn import SLICE, Turn
from chatroom.wire.engineio.packet import (
    CLOSE,
    MESSAGE,
    NOOP,
    PING,
    Malformed,
    Packet,
    decode_payload,
    encode,
)
from chatroom.wire.engineio.session import NORMAL, PROTOCOL_ERROR

# Packets that may wait here whoever sends them: the answers to CONNECT heed no `pause`.
MOST_WAITING = 1_000
TEXT = b"text/plain; charset=UTF-8"


class Overlap(Exception):
    """A second request of the same kind, before the first was answered."""


class Brought(NamedTuple):
    """A request that has brought packets, and those of them that are not heard yet."""

    request: Request
    packets: deque[Packet]


class PollingCarrier:
    """The polling side of a session.

    What is sent waits here for the next request to take it; what fills more than one answer says
    `pause` to the session's application.
    """

    session: EngineSession

    def __init__(self, engine: Engine, turn: Turn, clock: Clock) -> None:
        self.gone: Deferred[None] = Deferred()
        self._engine = engine
        self._turn = turn
        self._clock = clock
        self._backlog = Backlog()
        self._parked: Request | None = None
        self._brought: Brought | None = None
        self._is_hearing = False
        # Bytes that were brought while commands piled up.
        self._unwelcome: int | None = None
        self._holds = True
        self._last: DelayedCall | None = None

    @property
    def is_full(self) -> bool:
        """Whether there is as much as one answer takes."""
        return self._backlog.fills_an_answer

    @property
    def unsent(self) -> int:
        """Bytes that no request has taken."""
        return self._backlog.size

    # transports.engineio.Carrier

    def carry(self, session: EngineSession) -> None:
        self.session = session

    def send(self, packet: Packet) -> None:
        self.write(encode(packet))
        if packet.kind == PING:
            # The pong comes by a request, and a client brings one at a time.
            self._hear(whatever=True)

    def write(self, data: bytes) -> None:
        if self.gone.called:
            return
        self._backlog.add(data)
        if self.is_full:
            self.session.listener.pause()
        self._turn.wants(self)

    def hold(self, willing: bool) -> None:
        self._holds = willing
        self._turn.wants(self)
        if not willing:
            # The client waits for its requests before it changes over.
            self._hear(whatever=True)

    def read(self, welcome: bool, full: bool) -> None:
        # Being full alone lets no request wait: one who asks and brings by turns would never come
        # to take what it is full of.
        self._unwelcome = None if welcome else self._unwelcome or 0
        self._hear()

    @property
    def _is_open(self) -> bool:
        most = self._engine.terms.max_payload
        piles_up = self._unwelcome is not None and self._unwelcome >= most
        return not piles_up and self._backlog.packets < MOST_WAITING and self.unsent < most

    def close(self, code: int, reason: str) -> None:
        # Not by CLOSE: the official client loses the messages that come with one, and Python's does
        # not come back after one. The request after the last packet gets 400, and there all do.
        self.send(Packet(NOOP))
        self._last = self._clock.callLater(LAST_BYTES, self.drop)

    def abort(self, code: int, reason: str) -> None:
        # Who has ended it itself need not be told so.
        self._end(Packet(NOOP if code == NORMAL else CLOSE))

    def drop(self) -> None:
        # Not by CLOSE either, for whoever is there after all.
        self._end(Packet(NOOP))

    @property
    def is_heard(self) -> bool:
        return True

    def reframe(self, payload: bytes) -> bytes:
        return payload

    def take_back(self) -> list[Packet]:
        self._hear(whatever=True, for_ever=True)
        left = self._backlog.clear()
        self.session.listener.resume()
        return left

    def _end(self, farewell: Packet) -> None:
        if self.gone.called:
            return
        if self._last is not None and self._last.active():
            self._last.cancel()
        self._backlog.clear()
        if self._brought is not None:
            brought, self._brought = self._brought, None
            refuse(brought.request)
        if self._parked is not None:
            parked, self._parked = self._parked, None
            parked.answer(200, TEXT, encode(farewell))
        self._engine.gone(self.session, self)
        self.gone.callback(None)

    # The requests.

    def poll(self, request: Request) -> int:
        """Answer a request once there is something to say.

        Raises `Overlap` where one waits already, and the session is over.
        """
        if self._parked is not None:
            self.session.abort(PROTOCOL_ERROR, "two requests at a time")
            raise Overlap
        if self.session.closed and not self._backlog.packets:
            raise Malformed("nothing more is to come")
        self._parked = request
        request.notifyFinish().addErrback(self._hung_up, request)
        self._turn.wants(self)
        return NOT_DONE_YET

    def take(self, request: Request, payload: bytes) -> int:
        """Take the packets that a request brings; raises `Malformed` or `Overlap` likewise."""
        if self._brought is not None:
            self.session.abort(PROTOCOL_ERROR, "two requests at a time")
            raise Overlap
        try:
            packets = decode_payload(payload)
        except Malformed:
            self.session.abort(PROTOCOL_ERROR, "not of the protocol")
            raise
        if self.session.closed:
            raise Malformed("nothing more is taken")
        if self._unwelcome is not None:
            self._unwelcome += len(payload)
        self._brought = Brought(request, deque(packets))
        request.notifyFinish().addErrback(self._hung_up, request)
        self._hear()
        return NOT_DONE_YET

    def _hear(self, whatever: bool = False, for_ever: bool = False) -> None:
        """Hear what was brought, as far as it is welcome, and for no longer than a slice."""
        # What is held when the session closes is refused with its end, after the last words.
        if self._is_hearing or self._brought is None or self.session.closed:
            return
        brought, deadline = self._brought, self._clock.seconds() + SLICE
        self._is_hearing = True
        try:
            while brought.packets and self._brought is brought and not self.session.closed:
                if not (whatever or self._is_open or brought.packets[0].kind != MESSAGE):
                    return
                if not for_ever and self._clock.seconds() >= deadline:
                    self._clock.callLater(0, self._hear, whatever)
                    return
                self.session.receive(brought.packets.popleft(), self)
        except Malformed:
            # The session is over, and the request answered with it.
            return
        finally:
            self._is_hearing = False
        if self._brought is brought:
            self._brought = None
            brought.request.answer(200, TEXT, b"ok")

    def _hung_up(self, failure: Failure, request: Request) -> None:
        """A client that ends a waiting request may have lost what was on its way."""
        if request is self._parked:
            self._parked = None
            self.drop()
        elif self._brought is not None and request is self._brought.request:
            self._brought = None

    # transports.turn.Flushable

    def flush(self, deadline: float) -> bool:
        """Answer the request that waits, when there is something to say."""
        if self._parked is not None and (self._backlog.packets or not self._holds):
            self._answer_parked()
        return True

    def fail(self) -> None:
        self.drop()

    def _answer_parked(self) -> None:
        request, self._parked = self._parked, None
        if request is None:
            return
        request.answer(200, TEXT, self._backlog.take() or encode(Packet(NOOP)))
        self._hear()
        if self.session.closed:
            if not self._backlog.packets:
                self.drop()
        elif not self.is_full:
            self.session.listener.resume()


def refuse(request: Request) -> None:
    """Answer a request that is not of the protocol, or comes too late."""
    request.answer(400, JSON, body(BadRequest(BAD_REQUEST)))
