"""The data folder: made, locked, and refused with one sentence."""

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from chatroom.storage import files
from chatroom.storage.files import DATABASE, LOCK, check, lock, open_reader, open_writer, prepare
from chatroom.storage.schema import StorageError


class FolderTestCase(SynchronousTestCase):
    def setUp(self) -> None:
        self.folder = Path(self.mktemp()).absolute()

    def refused(self, call, *arguments: object) -> str:
        """The one sentence, which names a file in the folder or the folder itself."""
        sentence = str(self.assertRaises(StorageError, call, *arguments))
        self.assertTrue(sentence.endswith("."), sentence)
        self.assertNotIn("\n", sentence)
        self.assertIn(str(self.folder), sentence)
        return sentence


class CheckTests(FolderTestCase):
    """Before the fork: nothing is made, and what can be seen is said."""

    def test_leaves_no_trace(self) -> None:
        check(self.folder)
        self.assertFalse(self.folder.exists())
        self.folder.mkdir()
        check(self.folder)
        self.assertEqual(os.listdir(self.folder), [])
        lock(self.folder).close()
        prepare(self.folder)
        before = sorted(os.listdir(self.folder))
        check(self.folder)
        self.assertEqual(sorted(os.listdir(self.folder)), before)

    def test_a_file_in_place_of_the_folder(self) -> None:
        self.folder.write_text("")
        self.assertIn("is not a folder", self.refused(check, self.folder))
        self.assertIn("is not a folder", self.refused(check, self.folder / "deep" / "er"))

    def test_a_folder_that_cannot_be_written(self) -> None:
        # Root may write everywhere, so that modes alone would prove nothing.
        self.folder.mkdir()
        self.patch(os, "access", lambda path, mode: path != self.folder)
        self.assertIn("cannot be written", self.refused(check, self.folder))
        self.assertIn("cannot be written", self.refused(check, self.folder / "deep"))

    def test_a_file_that_cannot_be_written(self) -> None:
        self.folder.mkdir()
        for name in (DATABASE, LOCK):
            path = self.folder / name
            path.write_text("")
            self.patch(os, "access", lambda asked, mode, path=path: asked != path)
            self.assertIn(str(path), self.refused(check, self.folder))

    def test_what_is_no_database(self) -> None:
        self.folder.mkdir()
        for content in (b"short", b"\0" * 4096, b"SQLite format 3\0 and no more"):
            (self.folder / DATABASE).write_bytes(content)
            self.assertIn("damaged or not a database", self.refused(check, self.folder))

    def test_a_folder_in_place_of_the_database(self) -> None:
        (self.folder / DATABASE).mkdir(parents=True)
        self.refused(check, self.folder)

    def test_an_empty_file_is_a_database_to_be(self) -> None:
        self.folder.mkdir()
        (self.folder / DATABASE).write_bytes(b"")
        check(self.folder)

    def test_an_sqlite_that_is_too_old(self) -> None:
        self.patch(files, "OLDEST_SQLITE", (99, 0))
        self.assertIn(sqlite3.sqlite_version, self.refused(check, self.folder))


class LockTests(FolderTestCase):
    """One server a folder."""

    def test_the_folder_is_made_for_the_owner_alone(self) -> None:
        folder = self.folder / "a" / "b"
        lock(folder).close()
        self.assertEqual(stat.S_IMODE(folder.stat().st_mode), 0o700)

    def test_a_second_server_is_refused_until_the_first_is_gone(self) -> None:
        held = lock(self.folder)
        self.assertIn("Another server", self.refused(lock, self.folder))
        held.close()
        lock(self.folder).close()

    def test_also_in_another_process_and_after_its_death(self) -> None:
        program = (
            "import sys, pathlib; from chatroom.storage.files import lock;"
            "held = lock(pathlib.Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
        )
        server = subprocess.Popen(
            [sys.executable, "-c", program, str(self.folder)],
            cwd=Path(files.__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        with server:
            self.addCleanup(server.kill)
            self.assertEqual(server.stdout.readline(), b"held\n")
            for entry in (check, lock):
                self.assertIn("Another server", self.refused(entry, self.folder))
            server.kill()
        lock(self.folder).close()

    def test_a_folder_that_cannot_be_made(self) -> None:
        self.folder.parent.mkdir(exist_ok=True)
        self.folder.symlink_to("nowhere/at/all")
        self.refused(lock, self.folder)

    def test_a_lock_that_is_something_else(self) -> None:
        self.folder.mkdir()
        (self.folder / LOCK).write_bytes(b"not a database " * 100)
        self.assertIn("damaged or not a database", self.refused(lock, self.folder))


class OpenTests(FolderTestCase):
    def test_the_files_are_the_owners_alone(self) -> None:
        self.folder.chmod(0o755)
        before = os.umask(0o022)
        self.addCleanup(os.umask, before)
        with closing(open_writer(prepare(self.folder))) as connection:
            connection.execute("INSERT INTO meta (key, value) VALUES ('a', 1)")
            modes = {
                each.name: stat.S_IMODE(each.stat().st_mode)
                for each in self.folder.glob(DATABASE + "*")
            }
        self.assertEqual(set(modes.values()), {0o600}, modes)

    """Connections."""

    def setUp(self) -> None:
        super().setUp()
        self.folder.mkdir()
        self.path = prepare(self.folder)

    def test_the_writer_is_durable(self) -> None:
        with closing(open_writer(self.path)) as connection:
            ask = {
                name: connection.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("synchronous", "journal_mode", "busy_timeout", "foreign_keys")
            }
        self.assertEqual(
            ask,
            {"synchronous": 2, "journal_mode": "wal", "busy_timeout": 2000, "foreign_keys": 1},
        )

    def test_a_disk_without_shared_memory_is_refused(self) -> None:
        connect = sqlite3.connect

        class Elsewhere(sqlite3.Connection):
            def execute(self, sql: str, *values: object) -> sqlite3.Cursor:
                return super().execute(sql.replace("= WAL", "= DELETE"), *values)

        self.patch(sqlite3, "connect", lambda *a, **k: connect(*a, **k, factory=Elsewhere))
        self.assertIn("WAL", self.refused(open_writer, self.path))

    def test_a_database_that_is_gone_is_not_made_anew(self) -> None:
        self.path.unlink()
        for open_one in (open_writer, open_reader):
            self.assertIn("cannot be opened", self.refused(open_one, self.path))
        self.assertFalse(self.path.exists())

    def test_a_damaged_schema(self) -> None:
        with self.path.open("r+b") as file:
            file.seek(100)
            file.write(b"\xff" * 3000)
        self.assertIn("damaged", self.refused(prepare, self.folder))

    def test_a_locked_database(self) -> None:
        self.patch(files, "_BUSY", 0)
        (self.folder / DATABASE).unlink()
        with closing(sqlite3.connect(self.path, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            self.assertIn("locked by another program", self.refused(prepare, self.folder))

    def test_a_full_disk(self) -> None:
        def fill() -> None:
            with files.in_one_sentence(self.path), closing(open_writer(self.path)) as connection:
                connection.execute("PRAGMA max_page_count = 1")
                connection.execute("CREATE TABLE more AS SELECT zeroblob(99999)")

        self.assertIn("no space left", self.refused(fill))

    def test_the_name_may_hold_anything(self) -> None:
        folder = self.folder / "数据 #1?mode=ro%20"
        folder.mkdir()
        prepare(folder)
        self.assertTrue((folder / DATABASE).exists())
