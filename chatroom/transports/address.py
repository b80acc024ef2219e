"""By what address others can enter a room: the link that one hands on, and its QR code."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from io import BytesIO
from ipaddress import ip_address
from urllib.parse import quote

import segno
from msgspec import Struct

from chatroom.core import names
from chatroom.core.errors import Refused
from chatroom.transports import refusals
from chatroom.transports.admission import Denied, Door
from chatroom.transports.cors import JSON, Shared
from chatroom.transports.http import Request
from chatroom.transports.visitor import Visitor, header_of
from chatroom.wire import json

LOBBY = "lobby"
# What an invitation's code may be made of.
CODE = re.compile(r"[A-Za-z0-9_-]{1,64}")
LABEL = r"[A-Za-z0-9_-]+"
HOST = re.compile(rf"(?P<name>{LABEL}(?:\.{LABEL})*\.?|\[[0-9A-Fa-f:.]+\])(?P<port>:[0-9]{{1,5}})?")
# Modules around the code (ISO/IEC 18004, 6.3.8).
QUIET_ZONE = 4
# Finding the best of the eight masks takes most of the time, and any of them can be read.
MASK = 0


class Address(Struct, frozen=True):
    """What `GET /address` answers; None where nobody else can come in."""

    url: str | None


class Addresses:
    """Knows the public address, and otherwise finds one that others can reach.

    `nearby` gives this machine's addresses in local networks, the best first.
    """

    def __init__(
        self, public_url: str | None, trust_proxy: bool, nearby: Callable[[], Iterable[str]]
    ) -> None:
        self._public_url = public_url
        self._trust_proxy = trust_proxy
        self._nearby = nearby

    def of(self, room: str, request: Request) -> str | None:
        """Give the page of a room. The address that the request came by is good for others, too,
        unless it is one by which each computer means itself.
        """
        site = self._public_url or self._asked(request)
        # Others come by the proxy, and where that is nobody has said.
        if site is None and not self._trust_proxy:
            site = self._in_network(request)
        if site is None:
            return None
        return f"{site}/" if room == LOBBY else f"{site}/r/{quote(room, safe='')}"

    def _asked(self, request: Request) -> str | None:
        host = header_of(request, b"host")
        if self._trust_proxy:
            host = header_of(request, b"x-forwarded-host") or host
        found = HOST.fullmatch(host or "")
        if found is None or means_itself(found["name"]):
            return None
        return f"{_scheme(request)}://{host}"

    def _in_network(self, request: Request) -> str | None:
        port = getattr(request.getHost(), "port", None)
        nearby = next(iter(self._nearby()), None)
        return f"{_scheme(request)}://{nearby}:{port}" if nearby and port else None


def _scheme(request: Request) -> str:
    return "https" if request.isSecure() else "http"


def means_itself(host: str) -> bool:
    """Whether a host is each computer's own name for itself (RFC 6761, 6.3; RFC 1122, 3.2.1.3)."""
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        name = host.lower().rstrip(".")
        return name == "localhost" or name.endswith(".localhost")
    # As IPv6 writes an IPv4 address; Python before 3.13 does not look inside (RFC 4291, 2.5.5.2).
    address = getattr(address, "ipv4_mapped", None) or address
    return address.is_loopback or address.is_unspecified


class AddressResource(Shared):
    """`GET /address?room=…`: the link as JSON."""

    def __init__(self, door: Door, addresses: Addresses) -> None:
        super().__init__(door)
        self._addresses = addresses

    def answer(self, request: Request, visitor: Visitor) -> bytes | int:
        """Give the address of the room that is asked for."""
        return request.answer(200, JSON, json.encode(Address(self._url(request, visitor))))

    def _url(self, request: Request, visitor: Visitor) -> str | None:
        try:
            room = names.room(visitor.asked("room") or LOBBY)
        except Refused as refused:
            raise refusals.denied(refused) from None
        return self._addresses.of(room, request)


class CodeResource(AddressResource):
    """`GET /address.svg?room=…`: the link as a QR code; with `invite=…` that of an invitation."""

    def answer(self, request: Request, visitor: Visitor) -> bytes | int:
        """Give the code, or 404 where there is no address to give."""
        url = self._url(request, visitor)
        if url is None:
            raise Denied(404, "It is not known by what address others can come in.")
        invitation = visitor.asked("invite")
        if invitation is not None and CODE.fullmatch(invitation):
            url = f"{url}#invite={invitation}"
        return request.answer(200, b"image/svg+xml", code_of(url))


@lru_cache(maxsize=64)
def code_of(url: str) -> bytes:
    """Draw a QR code as SVG, dark on light as scanners want it, by night too."""
    image = BytesIO()
    code = segno.make(url, error="m", micro=False, mask=MASK)
    code.save(image, kind="svg", border=QUIET_ZONE, light="#fff", omitsize=True, xmldecl=False)
    return image.getvalue()
