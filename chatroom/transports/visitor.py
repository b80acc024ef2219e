"""Who knocks, as the web server's own request tells it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import parse_qs

from twisted.web import http

from chatroom.core.identity import Visit
from chatroom.transports.http import Request

NUMBER = re.compile("[0-9]{1,19}")
# Bits that a household or a school has at least in common (RFC 6177).
SITE = 64
COOKIE = "chatroom"
# RFC 6265bis, 4.1.3.2: a browser takes this name only from its own host and over TLS.
SECURE_COOKIE = "__Host-chatroom"


@dataclass(frozen=True, slots=True)
class Visitor:
    """A connection before it is a client. `query` has the first value of each parameter."""

    address: str
    token: str | None = None
    query: dict[str, str] = field(default_factory=dict)
    # The request's first line and headers as they came, for who asks to see the wire.
    head: tuple[bytes, ...] = ()

    def asked(self, name: str) -> str | None:
        """Give a parameter of the URL."""
        return self.query.get(name)

    def number(self, name: str) -> int | str | None:
        """Give a parameter as the number that it is; what is none stays a text, to be refused."""
        text = self.query.get(name, "")
        return int(text) if NUMBER.fullmatch(text) else self.query.get(name)

    def fields(self, *texts: str, numbers: Iterable[str] = ()) -> dict[str, object]:
        """Give those of these parameters that are there, as the fields of a command."""
        asked: dict[str, object] = {name: self.asked(name) for name in texts}
        asked |= {name: self.number(name) for name in numbers}
        return {name: value for name, value in asked.items() if value is not None}


def cookie_name(request: http.Request) -> str:
    """Give the name of the page's cookie on this connection."""
    return SECURE_COOKIE if request.isSecure() else COOKIE


def visitor_of(request: Request, trust_proxy: bool, with_cookie: bool = True) -> Visitor:
    """Read a visitor off a request; raises `ValueError` for a query of over 100 parameters.

    Malformed UTF-8 becomes lone surrogates, which names refuse.
    """
    uri: bytes = request.uri
    raw = uri.partition(b"?")[2].decode("utf-8", "surrogateescape")
    query = parse_qs(raw, keep_blank_values=True, errors="surrogateescape", max_num_fields=100)
    return Visitor(
        address=_address(request, trust_proxy),
        token=token_of(request, with_cookie),
        query={name: values[0] for name, values in query.items()},
        head=tuple(request.head) if query.get("wire", [""])[0] == "1" else (),
    )


def token_of(request: http.Request, with_cookie: bool = True) -> str | None:
    """Give the token that a request carries, as a bearer's or in the page's cookie."""
    bearer = header_of(request, b"authorization")
    if bearer is not None and bearer[:7].lower() == "bearer ":
        return bearer[7:].strip()
    if not with_cookie or not request.received_cookies:
        return None
    cookie: bytes | None = request.getCookie(cookie_name(request).encode())
    return None if cookie is None else cookie.decode("latin-1")


def header_of(request: http.Request, name: bytes) -> str | None:
    """Give a header, the last of several: each byte a character, so that none can be wrong."""
    value: bytes | None = request.getHeader(name)
    return None if value is None else value.decode("latin-1")


def _address(request: http.Request, trust_proxy: bool) -> str:
    if trust_proxy:
        forwarded = header_of(request, b"x-forwarded-for")
        if forwarded:
            # The last is the one that our own proxy saw.
            return forwarded.rpartition(",")[2].strip()
    return str(getattr(request.getClientAddress(), "host", ""))


def visit_of(visitor: Visitor) -> Visit:
    """Give what the core is told of a visitor."""
    return Visit(network_of(visitor.address), visitor.token)


@lru_cache(1024)
def network_of(address: str) -> str:
    """Give the network of an address: the IPv4 address itself, or the /64 of an IPv6 one.

    What is no IP address, as below a Unix socket, is the network that it names.
    """
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped is None:
            return str(ip_network((ip, SITE), strict=False))
        ip = ip.ipv4_mapped
    return str(ip)
