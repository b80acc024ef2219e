"""What nicks and rooms may be called, and which nicks look the same."""

import re
import unicodedata
from base64 import urlsafe_b64encode
from functools import lru_cache

from confusable_homoglyphs.confusables import confusables_data
from precis_i18n import get_profile

from chatroom.core.errors import Refused

LOBBY = "lobby"
MAX_NICK = 32
MAX_ROOM = 64
MAX_TOPIC = 250
MAX_MARKS_IN_A_ROW = 3
ZERO_WIDTH_JOINER = "\u200d"

_nickname = get_profile("NicknameCasePreserved")
_ADDRESS = re.compile("@[A-Za-z0-9_-]{22}")
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def nick(raw: str) -> str:
    """Give a nick as it is shown, by PRECIS NicknameCasePreserved (RFC 8266).

    Raises `Refused`: `too_long` past 32 characters, `bad_field` for what the profile disallows.
    """
    # Before normalising, which is quadratic in combining marks and can grow a text 18 times.
    if len(raw) > 4 * MAX_NICK:
        raise _nick_too_long()
    try:
        name: str = _nickname.enforce(raw)
    except UnicodeEncodeError:
        raise Refused(
            "bad_field", "A nick is made of letters, digits, symbols and single spaces."
        ) from None
    if len(name) > MAX_NICK:
        raise _nick_too_long()
    marks = 0
    for character in unicodedata.normalize("NFD", name):
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks > MAX_MARKS_IN_A_ROW:
            raise Refused("bad_field", "A nick has at most three marks on one letter.")
    return name


def _nick_too_long() -> Refused:
    return Refused("too_long", f"A nick is 1 to {MAX_NICK} characters long.")


@lru_cache(4096)
def skeleton(name: str) -> str:
    """Give what two nicks share when a reader could take one for the other.

    Width is folded, then look-alikes by the table of UTS 39, then case, and look-alikes again: `I`
    looks like `l`, `B` like a Cyrillic В, and only one of two cases may look like another's.
    """
    return _alike(_alike(unicodedata.normalize("NFKC", name)).casefold()).replace("i", "l")


def _alike(text: str) -> str:
    return unicodedata.normalize("NFKC", text.translate(_PROTOTYPES))


def _prototype(character: str) -> str:
    """Give the one character that stands for all that look like this one.

    The table lists for a prototype all its look-alikes, and for each of those the prototype alone;
    a pair names each other, and the lesser stands for both.
    """
    alike = confusables_data.get(character, ())
    if len(alike) != 1:
        return character
    other: str = alike[0]["c"]
    if len(confusables_data.get(other, ())) == 1:
        return min(character, other)
    return other


class _Prototypes(dict[int, str]):
    """A table for `str.translate`: ready for what is usual, and asked for the rest."""

    def __missing__(self, code: int) -> str:
        return _prototype(chr(code))


_PROTOTYPES = _Prototypes({code: _prototype(chr(code)) for code in range(128)})


def is_address(room: str) -> bool:
    """Whether this is no name of a public room, but the address of another."""
    return room.startswith("@")


def address(random: bytes) -> str:
    """Give the address that 16 random bytes make: nobody guesses one of 2 ** 128."""
    return "@" + urlsafe_b64encode(random).decode().rstrip("=")


@lru_cache(4096)
def room(raw: str) -> str:
    """Give a room's name as it is compared: NFC, trimmed; an address as it is.

    Raises `Refused`: `too_long` past 64 characters, `bad_field` otherwise.
    """
    if _ADDRESS.fullmatch(raw):
        return raw
    if len(raw) > 4 * MAX_ROOM:
        raise _room_too_long()
    name = unicodedata.normalize("NFC", raw.strip())
    if len(name) > MAX_ROOM:
        raise _room_too_long()
    if not name or name in (".", "..") or name.startswith("@") or "/" in name:
        raise Refused("bad_field", "A room's name is not empty, `.`, `..`, @… and has no slash.")
    if any(unicodedata.category(character) in _HIDDEN for character in name):
        raise Refused("bad_field", "A room's name has no control, format or bidi characters.")
    return name


def title(raw: str) -> str:
    """Give the title of a private room: NFC, trimmed, one line.

    Raises `Refused`: `too_long` past 64 characters, `bad_field` otherwise.
    """
    found = _line(raw, MAX_ROOM, "A title")
    if not found:
        raise Refused("bad_field", "A title is not empty.")
    return found


def topic(raw: str) -> str:
    """Give what a room is about, in the same way; it may be empty.

    Raises `Refused`: `too_long` past 250 characters, `bad_field` otherwise.
    """
    return _line(raw, MAX_TOPIC, "A topic")


def _line(raw: str, most: int, what: str) -> str:
    # Before normalising, which can grow a text.
    line = unicodedata.normalize("NFC", raw.strip()) if len(raw) <= 4 * most else raw
    if len(line) > most:
        raise Refused("too_long", f"{what} has at most {most} characters.")
    # Emoji are joined by U+200D, which is of the format characters.
    if any(unicodedata.category(each) in _HIDDEN for each in line if each != ZERO_WIDTH_JOINER):
        raise Refused("bad_field", f"{what} is one line without control or bidi characters.")
    return line


def _room_too_long() -> Refused:
    return Refused("too_long", f"A room's name is 1 to {MAX_ROOM} characters long.")
