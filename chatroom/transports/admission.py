"""Whom to let in: everything that is settled before the upgrade, with an ordinary answer."""

import re
from collections import Counter
from collections.abc import Callable
from enum import Enum, auto
from http import HTTPStatus
from typing import Protocol
from urllib.parse import urlsplit

from autobahn.twisted.resource import WebSocketResource
from twisted.internet.defer import Deferred
from twisted.web.http_headers import Headers
from twisted.web.resource import Resource

from chatroom.core.events import Error
from chatroom.transports.http import Request
from chatroom.transports.visitor import Visitor, header_of, visitor_of

# Autobahn splits a request's text with `str.splitlines`, which takes all of these for line ends.
CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f\x85]")
KEY = re.compile(rb"[A-Za-z0-9+/]{22}==")
HOST = re.compile(rb"(?:[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
RETRY_AFTER = b"10"
# What `--allow-origin` has for all pages.
ANY_ORIGIN = "*"
DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}


class Connection(Protocol):
    """A WebSocket, or a request that is held open: `gone` fires when it is over or lost."""

    @property
    def gone(self) -> Deferred[None]: ...


class Denied(Exception):
    """An ordinary answer in place of what was asked: a status, a sentence, and headers.

    `told` is the event that says the same where events are spoken.
    """

    def __init__(
        self, status: int, sentence: str, told: Error | None = None, **headers: bytes
    ) -> None:
        super().__init__(status, sentence)
        self.status = status
        self.sentence = sentence
        self.told = told
        self.headers = {name.replace("_", "-").encode(): value for name, value in headers.items()}


class Capacity:
    """How many connections there may be, in all and from one address; 0 is any number."""

    def __init__(self, most: int, most_per_address: int) -> None:
        self._most = most
        self._most_per_address = most_per_address
        self._by_address: Counter[str] = Counter()
        self._closing = False
        self.count = 0

    def check(self, address: str) -> None:
        """Raise `Denied` when there is no place."""
        if self._closing:
            raise stopping()
        if self._most and self.count >= self._most:
            raise Denied(503, "The house is full; try again soon.", Retry_After=RETRY_AFTER)
        if self._most_per_address and self._by_address[address] >= self._most_per_address:
            raise Denied(429, "Too many connections from your address.", Retry_After=RETRY_AFTER)

    def count_in(self, address: str, connection: Connection) -> None:
        """Count a connection until it is closed."""
        self.count += 1
        self._by_address[address] += 1
        connection.gone.addCallback(self._count_out, address)

    def close(self) -> None:
        """Let nobody in any more: the server stops."""
        self._closing = True

    def _count_out(self, _: None, address: str) -> None:
        self.count -= 1
        self._by_address[address] -= 1
        if not self._by_address[address]:
            del self._by_address[address]


def stopping() -> Denied:
    """The server lets nobody in any more, and holds nobody."""
    return Denied(503, "The server stops; come back soon.", Retry_After=RETRY_AFTER)


class Trust(Enum):
    """What is thought of the page that a request comes from."""

    OWN = auto()
    """It is our own, or no page at all."""
    NAMED = auto()
    """The operator named it: its cookie counts."""
    ANY = auto()
    """The operator lets in all pages, and the cookie of such a one counts for nothing."""


class Origins:
    """Which pages may come: one's own, those that the operator names, with `*` all."""

    def __init__(self, allowed: tuple[str, ...], trust_proxy: bool) -> None:
        named = [origin for origin in allowed if origin != ANY_ORIGIN]
        self._named = {(*_host_and_port(origin), urlsplit(origin).scheme) for origin in named}
        self._any = len(named) < len(allowed)
        self._trust_proxy = trust_proxy

    def check(self, request: Request) -> Trust:
        """Raise `Denied` for a page from elsewhere; no `Origin` is no browser, and is fine."""
        origins = request.requestHeaders.getRawHeaders(b"origin", [])
        if not origins:
            return Trust.OWN
        trust = self._trust(origins[0].decode("latin-1"), request)
        if len(origins) > 1 or trust is None:
            raise Denied(403, "This page may not connect here.")
        return trust

    def _trust(self, origin: str, request: Request) -> Trust | None:
        other = Trust.ANY if self._any else None
        try:
            page = _host_and_port(origin)
            scheme = urlsplit(origin).scheme
        except ValueError:
            return other
        if scheme not in DEFAULT_PORTS:
            return other
        if (*page, scheme) in self._named:
            return Trust.NAMED
        host = header_of(request, b"host")
        if self._trust_proxy:
            host = header_of(request, b"x-forwarded-host") or host
        try:
            is_own = host is not None and page == _host_and_port(f"{scheme}://{host}")
        except ValueError:
            is_own = False
        return Trust.OWN if is_own else other


