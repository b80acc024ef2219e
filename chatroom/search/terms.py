"""The terms under which a message stands in an index, and what a text is made of.

A run of characters of a script that puts no spaces between words (Chinese, Japanese, Korean, Thai
…) gives each pair of them and the last one alone, so that a word of any length is found wherever it
stands. Other words are terms as they are, and so is each emoji. An index finds what has all terms
of a query; whether it really matches, `query` tells from the text.
"""

import re
from collections.abc import Iterator
from enum import Enum
from functools import lru_cache
from typing import NamedTuple
from unicodedata import category, unidata_version

from chatroom.search.folding import folded

VERSION = f"1, Unicode {unidata_version}"
"""Changes with the terms: an index made by another one has to be made anew."""
LONGEST = 64
"""Of a longer word only so many characters count in an index."""

# Ranges of a regular expression's class: Thai and its neighbours, jamo, kana, bopomofo, Han, Yi,
# hangul.
DENSE = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u0f00-\u0fbc\u1000-\u109f\u1100-\u11ff\u1780-\u17d3"
    "\u3005-\u3007\u3021-\u302f\u3031-\u3035\u3038-\u303c\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff"
    "\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\ua48c\ua960-\ua97c\uac00-\ud7fb"
    "\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
# Emoji, arrows, mathematical and other symbols, signs of currencies.
SYMBOL = (
    "$\u00a2-\u00a9\u00ac\u00ae-\u00b1\u00d7\u00f7\u20a0-\u20cf\u2100-\u214f\u2190-\u2bff"
    "\U0001f000-\U0001fbff"
)


def _marks() -> str:
    """All combining marks, which Python's \\w does not have, as ranges."""
    candidates = (*range(0x300, 0x2100), *range(0xA66F, 0xABF0))
    codes = {code for code in candidates if category(chr(code))[0] == "M"}
    starts = sorted(code for code in codes if code - 1 not in codes)
    ends = sorted(code for code in codes if code + 1 not in codes)
    return "".join(f"{chr(a)}-{chr(b)}" for a, b in zip(starts, ends, strict=True))


MARKS = _marks()
WORD = rf"(?:[^\W_{DENSE}{SYMBOL}]|[{MARKS}])"
"""One character of a word."""
IN_WORD = re.compile(WORD)
GAP = re.compile(rf"(?:[^\w{MARKS}{DENSE}{SYMBOL}]|_)*")
"""What is between two words."""
# A word as WORD has it, in stretches: one character at a time takes three times as long.
_PART = re.compile(rf"([{DENSE}]+)|((?:[^\W_{DENSE}{SYMBOL}]+|[{MARKS}]+)+)([+#]*)|([{SYMBOL}])")
_LINK = re.compile(r"https?://[^\s/]|\bwww\.[^\s.]", re.IGNORECASE)


class Kind(Enum):
    """What a part of a text is."""

    RUN = 1
    WORD = 2
    SYMBOL = 3


class Part(NamedTuple):
    """A run, a word or a symbol in a folded text; `tail` is the `++` of C++, the `#` of C#."""

    kind: Kind
    text: str
    start: int
    end: int
    tail: str


def parts(text: str) -> Iterator[Part]:
    """What a folded text is made of, besides spaces and punctuation."""
    for found in _PART.finditer(text):
        run, word, tail, symbol = found.groups("")
        kind = Kind.RUN if run else Kind.WORD if word else Kind.SYMBOL
        end = found.end() - len(tail)
        yield Part(kind, run or word or symbol, found.start(), end, tail)


def pairs(run: str) -> list[str]:
    """Each pair of a run's characters, and the last one alone."""
    return [run[at : at + 2] for at in range(len(run))]


def has_link(text: str) -> bool:
    """Whether there is an address in a text."""
    # The pattern costs ten times what it takes to see that most texts have neither.
    return ("//" in text or "ww." in text.lower()) and _LINK.search(text) is not None


@lru_cache(maxsize=1_000)
def from_term(nick: str) -> str:
    """The term of what was said under a nick, or one like it."""
    return "from:" + re.sub(r"\W", "_", folded(nick))


def room_term(room: int) -> str:
    """The term of what was said in the room of this number."""
    return f"in:{room}"


LINK_TERM = "has:link"


def terms(text: str, nick: str, room: int) -> list[str]:
    """The terms of a message, each once, in an order that is always the same."""
    found = [from_term(nick), room_term(room)]
    if has_link(text):
        found.append(LINK_TERM)
    for run, word, tail, symbol in _PART.findall(folded(text)):
        if run:
            found += pairs(run)
        else:
            found.append(word[:LONGEST] or symbol)
            if tail:
                found.append((word + tail)[:LONGEST])
    return list(dict.fromkeys(found))
