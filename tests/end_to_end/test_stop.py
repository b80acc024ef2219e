"""Stopping: in order, with status 0, within 10 s, and with every message answered for."""

import signal
from contextlib import closing

from websockets.exceptions import ConnectionClosed

from tests.end_to_end.guest import Guest, hold, path
from tests.end_to_end.process import FOREGROUND, EndToEndTestCase, Server

# What the operator's service manager waits before it kills.
MOST = 10.0
LONG = "月" * 4000


class StopTests(EndToEndTestCase):
    def assert_stops(self, server: Server, number: signal.Signals = signal.SIGTERM) -> None:
        server.send(number)
        self.assertEqual(server.wait(MOST).status, 0, server.log)

    def test_each_signal_stops_each_command_with_status_0(self) -> None:
        for command in FOREGROUND.values():
            for number in (signal.SIGTERM, signal.SIGINT):
                self.assert_stops(self.serve(*command), number)

    def test_a_second_signal_does_no_harm(self) -> None:
        server = self.serve()
        # Because of this one the stop takes long enough.
        with closing(hold(server.port, path(room="r"))), closing(Guest(server.port)) as guest:
            server.send(signal.SIGTERM)
            self.assertEqual(guest.farewell()[0], 1001)
            self.assertIsNone(server.status)
            server.send(signal.SIGTERM)
            server.send(signal.SIGINT)
            self.assertEqual(server.wait(MOST).status, 0)

    def test_a_client_that_never_answers_the_close(self) -> None:
        server = self.serve()
        with closing(hold(server.port, path(room="r"))), closing(hold(server.port, "/")):
            self.assert_stops(server)

    def test_a_client_that_never_reads(self) -> None:
        server = self.serve(*FOREGROUND["python -m chatroom"], "--rate", "0")
        never_reads = hold(server.port, path(room="r"), receive_buffer=4096)
        with closing(never_reads), closing(Guest(server.port, room="r")) as guest:
            # More than the kernel keeps for it.
            for _ in range(600):
                guest.say(LONG)
            self.assert_stops(server)

    def test_nobody_is_let_in_any_more(self) -> None:
        server = self.serve()
        with closing(hold(server.port, path(room="r"))), closing(Guest(server.port)) as guest:
            server.send(signal.SIGTERM)
            guest.farewell()
            self.assertRaises(ConnectionRefusedError, hold, server.port, "/ws")
            self.assertEqual(server.wait(MOST).status, 0)

    def test_every_message_in_flight_is_answered_for(self) -> None:
        """Stored and told, or refused and not stored; what was not read any more is not stored."""
        folder = self.folder()
        command = (*FOREGROUND["python -m chatroom"], "--rate", "0")
        server = self.serve(*command, folder=folder)
        guest = Guest(server.port, room="r")
        said: dict[str, int] = {}
        refused: set[str] = set()
        for number in range(3000):
            guest.send("say", text="在路上", id=str(number))
            if number == 1000:
                server.send(signal.SIGTERM)
        try:
            while True:
                event = guest.next()
                if event["type"] == "said":
                    said[event["id"]] = event["seq"]
                elif event["type"] == "error":
                    self.assertEqual(event["code"], "unavailable")
                    refused.add(event["id"])
        except ConnectionClosed as closed:
            self.assertEqual(closed.rcvd and closed.rcvd.code, 1001)
        self.assertEqual(server.wait(MOST).status, 0)
        guest = Guest(self.serve(*command, folder=folder).port)
        self.addCleanup(guest.close)
        stored = {message["id"]: message["seq"] for message in guest.history("r")}
        self.assertTrue(said)
        self.assertEqual(stored, said)
        self.assertFalse(refused & set(stored))
