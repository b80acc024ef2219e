"""A disk that fails: no receipt for what may not be on it, and all goes on when it is back.

The disk is a good one: strace makes the system's own calls fail.
"""

import signal
from contextlib import closing

from tests.end_to_end.guest import Guest
from tests.end_to_end.process import FOREGROUND, EndToEndTestCase, Server

COMMAND = FOREGROUND["python -m chatroom"]
# SQLite calls one or the other, as it was built.
SYNC = "fdatasync,fsync"


def faulty(calls: str, fault: str, when: str) -> tuple[str, ...]:
    """Give the command of a server with a fault in these system calls, counted in each thread."""
    # -D: strace is the child, so that the process we know is the server.
    tracing = ("strace", "-D", "-f", "-qq", "-o", "strace.txt", "-e", f"trace={calls}")
    return (*tracing, "-e", f"inject={calls}:{fault}:when={when}", *COMMAND)


class FailingDiskTests(EndToEndTestCase):
    def serve_on_a_faulty_disk(self, calls: str, fault: str, when: str) -> Server:
        """The database is made before, so that only messages meet the fault."""
        folder = self.folder()
        server = self.serve(*COMMAND, folder=folder)
        with closing(Guest(server.port, room="r")) as guest:
            self.assertEqual(guest.say("before", id="before")["seq"], 1)
            guest.send("own", secret=server.out.rpartition("#own=")[2].split()[0])
            guest.hear("hosting")
        # Owned, in order, and by the same address, so that the next start has nothing to write.
        server.send(signal.SIGTERM)
        server.wait()
        port = ("--port", str(server.port))
        return self.serve(*faulty(calls, fault, when), *port, folder=folder)

    def texts(self, server: Server) -> list[str]:
        with closing(Guest(server.port)) as guest:
            return [message["text"] for message in guest.history("r")]

    def test_no_receipt_while_nothing_is_synced(self) -> None:
        server = self.serve_on_a_faulty_disk(SYNC, "error=EIO", "3+")
        with closing(Guest(server.port, room="r")) as listener:
            with closing(Guest(server.port, room="r")) as guest:
                outcomes = [guest.say(str(number), id=str(number)) for number in range(10)]
                told = [each["text"] for each in outcomes if each["type"] == "said"]
                codes = {each.get("code") for each in outcomes[len(told) :]}
                self.assertLess(len(told), 10)
                self.assertEqual(codes, {"unavailable"})
                # Reading, joining and presence go on, of what was synced.
                self.assertEqual(self.texts(server)[: len(told) + 1], ["before", *told])
                guest.send("join", room="elsewhere")
                self.assertEqual(guest.hear("joined")["room"], "elsewhere")
            heard = []
            while (event := listener.hear("said", "left"))["type"] == "said":
                heard.append(event["text"])
            self.assertEqual(heard, told)

    def test_it_recovers_by_itself_and_a_repeated_id_makes_no_second_message(self) -> None:
        self.assert_recovers(self.serve_on_a_faulty_disk(SYNC, "error=EIO", "2..4"))

    def test_a_disk_that_was_full_for_a_while(self) -> None:
        self.assert_recovers(self.serve_on_a_faulty_disk("pwrite64", "error=ENOSPC", "30..40"))

    def assert_recovers(self, server: Server) -> None:
        with closing(Guest(server.port, room="r")) as guest:
            refusals = 0
            for number in range(5):
                while guest.say(str(number), id=str(number))["type"] == "error":
                    refusals += 1
                    self.assertLess(refusals, 20)
            self.assertGreater(refusals, 0)
            self.assertEqual(self.texts(server), ["before", "0", "1", "2", "3", "4"])
            self.assertTrue(server.tells("Writing fails"))
            self.assertTrue(server.tells("Writing works again"))
