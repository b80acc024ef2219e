"""The life of one client's sockets: CONNECT, events, attachments, DISCONNECT, by namespace."""

from collections.abc import Callable
from typing import Any, NamedTuple

from chatroom.core.interfaces import Clock, DelayedCall
from chatroom.wire.engineio.packet import Malformed
from chatroom.wire.socketio.packet import (
    ACK,
    BINARY_EVENT,
    CONNECT,
    CONNECT_ERROR,
    DISCONNECT,
    EVENT,
    Packet,
    decode,
    encode,
    fill,
)

# Seconds for the first CONNECT, and for the attachments of a packet.
PATIENCE = 20.0


class Connect(NamedTuple):
    """A client asks for a socket; `accept` or `refuse` answers. `auth` is its payload."""

    namespace: str
    auth: dict[str, Any]
    fault: str | None


class Event(NamedTuple):
    """A client has emitted; `id` asks for an acknowledgement."""

    namespace: str
    name: str
    arguments: list[Any]
    id: int | None
    fault: str | None


class Disconnect(NamedTuple):
    """A client has closed a socket, not its connection."""

    namespace: str


Happened = Connect | Event | Disconnect


class Sockets:
    """One client's sockets; at most one for each namespace that there is.

    `send` takes a message, `give_up` hears that the client has kept us waiting too long.
    """

    def __init__(
        self,
        namespaces: frozenset[str],
        *,
        send: Callable[[str | bytes], None],
        give_up: Callable[[], None],
        max_message: int,
        clock: Clock,
    ) -> None:
        self._namespaces = namespaces
        self._send = send
        self._give_up = give_up
        self._max_message = max_message
        self._clock = clock
        self._connected: set[str] = set()
        self._incomplete: Packet | None = None
        self._attachments: list[bytes] = []
        self._bytes = 0
        self._waiting: DelayedCall | None = None
        self._watch()

    def receive(self, message: str | bytes) -> Happened | None:
        """Take a message; give what has happened by it. Raises `Malformed`."""
        try:
            return self._receive(message)
        finally:
            self._watch()

    def _receive(self, message: str | bytes) -> Happened | None:
        if isinstance(message, bytes):
            return self._take_attachment(message)
        size = len(message.encode())
        if self._incomplete is not None or size > self._max_message:
            raise Malformed("too big, or in place of an attachment")
        packet = decode(message)
        if packet.kind == CONNECT:
            return self._connect(packet)
        if packet.namespace not in self._connected:
            raise Malformed("there is no such socket")
        if packet.attachments:
            self._incomplete, self._bytes = packet, size
            return None
        return self._happened(packet)

    def _take_attachment(self, data: bytes) -> Happened | None:
        packet = self._incomplete
        self._bytes += len(data)
        if packet is None or self._bytes > self._max_message:
            raise Malformed("too big, or belongs to nothing")
        self._attachments.append(data)
        if len(self._attachments) < packet.attachments:
            return None
        self._incomplete = None
        attachments, self._attachments = self._attachments, []
        if packet.fault is None:
            packet = packet._replace(data=fill(packet.data, attachments))
        return self._happened(packet)

    def _connect(self, packet: Packet) -> Connect | None:
        if packet.namespace in self._connected:
            raise Malformed("connected already")
        if packet.namespace not in self._namespaces:
            self.refuse(packet.namespace, {"message": "Invalid namespace"})
            return None
        return Connect(packet.namespace, packet.data or {}, packet.fault)

    def _happened(self, packet: Packet) -> Happened | None:
        if packet.kind == DISCONNECT:
            self._connected.discard(packet.namespace)
            return Disconnect(packet.namespace)
        if packet.kind in (EVENT, BINARY_EVENT):
            name, *arguments = packet.data
            return Event(packet.namespace, name, arguments, packet.id, packet.fault)
        # An acknowledgement: we ask for none.
        return None

    def accept(self, namespace: str, sid: str) -> None:
        """Let a client have its socket; `sid` is the socket's public id."""
        self._connected.add(namespace)
        self._emit(Packet(CONNECT, namespace, {"sid": sid}))
        self._watch()

    def refuse(self, namespace: str, reason: dict[str, Any]) -> None:
        """Let a client have no socket; `reason` has a `message`, and `data` perhaps."""
        self._emit(Packet(CONNECT_ERROR, namespace, reason))

    def emit(self, namespace: str, name: str, *arguments: Any) -> None:
        """Send an event."""
        self._emit(Packet(EVENT, namespace, [name, *arguments]))

    def acknowledge(self, namespace: str, id: int, *arguments: Any) -> None:
        """Answer the event that asked for it under this id."""
        self._emit(Packet(ACK, namespace, list(arguments), id))

    def disconnect(self, namespace: str) -> None:
        """Take a socket from a client, which then does not come back by itself."""
        self._connected.discard(namespace)
        self._emit(Packet(DISCONNECT, namespace))
        self._watch()

    def _emit(self, packet: Packet) -> None:
        for message in encode(packet):
            self._send(message)

    def _watch(self) -> None:
        """Have a timer while something is to come: the first socket, or attachments."""
        is_due = not self._connected or self._incomplete is not None
        if is_due and self._waiting is None:
            self._waiting = self._clock.callLater(PATIENCE, self._give_up)
        elif not is_due and self._waiting is not None:
            self.close()

    def close(self) -> None:
        """Wait for nothing more."""
        if self._waiting is not None and self._waiting.active():
            self._waiting.cancel()
        self._waiting = None
