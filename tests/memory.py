"""A whole server in memory: a `Clock` for time, transports of lists, the real SQL on a file."""

import json
import os
import struct
from collections import deque
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

import txaio
from twisted.internet import _producer_helpers
from twisted.internet.address import IPv4Address
from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.error import ConnectionAborted, ConnectionDone, ConnectionLost
from twisted.internet.interfaces import ISSLTransport
from twisted.internet.task import Clock, Cooperator
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase
from zope.interface import directlyProvides

from chatroom.core.tokens import Tokens
from chatroom.options import Settings
from chatroom.server import Server
from chatroom.transports.http import Site

SECRET = "sesame"
KEY = "dGhlIHNhbXBsZSBub25jZQ=="


class Wire(StringTransport):
    """A transport whose peer takes bytes only when it is told to read."""

    FULL = 64 * 1024

    def __init__(self, clock: Clock, address: str) -> None:
        super().__init__(peerAddress=IPv4Address("TCP", address, 4711))
        self._clock = clock
        self.protocol: Any = None
        self.dataBuffer = bytearray()
        self.offset = 0
        self._tempDataLen = 0
        self._taken = bytearray()
        self.reads_on = True
        self.tells_once = False
        self.writes = 0
        self.lost = False
        self._producer_paused = False

    def write(self, data: bytes) -> None:
        if self.lost:
            return
        self.writes += 1
        self.dataBuffer += data
        if self.reads_on:
            self.take()
        elif len(self.dataBuffer) >= self.FULL and self.producer is not None:
            # TCP tells at each write, TLS once (twisted.protocols.tls._ProducerMembrane).
            tells = not (self.tells_once and self._producer_paused)
            self._producer_paused = True
            if tells:
                self.producer.pauseProducing()

    def writeSequence(self, parts: Iterable[bytes]) -> None:
        self.write(b"".join(parts))

    def receive(self, data: bytes) -> None:
        """Bring bytes of the peer's, which TCP reads until it is told to close."""
        if not self.disconnecting and not self.lost:
            self.protocol.dataReceived(data)

    @property
    def taken(self) -> bytes:
        """What the peer took and nobody has looked at."""
        return bytes(self._taken)

    @taken.setter
    def taken(self, rest: bytes) -> None:
        self._taken[:] = rest

    def take(self, most: int | None = None) -> None:
        """Let the peer take bytes, all or so many."""
        self._taken += self.dataBuffer[:most]
        del self.dataBuffer[:most]
        if self.disconnecting:
            self._clock.callLater(0, self._end)
        if not self.dataBuffer and self._producer_paused and self.producer is not None:
            self._producer_paused = False
            self.producer.resumeProducing()

    def setTcpNoDelay(self, enabled: bool) -> None:
        """Nothing is delayed here."""

    def unregisterProducer(self) -> None:
        if self.producer is not None:
            super().unregisterProducer()

    def pauseProducing(self) -> None:
        if not self.disconnecting:
            super().pauseProducing()

    def resumeProducing(self) -> None:
        if not self.disconnecting:
            super().resumeProducing()

    def loseConnection(self) -> None:
        # As in TCP, what was written goes out first, and the protocol hears of it a turn later.
        self.disconnecting = True
        self._clock.callLater(0, self._end)

    def abortConnection(self) -> None:
        self.disconnecting = True
        self._clock.callLater(0, self.lose, ConnectionAborted())

    def _end(self) -> None:
        if not self.dataBuffer:
            self.lose(ConnectionDone())

    def lose(self, reason: Exception) -> None:
        """Be no connection any more."""
        if not self.lost:
            self.lost = True
            producer, self.producer = self.producer, None
            if producer is not None:
                producer.stopProducing()
            self.protocol.connectionLost(Failure(reason))


