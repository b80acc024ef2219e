"""The life of an Engine.IO 4 session: open, heartbeat, upgrade, close.

It belongs to no transport: packets come in by `receive`, with the carrier that brought them, and
what they mean goes to a listener. Time is a clock's.
"""

from typing import NamedTuple, Protocol

from msgspec import json

from chatroom.core.interfaces import Clock, DelayedCall
from chatroom.wire.engineio.packet import (
    CLOSE,
    MESSAGE,
    NOOP,
    OPEN,
    PING,
    PONG,
    UPGRADE,
    Malformed,
    Packet,
)

PROBE = "probe"
# Close codes of RFC 6455, 7.4.1.
NORMAL = 1000
PROTOCOL_ERROR = 1002
POLICY = 1008
# Seconds that an upgrade may take from the first byte of its WebSocket on.
UPGRADE_TIMEOUT = 10.0


class Terms(NamedTuple):
    """What a session begins with: seconds, and the bytes of one request or frame."""

    ping_interval: float = 25.0
    ping_timeout: float = 20.0
    max_payload: int = 1_000_000


class Carrier(Protocol):
    """What a session's packets travel by: polling, or a WebSocket."""

    def send(self, packet: Packet) -> None:
        """Send one packet, after all that was sent before."""
        ...

    def take_back(self) -> list[Packet]:
        """Hear what was brought and is not heard yet; give what was to be sent and is not."""
        ...

    def hold(self, willing: bool) -> None:
        """Say whether a request may be kept waiting for packets."""
        ...

    def close(self, code: int, reason: str) -> None:
        """End, after what was sent; the code is a WebSocket's (RFC 6455, 7.4.1)."""
        ...

    def abort(self, code: int, reason: str) -> None:
        """End at once, whatever was sent; the client is told why, if it hears it."""
        ...

    def drop(self) -> None:
        """Be gone, whatever is unsent."""
        ...


class Listener(Protocol):
    """Who hears what happens in a session."""

    def message(self, data: str | bytes) -> None:
        """Take a message; raises `Malformed`."""
        ...

    def upgraded(self) -> None:
        """Go on with another carrier."""
        ...

    def closed(self) -> None:
        """Hear that nothing more comes or goes."""
        ...


