"""What these tests share: people who write, and a database in a folder of its own."""

import random
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from twisted.internet.defer import Deferred, execute
from twisted.internet.task import Clock
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from chatroom.core.errors import Refused
from chatroom.core.events import LogEvent
from chatroom.core.work import Change, Draft, Kind, Mark, Receipt
from chatroom.storage.database import Database
from chatroom.storage.files import DATABASE, open_writer
from chatroom.storage.journal import Journal

T = TypeVar("T")

LI_BAI = {"user": "u-libai", "nick": "李白"}
DU_FU = {"user": "u-dufu", "nick": "杜甫"}
MORNING = 1_795_312_800_000


def draft(text: str = "床前明月光", room: str = "lobby", **fields: Any) -> Draft:
    """What Li Bai says in the lobby, unless told otherwise."""
    return Draft(**{"room": room, "text": text, "at": MORNING} | LI_BAI | fields)


def change(kind: Kind, of: int, room: str = "lobby", **fields: Any) -> Change:
    """What Li Bai changes in the lobby, unless told otherwise."""
    return Change(kind, **{"room": room, "of": of, "at": MORNING} | LI_BAI | fields)


class Stuck:
    """A writer's thread that does nothing until it is let go."""

    def __init__(self) -> None:
        self.jobs: list[tuple[Callable[[], Any], Deferred[Any]]] = []

    def run(self, job: Callable[[], T]) -> Deferred[T]:
        result: Deferred[T] = Deferred()
        self.jobs.append((job, result))
        return result

    def let_go(self) -> None:
        """Do the job that waits longest."""
        job, result = self.jobs.pop(0)
        execute(job).chainDeferred(result)


class StorageTestCase(SynchronousTestCase):
    """A database that is open, and the means to write in it."""

    def setUp(self) -> None:
        self.clock = Clock()
        self.folder = Path(self.mktemp())
        self.published: list[tuple[str, list[LogEvent]]] = []
        self.database = self.open()

    def open(self, owner_secret: bytes | None = None) -> Database:
        """Start a server's storage in the folder."""
        database = Database(
            self.folder, self.clock, execute, execute, self.publish, random.Random(7)
        )
        database.open(owner_secret)
        self.addCleanup(self.close, database)
        return database

    def publish(self, room: str, events: list[LogEvent]) -> None:
        self.published.append((room, list(events)))

    def close(self, database: Database) -> None:
        self.successResultOf(database.close())

    def journal(
        self,
        prepare: Callable[[sqlite3.Connection], object] = lambda connection: None,
        run: Any = execute,
        **options: Any,
    ) -> Journal:
        """A journal of its own on the same file; `prepare` is shown each connection it opens."""

        def connect() -> sqlite3.Connection:
            connection = open_writer(self.folder / DATABASE)
            # Nobody has to wait two seconds for a lock in a test.
            connection.execute("PRAGMA busy_timeout = 0")
            prepare(connection)
            return connection

        return Journal(connect, run, self.publish, self.clock, **options)

    def write(self, *drafts: Draft, journal: Journal | None = None) -> list[Receipt | str]:
        """Write drafts in one turn; gives the receipt or the code of the refusal of each."""
        waiting = [(journal or self.database.journal).write(draft) for draft in drafts]
        self.clock.advance(0)
        return [self.outcome(receipt) for receipt in waiting]

    def change(self, *changes: Change) -> list[Any]:
        """Make changes in one turn; gives the event, None or the code of the refusal of each."""
        waiting = [self.database.journal.change(one) for one in changes]
        self.clock.advance(0)
        return [self.outcome(changed) for changed in waiting]

    def mark(self, seq: int, room: str = "lobby", user: str = "u-libai") -> Any:
        """Remember up to where somebody has read."""
        marked = self.database.journal.mark(Mark(user, room, seq))
        self.clock.advance(0)
        return self.outcome(marked)

    def outcome(self, stored: Deferred[Any]) -> Any:
        found: list[Any] = []
        stored.addBoth(found.append)
        self.assertEqual(len(found), 1, "no outcome yet")
        if not isinstance(found[0], Failure):
            return found[0]
        failure = found[0]
        failure.trap(Refused)
        return failure.value.code

    def texts(self, room: str = "lobby") -> list[str]:
        """The texts of the room's log, in order, by numbers without holes."""
        events = self.successResultOf(self.database.log.after(room, 0, 100_000))
        self.assertEqual([event.seq for event in events], list(range(1, len(events) + 1)))
        return [event.text for event in events]

    def rows(self, query: str, *values: object) -> list[Any]:
        """Ask the file itself."""
        connection = open_writer(self.folder / DATABASE)
        try:
            return connection.execute(query, values).fetchall()
        finally:
            connection.close()
