"""The upgrade of a request to a WebSocket: what is settled before, with an ordinary answer."""

import re
from collections.abc import Callable
from http import HTTPStatus

from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET

from chatroom.transports.admission import Denied, Door, Trust, check_bytes
from chatroom.transports.channel import Guard
from chatroom.transports.http import Request
from chatroom.transports.visitor import Visitor

KEY = re.compile(rb"[A-Za-z0-9+/]{22}==")
HOST = re.compile(rb"(?:[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")


class Upgrade(Resource):
    """Turns a request into a WebSocket of what `build` makes, or answers why not.

    With `any_origin`, pages from anywhere are let in.
    """

    isLeaf = True

    def __init__(
        self,
        build: Callable[[Visitor], Guard],
        door: Door,
        any_origin: bool = False,
    ) -> None:
        super().__init__()
        self._build = build
        self._door = door
        self._any_origin = any_origin

    def render(self, request: Request) -> bytes | int:
        """Upgrade, or answer in plain text."""
        try:
            return self.upgrade(request)
        except Denied as denied:
            for name, value in denied.headers.items():
                request.setHeader(name, value)
            request.setResponseCode(denied.status, HTTPStatus(denied.status).phrase.encode())
            request.setHeader(b"Content-Type", b"text/plain; charset=utf-8")
            return (denied.sentence + "\n").encode()

    def upgrade(self, request: Request, has_place: bool = False) -> bytes | int:
        """Upgrade, for a resource above that answers in its own way; raises `Denied`.

        `has_place` is for who is in already, and takes this in the place of that.
        """
        visitor = self._admit(request, has_place)
        connection = self._build(visitor)
        self._door.capacity.count_in(visitor.address, connection)
        connection.open(request)
        return NOT_DONE_YET

    def _admit(self, request: Request, has_place: bool) -> Visitor:
        check_bytes(request)
        check_handshake(request)
        trust = Trust.OWN if self._any_origin else self._door.origins.check(request)
        visitor = self._door.visitor(request, trust)
        if not has_place:
            self._door.capacity.check(visitor.address)
        return visitor


def check_handshake(request: Request) -> None:
    """Raise `Denied` when this is not an opening handshake by RFC 6455, 4.2.1."""
    if not is_upgrade(request):
        raise Denied(426, "A WebSocket is here.", Upgrade=b"websocket", Connection=b"Upgrade")
    if request.method != b"GET" or request.clientproto != b"HTTP/1.1":
        raise Denied(400, "A WebSocket begins with GET and HTTP/1.1.")
    if request.content.getbuffer().nbytes:
        # Somebody could take it for frames (the class of CVE-2022-21676).
        raise Denied(400, "A WebSocket begins without a body.")
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
    values = b",".join(request.requestHeaders.getRawHeaders(header, [])).lower()
    return values == token or token in {value.strip() for value in values.split(b",")}
