"""The one port: which address is the page, which a WebSocket, and which the HTTP API."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from twisted.internet.interfaces import IReactorTime
from twisted.web import http
from twisted.web.resource import Resource
from twisted.web.static import File, getTypeAndEncoding

from chatroom.transports.http import OWN_POLICY, Request, Site, is_utf8
from chatroom.transports.upgrade import is_upgrade
from chatroom.transports.visitor import cookie_name, token_of

A_YEAR = 365 * 24 * 3600
# For a page of the operator's, which may have inline code.
FOREIGN_POLICY = b"object-src 'none'; base-uri 'self'; frame-ancestors 'none'"
REFUSAL = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>{}</title>
<p>{} <a href="/">/</a></html>
"""
MESSAGE = re.compile(rb"@[0-9]+")

File.contentTypes.update(
    {
        ".js": "text/javascript",
        ".map": "application/json",
        ".webmanifest": "application/manifest+json",
    }
)
TEXTS = ("text/", "application/json", "application/manifest+json")


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
        # By its time alone, an older version put back would be taken for the newer one.
        tag = b'W/"%x-%x"' % (int(self.getModificationTime()), self.getsize())
        if request.setETag(tag) is http.CACHED:
            return b""
        if request.requestHeaders.hasHeader(b"if-none-match"):
            # RFC 9110, section 13.1.3
            request.requestHeaders.removeHeader(b"if-modified-since")
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


class Root(Resource):
    """Gives each path its resource; a WebSocket at `/` is the lesson's."""

    def __init__(
        self,
        page: Page,
        assets: Asset,
        *,
        poem: Resource,
        chat: Resource,
        socketio: Resource,
        api: Resource,
    ) -> None:
        super().__init__()
        self._page = page
        self._assets = assets
        self._poem = poem
        self._chat = chat
        self._socketio = socketio
        self._api = api

    def getChild(self, path: bytes, request: Request) -> Resource:
        rest = request.postpath
        if path == b"ws" and not rest:
            return self._chat
        if path == b"api":
            return self._api
        if path == b"" and not rest and is_upgrade(request):
            return self._poem
        if path == b"socket.io":
            return self._socketio
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
    socketio: Resource,
    api: Resource,
    bodies: Mapping[bytes, int],
    trust_proxy: bool,
    reactor: IReactorTime,
) -> Site:
    """Make the site of one port. `new_token` gives a token for who has no valid one.

    `bodies` says for beginnings of paths how many bytes a request may bring there.
    """
    page, assets = Page(str(web / "index.html")), Asset(str(web))
    page.new_token = new_token
    page.policy = assets.policy = OWN_POLICY if own_page else FOREIGN_POLICY
    if own_page:
        # The lesson's pages have no ending in their addresses.
        assets.ignoreExt(".html")
    root = Root(page, assets, poem=poem, chat=chat, socketio=socketio, api=api)
    return Site(root, trust_proxy, reactor, bodies)


def page_folder() -> Path:
    """Find the page: inside an installed package, or beside it in a checkout."""
    here = Path(__file__).resolve().parent
    inside = here / "web"
    return inside if (inside / "index.html").exists() else here.parent / "web"
