"""The Engine.IO sessions of one path: who opens one, whose it is, and how all are ended."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Protocol

from twisted.internet.defer import Deferred

from chatroom.core.interfaces import Clock, Random
from chatroom.transports.engineio.record import Record
from chatroom.transports.farewell import all_gone, reconnect_delay
from chatroom.transports.visitor import Visitor
from chatroom.wire.engineio import session
from chatroom.wire.engineio.session import Session, Terms


class Carrier(session.Carrier, Protocol):
    """A session's carrier as an application uses it, beside the packets of the session's own.

    `gone` fires when nothing more can be sent by it.
    """

    gone: Deferred[None]

    def carry(self, session: "EngineSession") -> None:
        """Carry this session, which is about to open."""
        ...

    @property
    def is_full(self) -> bool:
        """Whether it takes no more for now."""
        ...

    def reframe(self, payload: bytes) -> bytes:
        """Give the packets of a polling payload as this carrier has them."""
        ...

    @property
    def is_heard(self) -> bool:
        """Whether what the client sends is read, a pong too."""
        ...

    @property
    def unsent(self) -> int:
        """Bytes that wait in it."""
        ...

    def write(self, data: bytes) -> None:
        """Send packets that are encoded and joined as this carrier has them."""
        ...

    def read(self, welcome: bool, full: bool) -> None:
        """Take more from the client, or let it wait (`transports.delivery.Line`)."""
        ...


class Application(session.Listener, Protocol):
    """What is at the server's end of a session."""

    def pause(self) -> None:
        """Send nothing for now: the carrier is full."""
        ...

    def resume(self) -> None:
        """Send on: the carrier is empty."""
        ...

    def stop(self, reconnect: float) -> None:
        """End the session: the server stops; come back after so many seconds."""
        ...


class EngineSession(Session):
    """A session with an application of ours at its end."""

    carrier: Carrier
    listener: Application
    record: Record | None = None

    def _miss(self) -> None:
        if self.closed or self.carrier.is_heard:
            super()._miss()
            return
        # Its pong may lie in what we do not read from who is slow; `stalled` is the judge.
        if self._heartbeat.active():
            self._heartbeat.cancel()
        self._beat()


class Engine:
    """The sessions on one path. `listen` makes the application of a session, `owner_of` says who
    shows a token.
    """

    def __init__(
        self,
        *,
        listen: Callable[[EngineSession, Visitor], Application],
        owner_of: Callable[[str], str | None],
        terms: Terms,
        rng: Random,
        clock: Clock,
    ) -> None:
        self._listen = listen
        self._owner_of = owner_of
        self.terms = terms
        self._rng = rng
        self._clock = clock
        self.sessions: dict[str, EngineSession] = {}

    def _owner(self, visitor: Visitor) -> str | None:
        return None if visitor.token is None else self._owner_of(visitor.token)

    def open(self, visitor: Visitor, carrier: Carrier, upgrades: list[str]) -> EngineSession:
        """Open a session for a visitor, who owns it from now on."""
        # 144 bits: who knows it, and is the same user, has the session.
        sid = urlsafe_b64encode(self._rng.randbytes(18)).decode()
        opened = EngineSession(sid, self._owner(visitor), carrier, self.terms, self._clock)
        opened.listener = self._listen(opened, visitor)
        self.sessions[sid] = opened
        carrier.carry(opened)
        opened.open(upgrades)
        return opened

    def find(self, visitor: Visitor) -> EngineSession | None:
        """Give the session that a visitor names, if it is this visitor's and has a heart."""
        found = self.sessions.get(visitor.asked("sid") or "")
        # Who opened one without a token may have got one since.
        if found is None or found.owner not in (None, self._owner(visitor)):
            return None
        found.look()
        # One that is closed may still have last words for its client.
        return self.sessions.get(found.sid)

    def gone(self, session: EngineSession, carrier: Carrier) -> None:
        """Hear that a carrier is gone; with its last one, a session is forgotten."""
        session.lost(carrier)
        if session.carrier is carrier:
            self.sessions.pop(session.sid, None)

    def close_all(self, patience: float) -> Deferred[None]:
        """Tell every client that the server stops and when to come back; fires when all are gone.

        Who is still there after `patience` seconds is dropped.
        """
        sessions = list(self.sessions.values())
        for each in sessions:
            each.listener.stop(reconnect_delay(self._rng))
        return all_gone([each.carrier for each in sessions], self._clock, patience)
