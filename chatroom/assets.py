"""The page's files: typed, tagged, compressed."""

import gzip
from typing import Any

from twisted.web import http
from twisted.web.resource import Resource
from twisted.web.static import File, getTypeAndEncoding

from chatroom.refusal import NOT_FOUND
from chatroom.transports.http import OWN_POLICY, is_utf8

File.contentTypes.update(
    {
        ".js": "text/javascript",
        ".map": "application/json",
        ".webmanifest": "application/manifest+json",
    }
)
TEXTS = ("text/", "application/json", "application/manifest+json")
COMPRESSED = (*TEXTS, "image/svg+xml")
# Bytes; what is less goes into one packet as it is.
WORTH_COMPRESSING = 1000

Stamp = tuple[float, int]


class Asset(File):
    """A file or folder of the page. Folders list nothing, and nothing is cached unasked."""

    childNotFound = NOT_FOUND  # type: ignore[assignment]
    policy = OWN_POLICY
    caching = b"no-cache"

    def __init__(self, path: str, *how: Any) -> None:
        super().__init__(path, *how)
        # Shared by all files below one folder: each is compressed once, not at every request.
        self.compressed: dict[str, tuple[Stamp, bytes]] = {}

    def getChild(self, path: bytes, request: http.Request) -> Resource:
        # No name of a file, and Twisted would log a failure.
        if b"\0" in path or not is_utf8(path):
            return NOT_FOUND
        found: Resource = super().getChild(path, request)
        return found

    def createSimilarFile(self, path: str) -> "Asset":
        similar: Asset = super().createSimilarFile(path)
        similar.policy = self.policy
        similar.caching = self.caching
        similar.compressed = self.compressed
        return similar

    def directoryListing(self) -> Resource:
        return NOT_FOUND

    def render_GET(self, request: http.Request) -> bytes | int:
        self.restat(False)
        if not self.isfile():
            return NOT_FOUND.render(request)
        stamp = self.getModificationTime(), self.getsize()
        if self.type is None:
            kind, encoding = getTypeAndEncoding(
                self.basename(), self.contentTypes, self.contentEncodings, self.defaultType
            )
            self.type = f"{kind}; charset=utf-8" if kind.startswith(TEXTS) else kind
            self.encoding = encoding
        self.describe(request)
        # By its time alone, an older version put back would be taken for the newer one.
        if is_known(request, b'W/"%x-%x"' % (int(stamp[0] * 1_000_000), stamp[1])):
            return b""
        if stamp[1] >= WORTH_COMPRESSING and self.type.startswith(COMPRESSED):
            request.setHeader(b"Vary", b"Accept-Encoding")
            # A range is of the bytes as they are.
            if takes_gzip(request) and not request.requestHeaders.hasHeader(b"range"):
                return send_gzip(request, self.type.encode(), self._gzip(stamp))
        answer: bytes | int = super().render_GET(request)
        return answer

    render_HEAD = render_GET

    def describe(self, request: http.Request) -> None:
        """Set the headers that go with the file; its `type` is known."""
        request.setHeader(b"Cache-Control", self.caching)
        request.setHeader(b"Content-Security-Policy", self.policy)

    def _gzip(self, stamp: Stamp) -> bytes:
        known, data = self.compressed.get(self.path, (None, b""))
        if known != stamp:
            data = gzip.compress(self.getContent(), mtime=0)
            self.compressed[self.path] = stamp, data
        return data


def is_known(request: http.Request, tag: bytes) -> bool:
    """Tag the answer; whether the client has it already, and is told so."""
    if request.setETag(tag) is http.CACHED:
        return True
    if request.requestHeaders.hasHeader(b"if-none-match"):
        # RFC 9110, section 13.1.3
        request.requestHeaders.removeHeader(b"if-modified-since")
    return False


def takes_gzip(request: http.Request) -> bool:
    """Whether `Accept-Encoding` has gzip (RFC 9110, section 12.5.3)."""
    accepted = request.requestHeaders.getRawHeaders(b"accept-encoding", [])
    codings = [coding.replace(b" ", b"").lower() for coding in b",".join(accepted).split(b",")]
    return any(name == b"gzip" and not is_zero(how) for name, _, how in map(_split, codings))


def _split(coding: bytes) -> tuple[bytes, bytes, bytes]:
    return coding.partition(b";q=")


def is_zero(weight: bytes) -> bool:
    """Whether a weight says that it is not wanted."""
    return weight != b"" and not weight.strip(b"0.")


def send_gzip(request: http.Request, kind: bytes, data: bytes) -> bytes:
    """Give the body, or none for HEAD, of an answer that is compressed."""
    request.setHeader(b"Content-Type", kind)
    request.setHeader(b"Content-Encoding", b"gzip")
    request.setHeader(b"Content-Length", b"%d" % len(data))
    return b"" if request.method == b"HEAD" else data
