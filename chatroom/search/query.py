"""What somebody searches for: read from what was typed, and found again in a text.

Words, "phrases" and filters are apart by spaces, and all of them must hold:
`from:李白`, `in:大厅`, `before:2026-11-01`, `after:2026-11-01T08:00+08:00`, `has:link`.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from unicodedata import normalize

from chatroom.search.folding import fold, folded
from chatroom.search.needles import Needle, Ranges, Term, joined, needle
from chatroom.search.terms import LINK_TERM, from_term, has_link

# A filter, whose value may be quoted; a phrase; a word. Chinese keyboards write ： “ ”.
_QUOTED = r'["“”](?P<{name}>[^"“”]*)["“”]'
_PIECE = re.compile(
    rf"(?P<key>\w+)[:：](?:{_QUOTED.format(name='quoted')}|(?P<value>[^\s\"“”]+))"
    rf"|{_QUOTED.format(name='phrase')}|(?P<word>[^\s\"“”]+)"
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Query(NamedTuple):
    """What is searched for. `before` and `since` are in ms since 1970; `since` is included."""

    needles: tuple[Needle, ...] = ()
    nick: str | None = None
    room: str | None = None
    before: int | None = None
    since: int | None = None
    link: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to search for."""
        return self == Query()

    @property
    def terms(self) -> list[Term]:
        """The terms that every message has that is to be found; the room's are not among them."""
        found = [term for each in self.needles for term in each.terms]
        if self.nick is not None:
            found.append(Term(from_term(self.nick)))
        if self.link:
            found.append(Term(LINK_TERM))
        return list(dict.fromkeys(found))

    def match(self, text: str, nick: str, at: int) -> Ranges | None:
        """Where in a text the words are, in order and apart; None for what is not to be found."""
        if self.before is not None and at >= self.before:
            return None
        if self.since is not None and at < self.since:
            return None
        if self.nick is not None and folded(nick) != folded(self.nick):
            return None
        if self.link and not has_link(text):
            return None
        content = fold(text)
        found: Ranges = []
        for each in self.needles:
            ranges = each.find(content)
            if not ranges:
                return None
            found += ranges
        return joined(found)


def parse(text: str) -> Query:
    """Read a query; never fails, since what is no filter is text. Of equal filters the last counts.

    `before` and `after` a day exclude the day, which is that of UTC.
    """
    needles: list[Needle | None] = []
    filters: dict[str, object] = {}
    for piece in _PIECE.finditer(text):
        if piece["key"] is not None:
            value = piece["value"] if piece["quoted"] is None else piece["quoted"]
            read = _filter(piece["key"].casefold(), value.strip())
            if read:
                filters.update(read)
            else:
                needles.append(needle(piece[0], is_phrase=False))
        elif piece["phrase"] is not None:
            needles.append(needle(piece["phrase"], is_phrase=True))
        else:
            needles.append(needle(piece["word"], is_phrase=False))
    sound = tuple(each for each in needles if each is not None)
    return Query(needles=sound, **filters)  # type: ignore[arg-type]


def _filter(key: str, value: str) -> dict[str, object] | None:
    match key:
        case "from" if value.removeprefix("@"):
            return {"nick": value.removeprefix("@")}
        case "in" if value:
            return {"room": normalize("NFC", value)}
        case "before" if (day := _instant(value)) is not None:
            return {"before": _ms(day)}
        case "after" if (day := _instant(value)) is not None:
            return {"since": _ms(day + timedelta(days=1) if _DAY.fullmatch(value) else day)}
        case "has" if value.casefold() == "link":
            return {"link": True}
    return None


def _instant(value: str) -> datetime | None:
    # fromisoformat() also takes weeks and days without hyphens, which are as likely numbers.
    if not _DAY.match(value):
        return None
    try:
        moment = datetime.fromisoformat(value)
        # The day after the last one is none any more.
        moment + timedelta(days=2)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _ms(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