class Session:
    """One client's session. `sid` is its secret, `owner` the user who opened it, if known."""

    listener: Listener

    def __init__(
        self, sid: str, owner: str | None, carrier: Carrier, terms: Terms, clock: Clock
    ) -> None:
        self.sid = sid
        self.owner = owner
        self.carrier = carrier
        self.closed = False
        self._terms = terms
        self._clock = clock
        self._candidate: Carrier | None = None
        self._probed = False
        self._upgrades = False
        self._pinged = False
        self._due = 0.0
        self._heartbeat: DelayedCall
        self._upgrade: DelayedCall | None = None

    def open(self, upgrades: list[str]) -> None:
        """Greet the client, say by what it may go on, and begin to listen for its heart."""
        self._upgrades = bool(upgrades)
        interval, timeout, most = self._terms
        greeting = {
            "sid": self.sid,
            "upgrades": upgrades,
            "pingInterval": round(interval * 1000),
            "pingTimeout": round(timeout * 1000),
            "maxPayload": most,
        }
        self.carrier.send(Packet(OPEN, json.encode(greeting).decode()))
        self._beat()

    def _beat(self) -> None:
        self._pinged = False
        self._due = self._clock.seconds() + self._terms.ping_interval + self._terms.ping_timeout
        self._heartbeat = self._clock.callLater(self._terms.ping_interval, self._ping)

    def _ping(self) -> None:
        self._pinged = True
        self._heartbeat = self._clock.callLater(
            max(0.0, self._due - self._clock.seconds()), self._miss
        )
        self.carrier.send(Packet(PING))

    def look(self) -> None:
        """End the session if its heart was not heard in time.

        A timer fires some time after its moment, and a request must not come in between.
        """
        if self._clock.seconds() >= self._due:
            self._miss()

    def _miss(self) -> None:
        if not self.closed:
            # Nobody is there to say goodbye to.
            self.carrier.drop()
            self._end()

    def send(self, data: str | bytes) -> None:
        """Send a message."""
        if not self.closed:
            self.carrier.send(Packet(MESSAGE, data))

    def receive(self, packet: Packet, carrier: Carrier) -> None:
        """Take a packet; what is not of the protocol ends the session, or the candidate alone."""
        if self.closed:
            return
        try:
            if carrier is self.carrier:
                self._receive(packet)
            else:
                self._receive_from_candidate(packet, carrier)
        except Malformed:
            if carrier is self.carrier:
                self.abort(PROTOCOL_ERROR, "not of the protocol")
            else:
                self.lost(carrier)
                carrier.abort(PROTOCOL_ERROR, "not of the protocol")
            raise

    def _receive(self, packet: Packet) -> None:
        if packet.kind == MESSAGE:
            self.listener.message(packet.data)
        elif packet.kind == PONG:
            # One that was not asked for changes nothing (CVE-2026-48802).
            if self._pinged:
                self._heartbeat.cancel()
                self._beat()
        elif packet.kind == CLOSE:
            self.close(NORMAL, "")
        elif packet.kind != NOOP:
            raise Malformed("not a packet of a client's")

    def _receive_from_candidate(self, packet: Packet, carrier: Carrier) -> None:
        if carrier is not self._candidate:
            raise Malformed("not a carrier of this session")
        if packet == Packet(PING, PROBE) and not self._probed:
            self._probed = True
            carrier.send(Packet(PONG, PROBE))
            # The client changes over once its last request is answered.
            self.carrier.hold(False)
        elif packet.kind == UPGRADE and self._probed:
            self._change_to(carrier)
        else:
            raise Malformed("not a packet of an upgrade")

    def _change_to(self, carrier: Carrier) -> None:
        before = self.carrier
        # What it brought and was not heard yet is heard now, and may end the session.
        left = before.take_back()
        if self.closed:
            return
        self.carrier = carrier
        self._upgrades = False
        self._forget_candidate()
        for packet in left:
            carrier.send(packet)
        self.listener.upgraded()
        before.abort(NORMAL, "")

    @property
    def may_upgrade(self) -> bool:
        """Whether another carrier may try to take over."""
        return not self.closed and self._upgrades and self._candidate is None

    def propose(self, candidate: Carrier) -> bool:
        """Take a WebSocket that wants to carry the session; gives whether it may try."""
        if not self.may_upgrade:
            return False
        self._candidate = candidate
        self._upgrade = self._clock.callLater(UPGRADE_TIMEOUT, self._too_late, candidate)
        return True

    def _too_late(self, candidate: Carrier) -> None:
        self.lost(candidate)
        candidate.abort(POLICY, "no upgrade in time")

    def _forget_candidate(self) -> None:
        self._candidate, self._probed = None, False
        if self._upgrade is not None and self._upgrade.active():
            self._upgrade.cancel()
        self._upgrade = None

    def lost(self, carrier: Carrier) -> None:
        """Hear that a carrier is gone."""
        if carrier is self._candidate:
            self._forget_candidate()
            self.carrier.hold(True)
        elif carrier is self.carrier:
            self._end()

    def close(self, code: int, reason: str) -> None:
        """End the session, after what was sent."""
        if not self.closed:
            self.carrier.close(code, reason)
            self._end()

    def abort(self, code: int, reason: str) -> None:
        """End the session at once: its client is silent, or wrong, or has said goodbye."""
        if not self.closed:
            self.carrier.abort(code, reason)
            self._end()

    def _end(self) -> None:
        if self.closed:
            return
        self.closed = True
        if self._heartbeat.active():
            self._heartbeat.cancel()
        candidate = self._candidate
        self._forget_candidate()
        if candidate is not None:
            candidate.abort(NORMAL, "")
        self.listener.closed()
