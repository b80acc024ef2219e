"""Sentences in many languages, and what is to be found in them: whatever holds the index."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).parent.parent / "storage" / "search.json"
FIRST = int(datetime(2026, 10, 25, tzinfo=UTC).timestamp()) * 1000
HOUR = 3600 * 1000


class Sentence(NamedTuple):
    """What somebody said: the first at midnight, each an hour after the one before."""

    n: int
    room: str
    nick: str
    text: str

    @property
    def at(self) -> int:
        return FIRST + (self.n - 1) * HOUR


class Searched(NamedTuple):
    """A search, the numbers of the sentences that are found, and where in each of them."""

    q: str
    found: list[int]
    match: list[list[list[int]]] | None = None


_DATA = json.loads(FILE.read_text("utf-8"))
SENTENCES = [Sentence(n, *each) for n, each in enumerate(_DATA["messages"], start=1)]
SEARCHES = [Searched(*each) for each in _DATA["searches"]]
