"""One batch, one transaction: drafts go in, stored and numbered events come out.

However many messages there are, it takes a handful of statements, and one more for each room.
"""

import sqlite3
from collections.abc import Callable, Sequence
from itertools import chain
from typing import NamedTuple

from msgspec.structs import replace

from chatroom.core.errors import Refused
from chatroom.core.events import LogEvent, Said
from chatroom.core.orders import SERVER
from chatroom.core.work import Change, Claim, Draft, Mark, Ordered, Receipt, Ruling, Verdict
from chatroom.storage import changes, making, verdicts
from chatroom.storage.append import Happened, append
from chatroom.storage.reads import mark
from chatroom.storage.repeats import Key, answered
from chatroom.storage.silenced import Silenced

_PRESENT = """
    WITH asked (room, seq) AS (VALUES {asked})
    SELECT rooms.name, messages.seq
    FROM asked
    JOIN rooms ON rooms.name = asked.room
    JOIN messages ON messages.room = rooms.id AND messages.seq = asked.seq
        AND messages.seq >= rooms.oldest
"""


class Changed(NamedTuple):
    """What came of a change: its event, or None where all was so already."""

    event: LogEvent | None


class _Accepted(NamedTuple):
    """What has a place in the batch, or shares that of the one it repeats."""

    place: int
    again: bool


Work = Draft | Change | Mark | Verdict | Claim
Stored = Receipt | Changed | Ordered | bool | Refused
"""For a `Mark`, whether it is further than before; for a `Claim`, whether it is good."""

UNTOLD = {Ruling.ADMIT, Ruling.PURGE, Ruling.DIRECT, Ruling.INVITE, Ruling.REVOKE}
"""What makes no event of its own."""


def store(
    connection: sqlite3.Connection,
    work: Sequence[Work],
    also: Callable[[sqlite3.Connection], object] = lambda connection: None,
) -> list[Stored]:
    """Store what is given in its order; an outcome for each, safe on disk when this returns.

    `also` is done with it, or not at all.
    Whatever is raised, nothing was stored; only a COMMIT that fails leaves that unknown.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        outcomes = _Batch(connection, work).store()
        also(connection)
    except BaseException:
        # A disk that is full or failing has made SQLite roll back already.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
    return outcomes


class _Batch:
    def __init__(self, connection: sqlite3.Connection, work: Sequence[Work]) -> None:
        self._connection = connection
        self._work = work
        self._accepted: list[Happened] = []
        self._places: dict[Key, int] = {}

    def store(self) -> list[Stored]:
        drafts = [one for one in self._work if isinstance(one, Draft)]
        keys = {key for draft in drafts if (key := _key(draft)) is not None}
        self._answered = answered(self._connection, keys)
        self._present = _present(self._connection, drafts)
        self._silenced = Silenced.of(self._connection, self._work)
        outcomes = [self._judge(one) for one in self._work]
        events = append(self._connection, self._accepted)
        # Only now, as the text may also stand in what came with this batch.
        for one in self._accepted:
            if isinstance(one, Change):
                changes.blank(self._connection, one)
            elif isinstance(one, Verdict) and one.ruling is Ruling.DESTROY:
                making.destroy(self._connection, one.room)
        return [
            self._outcome(events, outcome) if isinstance(outcome, _Accepted) else outcome
            for outcome in outcomes
        ]

    def _outcome(self, events: Sequence[LogEvent], accepted: _Accepted) -> Stored:
        event = events[accepted.place]
        if isinstance(event, Said):
            return Receipt(replace(event, again=True) if accepted.again else event, accepted.again)
        happened = self._accepted[accepted.place]
        if isinstance(happened, Verdict):
            return Ordered(happened, event)
        return Changed(event)

    def _judge(self, one: Work) -> Stored | _Accepted:
        if isinstance(one, Draft):
            return self._judge_draft(one)
        if isinstance(one, Mark):
            return mark(self._connection, one)
        if isinstance(one, Claim):
            return verdicts.claim(self._connection, one)
        if isinstance(one, Verdict):
            return self._judge_verdict(one)
        refused = self._silenced.refusal(one)
        if refused is not None:
            return refused
        happens = changes.apply(self._connection, one)
        if isinstance(happens, Refused):
            return happens
        return self._accept(one) if happens else Changed(None)

    def _judge_verdict(self, verdict: Verdict) -> Stored | _Accepted:
        gone = self._silenced.destroyed(verdict.room)
        if gone is not None:
            return gone
        done = verdicts.apply(self._connection, verdict)
        if done is None:
            return Ordered(None)
        if isinstance(done, Refused):
            return done
        self._silenced.heed(done)
        is_told = done.room != SERVER and done.ruling not in UNTOLD
        return self._accept(done) if is_told else Ordered(done)

    def _judge_draft(self, draft: Draft) -> Stored | _Accepted:
        key = _key(draft)
        if key is not None and key in self._answered:
            return Receipt(self._answered[key], again=True)
        if key is not None and key in self._places:
            return _Accepted(self._places[key], again=True)
        refused = self._silenced.refusal(draft)
        if refused is not None:
            return refused
        if draft.reply_to is not None and (draft.room, draft.reply_to) not in self._present:
            return Refused("no_such_message", "There is no such message to reply to.")
        if key is not None:
            self._places[key] = len(self._accepted)
        return self._accept(draft)

    def _accept(self, one: Happened) -> _Accepted:
        self._accepted.append(one)
        return _Accepted(len(self._accepted) - 1, again=False)


def _key(draft: Draft) -> Key | None:
    return None if draft.id is None else (draft.room, draft.user, draft.id)


def _present(connection: sqlite3.Connection, drafts: Sequence[Draft]) -> set[tuple[str, int]]:
    replied = {(draft.room, draft.reply_to) for draft in drafts if draft.reply_to is not None}
    if not replied:
        return set()
    marks = ", ".join("(?, ?)" for _ in replied)
    asked = list(chain.from_iterable(replied))
    return set(connection.execute(_PRESENT.format(asked=marks), asked))
