"""What may be put to a message: an emoji, as Unicode has them, and no text."""

import unicodedata

from chatroom.core.errors import Refused

# A family of four with tones of skin is eleven, the flag of Scotland seven.
LONGEST = 12
JOINER = "\u200d"
AS_EMOJI = "\ufe0f"
KEY = "\u20e3"
TAGS = range(0xE0020, 0xE0080)
FIRST = "\xa8"
PICTOGRAPHS = range(0x1F000, 0x1FB00)
# Symbols, among them the tones of skin and the letters of flags.
SYMBOLS = {"So", "Sk", "Sm"}


def check_emoji(text: str) -> None:
    """Raise `Refused('bad_field')` for what is no emoji (UTS 51, ED-27, taken broadly).

    New ones come every year, so this knows their form alone: symbols, with what joins and selects.
    """
    if not (0 < len(text) <= LONGEST and (is_key(text) or is_symbols(text))):
        raise Refused("bad_field", "`emoji` is one emoji.")


def is_key(text: str) -> bool:
    """Whether this is a key cap, such as 3️⃣."""
    return text[:1] in "0123456789#*" and text[1:] in (AS_EMOJI + KEY, KEY)


def is_symbols(text: str) -> bool:
    """Whether this is a symbol, and all that follows is one or belongs to one."""
    return is_symbol(text[0]) and all(
        is_symbol(character) or character in (JOINER, AS_EMOJI) or ord(character) in TAGS
        for character in text
    )


def is_symbol(character: str) -> bool:
    """Whether this is a symbol, or may have become one since this Python was made."""
    category = unicodedata.category(character)
    # Below are ASCII and its like: ^ + ` ¨.
    return character > FIRST and (
        category in SYMBOLS or (category == "Cn" and ord(character) in PICTOGRAPHS)
    )
