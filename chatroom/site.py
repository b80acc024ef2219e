"""The one port: which address is the page, and which is a WebSocket."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from weakref import WeakSet

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime
from twisted.internet.protocol import connectionDone
from twisted.protocols.basic import LineReceiver
from twisted.python.failure import Failure
from twisted.web import http, server
from twisted.web.http_headers import Headers
from twisted.web.resource import Resource
from twisted.web.static import File, getTypeAndEncoding

from chatroom.transports.admission import is_upgrade
from chatroom.transports.visitor import cookie_name, token_of

# Seconds from the first byte of a request to its last.
REQUEST_TIMEOUT = 30
# Bytes; nothing that is served here takes more.
MAX_BODY = 64 * 1024
A_YEAR = 365 * 24 * 3600

# Our own page has no inline code; a page of the operator's may have, so it gets only the second.
OWN_POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    b"connect-src 'self'; font-src 'self'; manifest-src 'self'; form-action 'none'; "
    b"require-trusted-types-for 'script'; base-uri 'none'; frame-ancestors 'none'"
)
FOREIGN_POLICY = b"object-src 'none'; base-uri 'self'; frame-ancestors 'none'"
SECURITY_HEADERS = {
    b"X-Content-Type-Options": b"nosniff",
    b"X-Frame-Options": b"DENY",
    b"Referrer-Policy": b"no-referrer",
    b"Cross-Origin-Resource-Policy": b"same-origin",
    b"Permissions-Policy": b"camera=(), geolocation=(), microphone=()",
    b"Content-Security-Policy": OWN_POLICY,
}
REFUSAL = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>{}</title>
<p>{} <a href="/">/</a></html>
"""
REQUEST_LINE = re.compile(rb"[A-Z]+ [!-\xff]+ HTTP/1\.[01]")
NOT_ASCII = re.compile(rb"[\x80-\xff]")
MESSAGE = re.compile(rb"@[0-9]+")

File.contentTypes.update({".js": "text/javascript", ".webmanifest": "application/manifest+json"})
TEXTS = ("text/", "application/json", "application/manifest+json")


class Channel(http.HTTPChannel):
    """One HTTP connection. Its request must be whole in time, and no answer names a version."""

    site: "Site"

    def connectionMade(self) -> None:
        super().connectionMade()
        self.site.opened(self)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        super().connectionLost(reason)
        self.site.lost(self)

    def dataReceived(self, data: bytes) -> None:
        # TLS brings what came after the request that made us close.
        if self.transport.disconnecting:  # type: ignore[union-attr]
            return
        # Twisted's own starts the time anew with each byte, of which a slow sender has many.
        try:
            LineReceiver.dataReceived(self, data)
        except BodyTooLarge:
            self.write(b"HTTP/1.1 413 Content Too Large\r\nConnection: close\r\n\r\n")
            self.loseConnection()

    def lineReceived(self, line: bytes) -> None:
        super().lineReceived(as_uri(line) if REQUEST_LINE.fullmatch(line) else line)

    def writeHeaders(self, version: bytes, code: bytes, reason: bytes, headers: Headers) -> None:
        headers.removeHeader(b"server")
        super().writeHeaders(version, code, reason, headers)


class BodyTooLarge(Exception):
    """Ends the reading of a request, and with it the connection."""


class Request(server.Request):
    """One request: its body is bounded, its answer has the security headers."""

    channel: Channel
    content: BytesIO
    postpath: list[bytes]

    def gotLength(self, length: int | None) -> None:
        if length is not None and length > MAX_BODY:
            raise BodyTooLarge
        # Twisted's own is a file on disk when the length is not told.
        self.content = BytesIO()

    def handleContentChunk(self, data: bytes) -> None:
        if self.content.tell() + len(data) > MAX_BODY:
            raise BodyTooLarge
        super().handleContentChunk(data)

    def isSecure(self) -> bool:
        """Whether the browser came by https, to us or to the proxy that we trust."""
        behind = self.channel.site.trust_proxy and self.getHeader(b"x-forwarded-proto") == b"https"
        return behind or bool(super().isSecure())

    def process(self) -> None:
        for name, value in SECURITY_HEADERS.items():
            self.setHeader(name, value)
        if self.isSecure():
            # Elsewhere it is ignored, and Chromium says so in red at every load.
            self.setHeader(b"Cross-Origin-Opener-Policy", b"same-origin")
        super().process()


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
    return NOT_ASCII.sub(lambda byte: b"%%%02X" % byte[0][0], line) if is_utf8(line) else line


class Refusal(Resource):
    """A page that says what is wrong, and echoes nothing."""

    isLeaf = True

    def __init__(self, status: int, sentence: str, **headers: bytes) -> None:
        super().__init__()
        self._status = status
        self._page = REFUSAL.format(status, sentence).encode()
        self._headers = headers

    def render(self, request: http.Request) -> bytes:
        request.setResponseCode(self._status)
        request.setHeader(b"Content-Type", b"text/html; charset=utf-8")
        for name, value in self._headers.items():
            request.setHeader(name.encode(), value)
        return self._page


NOT_FOUND = Refusal(http.NOT_FOUND, "Nothing is here. 这里什么也没有。")
NOT_ALLOWED = Refusal(http.NOT_ALLOWED, "Only to be read. 这里只能看。", Allow=b"GET, HEAD")


