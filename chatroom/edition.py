"""One edition of our page: its files under a name that changes with what is in them.

What has such an address never changes, so that browsers keep it without asking again.
"""

import gzip
import hashlib
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from twisted.internet.interfaces import IReactorTime
from twisted.web import http
from twisted.web.resource import Resource

from chatroom.assets import Asset
from chatroom.refusal import NOT_FOUND

# Fetched, and no part of the page.
LEFT_OUT = "vendor"
NAME = re.compile(rb"~[0-9a-f]{20}")
REFERENCE = re.compile(rb'(?P<attribute>href|src)="/(?P<path>[^"?#]+)"')
NAME_BYTES = 10
FOR_EVER = b"public, max-age=31536000, immutable"
NOT_AT_ALL = b"no-store"
# What these say holds for documents, and none of these files becomes one: of the many small modules
# they would be the larger part.
PARTS = ("text/javascript", "text/css", "application/json", "application/manifest+json")
OF_DOCUMENTS = (
    b"content-security-policy",
    b"permissions-policy",
    b"referrer-policy",
    b"x-frame-options",
)
# Seconds between two looks at a hundred files.
PAUSE = 1.0


class Edition:
    """The files of our page in a folder, as they are whenever the page is asked for."""

    def __init__(self, web: Path, clock: IReactorTime) -> None:
        self._web = web.absolute()
        self._clock = clock
        self._looked_at = float("-inf")
        self._stamps: dict[Path, tuple[int, int]] = {}
        self.name = b""
        self.page = b""
        self.page_gzip = b""

    def look(self) -> None:
        """See whether a file has changed, as in the checkout of who works on the page."""
        if self._clock.seconds() - self._looked_at < PAUSE:
            return
        self._looked_at = self._clock.seconds()
        try:
            stamps = {path: (stat.st_mtime_ns, stat.st_size) for path, stat in self._files()}
            if stamps != self._stamps:
                self._read(stamps)
        except OSError:
            # It went while one looked: the next look will know more.
            if not self.name:
                raise

    def _read(self, stamps: dict[Path, tuple[int, int]]) -> None:
        contents = hashlib.blake2b(digest_size=NAME_BYTES)
        for path in sorted(stamps):
            data = path.read_bytes()
            name = path.relative_to(self._web).as_posix()
            contents.update(b"%b\0%d\0%b" % (name.encode(), len(data), data))
        page = (self._web / "index.html").read_bytes()
        self._stamps = stamps
        self.name = b"~" + contents.hexdigest().encode()
        self.page = REFERENCE.sub(self._named, page)
        self.page_gzip = gzip.compress(self.page, mtime=0)

    def holds(self, path: str) -> bool:
        """Whether a file is still what it was when this edition got its name."""
        file = Path(path)
        try:
            stat = file.stat()
        except OSError:
            return False
        return self._stamps.get(file) == (stat.st_mtime_ns, stat.st_size)

    def _files(self) -> Iterator[tuple[Path, os.stat_result]]:
        for path in self._web.rglob("*"):
            parts = path.relative_to(self._web).parts
            # What an editor or the system leaves there is no part of the page either.
            is_left = path.name.endswith("~") or any(part.startswith(".") for part in parts)
            if not is_left and parts[0] != LEFT_OUT and path.is_file():
                yield path, path.stat()

    def _named(self, reference: re.Match[bytes]) -> bytes:
        path = reference["path"]
        if self._web / path.decode() not in self._stamps:
            return reference[0]
        return b'%b="/%b/%b"' % (reference["attribute"], self.name, path)


class EditionFile(Asset):
    """A file under the name of an edition, where the page alone looks for it.

    A page that was loaded while files changed, or before the server was replaced by a newer one,
    asks by a former name: it gets what there is now, which nobody is to keep, rather than nothing.
    """

    # A folder here is no page.
    indexNames = ()  # type: ignore[assignment]
    holds: Callable[[str], bool]

    def createSimilarFile(self, path: str) -> "EditionFile":
        similar: EditionFile = super().createSimilarFile(path)  # type: ignore[assignment]
        similar.holds = self.holds
        return similar

    def getChild(self, path: bytes, request: http.Request) -> Resource:
        return NOT_FOUND if path.endswith(b".html") else super().getChild(path, request)

    def describe(self, request: http.Request) -> None:
        super().describe(request)
        request.setHeader(b"Cache-Control", FOR_EVER if self.holds(self.path) else NOT_AT_ALL)
        if (self.type or "").startswith(PARTS):
            request.unneeded = OF_DOCUMENTS  # type: ignore[attr-defined]