class Port:
    """A site's port in memory; every connection comes from `address`, below TLS if `secure`."""

    site: Site
    address = "192.0.2.7"
    secure = False

    def __init__(self) -> None:
        self.clock = Clock()

    def settle(self) -> None:
        """Let turns of the reactor go by until nothing is due."""
        for _ in range(1000):
            due = [
                call
                for call in self.clock.getDelayedCalls()
                if call.getTime() <= self.clock.seconds()
            ]
            if not due:
                return
            self.clock.advance(0)
        raise AssertionError("the server never comes to rest")

    def request(self, data: bytes) -> bytes:
        """Send raw bytes to the port; give all that is answered."""
        wire = self.wire()
        wire.receive(data)
        self.settle()
        return wire.taken

    def wire(self) -> Wire:
        """Open a connection to the port."""
        wire = Wire(self.clock, self.address)
        if self.secure:
            directlyProvides(wire, ISSLTransport)
        wire.protocol = self.site.buildProtocol(wire.getPeer())
        wire.protocol.makeConnection(wire)
        return wire


class MemoryServer(Port):
    """The product's own `Server` for a test.

    `hold_reads` keeps the log waiting for `release`, `hold_writes` the journal, `hold_hashes` those
    who try a password.
    """

    def __init__(self, test: SynchronousTestCase, **options: Any) -> None:
        super().__init__()
        self.now = 1_700_000_000_000
        self.hold_reads = self.hold_writes = self.hold_hashes = False
        self.held: deque[tuple[Any, Deferred[Any]]] = deque()
        options = {"data": Path(test.mktemp()).absolute(), "max_connections": 10_000} | options
        self.settings = Settings(**options)
        loop = txaio.config.loop
        test.addCleanup(setattr, txaio.config, "loop", loop)
        # Twisted sends files by the global reactor's turns.
        turns = Cooperator(scheduler=partial(self.clock.callLater, 0))
        test.patch(_producer_helpers, "cooperate", turns.cooperate)
        self.server = Server(
            self.settings,
            reactor=self.clock,
            rng=Random(7),
            wall=lambda: self.now,
            write=lambda job: self._run(job, self.hold_writes),
            read=lambda job: self._run(job, self.hold_reads),
            hash=lambda job: self._run(job, self.hold_hashes),
            owner_secret=SECRET,
        )
        self.site = self.server.open()
        test.addCleanup(self.close)
        self._closed = False

    def close(self) -> None:
        """Stop the server as the product does."""
        if not self._closed:
            self._closed = True
            closing = Deferred.fromCoroutine(self.server.close())
            for _ in range(20):
                self.clock.advance(1)
            closing.addErrback(lambda failure: failure.raiseException())

    def _run(self, job: Any, hold: bool) -> Deferred[Any]:
        if not hold:
            return maybeDeferred(job)
        waiting: Deferred[Any] = Deferred()
        self.held.append((job, waiting))
        return waiting

    def release(self) -> None:
        """Let all that waits for storage have its answer."""
        while self.held:
            job, waiting = self.held.popleft()
            maybeDeferred(job).chainDeferred(waiting)
            self.settle()

    def connect(
        self, path: str = "/ws", headers: dict[str, str] | None = None, **query: object
    ) -> "Peer":
        """Open a WebSocket; `query` goes into the URL."""
        if query:
            path += "?" + urlencode(query)
        return Peer(self, path, headers or {})

    def enter(self, room: str, nick: str, **query: object) -> "Peer":
        """Open a WebSocket and be in a room; `welcome` and `joined` are read."""
        peer = self.connect(room=room, nick=nick, **query)
        peer.welcome, peer.joined = peer.events()[:2]
        return peer

    def enter_as(self, other: "Peer", room: str) -> "Peer":
        """Be in a room by another connection of the same user."""
        bearer = {"Authorization": "Bearer " + other.welcome["token"]}
        peer = self.connect(headers=bearer, room=room)
        peer.welcome, peer.joined = peer.events()[:2]
        return peer

    def tokens_of(self, user: str) -> str:
        """Give the token that proves a user."""
        return Tokens(self.server.database.secret, Random(1)).token(user)


