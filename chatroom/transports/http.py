"""HTTP as it is served here: Twisted's, with each unsafe default put right."""

import re
from collections.abc import Collection, Mapping
from http import HTTPStatus
from io import BytesIO
from types import MappingProxyType
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.internet.protocol import connectionDone
from twisted.protocols.basic import LineReceiver
from twisted.python.failure import Failure
from twisted.web import http, server
from twisted.web.http_headers import Headers
from twisted.web.resource import Resource

from chatroom.core.events import Error
from chatroom.wire import json

# Seconds from the first byte of a request to its last.
REQUEST_TIMEOUT = 30
# Bytes, where the site is not told otherwise.
MAX_BODY = 64 * 1024
TOO_LARGE = "This is more than the server takes at once."

# Our own page has no inline code.
OWN_POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    b"connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; "
    b"form-action 'none'; require-trusted-types-for 'script'; trusted-types worker; "
    b"base-uri 'none'; frame-ancestors 'none'"
)
SECURITY_HEADERS = {
    b"X-Content-Type-Options": b"nosniff",
    b"X-Frame-Options": b"DENY",
    b"Referrer-Policy": b"no-referrer",
    b"Cross-Origin-Resource-Policy": b"same-origin",
    b"Permissions-Policy": b"camera=(), geolocation=(), microphone=()",
    b"Content-Security-Policy": OWN_POLICY,
}
REQUEST_LINE = re.compile(rb"[A-Z]+ [!-\xff]+ HTTP/1\.[01]")
NOT_ASCII = re.compile(rb"[\x80-\xff]")


class HttpChannel(http.HTTPChannel):
    """One HTTP connection. Its request must be whole in time, and no answer names a version."""

    site: "Site"

    def __init__(self) -> None:
        super().__init__()
        self.head: list[bytes] = []

    @property
    def is_full(self) -> bool:
        """Whether the transport has no room for more at the moment."""
        # It tells a producer only when this changes.
        return bool(self._waitingForTransport)

    def connectionMade(self) -> None:
        super().connectionMade()
        self.site.opened(self)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        super().connectionLost(reason)
        self.site.lost(self)

    def hand_over(self) -> tuple[Any, bytes]:
        """Give the transport, and what came behind the request, to another protocol; be done."""
        transport, self.transport = self.transport, None
        came = b"".join((*self._dataBuffer, self.clearLineBuffer()))
        # The two refer to each other, and would stay until garbage is collected.
        self.requests.clear()
        self.site.lost(self)
        return transport, came

    def dataReceived(self, data: bytes) -> None:
        # TLS brings what came after the request that made us close.
        if self.transport.disconnecting:  # type: ignore[union-attr]
            return
        # Twisted's own starts the time anew with each byte, of which a slow sender has many.
        try:
            LineReceiver.dataReceived(self, data)
        except BodyTooLarge:
            self._refuse_body()

    def requestDone(self, request: http.Request) -> None:
        # This reads on in what has come meanwhile, where the next body may be.
        try:
            super().requestDone(request)
        except BodyTooLarge:
            self._refuse_body()

    def _refuse_body(self) -> None:
        body = json.encode(Error(code="too_long", message=TOO_LARGE))
        headers = {
            b"Content-Type": b"application/json",
            b"Content-Length": b"%d" % len(body),
            b"Connection": b"close",
            b"Cache-Control": b"no-store",
            **SECURITY_HEADERS,
        }
        raw = Headers({name: [value] for name, value in headers.items()})
        self.writeHeaders(b"HTTP/1.1", b"413", b"Content Too Large", raw)
        self.write(body)
        self.loseConnection()

    def timeoutConnection(self) -> None:
        # As twisted.web.http.HTTPChannel's, without its line in the log: every browser idles.
        self._abortingCall = self.callLater(self.abortTimeout, self.forceAbortClient)
        self.loseConnection()

    def lineReceived(self, line: bytes) -> None:
        if not self.head and REQUEST_LINE.fullmatch(line):
            self.head = [line]
            line = as_uri(line)
        elif line:
            self.head.append(line)
        super().lineReceived(line)

    def writeHeaders(self, version: bytes, code: bytes, reason: bytes, headers: Headers) -> None:
        headers.removeHeader(b"server")
        super().writeHeaders(version, code, reason, headers)


class BodyTooLarge(Exception):
    """Ends the reading of a request, and with it the connection."""