class Asset(File):
    """A file or folder of the page. Folders list nothing, and nothing is cached unasked."""

    childNotFound = NOT_FOUND  # type: ignore[assignment]
    policy = OWN_POLICY
    caching = b"no-cache"

    def getChild(self, path: bytes, request: http.Request) -> Resource:
        # No name of a file, and Twisted would log a failure.
        if b"\0" in path or not is_utf8(path):
            return NOT_FOUND
        found: Resource = super().getChild(path, request)
        return found

    def createSimilarFile(self, path: str) -> "Asset":
        similar: Asset = super().createSimilarFile(path)
        similar.policy = self.policy
        return similar

    def directoryListing(self) -> Resource:
        return NOT_FOUND

    def render_GET(self, request: http.Request) -> bytes | int:
        self.restat(False)
        if not self.isfile():
            return NOT_FOUND.render(request)
        request.setHeader(b"Cache-Control", self.caching)
        request.setHeader(b"Content-Security-Policy", self.policy)
        if self.type is None:
            kind, encoding = getTypeAndEncoding(
                self.basename(), self.contentTypes, self.contentEncodings, self.defaultType
            )
            self.type = f"{kind}; charset=utf-8" if kind.startswith(TEXTS) else kind
            self.encoding = encoding
        answer: bytes | int = super().render_GET(request)
        return answer

    render_HEAD = render_GET


class Page(Asset):
    """The page itself, which makes its reader a guest by a cookie."""

    isLeaf = True
    # A cache that several use would give one guest's token to another.
    caching = b"private, no-cache"
    new_token: Callable[[str | None], str | None]

    def render_GET(self, request: http.Request) -> bytes | int:
        token = self.new_token(token_of(request))
        if token is not None:
            secure = request.isSecure()
            request.addCookie(
                cookie_name(request),
                token,
                max_age=str(A_YEAR),
                path="/",
                secure=secure,
                httpOnly=True,
                sameSite="lax",
            )
        return super().render_GET(request)

    render_HEAD = render_GET


class Site(server.Site):
    """Twisted's site without its log of requests, whose dates need the reactor on wall time."""

    noisy = False
    displayTracebacks = False
    protocol = Channel  # type: ignore[assignment]

    def __init__(self, root: Resource, trust_proxy: bool, reactor: IReactorTime) -> None:
        super().__init__(
            root,
            requestFactory=Request,
            timeout=REQUEST_TIMEOUT,
            reactor=reactor,
            parsePOSTFormSubmission=False,
        )
        self.trust_proxy = trust_proxy
        self._channels: WeakSet[Channel] = WeakSet()
        self._closing = False
        self._closed: Deferred[None] = Deferred()

    def log(self, request: http.Request) -> None:
        """Leave that to whoever wants it of a proxy."""

    def opened(self, channel: Channel) -> None:
        """Know a connection until it is lost, or has become a WebSocket."""
        self._channels.add(channel)

    def lost(self, channel: Channel) -> None:
        """Forget a connection."""
        self._channels.discard(channel)
        self._fire_when_empty()

    def close(self) -> Deferred[None]:
        """Drop the connections that browsers keep for their next request; fires when all are."""
        self._closing = True
        for channel in self._open():
            channel.transport.abortConnection()  # type: ignore[union-attr]
        self._fire_when_empty()
        return self._closed

    def _open(self) -> list[Channel]:
        # A connection that became a WebSocket has no transport of its own any more.
        return [channel for channel in self._channels if channel.transport is not None]

    def _fire_when_empty(self) -> None:
        if self._closing and not self._closed.called and not self._open():
            self._closed.callback(None)


class Root(Resource):
    """Gives each path its resource; a WebSocket at `/` is the lesson's."""

    def __init__(self, page: Page, assets: Asset, poem: Resource, chat: Resource) -> None:
        super().__init__()
        self._page = page
        self._assets = assets
        self._poem = poem
        self._chat = chat

    def getChild(self, path: bytes, request: Request) -> Resource:
        rest = request.postpath
        if path == b"ws" and not rest:
            return self._chat
        if path == b"" and not rest and is_upgrade(request):
            return self._poem
        if request.method not in (b"GET", b"HEAD"):
            return NOT_ALLOWED
        if is_page([path, *rest]):
            return self._page
        return self._assets.getChild(path, request)


def is_page(path: list[bytes]) -> bool:
    """Whether this is the page's path: /, /r/{room} or /r/{room}/@{seq}."""
    match path:
        case [b""]:
            return True
        case [b"r", room]:
            return room != b""
        case [b"r", room, message]:
            return room != b"" and MESSAGE.fullmatch(message) is not None
    return False


def build_site(
    *,
    web: Path,
    own_page: bool,
    new_token: Callable[[str | None], str | None],
    chat: Resource,
    poem: Resource,
    trust_proxy: bool,
    reactor: IReactorTime,
) -> Site:
    """Make the site of one port. `new_token` gives a token for who has no valid one."""
    page, assets = Page(str(web / "index.html")), Asset(str(web))
    page.new_token = new_token
    page.policy = assets.policy = OWN_POLICY if own_page else FOREIGN_POLICY
    return Site(Root(page, assets, poem, chat), trust_proxy, reactor)