class Peer:
    """A WebSocket client in memory: no library's, so that nothing is believed twice."""

    welcome: dict[str, Any]
    joined: dict[str, Any]

    def __init__(self, server: Port, path: str, headers: dict[str, str]) -> None:
        self.server = server
        self.wire = server.wire()
        self._unsent: deque[bytes] = deque()
        self.close: tuple[int, str] | None = None
        self.pings: list[bytes] = []
        lines = [
            f"GET {path} HTTP/1.1",
            *(f"{name}: {value}" for name, value in self._headers(headers).items()),
        ]
        self.wire.receive("\r\n".join([*lines, "", ""]).encode())
        server.settle()
        head, _, rest = self.wire.taken.partition(b"\r\n\r\n")
        self.head = head.decode()
        self.status = int(self.head.split()[1]) if head else 0
        if self.status == 101:
            self.wire.taken = rest

    @staticmethod
    def _headers(more: dict[str, str]) -> dict[str, str]:
        headers = {
            "Host": "chat.test",
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Key": KEY,
            "Sec-WebSocket-Version": "13",
        }
        return headers | more

    @property
    def channel(self) -> Any:
        """The server's side of this connection."""
        return self.wire.protocol

    def say(self, text: str, **fields: object) -> None:
        """Send a `say`."""
        self.send(type="say", text=text, **fields)

    def send(self, **command: object) -> None:
        """Send a command, and let the server act."""
        self.post(**command)
        self.server.settle()

    def post(self, **command: object) -> None:
        """Send a command; the server acts when it next gets its turn."""
        self.frame(1, json.dumps(command, ensure_ascii=False).encode())

    def frame(self, opcode: int, payload: bytes, fin: bool = True) -> None:
        """Send one masked frame, as soon as the server reads."""
        size = len(payload)
        if size < 126:
            head = bytes([opcode | fin << 7, 0x80 | size])
        elif size < 65536:
            head = bytes([opcode | fin << 7, 0xFE]) + struct.pack("!H", size)
        else:
            head = bytes([opcode | fin << 7, 0xFF]) + struct.pack("!Q", size)
        key = os.urandom(4)
        mask = (key * (size // 4 + 1))[:size]
        body = (int.from_bytes(payload, "big") ^ int.from_bytes(mask, "big")).to_bytes(size, "big")
        self.bring(head + key + body)

    def bring(self, data: bytes) -> None:
        """Send raw bytes, as soon as the server reads."""
        self._unsent.append(data)
        self.pump()

    def pump(self) -> None:
        """Bring the server what it reads of what was sent."""
        while self._unsent and self.wire.producerState == "producing" and not self.wire.lost:
            self.wire.receive(self._unsent.popleft())

    @property
    def is_bringing(self) -> bool:
        """Whether something waits until the server reads on."""
        return bool(self._unsent)

    def stop_reading(self) -> None:
        """Take no more bytes."""
        self.wire.reads_on = False

    def read_on(self) -> None:
        """Take all there is, and go on reading."""
        self.wire.reads_on = True
        self.wire.take()
        self.server.settle()
        self.pump()
        self.server.settle()

    def cut(self) -> None:
        """Lose the connection without a word."""
        self.wire.lose(ConnectionLost())
        self.server.settle()

    def events(self) -> list[dict[str, Any]]:
        """Give what has come since the last call."""
        return [json.loads(payload) for opcode, payload in self.frames() if opcode == 1]

    def frames(self) -> list[tuple[int, bytes]]:
        """Give the frames that came since the last call; notes closes and pings."""
        found = []
        data, at = self.wire.taken, 0
        while len(data) - at >= 2:
            size, start = data[at + 1] & 127, at + 2
            if size == 126:
                size, start = struct.unpack("!H", data[start : start + 2])[0], start + 2
            elif size == 127:
                size, start = struct.unpack("!Q", data[start : start + 8])[0], start + 8
            if len(data) < start + size:
                break
            opcode, payload = data[at] & 15, data[start : start + size]
            at = start + size
            found.append((opcode, payload))
            if opcode == 8:
                self.close = (struct.unpack("!H", payload[:2])[0], payload[2:].decode())
            elif opcode == 9:
                self.pings.append(payload)
        self.wire.taken = data[at:]
        return found