def _host_and_port(origin: str) -> tuple[str, int]:
    """Split an origin, the default port filled in; raises `ValueError`."""
    parts = urlsplit(origin)
    if not parts.hostname:
        raise ValueError(origin)
    return parts.hostname, parts.port or DEFAULT_PORTS.get(parts.scheme, 0)


class Upgrade(Resource):
    """Turns a request into a WebSocket of what `build` makes, or answers why not."""

    isLeaf = True
    # All of the headers that Autobahn is shown: what it does not see it cannot take amiss.
    shown: tuple[bytes, ...] = (b"Host", b"Upgrade", b"Connection", b"Sec-WebSocket-Key")

    def __init__(
        self,
        build: Callable[[Visitor], Connection],
        capacity: Capacity,
        origins: Origins | None,
        trust_proxy: bool,
    ) -> None:
        super().__init__()
        self._build = build
        self._capacity = capacity
        self._origins = origins
        self._trust_proxy = trust_proxy

    def render(self, request: Request) -> bytes | int:
        """Upgrade, or answer; `origins` of None lets pages from anywhere in."""
        try:
            visitor = self._admit(request)
        except Denied as denied:
            for name, value in denied.headers.items():
                request.setHeader(name, value)
            request.setResponseCode(denied.status, HTTPStatus(denied.status).phrase.encode())
            request.setHeader(b"Content-Type", b"text/plain; charset=utf-8")
            return (denied.sentence + "\n").encode()
        connection = self._build(visitor)
        self._capacity.count_in(visitor.address, connection)
        _show_only(self.shown, request)
        result: bytes | int = WebSocketResource(_Arrival(connection)).render(request)
        return result

    def _admit(self, request: Request) -> Visitor:
        check_bytes(request)
        check_handshake(request)
        trust = Trust.OWN if self._origins is None else self._origins.check(request)
        visitor = visitor_from(request, trust, self._trust_proxy)
        self._capacity.check(visitor.address)
        return visitor


class _Arrival:
    """What `WebSocketResource` takes for a factory: it gives the one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def buildProtocol(self, address: object) -> Connection:
        return self._connection


def visitor_from(request: Request, trust: Trust, trust_proxy: bool) -> Visitor:
    """Read a visitor off a request; raises `Denied` for a query of over 100 parameters."""
    try:
        return visitor_of(request, trust_proxy, with_cookie=trust is not Trust.ANY)
    except ValueError:
        raise Denied(400, "Too many parameters.") from None


def check_bytes(request: Request) -> None:
    """Raise `Denied` when the URI or a header has a control character."""
    values = [value for _, all in request.requestHeaders.getAllRawHeaders() for value in all]
    if any(CONTROL.search(value) for value in (request.uri, *values)):
        raise Denied(400, "Control characters have no place in a request.")


def check_handshake(request: Request) -> None:
    """Raise `Denied` when this is not an opening handshake by RFC 6455, 4.2.1."""
    if not is_upgrade(request):
        raise Denied(426, "A WebSocket is here.", Upgrade=b"websocket", Connection=b"Upgrade")
    if request.method != b"GET" or request.clientproto != b"HTTP/1.1":
        raise Denied(400, "A WebSocket begins with GET and HTTP/1.1.")
    headers = request.requestHeaders
    if headers.getRawHeaders(b"sec-websocket-version") != [b"13"]:
        raise Denied(
            426, "Version 13 is spoken here.", Upgrade=b"websocket", Sec_WebSocket_Version=b"13"
        )
    keys = headers.getRawHeaders(b"sec-websocket-key") or []
    hosts = headers.getRawHeaders(b"host") or []
    if len(keys) != 1 or not KEY.fullmatch(keys[0]):
        raise Denied(400, "The handshake lacks its key.")
    if len(hosts) != 1 or not HOST.fullmatch(hosts[0].strip()):
        raise Denied(400, "The handshake lacks its host.")


def is_upgrade(request: Request) -> bool:
    """Whether the request asks to become a WebSocket."""
    return _names(request, b"upgrade", b"websocket") and _names(request, b"connection", b"upgrade")


def _names(request: Request, header: bytes, token: bytes) -> bool:
    values = b",".join(request.requestHeaders.getRawHeaders(header, []))
    return token in {value.strip().lower() for value in values.split(b",")}


def _show_only(names: tuple[bytes, ...], request: Request) -> None:
    shown = Headers({b"Sec-WebSocket-Version": [b"13"]})
    for name in names:
        values = request.requestHeaders.getRawHeaders(name)
        if values:
            shown.setRawHeaders(name, values)
    request.requestHeaders = shown
    request.uri = b"/"
