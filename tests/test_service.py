"""The service: what it opens and when, what it says when it cannot, and how it ends."""

import os
import sys
import traceback
from io import StringIO
from pathlib import Path
from random import SystemRandom

from twisted.internet import reactor
from twisted.logger import capturedLogs
from twisted.trial.unittest import SynchronousTestCase, TestCase

from chatroom.options import Settings
from chatroom.service import Chatroom, StartFailure
from chatroom.storage import files
from tests.serving import start


def make(test: SynchronousTestCase, **options: object) -> Chatroom:
    """Make a service on a folder of its own."""
    settings = Settings(**{"data": Path(test.mktemp()).absolute(), "port": 0} | options)
    return Chatroom(settings, reactor, SystemRandom())


class CannotStartTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.err = StringIO()
        self.patch(sys, "__stderr__", self.err)
        self.data = Path(self.mktemp()).absolute()
        lock = files.lock(self.data)
        self.addCleanup(lock.close)
        self.sentence = (
            f"chatroom: Another server is running on {self.data}; "
            "stop it, or choose another --data.\n"
        )

    def test_one_sentence_where_the_terminal_is_whatever_twistd_made_of_stderr(self) -> None:
        self.patch(sys, "stderr", StringIO())
        ended = self.assertRaises(SystemExit, make(self, data=self.data).startService)
        self.assertEqual((ended.code, self.err.getvalue()), (1, self.sentence))

    def test_detached_it_is_an_exception_that_reads_the_same(self) -> None:
        """Of a `SystemExit` twistd tells its first process nothing, which then waits for ever."""
        self.addCleanup(delattr, sys, "tracebacklimit")
        detached = make(self, data=self.data)
        self.patch(os, "getpid", lambda: -1)
        failure = self.assertRaises(StartFailure, detached.startService)
        self.assertEqual(traceback.format_exception_only(failure), [self.sentence])
        self.assertEqual(self.err.getvalue(), "")


class ChatroomTests(TestCase):
    def test_nothing_is_made_before_the_start(self) -> None:
        room = make(self)
        self.assertFalse(room._settings.data.exists())

    async def test_the_log_tells_of_the_start(self) -> None:
        with capturedLogs() as logs:
            await start(self)
        self.assertIn("服务器开启", [event["log_format"] for event in logs])

    async def test_the_page_is_at_the_port_that_is_listened_on(self) -> None:
        room, _ = await start(self)
        self.assertGreater(room.port, 0)
        self.assertEqual(room.page, f"http://localhost:{room.port}/")

    async def test_the_page_is_at_the_public_url(self) -> None:
        room, _ = await start(self, public_url="https://chat.example.org")
        self.assertEqual(room.page, "https://chat.example.org")

    async def test_a_stop_lets_go_of_the_folder(self) -> None:
        settings = {"data": Path(self.mktemp()).absolute()}
        for _ in range(2):
            room = make(self, **settings)
            room.startService()
            await room.stopService()
        files.lock(settings["data"]).close()
