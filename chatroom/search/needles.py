"""One word or phrase that is searched for: its terms in an index, and its places in a text.

It is looked for without a regular expression of its own, whose classes of characters would take
longer to compile than many searches take.
"""

import re
from typing import NamedTuple

from chatroom.search.folding import Folded, folded
from chatroom.search.terms import GAP, IN_WORD, LONGEST, Kind, Part, pairs, parts

Ranges = list[tuple[int, int]]

_LEAD = re.compile("[#@]+$")
_SPACES = re.compile(r"\s*")


class Term(NamedTuple):
    """One term of an index, or the beginning of one."""

    text: str
    is_prefix: bool = False


class Piece(NamedTuple):
    """A run, a word or a symbol, and what stands before it: None is any gap, "" at most spaces."""

    before: str | None
    text: str
    begins_a_word: bool
    ends_it: bool


class Needle(NamedTuple):
    """A word or a phrase: the terms that all its texts have, and how it looks in a folded text.

    `lead` is the # of #tag.
    """

    terms: tuple[Term, ...]
    lead: str
    pieces: tuple[Piece, ...]

    def find(self, content: Folded) -> Ranges:
        """Where it is in the original of a folded text, those that overlap too."""
        found: Ranges = []
        text, first = content.text, self.lead + self.pieces[0].text
        start = text.find(first)
        while start >= 0:
            end = self._end(text, start)
            if end is not None:
                found.append((content.starts[start], content.ends[end - 1]))
            start = text.find(first, start + 1)
        return found

    def _end(self, text: str, start: int) -> int | None:
        """Where it ends if it begins here."""
        at: int | None = start + len(self.lead)
        for piece in self.pieces:
            if piece is not self.pieces[0] and at is not None:
                at = _pass(piece.before, text, at)
            if at is None or not text.startswith(piece.text, at):
                return None
            if piece.begins_a_word and at and IN_WORD.match(text, at - 1):
                return None
            at += len(piece.text)
            if piece.ends_it and IN_WORD.match(text, at):
                return None
        return at


def needle(text: str, is_phrase: bool) -> Needle | None:
    """Make one of what was typed; None where there is nothing but punctuation in it.

    The last word may go on in a text, unless it is of a phrase.
    """
    content = folded(text)
    found = list(parts(content))
    if not found:
        return None
    terms: list[Term] = []
    pieces: list[Piece] = []
    end = 0
    for part in found:
        is_open = part.tail != "" or (part is found[-1] and not is_phrase)
        terms += _terms(part, is_open)
        gap = content[end : part.start]
        is_word = part.kind is Kind.WORD
        pieces.append(
            Piece(
                before=None if re.search(r"\s", gap) else gap,
                text=part.text + part.tail,
                begins_a_word=is_word,
                ends_it=is_word and not is_open,
            )
        )
        end = part.end + len(part.tail)
    lead = _LEAD.search(content[: found[0].start])
    return Needle(tuple(terms), lead[0] if lead else "", tuple(pieces))


def _terms(part: Part, is_open: bool) -> list[Term]:
    if part.kind is Kind.RUN:
        run = part.text
        return [Term(run, True)] if len(run) == 1 else [Term(each) for each in pairs(run)[:-1]]
    text = part.text + part.tail
    is_prefix = part.kind is Kind.WORD and (is_open or len(text) > LONGEST)
    return [Term(text[:LONGEST], is_prefix)]


def _pass(before: str | None, text: str, at: int) -> int | None:
    """Where what stands between two pieces ends; None if it is not there."""
    if before is None:
        return _end_of(GAP, text, at)
    if before == "":
        # Some put a space between Chinese and Latin, some do not.
        return _end_of(_SPACES, text, at)
    return at + len(before) if text.startswith(before, at) else None


def _end_of(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return at if found is None else found.end()


def joined(ranges: Ranges) -> Ranges:
    """The same in order, with those that overlap or touch made one."""
    found: Ranges = []
    for start, end in sorted(ranges):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found