class Request(server.Request):
    """One request: its body is bounded, its answer has the security headers.

    `head` has its first line and its headers as they came.
    """

    channel: HttpChannel
    content: BytesIO
    postpath: list[bytes]
    head: list[bytes]
    _max_body: int
    is_lost = False
    # Those of the security headers that say nothing about this answer.
    unneeded: Collection[bytes] = ()

    def gotLength(self, length: int | None) -> None:
        self.head, self.channel.head = self.channel.head, []
        # What is asked for is known here to the channel alone.
        self._max_body = self.channel.site.max_body(self.channel._path)
        if length is not None and length > self._max_body:
            raise BodyTooLarge
        # Twisted's own is a file on disk when the length is not told.
        self.content = BytesIO()

    def handleContentChunk(self, data: bytes) -> None:
        if self.content.tell() + len(data) > self._max_body:
            raise BodyTooLarge
        super().handleContentChunk(data)

    @property
    def gone(self) -> Deferred[None]:
        """Give what fires when this is answered, or its connection lost."""
        gone: Deferred[None] = self.notifyFinish()
        return gone.addErrback(lambda _: None)

    def connectionLost(self, reason: Failure) -> None:
        self.is_lost = True
        super().connectionLost(reason)

    def answer(self, status: int, kind: bytes, body: bytes) -> int:
        """Send a whole answer, unless nobody is there any more; HEAD gets no body."""
        if not self.is_lost:
            self.setResponseCode(status, HTTPStatus(status).phrase.encode())
            self.setHeader(b"Content-Type", kind)
            self.setHeader(b"Content-Length", b"%d" % len(body))
            self.write(body)
            self.finish()
        return server.NOT_DONE_YET

    def isSecure(self) -> bool:
        """Whether the browser came by https, to us or to the proxy that we trust."""
        behind = self.channel.site.trust_proxy and self.getHeader(b"x-forwarded-proto") == b"https"
        return behind or bool(super().isSecure())

    def write(self, data: bytes) -> None:
        if not self.startedWriting:
            self._protect()
        super().write(data)

    def _protect(self) -> None:
        """Add the security headers that the answer does not have of its own."""
        # As late as this: what becomes a WebSocket needs none.
        headers = self.responseHeaders
        for name, value in SECURITY_HEADERS.items():
            if not headers.hasHeader(name):
                headers.setRawHeaders(name, [value])
        if self.isSecure():
            # Elsewhere it is ignored, and Chromium says so in red at every load.
            headers.setRawHeaders(b"Cross-Origin-Opener-Policy", [b"same-origin"])
        for name in self.unneeded:
            headers.removeHeader(name)


def is_utf8(data: bytes) -> bool:
    """Whether the bytes are text."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def as_uri(line: bytes) -> bytes:
    """Give a request line with the UTF-8 in it percent-encoded.

    curl and the simpler WebSocket clients send an address as it was typed: /r/大厅.
    """
    if line.isascii() or not is_utf8(line):
        return line
    return NOT_ASCII.sub(lambda byte: b"%%%02X" % byte[0][0], line)


class Site(server.Site):
    """Twisted's site without its log of requests, whose dates need the reactor on wall time.

    `bodies` says for beginnings of paths how many bytes a request may bring there.
    """

    noisy = False
    displayTracebacks = False
    protocol = HttpChannel  # type: ignore[assignment]

    def __init__(
        self,
        root: Resource,
        trust_proxy: bool,
        reactor: IReactorTime,
        bodies: Mapping[bytes, int] = MappingProxyType({}),
    ) -> None:
        super().__init__(
            root,
            requestFactory=Request,
            timeout=REQUEST_TIMEOUT,
            reactor=reactor,
            parsePOSTFormSubmission=False,
        )
        self.trust_proxy = trust_proxy
        self._bodies = bodies
        self._clock = reactor
        self._channels: set[HttpChannel] = set()
        self._closing = False
        self._closed: Deferred[None] = Deferred()

    def log(self, request: http.Request) -> None:
        """Leave that to whoever wants it of a proxy."""

    def max_body(self, path: bytes) -> int:
        """Give how many bytes a request for this path may bring."""
        limits = (most for beginning, most in self._bodies.items() if path.startswith(beginning))
        return next(limits, MAX_BODY)

    def opened(self, channel: HttpChannel) -> None:
        """Know a connection until it is lost, or has become a WebSocket."""
        self._channels.add(channel)

    def lost(self, channel: HttpChannel) -> None:
        """Forget a connection that is no more, or no longer speaks HTTP."""
        self._channels.discard(channel)
        self._fire_when_empty()

    def close(self, patience: float) -> Deferred[None]:
        """Close the connections that browsers keep for their next request; fires when all are.

        What is answered goes out first, to who takes it within so many seconds.
        """
        self._closing = True
        for channel in list(self._channels):
            channel.transport.loseConnection()  # type: ignore[union-attr]
        dropping = self._clock.callLater(patience, self._drop_all)
        self._closed.addCallback(self._all_closed, dropping)
        self._fire_when_empty()
        return self._closed

    def _all_closed(self, _: None, dropping: IDelayedCall) -> None:
        if dropping.active():
            dropping.cancel()

    def _drop_all(self) -> None:
        for channel in list(self._channels):
            channel.transport.abortConnection()  # type: ignore[union-attr]

    def _fire_when_empty(self) -> None:
        if self._closing and not self._closed.called and not self._channels:
            self._closed.callback(None)
