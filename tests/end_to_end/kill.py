"""Kills a server under load, again and again, and counts what became of every message.

`python -m tests.end_to_end.kill --times 20` prints the tally.
"""

import argparse
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

from websockets.exceptions import WebSocketException

from tests.end_to_end.guest import Guest
from tests.end_to_end.process import FOREGROUND, Server, complaints, wait_until

ROOM = "大厅"
SENDERS = 4
# Sent without waiting for an answer, so that there is always something in flight.
IN_FLIGHT = 20
# Seconds a server lives, at the most.
LIFE = 1.0
COME_BACK_AFTER = 0.05


@dataclass
class Tally:
    """What became of every message; the first four are what must hold."""

    lost: int = 0
    twice: int = 0
    holes: int = 0
    changed: int = 0
    kills: int = 0
    receipts: int = 0
    stored: int = 0
    repeated: int = 0
    slowest_start: float = 0.0
    complaints: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether each receipt is in the history once, and the numbers have no hole."""
        return not (self.lost or self.twice or self.holes or self.changed or self.complaints)


class Sender(Thread):
    """Says one thing after the other, and each again under its id until it has the receipt."""

    def __init__(self, name: str, port: int) -> None:
        super().__init__(name=name, daemon=True)
        self.receipts: dict[str, int] = {}
        self.changed = 0
        self.repeated = 0
        self._port = port
        self._token: str | None = None
        self._waiting: dict[str, None] = {}
        self._count = 0
        self._finishing = False
        self._gone = False
        self.fault: BaseException | None = None

    def run(self) -> None:
        try:
            while (self._waiting or not self._finishing) and not self._gone:
                self._talk_until_it_is_killed()
        except Exception as fault:
            self.fault = fault

    def finish(self) -> None:
        """Begin nothing more, and end once everything has its receipt."""
        self._finishing = True
        self.join()

    def leave(self) -> None:
        """Come back no more, whatever has no receipt."""
        self._gone = True

    def _talk_until_it_is_killed(self) -> None:
        try:
            self._talk()
        except TimeoutError:
            # A server that leaves us without an answer is not one that was killed.
            raise
        except (WebSocketException, OSError):
            time.sleep(COME_BACK_AFTER)

    def _talk(self) -> None:
        guest = Guest(self._port, token=self._token, room=ROOM)
        try:
            self._token = guest.welcome["token"]
            for id in self._waiting:
                self._say(guest, id)
            while self._waiting or not self._finishing:
                self._say_more(guest)
                event = guest.hear("said", "error")
                if event["type"] == "said" and event["user"] == guest.welcome["user"]:
                    self._note(event["id"], event["seq"], event.get("again", False))
                elif event["type"] == "error":
                    raise AssertionError(event)
        finally:
            guest.socket.socket.close()

    def _say_more(self, guest: Guest) -> None:
        while len(self._waiting) < IN_FLIGHT and not self._finishing:
            id = f"{self.name}-{self._count}"
            self._count += 1
            self._waiting[id] = None
            self._say(guest, id)

    def _say(self, guest: Guest, id: str) -> None:
        guest.send("say", text=f"我是 {id}", id=id)

    def _note(self, id: str, seq: int, again: bool) -> None:
        self.changed += self.receipts.setdefault(id, seq) != seq
        self.repeated += again
        self._waiting.pop(id, None)


def storm(times: int, seed: int, folder: Path) -> Tally:
    """Kill a server so many times at random moments; give the tally."""
    rng = random.Random(seed)
    tally = Tally()
    command = (*FOREGROUND["twistd -n"], "--rate", "0", "--port", "0")
    server = Server(command, folder)
    senders = [Sender(f"sender{number}", server.port) for number in range(SENDERS)]
    command = (*command[:-1], str(server.port))

    def receipts() -> int:
        return sum(len(sender.receipts) for sender in senders)

    try:
        for sender in senders:
            sender.start()
        for _ in range(times):
            before = receipts()
            wait_until(lambda before=before: receipts() > before, "messages are received again")
            time.sleep(rng.uniform(0, LIFE))
            server.send(signal.SIGKILL)
            server.wait()
            tally.kills += 1
            tally.complaints += complaints(server.log)
            begin = time.monotonic()
            server = Server(command, folder)
            tally.slowest_start = max(tally.slowest_start, round(time.monotonic() - begin, 1))
        for sender in senders:
            sender.finish()
        faults = [sender.fault for sender in senders if sender.fault]
        if faults:
            raise faults[0]
        compare(senders, Guest(server.port), tally)
        tally.complaints += complaints(server.log)
    finally:
        for sender in senders:
            sender.leave()
        server.end()
    return tally


def compare(senders: list[Sender], guest: Guest, tally: Tally) -> None:
    """Hold what the senders were told against what the history has."""
    history = guest.history(ROOM)
    guest.close()
    stored = {message["id"]: message for message in history}
    times = Counter(message["id"] for message in history)
    told = {id: seq for sender in senders for id, seq in sender.receipts.items()}
    tally.receipts = len(told)
    tally.stored = len(history)
    tally.repeated = sum(sender.repeated for sender in senders)
    tally.lost = sum(id not in stored for id in told)
    tally.twice = sum(count - 1 for count in times.values())
    numbers = [message["seq"] for message in history]
    tally.holes = sum(seq != place for place, seq in enumerate(numbers, start=1))
    tally.changed = sum(sender.changed for sender in senders) + sum(
        (stored[id]["seq"], stored[id]["text"]) != (seq, f"我是 {id}")
        for id, seq in told.items()
        if id in stored
    )


def main() -> None:
    """Print a storm's tally."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    chosen = parser.parse_args()
    print(f"seed {chosen.seed}")  # noqa: T201
    with TemporaryDirectory() as folder:
        tally = storm(chosen.times, chosen.seed, Path(folder))
    print(tally)  # noqa: T201
    raise SystemExit(0 if tally.holds else 1)


if __name__ == "__main__":
    main()
