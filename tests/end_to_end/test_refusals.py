"""A start that cannot be: one sentence for the operator and status 1, whatever started it."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.end_to_end.certificates import make_certificate
from tests.end_to_end.process import DAEMON, FOREGROUND, Done, EndToEndTestCase, wait_until

COMMANDS = [*FOREGROUND.values(), DAEMON]


class RefusalTests(EndToEndTestCase):
    def assert_refused(self, reason: str, *options: str) -> None:
        """Whichever way it is started, stderr has this sentence."""
        for command in COMMANDS:
            done = self.run_to_the_end(*command, *options)
            self.assertEqual(done.status, 1, done)
            self.assertRegex(done.err, f"chatroom: {reason}", done)
            self.assert_spares_the_operator(done)

    def assert_spares_the_operator(self, done: Done) -> None:
        for burden in ("Traceback", "Usage", "Unhandled"):
            self.assertNotIn(burden, done.out + done.err)
        self.assertLessEqual(len(done.err.splitlines()), 2, done)

    def data_with(self, database: bytes) -> str:
        folder = self.folder()
        (folder / "chatroom.db").write_bytes(database)
        return str(folder)

    def real_database(self) -> bytes:
        server = self.serve()
        server.end()
        with closing(sqlite3.connect(server.data / "chatroom.db")) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return (server.data / "chatroom.db").read_bytes()

    def test_a_port_in_use(self) -> None:
        server = self.serve()
        self.assert_refused(
            f"cannot listen on port {server.port}: Address already in use; ",
            "--port",
            str(server.port),
        )

    def test_an_endpoint_in_use(self) -> None:
        """Found only after the fork."""
        server = self.serve()
        self.assert_refused(
            r"cannot listen on .*: Address already in use; ", "--listen", f"tcp:{server.port}"
        )

    def test_a_file_in_the_way_of_the_data(self) -> None:
        file = self.folder() / "file"
        file.touch()
        self.assert_refused("--data needs a folder", "--data", str(file))
        self.assert_refused(f"{file} is not a folder", "--data", str(file / "data"))

    def test_garbage_for_a_database(self) -> None:
        data = self.data_with(b"garbage " * 1000)
        self.assert_refused(f"{data}/chatroom.db is damaged", "--data", data)

    def test_a_truncated_header(self) -> None:
        data = self.data_with(b"SQLite format 3\0")
        self.assert_refused(f"{data}/chatroom.db is damaged", "--data", data)

    def test_a_truncated_database(self) -> None:
        """Its header is whole, so that this is found only after the fork."""
        data = self.data_with(self.real_database()[:2000])
        self.assert_refused(f"{data}/chatroom.db is damaged", "--data", data)

    def test_a_newer_database(self) -> None:
        data = self.data_with(self.real_database())
        with closing(sqlite3.connect(Path(data) / "chatroom.db")) as connection:
            connection.execute("PRAGMA user_version = 99")
        self.assert_refused(
            f"{data}/chatroom.db was written by a newer chatroom", "--port", "0", "--data", data
        )

    def test_a_second_server_on_the_folder(self) -> None:
        server = self.serve()
        self.assert_refused(
            f"Another server is running on {server.data}", "--port", "0", "--data", str(server.data)
        )

    def test_a_wrong_value(self) -> None:
        self.assert_refused("--port must be a number", "--port", "http")

    def test_a_key_of_another_certificate(self) -> None:
        certificate, _ = make_certificate(self.folder())
        _, key = make_certificate(self.folder())
        self.assert_refused(
            f"{certificate} and {key} are no certificate with its key",
            *("--certificate", str(certificate), "--key", str(key)),
        )

    def test_garbage_for_a_certificate(self) -> None:
        folder = self.folder()
        garbage = folder / "garbage.pem"
        garbage.write_text("garbage")
        self.assert_refused(
            f"{garbage} and {garbage} are no certificate with its key",
            *("--certificate", str(garbage), "--key", str(garbage)),
        )

    def test_a_daemon_that_was_refused_leaves_no_pid_file_and_a_sentence_in_its_log(self) -> None:
        data = self.data_with(self.real_database()[:2000])
        folder = self.folder()
        self.run_to_the_end(*DAEMON, "--port", "0", "--data", data, folder=folder)
        # The first process may end before the daemon does.
        wait_until(lambda: not (folder / "twistd.pid").exists(), "the pid file is gone")
        log = folder / "twistd.log"
        wait_until(
            lambda: f"chatroom: {data}/chatroom.db is damaged.\n" in log.read_text(),
            "the log has the sentence",
        )
        self.assertNotIn("Traceback", log.read_text())
        self.assertNotIn("服务器开启", log.read_text())
