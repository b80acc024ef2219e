"""Searches the messages that somebody may read, the newest first."""

import sqlite3
import time
from collections.abc import Generator, Sequence
from contextlib import closing

from msgspec import json
from msgspec.structs import asdict

from chatroom.core.events import FoundMessage
from chatroom.core.interfaces import Hits, Search
from chatroom.core.kinds import RoomKind
from chatroom.core.permissions import Role
from chatroom.search.needles import Term
from chatroom.search.terms import room_term
from chatroom.storage.index import SLOTS
from chatroom.storage.known import room_of
from chatroom.storage.reactions import reactions_to
from chatroom.storage.rows import MESSAGE_COLUMNS, message

PATIENCE = 0.2  # seconds; what was found by then is given, and where to go on
AT_LEAST = 100
"""So many candidates are looked at in any case, so that whoever goes on comes to an end."""
PAGE = 256 * 1024
"""The most bytes of a page's messages as JSON, unless it is one alone."""

_HIGHEST = 2**63 - 1
_BANNED = """
    SELECT 1 FROM sanctions
    WHERE room = 0 AND act = 'ban' AND user = :user AND (until IS NULL OR until > :now)
"""
# As `unread` has it (reads.py); and one that is not listed is not to be found out by a search.
_IS_SEEN = f"""
    SELECT was IS NULL AND (
        EXISTS (SELECT 1 FROM roles WHERE room = :room AND user = :user)
        OR kind = {int(RoomKind.PUBLIC)} AND (
            NOT EXISTS (
                SELECT 1 FROM rules WHERE room = :room AND (locked OR password IS NOT NULL)
            )
            OR EXISTS (
                SELECT 1 FROM roles WHERE room = 0 AND user = :user AND role = {int(Role.HOST)}
            )
        )
    ) AND NOT EXISTS (
        SELECT 1 FROM sanctions
        WHERE room = :room AND act = 'ban' AND user = :user AND (until IS NULL OR until > :now)
    ) AND (
        :is_named OR NOT EXISTS (SELECT 1 FROM rules WHERE room = :room AND unlisted)
        OR EXISTS (SELECT 1 FROM roles WHERE room = :room AND user = :user)
        OR EXISTS (SELECT 1 FROM reads WHERE room = :room AND user = :user AND NOT parted)
    )
    FROM rooms WHERE id = :room
"""
# CROSS: by the index of terms first, which gives the newest first one by one.
_CANDIDATES = """
    SELECT m.n, m.room, m.seq FROM search CROSS JOIN messages AS m ON m.n = search.rowid
    WHERE search MATCH ? AND search.rowid < ? AND search.rowid >= ? ORDER BY search.rowid DESC
"""
_ALL = "SELECT n, room, seq FROM messages WHERE n < ? AND n >= ? ORDER BY n DESC"
_MESSAGE = f"""
    SELECT {MESSAGE_COLUMNS}, reactions, (SELECT name FROM rooms WHERE id = room)
    FROM messages WHERE room = ? AND seq = ? AND NOT deleted
        AND seq >= (SELECT oldest FROM rooms WHERE id = room)
"""


def search(asked: Search, connection: sqlite3.Connection) -> Hits:
    """What is found of the messages that are indexed; a long search gives what it has so far.

    By nothing but the time, others are found too.
    """
    who: dict[str, object] = {"user": asked.user or "", "now": asked.now}
    if connection.execute(_BANNED, who).fetchone():
        return Hits([], None)
    rooms = _rooms(connection, asked)
    if rooms is not None and len(rooms) != 1:
        return Hits([], None)
    # Never more than what is stored tells: a room that is hidden counts as one that is not there.
    seen = Seen(connection, who | {"is_named": rooms is not None})
    if rooms is not None and not all(seen[room] for room in rooms):
        return Hits([], None)
    until = time.monotonic() + PATIENCE
    found: list[FoundMessage] = []
    size = len("[")
    last = None
    with closing(_candidates(connection, asked, rooms)) as candidates:
        for looked_at, (n, room, seq) in enumerate(candidates):
            if looked_at >= AT_LEAST and time.monotonic() > until:
                return Hits(found, last)
            hit = _hit(connection, asked, room, seq) if seen[room] else None
            if hit is not None:
                size += len(json.encode(hit)) + len(",")
                if len(found) == asked.limit or (found and size > PAGE):
                    return Hits(found, last)
                found.append(hit)
            last = n
    return Hits(found, None)


class Seen(dict[int | None, bool]):
    """Which rooms somebody may read, by all that is stored of them; each is looked up once."""

    def __init__(self, connection: sqlite3.Connection, who: dict[str, object]) -> None:
        super().__init__()
        self._connection = connection
        self._who = who

    def __missing__(self, room: int | None) -> bool:
        found = self._connection.execute(_IS_SEEN, self._who | {"room": room}).fetchone()
        self[room] = is_seen = bool(found[0])
        return is_seen


def _rooms(connection: sqlite3.Connection, asked: Search) -> set[int | None] | None:
    """The rooms that a message must be in, each of them; None where any will do."""
    names = {name for name in (asked.room, asked.query.room) if name is not None}
    found = {room_of(connection, name) for name in names}
    if None in found:
        return set()
    return found or None


def _candidates(
    connection: sqlite3.Connection, asked: Search, rooms: set[int | None] | None
) -> Generator[tuple[int, int, int], None, None]:
    query = asked.query
    terms = query.terms + [Term(room_term(room)) for room in rooms or () if room is not None]
    below = _HIGHEST if asked.before is None else asked.before
    if query.before is not None:
        below = min(below, _first(-(-query.before // 1000)))
    bounds = (below, 0 if query.since is None else _first(query.since // 1000))
    if terms:
        rows = connection.execute(_CANDIDATES, (_expression(terms), *bounds))
    else:
        rows = connection.execute(_ALL, bounds)
    with closing(rows):
        yield from rows


def _first(second: int) -> int:
    """The lowest `n` of a second."""
    return min(max(second << SLOTS, 0), _HIGHEST)


def _expression(terms: Sequence[Term]) -> str:
    """The terms as FTS5 has them. There is no quote in any (search/terms.py)."""
    return " ".join(f'"{term.text}"{"*" if term.is_prefix else ""}' for term in terms)


def _hit(connection: sqlite3.Connection, asked: Search, room: int, seq: int) -> FoundMessage | None:
    row = connection.execute(_MESSAGE, (room, seq)).fetchone()
    if row is None:
        return None
    *fields, reacted, name = row
    candidate = message(tuple(fields))
    match = asked.query.match(candidate.text, candidate.nick, candidate.at)
    if match is None:
        return None
    reactions = reactions_to(connection, room, seq, reacted) or None
    return FoundMessage(**asdict(candidate) | {"reactions": reactions}, room=name, match=match)
