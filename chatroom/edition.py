"""One edition of our page: its files under a name that changes with what is in them.

What has such an address never changes, so that browsers keep it without asking again.
"""

import gzip
import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

# Fetched, and no part of the page.
LEFT_OUT = "vendor"
REFERENCE = re.compile(rb'(?P<attribute>href|src)="/(?P<path>[^"?#]+)"')
NAME_BYTES = 10


class Edition:
    """The files of our page in a folder, as they are whenever the page is asked for."""

    def __init__(self, web: Path) -> None:
        self._web = web.absolute()
        self._stamps: dict[Path, tuple[int, int]] = {}
        self.name = b""
        self.page = b""
        self.page_gzip = b""

    def look(self) -> None:
        """See whether a file has changed, as in the checkout of who works on the page."""
        stamps = {path: (stat.st_mtime_ns, stat.st_size) for path, stat in self._files()}
        if stamps == self._stamps:
            return
        contents = hashlib.blake2b(digest_size=NAME_BYTES)
        for path in sorted(stamps):
            data = path.read_bytes()
            name = path.relative_to(self._web).as_posix()
            contents.update(b"%b\0%d\0%b" % (name.encode(), len(data), data))
        self._stamps = stamps
        self.name = b"~" + contents.hexdigest().encode()
        self.page = REFERENCE.sub(self._named, (self._web / "index.html").read_bytes())
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
            if path.is_file() and path.relative_to(self._web).parts[0] != LEFT_OUT:
                yield path, path.stat()

    def _named(self, reference: re.Match[bytes]) -> bytes:
        path = reference["path"]
        if self._web / path.decode() not in self._stamps:
            return reference[0]
        return b'%b="/%b/%b"' % (reference["attribute"], self.name, path)
