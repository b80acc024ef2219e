"""A backup under load, a kill, a restore: no receipt from before is lost, and clients are told."""

import json
import signal
from urllib.request import Request

from tests.end_to_end.guest import Guest
from tests.end_to_end.kill import ROOM, SENDERS, Sender
from tests.end_to_end.process import FOREGROUND, EndToEndTestCase, Server, open_url, wait_until

COMMAND = (*FOREGROUND["twistd -n"], "--rate", "0", "--port", "0")
SOME = 300


class RestoreTests(EndToEndTestCase):
    def run_it(self, *words: str) -> str:
        done = self.run_to_the_end("python", "-m", "chatroom", *words)
        self.assertEqual((done.status, done.err), (0, ""))
        return done.out

    def test_what_had_its_receipt_is_there_and_old_clients_are_told(self) -> None:
        folder = self.folder()
        copy = str(self.folder() / "copy.db")
        server = self.serve(*COMMAND, folder=folder)
        senders = [Sender(f"sender{number}", server.port) for number in range(SENDERS)]
        for sender in senders:
            self.addCleanup(sender.leave)
            sender.start()

        def told() -> dict[str, int]:
            return {id: seq for sender in senders for id, seq in list(sender.receipts.items())}

        wait_until(lambda: len(told()) > SOME, "there is something to lose")
        before = told()
        out = self.run_it("backup", "--data", str(server.data), copy)
        self.assertIn("is a whole copy of", out)
        during = len(told())
        wait_until(lambda: len(told()) > during + SOME, "messages go on")
        watcher = Guest(server.port, room=ROOM)
        position = {"since": watcher.joined["seq"], "epoch": watcher.joined["epoch"]}
        token, user = watcher.welcome["token"], watcher.welcome["user"]
        watcher.close()
        for sender in senders:
            sender.leave()
        server.send(signal.SIGKILL)
        server.wait()
        for sender in senders:
            sender.join()
            self.assertIsNone(sender.fault)

        out = self.run_it("restore", "--data", str(server.data), copy)
        self.assertIn("start the server", out)
        again = self.serve(*COMMAND, folder=folder)
        returning = Guest(again.port, token=token)
        self.assertEqual(returning.welcome["user"], user, "its token is still good")
        stored = {each["id"]: each for each in returning.history(ROOM)}
        self.assertEqual({id: stored[id]["seq"] for id in before}, before)
        numbers = [each["seq"] for each in stored.values()]
        self.assertEqual(numbers, list(range(1, len(numbers) + 1)))
        self.assertLess(len(numbers), position["since"], "what came after is not in it")
        returning.send("join", room=ROOM, **position)
        joined = returning.hear("joined", "error")
        self.assertIs(joined["recovered"], False)
        self.assertNotEqual(joined["epoch"], position["epoch"])
        page = self.events(again, **position)
        self.assertEqual((page["recovered"], page["events"]), (False, []))
        # A number that somebody was told for something else is given anew, and nothing clashes.
        said = returning.say("从这里重新开始")
        self.assertEqual(said["seq"], joined["seq"] + 1)
        self.assertEqual(said["seq"], len(numbers) + 1)

    def events(self, server: Server, **position: object) -> dict[str, object]:
        asked = "&".join(f"{name}={value}" for name, value in position.items())
        path = "api/v1/rooms/%E5%A4%A7%E5%8E%85/events?"
        with open_url(Request(server.page + path + asked)) as answer:
            found: dict[str, object] = json.loads(answer.read())
            return found

    def test_not_while_the_server_runs(self) -> None:
        folder = self.folder()
        copy = str(folder / "copy.db")
        server = self.serve(*COMMAND, folder=folder)
        self.run_it("backup", "--data", str(server.data), copy)
        done = self.run_to_the_end(
            "python", "-m", "chatroom", "restore", "--data", str(server.data), copy
        )
        self.assertEqual((done.status, done.out), (1, ""))
        self.assertRegex(done.err, r"\Achatroom: Another server is running on .*\n\Z")

    def test_on_a_fresh_machine(self) -> None:
        server = self.serve(*COMMAND)
        guest = Guest(server.port, room=ROOM)
        guest.say("床前明月光")
        copy = str(self.folder() / "copy.db")
        self.run_it("backup", "--data", str(server.data), copy)
        elsewhere = self.folder()
        self.run_it("restore", "--data", str(elsewhere / "data"), copy)
        other = self.serve(*COMMAND, "--data", str(elsewhere / "data"), folder=elsewhere)
        [message] = Guest(other.port).history(ROOM)
        self.assertEqual(message["text"], "床前明月光")
