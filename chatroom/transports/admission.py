"""Whom to let in: everything that is settled before the upgrade, with an ordinary answer."""

import re
from collections import Counter
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol
from urllib.parse import urlsplit

from twisted.internet.defer import Deferred

from chatroom.core.events import Error
from chatroom.transports.http import Request
from chatroom.transports.visitor import Visitor, header_of, visitor_of

# Of no URL and no header (RFC 9110, 5.5); some of these are line ends to `str.splitlines`.
CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f\x85]")
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


@dataclass(frozen=True, slots=True)
class Door:
    """By what a request is let in: places, origins of pages, and whether a proxy is believed."""

    capacity: Capacity
    origins: Origins
    trust_proxy: bool

    def visitor(self, request: Request, trust: Trust) -> Visitor:
        """Read a visitor off a request; raises `Denied` for a query of over 100 parameters."""
        try:
            return visitor_of(request, self.trust_proxy, with_cookie=trust is not Trust.ANY)
        except ValueError:
            raise Denied(400, "Too many parameters.") from None


def check_bytes(request: Request) -> None:
    """Raise `Denied` when the URI or a header has a control character."""
    values = [value for _, all in request.requestHeaders.getAllRawHeaders() for value in all]
    if CONTROL.search(b" ".join((request.uri, *values))):
        raise Denied(400, "Control characters have no place in a request.")
