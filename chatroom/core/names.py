"""What nicks and rooms may be called, and which nicks look the same."""

import unicodedata
from functools import lru_cache

from confusable_homoglyphs.confusables import confusables_data
from precis_i18n import get_profile

from chatroom.core.errors import Refused

LOBBY = "lobby"
MAX_NICK = 32
MAX_ROOM = 64
MAX_MARKS_IN_A_ROW = 3

_nickname = get_profile("NicknameCasePreserved")
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
    return unicodedata.normalize("NFKC", "".join(_prototype(character) for character in text))


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


@lru_cache(4096)
def room(raw: str) -> str:
    """Give a room's name as it is compared: NFC, trimmed.

    Raises `Refused`: `too_long` past 64 characters, `bad_field` otherwise.
    """
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


def _room_too_long() -> Refused:
    return Refused("too_long", f"A room's name is 1 to {MAX_ROOM} characters long.")
