"""The one port: which address is the page, and which is a WebSocket."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from twisted.internet.interfaces import IReactorTime
from twisted.protocols.basic import LineReceiver
from twisted.python.failure import Failure
from twisted.web import http, server
from twisted.web.http_headers import Headers
from twisted.web.resource import IResource, Resource
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
    b"Cross-Origin-Opener-Policy": b"same-origin",
    b"Permissions-Policy": b"camera=(), geolocation=(), microphone=()",
}
NOT_FOUND = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>404</title>
<p>Nothing is here. 这里什么也没有。 <a href="/">/</a></html>
""".encode()

File.contentTypes.update({".js": "text/javascript", ".webmanifest": "application/manifest+json"})
TEXTS = ("text/", "application/json", "application/manifest+json")


class Channel(http.HTTPChannel):
    """One HTTP connection. Its request must be whole in time, and no answer names a version."""

    def dataReceived(self, data: bytes) -> None:
        # Twisted's own starts the time anew with each byte, of which a slow sender has many.
        LineReceiver.dataReceived(self, data)

    def writeHeaders(self, version: bytes, code: bytes, reason: bytes, headers: Headers) -> None:
        headers.removeHeader(b"server")
        super().writeHeaders(version, code, reason, headers)


class Request(server.Request):
    """One request: its body is bounded, its answer has the security headers."""

    channel: Channel
    content: BytesIO
    postpath: list[bytes]

    def gotLength(self, length: int | None) -> None:
        super().gotLength(length)
        if length is not None and length > MAX_BODY:
            self._refuse_body()

    def handleContentChunk(self, data: bytes) -> None:
        if self.content.tell() + len(data) > MAX_BODY:
            self._refuse_body()
        else:
            super().handleContentChunk(data)

    def _refuse_body(self) -> None:
        self.channel.write(b"HTTP/1.1 413 Content Too Large\r\nConnection: close\r\n\r\n")
        self.channel.loseConnection()

    def render(self, resrc: IResource) -> None:
        for name, value in SECURITY_HEADERS.items():
            self.setHeader(name, value)
        super().render(resrc)

    def processingFailed(self, reason: Failure) -> Failure:
        self.setHeader(b"Content-Security-Policy", OWN_POLICY)
        failure: Failure = super().processingFailed(reason)
        return failure


class NotFound(Resource):
    """Says that nothing is here, and echoes nothing."""

    isLeaf = True

    def render(self, request: http.Request) -> bytes:
        request.setResponseCode(http.NOT_FOUND)
        request.setHeader(b"Content-Type", b"text/html; charset=utf-8")
        request.setHeader(b"Content-Security-Policy", OWN_POLICY)
        return NOT_FOUND


class Asset(File):
    """A file or folder of the page. Folders list nothing, and nothing is cached unasked."""

    childNotFound = NotFound()  # type: ignore[assignment]
    policy = OWN_POLICY

    def createSimilarFile(self, path: str) -> "Asset":
        similar: Asset = super().createSimilarFile(path)
        similar.policy = self.policy
        return similar

    def directoryListing(self) -> Resource:
        return NotFound()

    def render_GET(self, request: http.Request) -> bytes | int:
        self.restat(False)
        if not self.isfile():
            return NotFound().render(request)
        request.setHeader(b"Cache-Control", b"no-cache")
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

    def log(self, request: http.Request) -> None:
        """Leave that to whoever wants it of a proxy."""


class Root(Resource):
    """Gives each path its resource; a WebSocket at `/` is the lesson's."""

    def __init__(self, page: Page, assets: Asset, poem: Resource) -> None:
        super().__init__()
        self._page = page
        self._assets = assets
        self._poem = poem

    def getChild(self, path: bytes, request: Request) -> Resource:
        rest = request.postpath
        if path == b"" and not rest:
            return self._poem if is_upgrade(request) else self._page
        if path == b"r" and rest and rest[0] and len(rest) <= 2:
            return self._page
        found: Resource = self._assets.getChild(path, request)
        return found


def build_site(
    *,
    web: Path,
    own_page: bool,
    new_token: Callable[[str | None], str | None],
    chat: Resource,
    poem: Resource,
    reactor: IReactorTime,
) -> server.Site:
    """Make the site of one port. `new_token` gives a token for who has no valid one."""
    page, assets = Page(str(web / "index.html")), Asset(str(web))
    page.new_token = new_token
    page.policy = assets.policy = OWN_POLICY if own_page else FOREIGN_POLICY
    root = Root(page, assets, poem)
    root.putChild(b"ws", chat)
    return Site(root, requestFactory=Request, timeout=REQUEST_TIMEOUT, reactor=reactor)
