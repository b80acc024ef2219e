"""The schema: made, upgraded with a copy beside it, refused when it is not ours."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

from chatroom.core.events import Reaction
from chatroom.core.interfaces import Place
from chatroom.core.work import Kind
from chatroom.storage import schema
from chatroom.storage.files import DATABASE, check, prepare
from chatroom.storage.schema import StorageError

from .storing import StorageTestCase, change, draft

KNOWN = len(schema.STEPS)
NEXT = "CREATE TABLE medals (user TEXT)"
OF_THE_FIRST_RELEASE = """
    INSERT INTO rooms (id, name, seq, created_at) VALUES (1, 'lobby', 1, 9);
    INSERT INTO events (room, seq, type, user, nick, text, at)
    VALUES (1, 1, 'said', 'u-libai', '李白', '一', 9);
    INSERT INTO messages (room, seq, user, nick, text, at)
    VALUES (1, 1, 'u-libai', '李白', '一', 9);
"""
BROKEN = "CREATE TABLE badges (user TEXT); CREATE TABLE meta (key TEXT)"


class SchemaTests(StorageTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.write(draft("一"))
        self.close(self.database)
        self.path = self.folder / DATABASE

    def mark(self, pragma: str) -> None:
        with closing(sqlite3.connect(self.path)) as connection:
            connection.execute(f"PRAGMA {pragma}")

    def version(self, path: Path) -> int:
        with closing(sqlite3.connect(path)) as connection:
            return connection.execute("PRAGMA user_version").fetchone()[0]

    def files(self) -> set[str]:
        return set(os.listdir(self.folder))

    def test_a_restart_makes_no_copy(self) -> None:
        self.database = self.open()
        self.assertEqual(self.texts(), ["一"])
        self.close(self.database)
        self.assertEqual(self.files(), {DATABASE, "chatroom.lock"})

    def test_an_upgrade_keeps_the_data_and_a_copy(self) -> None:
        self.patch(schema, "STEPS", [*schema.STEPS, NEXT, "CREATE INDEX said_at ON messages (at)"])
        (self.folder / f"{DATABASE}.before-{KNOWN + 1}.unfinished").write_text(
            "an attempt that broke off"
        )
        self.database = self.open()
        self.assertEqual(self.texts(), ["一"])
        self.close(self.database)
        copy = self.folder / f"{DATABASE}.before-{KNOWN + 1}"
        # It has the key of the tokens, and what is said in private.
        self.assertEqual(copy.stat().st_mode & 0o777, 0o600)
        self.assertEqual(self.files(), {DATABASE, "chatroom.lock", copy.name})
        self.assertEqual((self.version(self.path), self.version(copy)), (KNOWN + 2, KNOWN))
        with closing(sqlite3.connect(copy)) as connection:
            self.assertEqual(connection.execute("SELECT text FROM messages").fetchall(), [("一",)])

    def test_what_the_first_release_stored_can_be_used(self) -> None:
        self.folder = Path(self.mktemp())
        self.folder.mkdir()
        with patch.object(schema, "STEPS", schema.STEPS[:1]):
            path = prepare(self.folder)
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.executescript(OF_THE_FIRST_RELEASE)
        self.database = self.open()
        [changed] = self.change(change(Kind.REACT, 1, text="👍"))
        self.assertEqual((changed.seq, changed.of), (2, 1))
        page = self.successResultOf(self.database.log.page("lobby", Place(), 10))
        self.assertEqual(page.messages[0].reactions, [Reaction("👍", ["u-libai"], ["李白"], 1)])

    def test_a_step_that_fails_leaves_what_was_before(self) -> None:
        self.patch(schema, "STEPS", [*schema.STEPS, NEXT, BROKEN])
        error = self.assertRaises(StorageError, prepare, self.folder)
        self.assertIn(str(self.path), str(error))
        self.assertEqual(self.version(self.path), KNOWN + 1)
        tables = self.rows("SELECT name FROM sqlite_schema WHERE name IN ('badges', 'medals')")
        self.assertEqual(tables, [("medals",)])
        # The next attempt leaves the first copy alone.
        self.assertRaises(StorageError, prepare, self.folder)
        self.assertEqual(self.version(self.folder / f"{DATABASE}.before-{KNOWN + 1}"), KNOWN)
        self.assertEqual(self.version(self.folder / f"{DATABASE}.before-{KNOWN + 2}"), KNOWN + 1)

    def test_a_new_database_needs_no_copy_for_several_steps(self) -> None:
        self.patch(schema, "STEPS", [*schema.STEPS, NEXT])
        self.folder = Path(self.mktemp())
        self.close(self.open())
        self.assertEqual(self.files(), {DATABASE, "chatroom.lock"})

    def test_a_newer_one_is_refused(self) -> None:
        self.mark("user_version = 77")
        for refuse in (self.open, lambda: check(self.folder)):
            error = self.assertRaises(StorageError, refuse)
            self.assertEqual(
                str(error),
                f"{self.path.absolute()} was written by a newer chatroom"
                f" (schema 77, this one knows {KNOWN}).",
            )
        self.assertEqual(self.version(self.path), 77)

    def test_a_newer_one_that_the_header_does_not_show_yet(self) -> None:
        with closing(sqlite3.connect(self.path)) as server:
            server.execute("PRAGMA wal_autocheckpoint = 0")
            server.execute("PRAGMA user_version = 77")
            check(self.folder)
            error = self.assertRaises(StorageError, self.open)
        self.assertIn("newer", str(error))

    def test_that_of_another_program_is_refused(self) -> None:
        for application in (0, 77):
            self.mark(f"application_id = {application}")
            for refuse in (self.open, lambda: check(self.folder)):
                error = self.assertRaises(StorageError, refuse)
                self.assertIn("belongs to another program", str(error))

    def test_one_that_was_never_finished_is_finished(self) -> None:
        self.folder = Path(self.mktemp())
        self.folder.mkdir()
        with closing(sqlite3.connect(self.folder / DATABASE)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
        check(self.folder)
        self.database = self.open()
        self.write(draft("一"))
        self.assertEqual(self.texts(), ["一"])
