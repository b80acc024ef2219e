"""A database copied while it is in use, and brought back."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from chatroom.core.work import Kind
from chatroom.storage import backup, copying, files
from chatroom.storage import restore as restoring
from chatroom.storage.backup import back_up
from chatroom.storage.files import DATABASE, LOCK, open_writer
from chatroom.storage.owner_links import offer
from chatroom.storage.restore import restore
from chatroom.storage.schema import STEPS, StorageError
from tests.storage.storing import StorageTestCase, change, draft

KEYS = "SELECT key FROM meta WHERE key IN ('epoch', 'secret') ORDER BY key"
LATER = "20261128-004000"


def quiet(done: int, total: int) -> None:
    """Nobody looks how far it is."""


class CopyCase(StorageTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.out = Path(self.mktemp()).absolute()
        self.out.mkdir()
        self.copy = self.out / "copy.db"

    def back_up(self, **options: Any) -> None:
        back_up(self.folder, self.copy, quiet, **options)

    def restore(self, folder: Path | None = None, backup: Path | None = None) -> Path | None:
        return restore(folder or self.folder, backup or self.copy, LATER, quiet)

    def sentence(self, call: Any, *arguments: object, **options: Any) -> str:
        sentence = str(self.assertRaises(StorageError, call, *arguments, **options))
        self.assertTrue(sentence.endswith("."), sentence)
        return sentence

    def read(self, path: Path, query: str) -> list[Any]:
        with closing(sqlite3.connect(path)) as connection:
            return connection.execute(query).fetchall()

    def said(self, path: Path) -> list[str]:
        return [text for (text,) in self.read(path, "SELECT text FROM messages ORDER BY seq")]

    def stop(self) -> None:
        self.close(self.database)


class BackupTests(CopyCase):
    def test_all_that_was_said_by_then_in_one_private_file(self) -> None:
        self.write(draft("床前明月光"), draft("疑是地上霜"))
        self.back_up()
        self.write(draft("举头望明月"))
        self.assertEqual(os.listdir(self.out), ["copy.db"])
        self.assertEqual(stat.S_IMODE(self.copy.stat().st_mode), 0o600)
        self.assertEqual(self.said(self.copy), ["床前明月光", "疑是地上霜"])
        self.assertEqual(os.listdir(self.out), ["copy.db"], "nothing is beside it after a look")

    def test_stays_at_one_moment_though_somebody_writes(self) -> None:
        self.write(*(draft("长" * 4000) for _ in range(400)))
        self.patch(copying, "PAGES", 50)
        steps = []

        def write(done: int, total: int) -> None:
            steps.append((done, total))
            self.write(draft("后来的"))

        back_up(self.folder, self.copy, write)
        self.assertGreater(len(steps), 5)
        self.assertEqual(steps, sorted(steps), "it never begins anew")
        self.assertEqual(steps[-1][0], steps[-1][1])
        self.assertEqual(self.said(self.copy), ["长" * 4000] * 400)
        self.assertEqual(self.rows("SELECT seq FROM rooms"), [(400 + len(steps),)])

    def test_has_no_epoch_and_no_owner_link_and_keeps_the_secret(self) -> None:
        with closing(open_writer(self.folder / DATABASE)) as connection:
            offer(connection, b"digest", 0, 2**50)
        self.back_up()
        self.assertEqual(self.read(self.copy, KEYS), [("secret",)])
        self.assertEqual(self.read(self.copy, "SELECT * FROM owner_links"), [])
        self.assertEqual(len(self.rows("SELECT * FROM owner_links")), 1)

    def test_what_was_deleted_is_not_in_it(self) -> None:
        self.write(draft("zhengyanzaishuo"), draft("留着的"))
        while self.successResultOf(self.database.journal.index()):
            pass
        self.change(change(Kind.DELETE, 1))
        self.rows("INSERT OR REPLACE INTO meta (key, value) VALUES ('unswept', 1)")
        self.back_up()
        bytes = self.copy.read_bytes()
        self.assertIn("留着的".encode(), bytes)
        self.assertNotIn(b"zhengyanzaishuo", bytes)
        self.assertEqual(self.read(self.copy, "SELECT 1 FROM meta WHERE key = 'unswept'"), [])

    def test_of_an_older_version_too(self) -> None:
        self.stop()
        old = Path(self.mktemp())
        old.mkdir()
        with closing(sqlite3.connect(old / DATABASE)) as connection:
            connection.executescript(
                f"{STEPS[0]}; PRAGMA application_id = {copying.APPLICATION};"
                "PRAGMA user_version = 1; INSERT INTO meta VALUES ('epoch', 'e'), ('secret', 's')"
            )
        back_up(old, self.copy, quiet)
        self.assertEqual(self.read(self.copy, KEYS), [("secret",)])

    def test_replaces_nothing_unless_told_to(self) -> None:
        self.copy.write_text("mine")
        self.assertIn("--force replaces it", self.sentence(self.back_up))
        self.assertEqual(self.copy.read_text(), "mine")
        self.back_up(force=True)
        self.assertEqual(self.said(self.copy), [])

    def test_nor_what_somebody_else_made_meanwhile(self) -> None:
        self.write(draft("月"))

        def write(done: int, total: int) -> None:
            self.copy.write_text("mine")

        self.assertIn("--force", self.sentence(back_up, self.folder, self.copy, write))
        self.assertEqual((self.copy.read_text(), os.listdir(self.out)), ("mine", ["copy.db"]))

    def test_places_that_will_not_do(self) -> None:
        path = self.folder / DATABASE
        for target, words in (
            (self.out, "is a folder; name a file"),
            (self.out / "no" / "copy.db", "is not a folder"),
            (path, "is the database itself"),
        ):
            for force in (False, True):
                found = self.sentence(back_up, self.folder, target, quiet, force=force)
                self.assertIn(words, found)
        found = self.sentence(back_up, self.out, self.copy, quiet)
        self.assertIn("has no data of a server", found)
        self.assertFalse(self.copy.exists())

    def test_of_a_damaged_database_there_is_none(self) -> None:
        self.write(*(draft("长" * 4000) for _ in range(50)))
        self.stop()
        path = self.folder / DATABASE
        with path.open("r+b") as file:
            file.seek(path.stat().st_size // 2)
            file.write(b"\xff" * 3 * 4096)
        self.assertEqual(self.sentence(self.back_up), f"{path} is damaged.")
        self.assertEqual(os.listdir(self.out), [])

    def test_what_broke_off_has_another_name_and_goes_at_the_next_time(self) -> None:
        self.write(draft("月"))
        killed = (
            "import os, sys; from pathlib import Path; from chatroom.storage.backup import back_up;"
            "back_up(Path(sys.argv[1]), Path(sys.argv[2]), lambda *_: os._exit(9))"
        )
        done = subprocess.run([sys.executable, "-c", killed, self.folder.absolute(), self.copy])
        self.assertEqual(done.returncode, 9)
        self.assertEqual(os.listdir(self.out), ["copy.db.unfinished"])
        self.back_up()
        self.assertEqual(os.listdir(self.out), ["copy.db"])

    def test_a_full_disk(self) -> None:
        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        self.patch(backup.os, "replace", full)
        self.assertIn("No space left", self.sentence(self.back_up))
        self.assertEqual(os.listdir(self.out), [])


class RestoreTests(CopyCase):
    def setUp(self) -> None:
        super().setUp()
        self.write(draft("床前明月光"))
        self.back_up()
        self.write(draft("疑是地上霜"))
        self.secret = self.database.secret

    def test_it_is_as_it_was_with_another_epoch_and_the_same_secret(self) -> None:
        self.stop()
        former = self.restore()
        self.assertEqual(former, self.folder / f"{DATABASE}.replaced-{LATER}")
        assert former is not None
        self.assertEqual(self.said(former), ["床前明月光", "疑是地上霜"])
        # The next start makes an epoch.
        self.assertEqual(self.rows(KEYS), [("secret",)])
        self.database = self.open()
        self.assertEqual(self.database.secret, self.secret)
        self.assertEqual(self.texts(), ["床前明月光"])
        self.assertEqual(stat.S_IMODE((self.folder / DATABASE).stat().st_mode), 0o600)

    def test_on_a_machine_that_has_nothing(self) -> None:
        fresh = Path(self.mktemp()) / "deep"
        self.assertIsNone(self.restore(fresh))
        self.assertEqual(sorted(os.listdir(fresh)), [DATABASE, LOCK])
        self.assertEqual(stat.S_IMODE(fresh.stat().st_mode), 0o700)
        self.assertEqual(self.said(fresh / DATABASE), ["床前明月光"])

    def test_the_former_may_come_back_in_turn(self) -> None:
        self.stop()
        former = self.restore()
        assert former is not None
        restore(self.folder, former, "later", quiet)
        self.assertEqual(self.said(self.folder / DATABASE), ["床前明月光", "疑是地上霜"])

    def test_not_while_a_server_runs(self) -> None:
        found = self.sentence(self.restore)
        self.assertEqual(
            found,
            f"Another server is running on {self.folder.absolute()};"
            " stop it, or choose another --data.",
        )
        self.assertEqual(self.texts(), ["床前明月光", "疑是地上霜"])

    def test_not_while_another_program_reads(self) -> None:
        self.stop()
        self.patch(restoring, "PATIENCE", 0)
        with closing(open_writer(self.folder / DATABASE)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM meta").fetchall()
            self.assertIn("is locked by another program", self.sentence(self.restore))
        self.assertEqual(self.said(self.folder / DATABASE), ["床前明月光", "疑是地上霜"])

    def test_what_is_no_backup(self) -> None:
        self.stop()
        foreign = self.out / "foreign.db"
        with closing(sqlite3.connect(foreign)) as connection:
            connection.execute("CREATE TABLE t (x)")
        newer = self.out / "newer.db"
        shutil.copy(self.copy, newer)
        with closing(sqlite3.connect(newer)) as connection:
            connection.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
        (self.out / "empty.db").touch()
        (self.out / "text.db").write_text("床前明月光" * 100)
        bare = self.out / "bare.db"
        with closing(sqlite3.connect(bare)) as connection:
            connection.execute("VACUUM")
            connection.execute("PRAGMA user_version = 0")
        cut = self.out / "cut.db"
        cut.write_bytes(self.copy.read_bytes()[:-8192])
        for name, words in (
            ("foreign.db", "belongs to another program"),
            ("newer.db", "was written by a newer chatroom"),
            ("empty.db", "is empty"),
            ("text.db", "is damaged or not a database"),
            ("cut.db", "is damaged"),
            ("none.db", "is not a file"),
            (".", "is not a file"),
        ):
            found = self.sentence(self.restore, backup=self.out / name)
            self.assertTrue(found.startswith(str(self.out)), found)
            self.assertIn(words, found)
        database = self.folder / DATABASE
        found = self.sentence(self.restore, backup=database)
        self.assertIn("is the database itself", found)
        self.assertEqual(self.said(database), ["床前明月光", "疑是地上霜"])
        self.assertEqual(sorted(os.listdir(self.folder)), [DATABASE, LOCK])

    def test_over_one_that_is_damaged(self) -> None:
        self.stop()
        path = self.folder / DATABASE
        path.write_bytes(b"\xff" * 8192)
        for ending in ("-wal", "-shm"):
            path.with_name(path.name + ending).write_bytes(b"rest")
        self.assertIn("damaged", self.sentence(files.check, self.folder))
        former = self.restore()
        assert former is not None
        self.assertEqual(former.read_bytes(), b"\xff" * 8192)
        self.assertEqual(former.with_name(former.name + "-wal").read_bytes(), b"rest")
        self.assertEqual(sorted(p.name for p in self.folder.glob(f"{DATABASE}-*")), [])
        self.database = self.open()
        self.assertEqual(self.texts(), ["床前明月光"])

    def test_what_a_killed_server_left_in_its_wal_is_kept_and_not_applied(self) -> None:
        killed = Path(self.mktemp())
        killed.mkdir()
        # As a kill leaves it: the last messages are in the WAL alone.
        for name in (DATABASE, f"{DATABASE}-wal"):
            shutil.copy(self.folder / name, killed / name)
        self.assertGreater((killed / f"{DATABASE}-wal").stat().st_size, 0)
        former = self.restore(killed)
        assert former is not None
        self.assertEqual(self.said(former), ["床前明月光", "疑是地上霜"])
        self.assertEqual(self.said(killed / DATABASE), ["床前明月光"])

    def test_a_copy_that_lies_where_nothing_can_be_written(self) -> None:
        self.stop()
        with closing(sqlite3.connect(self.copy)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
        self.copy.chmod(0o400)
        self.out.chmod(0o500)
        self.addCleanup(self.out.chmod, 0o700)
        self.restore()
        self.assertEqual(os.listdir(self.out), ["copy.db"], "the backup's folder is left alone")
        self.assertEqual(self.said(self.folder / DATABASE), ["床前明月光"])

    def test_a_copy_of_a_server_that_runs_elsewhere(self) -> None:
        fresh = Path(self.mktemp())
        self.restore(fresh, self.folder / DATABASE)
        self.assertEqual(self.said(fresh / DATABASE), ["床前明月光", "疑是地上霜"])
        with closing(sqlite3.connect(fresh / DATABASE)) as connection:
            self.assertEqual(connection.execute(KEYS).fetchall(), [("secret",)])

    def test_killed_anywhere_leaves_the_old_or_the_new(self) -> None:
        """Killed before each call that changes something in the folder, one after the other."""
        self.stop()
        program = Path(self.mktemp())
        program.write_text(KILLED)
        found, step, status = [], 0, 9
        while status == 9:
            folder = Path(self.mktemp()).absolute()
            shutil.copytree(self.folder, folder)
            step += 1
            words = [sys.executable, program, str(step), folder, self.copy]
            status = subprocess.run(words, env={**os.environ, "PYTHONPATH": ROOT}).returncode
            files.lock(folder).close()
            with closing(open_writer(files.prepare(folder))) as connection:
                rows = connection.execute("SELECT text FROM messages ORDER BY seq")
                found.append([text for (text,) in rows])
                self.assertEqual(connection.execute("PRAGMA quick_check").fetchall(), [("ok",)])
        self.assertEqual(status, 0)
        old, new = ["床前明月光", "疑是地上霜"], ["床前明月光"]
        at = found.index(new)
        self.assertEqual(found, [old] * at + [new] * (len(found) - at))
        self.assertGreater(at, 5)

    def test_where_a_file_can_have_one_name_only(self) -> None:
        def none(*_: object) -> None:
            raise OSError(95, "Operation not supported")

        self.patch(restoring.os, "link", none)
        self.stop()
        former = self.restore()
        assert former is not None
        self.assertEqual(self.said(former), ["床前明月光", "疑是地上霜"])
        self.assertEqual(self.said(self.folder / DATABASE), ["床前明月光"])


ROOT = str(Path(__file__).parents[2])
KILLED = """
import os, sys
from pathlib import Path
from chatroom.storage.restore import restore

left = int(sys.argv[1])
watched = {"open", "os.rename", "os.remove", "os.link", "os.chown", "os.chmod", "sqlite3.connect"}

def kill(event, arguments):
    global left
    inside = any(isinstance(each, (str, bytes, os.PathLike)) and sys.argv[2] in str(each)
                 for each in arguments)
    if event in watched and inside:
        left -= 1
        if not left:
            os._exit(9)

sys.addaudithook(kill)
restore(Path(sys.argv[2]), Path(sys.argv[3]), "later", lambda *_: None)
"""
