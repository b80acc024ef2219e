"""Every way to start the server, and what the start shows and leaves."""

import os
import shutil
import signal
from pathlib import Path

from chatroom import banner
from tests.end_to_end.guest import Guest, visit_the_lesson
from tests.end_to_end.process import (
    DAEMON,
    FOREGROUND,
    PATIENCE,
    ROOT,
    EndToEndTestCase,
    is_alive,
    open_url,
    wait_until,
)


class ForegroundTests(EndToEndTestCase):
    def assert_serves(self, *command: str, folder: Path | None = None, **more: str) -> None:
        server = self.serve(*command, folder=folder, **more)
        with open_url(server.page, timeout=PATIENCE) as page:
            self.assertIn(b"<!doctype html>", page.read().lower())
        guest = Guest(server.port, room="大厅", nick="李白")
        self.addCleanup(guest.close)
        self.assertEqual(guest.say("举杯邀明月", id="1")["seq"], 1)
        self.assertTrue(server.tells("服务器开启"), server.log)

    def test_twistd_in_the_foreground(self) -> None:
        self.assert_serves(*FOREGROUND["twistd -n"])

    def test_twist(self) -> None:
        self.assert_serves(*FOREGROUND["twist"])

    def test_python_m_chatroom(self) -> None:
        self.assert_serves(*FOREGROUND["python -m chatroom"])

    def test_the_bare_checkout(self) -> None:
        """Nothing is installed and nothing is on the path: only the folder one is in."""
        checkout = self.folder() / "checkout"
        left_behind = shutil.ignore_patterns("__pycache__", "dropin.cache")
        for part in ("chatroom", "twisted", "web"):
            shutil.copytree(ROOT / part, checkout / part, ignore=left_behind)
        self.assert_serves(*FOREGROUND["python -m twisted"], folder=checkout, PYTHONPATH="")

    def test_the_port_may_come_from_the_environment(self) -> None:
        first = self.serve()
        first.end()
        server = self.serve(CHATROOM_PORT=str(first.port))
        self.assertEqual(server.port, first.port)


class DaemonTests(EndToEndTestCase):
    def test_the_start_shows_where_everything_is_and_detaches(self) -> None:
        folder = self.folder()
        server = self.serve(*DAEMON, folder=folder)
        self.assertEqual(server.wait().status, 0)
        self.assertIn(f"http://localhost:{server.port}/", server.out)
        for address in banner.addresses():
            self.assertIn(f"http://{address}:{server.port}/", server.out)
        self.assertEqual(server.data, folder.resolve() / "chatroom-data")
        self.assertTrue((server.data / "chatroom.db").exists())
        self.assertEqual(server.err, "")

    def test_a_message_is_found_again_after_a_restart(self) -> None:
        folder = self.folder()
        server = self.serve(*DAEMON, folder=folder)
        guest = Guest(server.port, room="大厅", nick="李白")
        said = guest.say("床前明月光", id="one")
        guest.close()
        server.end()
        (folder / "twistd.pid").unlink()
        guest = Guest(self.serve(*DAEMON, folder=folder).port, nick="杜甫")
        self.addCleanup(guest.close)
        [found] = guest.history("大厅")
        self.assertEqual(
            (found["seq"], found["text"], found["nick"], found["id"]),
            (said["seq"], "床前明月光", "李白", "one"),
        )

    def test_the_log_tells_of_the_start_and_of_visitors_in_the_words_of_the_lesson(self) -> None:
        server = self.serve(*DAEMON)
        self.assertRegex(server.log, r"(?m)\] 服务器开启$")
        self.assertNotIn("有个人进来了", server.log)
        with visit_the_lesson(server.port) as visitor:
            visitor.send("床前明月光，疑是地上霜。")
            self.assertEqual(
                visitor.recv(PATIENCE), "床前明月光，疑是地上霜。举头望明月，低头思故乡,"
            )
            self.assertRegex(server.log, r"(?m)\] 有个人进来了$")
            self.assertNotIn("ta又走了！呜呜呜", server.log)
        wait_until(lambda: "ta又走了！呜呜呜" in server.log, "the log tells that the visitor left")
        self.assertRegex(server.log, r"(?m)\] ta又走了！呜呜呜$")

    def test_the_pid_file_stops_it_and_clients_are_told_when_to_come_back(self) -> None:
        server = self.serve(*DAEMON)
        pidfile = server.folder / "twistd.pid"
        pid = int(pidfile.read_text())
        guest = Guest(server.port, room="大厅")
        os.kill(pid, signal.SIGTERM)
        code, reason = guest.farewell()
        self.assertEqual(code, 1001)
        self.assertRegex(reason, r'^\{"reconnect": ?[0-5](\.\d)?\}$')
        wait_until(lambda: not is_alive(pid), "the daemon is gone", patience=10)
        self.assertFalse(pidfile.exists())


TRACES = """
import os, threading
from glob import glob
from twisted.internet import reactor
from chatroom.service import Options, makeService

def traces():
    opened = {os.readlink(each) for each in glob("/proc/self/fd/*") if os.path.lexists(each)}
    return opened, {thread.name for thread in threading.enumerate()}, set(os.listdir())

options = Options()
options.parseOptions(["--port", "0"])
before = traces()
service = makeService(options)
between = traces()
service.startService()
after = traces()
service._threads.stop()
for was, now, later in zip(before, between, after):
    print(sorted(now - was), later > was)
"""


class NothingBeforeTheForkTests(EndToEndTestCase):
    def test_makeService_leaves_no_file_socket_thread_or_folder(self) -> None:
        """twistd forks after it. That `startService` leaves them shows that they would be seen."""
        done = self.run_to_the_end("python", "-c", TRACES)
        self.assertEqual(done.out.splitlines()[-3:], ["[] True"] * 3, done)
