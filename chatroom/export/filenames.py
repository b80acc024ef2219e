"""Names for the files of rooms, good on every system, whatever a room is called."""

import re
import unicodedata
from collections.abc import Iterable

LONGEST = 120
"""Bytes in UTF-8; systems take 255, of which an ending and a number want some."""

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u2028\u2029]')
# learn.microsoft.com/windows/win32/fileio/naming-a-file: devices, whatever ending they have.
_DEVICE = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?=[. ]|$)", re.IGNORECASE
)


def file_name(name: str) -> str:
    """Give what a file may be called after a room, without an ending."""
    stem = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", name)).strip(" ")
    stem = stem.encode("utf-8", "replace")[:LONGEST].decode("utf-8", "ignore")
    # A dot hides a file at its beginning, and is lost at its end.
    stem = re.sub(r"^\.+|[. ]+$", lambda dots: "_" * len(dots[0]), stem)
    return f"_{stem}" if not stem or _DEVICE.match(stem) else stem


def distinct(names: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """Give a file name for each, no two alike where case and accents are folded.

    Who comes first has the name alone, the others a number behind it.
    """
    known = {_folded(name) for name in taken}
    found = []
    for name in names:
        stem, number = file_name(name), 1
        given = stem
        while _folded(given) in known:
            number += 1
            given = f"{stem}-{number}"
        known.add(_folded(given))
        found.append(given)
    return found


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
