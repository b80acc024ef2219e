"""Storage as the service uses it, and once on threads under the real reactor."""

import os
import random
import re
import threading
from pathlib import Path

from twisted.internet import reactor
from twisted.internet.defer import gatherResults
from twisted.trial.unittest import TestCase

from chatroom.core.errors import Refused
from chatroom.core.interfaces import Place
from chatroom.storage import files
from chatroom.storage.database import Database
from chatroom.storage.files import DATABASE
from chatroom.storage.schema import StorageError
from chatroom.storage.threads import Threads

from .storing import StorageTestCase, draft


class DatabaseTests(StorageTestCase):
    def test_epoch_and_secret_survive_a_restart(self) -> None:
        epoch, secret = self.database.epoch, self.database.secret
        self.assertTrue(re.fullmatch(r"[A-Za-z0-9_-]{1,32}", epoch), epoch)
        self.assertIsInstance(secret, bytes)
        self.assertGreaterEqual(len(secret), 32)
        self.close(self.database)
        self.database = Database(self.folder, self.clock, None, None, None, random.Random(8))
        self.database.open()
        self.assertEqual((self.database.epoch, self.database.secret), (epoch, secret))
        self.database._lock.close()

    def test_another_database_has_another_epoch_and_secret(self) -> None:
        other = Database(Path(self.mktemp()), self.clock, None, None, None, random.Random(8))
        other.open()
        self.assertNotEqual(other.epoch, self.database.epoch)
        self.assertNotEqual(other.secret, self.database.secret)
        other._lock.close()

    def test_two_servers_on_one_folder(self) -> None:
        error = self.assertRaises(StorageError, self.open)
        self.assertEqual(
            str(error),
            f"Another server is running on {self.folder.absolute()}; "
            "stop it, or choose another --data.",
        )

    def test_nothing_is_touched_before_it_is_opened(self) -> None:
        folder = Path(self.mktemp())
        Database(folder, self.clock, None, None, None, random.Random(8))
        self.assertFalse(folder.exists())

    def test_a_refused_start_lets_go_of_the_folder(self) -> None:
        self.close(self.database)
        (self.folder / DATABASE).rename(self.folder / "kept")
        (self.folder / DATABASE).mkdir()
        # check() sees it before anything is held, SQLite only afterwards.
        self.patch(files, "check_header", lambda path: None)
        refusal = self.assertRaises(StorageError, self.open)
        (self.folder / DATABASE).rmdir()
        (self.folder / "kept").rename(self.folder / DATABASE)
        self.open()
        self.assertIn(DATABASE, str(refusal))

    def test_closing_stores_what_waits_and_leaves_a_whole_file(self) -> None:
        waiting = self.database.journal.write(draft("一"))
        self.close(self.database)
        self.assertEqual(self.outcome(waiting).event.seq, 1)
        self.assertEqual(set(os.listdir(self.folder)), {DATABASE, "chatroom.lock"})
        reading = self.database.log.state("lobby")
        self.assertEqual(self.failureResultOf(reading, Refused).value.code, "unavailable")


class ThreadsTests(TestCase):
    """The real thing: threads, the reactor, a disk."""

    def setUp(self) -> None:
        self.threads = Threads(reactor)
        self.threads.start()
        self.addCleanup(self.threads.stop)

    async def test_one_thread_writes_and_others_read(self) -> None:
        def who() -> int:
            return threading.get_ident()

        writers = await gatherResults([self.threads.write(who) for _ in range(20)])
        readers = await gatherResults([self.threads.read(who) for _ in range(20)])
        self.assertEqual(len(set(writers)), 1)
        self.assertLessEqual(len(set(readers)), 2)
        self.assertNotIn(threading.get_ident(), writers + readers)
        self.assertFalse(set(writers) & set(readers))

    async def test_what_fails_in_a_thread_fails_here(self) -> None:
        for run in (self.threads.write, self.threads.read):
            with self.assertRaises(ZeroDivisionError):
                await run(lambda: 1 / 0)

    async def test_a_thousand_messages(self) -> None:
        published: list[int] = []
        database = Database(
            Path(self.mktemp()),
            reactor,
            self.threads.write,
            self.threads.read,
            lambda room, events: published.extend(event.seq for event in events),
            random.Random(7),
        )
        database.open()
        receipts = await gatherResults(
            [database.journal.write(draft(str(n), id=str(n))) for n in range(1000)]
        )
        self.assertEqual([receipt.event.seq for receipt in receipts], [*range(1, 1001)])
        self.assertEqual(published, [*range(1, 1001)])
        pages = await gatherResults([database.log.page("lobby", Place(), 200) for _ in range(20)])
        self.assertEqual({page.messages[-1].seq for page in pages}, {1000})
        await database.close()
