"""One batch, one transaction: drafts go in, stored and numbered events come out.

However many drafts there are, it takes a handful of statements, and one more for each room.
"""

import sqlite3
from collections.abc import Collection, Sequence
from itertools import chain
from typing import Any, NamedTuple

from msgspec.structs import replace

from chatroom.core.errors import Refused
from chatroom.core.events import Said
from chatroom.core.interfaces import Draft, Receipt
from chatroom.storage.append import append
from chatroom.storage.rows import said

Key = tuple[str, str, str]
"""room, user, id"""

_ANSWERED = """
    WITH asked (room, user, id) AS (VALUES {asked})
    SELECT rooms.name, e.seq, e.id, e.user, e.nick, e.text, e.at, e.reply_to
    FROM asked
    JOIN rooms ON rooms.name = asked.room
    JOIN keys ON keys.room = rooms.id AND keys.user = asked.user AND keys.id = asked.id
    JOIN events AS e ON e.room = keys.room AND e.seq = keys.seq
"""
_PRESENT = """
    WITH asked (room, seq) AS (VALUES {asked})
    SELECT rooms.name, messages.seq
    FROM asked
    JOIN rooms ON rooms.name = asked.room
    JOIN messages ON messages.room = rooms.id AND messages.seq = asked.seq
"""


class _Accepted(NamedTuple):
    """A draft that has a place in the batch, or shares that of the one it repeats."""

    place: int
    again: bool


def store(connection: sqlite3.Connection, drafts: Sequence[Draft]) -> list[Receipt | Refused]:
    """Store drafts in their order; an outcome for each, safe on disk when this returns.

    Whatever is raised, nothing was stored; only a COMMIT that fails leaves that unknown.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        outcomes = _store(connection, drafts)
    except BaseException:
        # A disk that is full or failing has made SQLite roll back already.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
    return outcomes


def _store(connection: sqlite3.Connection, drafts: Sequence[Draft]) -> list[Receipt | Refused]:
    answered = _answered(connection, drafts)
    present = _present(connection, drafts)
    accepted: list[Draft] = []
    places: dict[Key, int] = {}
    outcomes: list[Receipt | Refused | _Accepted] = []
    for draft in drafts:
        key = _key(draft)
        if key in answered:
            outcomes.append(Receipt(answered[key], again=True))
        elif key in places:
            outcomes.append(_Accepted(places[key], again=True))
        elif draft.reply_to is not None and (draft.room, draft.reply_to) not in present:
            outcomes.append(Refused("no_such_message", "There is no such message to reply to."))
        else:
            outcomes.append(_Accepted(len(accepted), again=False))
            if key is not None:
                places[key] = len(accepted)
            accepted.append(draft)
    events = append(connection, accepted)
    return [
        _receipt(events[outcome.place], outcome.again)
        if isinstance(outcome, _Accepted)
        else outcome
        for outcome in outcomes
    ]


def _key(draft: Draft) -> Key | None:
    return None if draft.id is None else (draft.room, draft.user, draft.id)


def _receipt(event: Said, again: bool) -> Receipt:
    return Receipt(replace(event, again=True) if again else event, again)


def _answered(connection: sqlite3.Connection, drafts: Sequence[Draft]) -> dict[Key | None, Said]:
    keys = {key for draft in drafts if (key := _key(draft)) is not None}
    events = [said(row[0], row[1:], again=True) for row in _look_up(connection, _ANSWERED, keys)]
    return {(event.room, event.user, event.id): event for event in events if event.id is not None}


def _present(connection: sqlite3.Connection, drafts: Sequence[Draft]) -> set[tuple[str, int]]:
    replied = {(draft.room, draft.reply_to) for draft in drafts if draft.reply_to is not None}
    return set(_look_up(connection, _PRESENT, replied))


def _look_up(
    connection: sqlite3.Connection, query: str, asked: Collection[tuple[object, ...]]
) -> list[Any]:
    if not asked:
        return []
    marks = ", ".join(f"({', '.join('?' * len(row))})" for row in asked)
    return connection.execute(
        query.format(asked=marks), list(chain.from_iterable(asked))
    ).fetchall()
