"""The one port: which address is the page, which a WebSocket, and which the HTTP API."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from twisted.internet.interfaces import IReactorTime
from twisted.web import http
from twisted.web.resource import Resource

from chatroom.assets import Asset, is_known, send_gzip, takes_gzip
from chatroom.edition import NAME, Edition, EditionFile
from chatroom.refusal import NOT_ALLOWED
from chatroom.transports.http import Request, Site
from chatroom.transports.upgrade import is_upgrade
from chatroom.transports.visitor import cookie_name, token_of

A_YEAR = 365 * 24 * 3600
# For a page of the operator's, which may have inline code.
FOREIGN_POLICY = b"object-src 'none'; base-uri 'self'; frame-ancestors 'none'"
MESSAGE = re.compile(rb"@[0-9]+")


class Page(Asset):
    """The page itself, which makes its reader a guest by a cookie."""

    isLeaf = True
    # A cache that several use would give one guest's token to another.
    caching = b"private, no-cache"
    new_token: Callable[[str | None], str | None]
    # None for a page of the operator's.
    edition: Edition | None = None

    def render_GET(self, request: http.Request) -> bytes | int:
        token = self.new_token(token_of(request))
        if token is not None:
            request.addCookie(
                cookie_name(request),
                token,
                max_age=str(A_YEAR),
                path="/",
                secure=request.isSecure(),
                httpOnly=True,
                sameSite="lax",
            )
        if self.edition is None:
            return super().render_GET(request)
        self.edition.look()
        return self._render_edition(request, self.edition)

    render_HEAD = render_GET

    def _render_edition(self, request: http.Request, edition: Edition) -> bytes:
        request.setHeader(b"Cache-Control", self.caching)
        request.setHeader(b"Content-Security-Policy", self.policy)
        request.setHeader(b"Vary", b"Accept-Encoding")
        if is_known(request, b'W/"%b"' % edition.name):
            return b""
        kind = b"text/html; charset=utf-8"
        if takes_gzip(request):
            return send_gzip(request, kind, edition.page_gzip)
        request.setHeader(b"Content-Type", kind)
        request.setHeader(b"Content-Length", b"%d" % len(edition.page))
        return b"" if request.method == b"HEAD" else edition.page


class Root(Resource):
    """Gives each path its resource; a WebSocket at `/` is the lesson's.

    `exact` are whole paths, `below` are what has paths of its own.
    """

    # Gives the files of the page's edition under its name.
    edition: Callable[[bytes], Resource] | None = None

    def __init__(
        self,
        page: Page,
        assets: Asset,
        *,
        poem: Resource,
        exact: Mapping[bytes, Resource],
        below: Mapping[bytes, Resource],
    ) -> None:
        super().__init__()
        self._page = page
        self._assets = assets
        self._poem = poem
        self._exact = exact
        self._below = below

    def getChild(self, path: bytes, request: Request) -> Resource:
        rest = request.postpath
        if path in self._exact and not rest:
            return self._exact[path]
        if path in self._below:
            return self._below[path]
        if path == b"" and not rest and is_upgrade(request):
            return self._poem
        if request.method not in (b"GET", b"HEAD"):
            return NOT_ALLOWED
        if is_page([path, *rest]):
            return self._page
        if self.edition is not None and NAME.fullmatch(path):
            return self.edition(path)
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
    poem: Resource,
    exact: Mapping[bytes, Resource],
    below: Mapping[bytes, Resource],
    bodies: Mapping[bytes, int],
    trust_proxy: bool,
    reactor: IReactorTime,
) -> Site:
    """Make the site of one port. `new_token` gives a token for who has no valid one.

    `exact` and `below` are the resources besides the page, by the first part of their path;
    `bodies` says for beginnings of paths how many bytes a request may bring there.
    """
    page, assets = Page(str(web / "index.html")), Asset(str(web))
    page.new_token = new_token
    root = Root(page, assets, poem=poem, exact=exact, below=below)
    if own_page:
        # The lesson's pages have no ending in their addresses.
        assets.ignoreExt(".html")
        page.edition = edition = Edition(web, reactor)
        edition.look()
        present, former = EditionFile(str(web)), EditionFile(str(web))
        present.compressed = former.compressed = assets.compressed
        present.holds, former.holds = edition.holds, lambda path: False
        root.edition = lambda name: present if name == edition.name else former
    else:
        page.policy = assets.policy = FOREIGN_POLICY
    return Site(root, trust_proxy, reactor, bodies)


def page_folder() -> Path:
    """Find the page: inside an installed package, or beside it in a checkout."""
    here = Path(__file__).resolve().parent
    inside = here / "web"
    return inside if (inside / "index.html").exists() else here.parent / "web"
