"""Addresses in a text that a reader may click.

They are found as the page finds them (web/js/text/links.js).
"""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

# Chinese punctuation stands next to a link without a space between.
_PUNCTUATION = "，。、；：？！…—·（）【】〔〕《》〈〉「」『』“”‘’｛｝［］～"
# Nothing invisible or direction-turning hides in an address.
_HIDDEN = (
    r"\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
)
_ADDRESS = re.compile(rf'https?://[^\s{_HIDDEN}<>"`{_PUNCTUATION}]+', re.IGNORECASE)
_TRAILING = ".,;:!?'*_~"
_BRACKETS = {")": "(", "]": "[", "}": "{"}


class Piece(NamedTuple):
    """A part of a text, which may be an address."""

    text: str
    is_link: bool


def pieces(text: str) -> Iterator[Piece]:
    """Give a text in its parts, addresses that are safe to open apart."""
    end = 0
    for found in _ADDRESS.finditer(text):
        address = _whole(found[0])
        if _is_safe(address):
            if found.start() > end:
                yield Piece(text[end : found.start()], is_link=False)
            yield Piece(address, is_link=True)
            end = found.start() + len(address)
    if end < len(text):
        yield Piece(text[end:], is_link=False)


def _whole(address: str) -> str:
    """Leave out what belongs to the sentence, and a bracket that was opened before the address."""
    spare = {close: address.count(close) - address.count(open) for close, open in _BRACKETS.items()}
    end = len(address)
    while end:
        last = address[end - 1]
        if spare.get(last, 0) > 0:
            spare[last] -= 1
        elif last not in _TRAILING:
            break
        end -= 1
    return address[:end]


def _is_safe(address: str) -> bool:
    try:
        url = urlsplit(address)
        # https://bank.example@evil.example shows one host and opens another.
        return bool(url.hostname) and url.username is None and url.port != 0
    except ValueError:
        return False
