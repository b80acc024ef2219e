"""Texts as they are compared: without case, width, ligatures and invisible characters."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from unicodedata import category, is_normalized, normalize

# Soft hyphen, joiners of lines and words, variation selectors. Not U+200D, which makes an emoji.
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufe00-\ufe0f\ufeff]")
# What stands in nearly every Chinese text and would have it all folded the slow way: full-width
# ASCII, the wide space, the ellipsis. And the apostrophe that phones write.
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_NARROW |= {0x3000: ord(" "), 0x2026: ord("."), 0x2018: ord("'"), 0x2019: ord("'")}
# The half-width sound marks and the jamo that follow another are letters, and yet join it.
_JOINS = re.compile("[\uff9e\uff9f\u1160-\u11ff\ud7b0-\ud7fb\uffa0\uffc2-\uffdc]")


class Folded(NamedTuple):
    """A folded text, and for each of its characters where in the original it begins and ends."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]


def fold(text: str) -> Folded:
    """Fold a text; what is the same for a reader who ignores case and width becomes the same.

    That is NFKC and casefold(): full-width letters and half-width kana become the usual ones.
    Traditional characters stay as written.
    """
    at_once = _fold_at_once(text)
    if at_once is None:
        return _fold_by_cluster(text)
    return Folded(at_once, range(len(text)), range(1, len(text) + 1))


def folded(text: str) -> str:
    """Fold a text of which only the words matter."""
    at_once = _fold_at_once(text)
    return _fold_by_cluster(text).text if at_once is None else at_once


def _fold_at_once(text: str) -> str | None:
    """Fold a text whose characters become one each, as nearly always; None for another."""
    if text.isascii():
        # All that a reader may ignore in it is the case.
        return text.lower()
    text = text.translate(_NARROW)
    if not _INVISIBLE.search(text) and is_normalized("NFKC", text):
        folded = text.casefold()
        # No character becomes none, so each has become one.
        if len(folded) == len(text) and is_normalized("NFKC", folded):
            return folded
    return None


def _fold_by_cluster(text: str) -> Folded:
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    text = text.translate(_NARROW)
    for start, end in _clusters(text):
        piece = normalize("NFKC", normalize("NFKC", text[start:end]).casefold())
        piece = _INVISIBLE.sub("", piece)
        pieces.append(piece)
        starts += [start] * len(piece)
        ends += [end] * len(piece)
    return Folded("".join(pieces), starts, ends)


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Where each character begins and ends, with the marks that join it."""
    start = 0
    for at in range(1, len(text)):
        if category(text[at])[0] != "M" and not _JOINS.match(text[at]):
            yield start, at
            start = at
    if text:
        yield start, len(text)
