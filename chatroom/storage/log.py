"""Reads what the journal has stored: the log of a room, and the history made of it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from typing import TypeVar

from twisted.internet.defer import Deferred, DeferredLock

from chatroom.core.errors import unavailable
from chatroom.core.events import Deed, Invitation, LogEvent, RoomUnread, Said, Version
from chatroom.core.interfaces import Going, Hits, KeptBy, LogState, Page, Place, Search, StoredRoom
from chatroom.core.orders import Orders, Origin
from chatroom.storage.audit import deeds
from chatroom.storage.counting import changes
from chatroom.storage.history import page
from chatroom.storage.invitations import invitations
from chatroom.storage.listing import listed_rooms, own_rooms
from chatroom.storage.orders import kept_by, orders
from chatroom.storage.outage import Outage
from chatroom.storage.reader import Reader
from chatroom.storage.reads import unread
from chatroom.storage.repeats import answered
from chatroom.storage.retention import going
from chatroom.storage.rows import columns, event
from chatroom.storage.schema import StorageError
from chatroom.storage.search import search
from chatroom.storage.threads import Run
from chatroom.storage.versions import said_by, versions

T = TypeVar("T")

READ = 64 * 1024
"""The most bytes of texts in one read of the log, unless it is one alone: they wait in memory."""

_TEXT = 6
"""Its place in the columns of an event."""
_ROOM = "SELECT id, seq, oldest, generation FROM rooms WHERE name = ?"
_GENERATION = "SELECT count(*) FROM rooms WHERE was = ?"
_AFTER = f"""
    SELECT {columns("events")} FROM events
    WHERE room = (SELECT id FROM rooms WHERE name = ?1) AND seq > ?2
        AND seq >= (SELECT oldest FROM rooms WHERE name = ?1)
    ORDER BY seq LIMIT ?3
"""
_NEWEST = f"""
    SELECT {columns("events")} FROM events
    WHERE room = (SELECT id FROM rooms WHERE name = ?1)
        AND seq >= (SELECT oldest FROM rooms WHERE name = ?1)
    ORDER BY seq DESC LIMIT ?2
"""
_NICK = "SELECT nick FROM users WHERE id = ?"
_KNOWN_AS = """
    SELECT nick FROM users WHERE id = :user
    UNION ALL SELECT nick FROM roles WHERE user = :user
    UNION ALL SELECT nick FROM sanctions WHERE user = :user
    LIMIT 1
"""


class Log:
    """Reads of all rooms; each sees the database as it is at one moment.

    `connect` opens a connection to read; `run` executes a job in a thread. What cannot be read
    fails with `Refused('unavailable')`.
    """

    def __init__(self, connect: Callable[[], sqlite3.Connection], run: Run) -> None:
        self._reader = Reader(connect)
        self._run = run
        self._outage = Outage("Reading")
        # What takes long, one at a time, so that a thread is left for those who read.
        self._long = DeferredLock()
        self._closed = False

    def state(self, room: str) -> Deferred[LogState | None]:
        """Where the log of this room stands; None where nothing was ever stored."""
        return self._read(partial(_state, room))

    def after(self, room: str, seq: int, limit: int) -> Deferred[list[LogEvent]]:
        """The events numbered `seq` + 1 and on, in order, at most `limit` of them."""
        return self._read(partial(_after, room, seq, limit))

    def newest(self, room: str, limit: int) -> Deferred[list[LogEvent]]:
        """The last `limit` events, in order."""
        return self._read(partial(_newest, room, limit))

    def page(self, room: str, place: Place, limit: int) -> Deferred[Page | None]:
        """At most `limit` messages from this place; None where nothing was ever stored."""
        return self._read(partial(page, room, place, limit))

    def generation(self, room: str) -> Deferred[int]:
        """How many rooms of this name were deleted."""
        return self._read(partial(_generation, room))

    def own_rooms(self, user: str, q: str, now: int) -> Deferred[list[StoredRoom]]:
        """The rooms of a user's own that have `q` in their name, title or topic, at most 500."""
        return self._read(partial(own_rooms, user, q, now))

    def listed_rooms(self, user: str, q: str, now: int, limit: int) -> Deferred[list[StoredRoom]]:
        """At most `limit` of the other rooms, that are listed for all, the last active first."""
        return self._read(partial(listed_rooms, user, q, now, limit))

    def invitations(self, room: str, now: int) -> Deferred[list[Invitation]]:
        """The invitations to a room that are good now, the last first."""
        return self._read(partial(invitations, room, now))

    def going(
        self, room: str, keep_days: int, keep_messages: int, now: int
    ) -> Deferred[Going | None]:
        """What would go at `now` by such rules; None where nothing was ever stored."""
        return self._long.run(self._read, partial(going, room, keep_days, keep_messages, now))

    def nick(self, user: str) -> Deferred[str | None]:
        """The nick under which a user last said something; None for who never did."""
        return self._read(partial(_nick, user))

    def orders(self, room: str) -> Deferred[Orders | None]:
        """How a room is kept, or with `SERVER` the server; None where nothing was ever stored."""
        return self._read(partial(orders, room))

    def kept_by(self, room: str) -> Deferred[KeptBy]:
        """The same for people to read: the nicks, and who ordered it."""
        return self._read(partial(kept_by, room))

    def deeds(self, room: str, before: int | None, limit: int) -> Deferred[list[Deed]]:
        """What moderators did in a room, the last first, below the number `before`."""
        return self._read(partial(deeds, room, before, limit))

    def versions(self, room: str, seq: int) -> Deferred[list[Version]]:
        """All texts of a message, the first first; none where there is no such, or no more."""
        return self._read(partial(versions, room, seq))

    def said_by(self, room: str, user: str, before: int, limit: int) -> Deferred[list[int]]:
        """The numbers below `before` of what a user said and is there, the newest first."""
        return self._read(partial(said_by, room, user, before, limit))

    def search(self, asked: Search) -> Deferred[Hits]:
        """What is found in the rooms that the user may read; a long search ends early."""
        return self._long.run(self._read, partial(search, asked))

    def outside(self) -> Deferred[int]:
        """How often another process has changed something."""
        return self._read(changes)

    def repeated(self, room: str, user: str, id: str) -> Deferred[Said | None]:
        """The message that this user stored in this room under this `id`, marked `again`."""
        return self._read(partial(_repeated, room, user, id))

    def known_as(self, user: str) -> Deferred[str | None]:
        """A nick that a user had: when it said something, or was ordered about."""
        return self._read(partial(_known_as, user))

    def unread(self, user: str, nick: str, origin: Origin, now: int) -> Deferred[list[RoomUnread]]:
        """What a user has not read, in each room where it ever read."""
        return self._read(partial(unread, user, nick, origin, now))

    def close(self) -> None:
        """Close the connections; reading fails from now on."""
        self._closed = True
        self._reader.close()

    def _read(self, query: Callable[[sqlite3.Connection], T]) -> Deferred[T]:
        return Deferred.fromCoroutine(self._answer(query))

    async def _answer(self, query: Callable[[sqlite3.Connection], T]) -> T:
        if self._closed:
            raise unavailable()
        try:
            answer = await self._run(partial(self._reader.read, query))
        except (sqlite3.Error, StorageError) as error:
            self._outage.goes_on(error)
            raise unavailable() from error
        self._outage.is_over()
        return answer


def _state(room: str, connection: sqlite3.Connection) -> LogState | None:
    row = connection.execute(_ROOM, (room,)).fetchone()
    return None if row is None else LogState(seq=row[1], oldest=row[2], generation=row[3])


def _generation(room: str, connection: sqlite3.Connection) -> int:
    return int(connection.execute(_GENERATION, (room,)).fetchone()[0])


def _after(room: str, seq: int, limit: int, connection: sqlite3.Connection) -> list[LogEvent]:
    events: list[LogEvent] = []
    size = 0
    with closing(connection.execute(_AFTER, (room, seq, limit))) as rows:
        for row in rows:
            size += len(row[_TEXT].encode())
            if events and size > READ:
                break
            events.append(event(room, row))
    return events


def _newest(room: str, limit: int, connection: sqlite3.Connection) -> list[LogEvent]:
    rows = connection.execute(_NEWEST, (room, limit)).fetchall()
    return [event(room, row) for row in reversed(rows)]


def _nick(user: str, connection: sqlite3.Connection) -> str | None:
    row = connection.execute(_NICK, (user,)).fetchone()
    return None if row is None else str(row[0])


def _known_as(user: str, connection: sqlite3.Connection) -> str | None:
    row = connection.execute(_KNOWN_AS, {"user": user}).fetchone()
    return None if row is None else str(row[0])


def _repeated(room: str, user: str, id: str, connection: sqlite3.Connection) -> Said | None:
    key = (room, user, id)
    return answered(connection, [key]).get(key)
