"""Clients that never read, while much is broadcast: what it costs the server, in bytes.

`python -m tests.end_to_end.stalled` prints the figures of the full size.
"""

import argparse
import time
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.end_to_end.guest import Guest, hold, path
from tests.end_to_end.process import FOREGROUND, Server

# In UTF-8 three bytes a character: the longest message there is.
TEXT = "月" * 4000
SIZE = len(TEXT.encode())
COMMAND = (*FOREGROUND["python -m chatroom"], "--port", "0", "--rate", "0")


@dataclass
class Figures:
    """What the server's resident memory did, in bytes, and whether a client that reads has all."""

    clients: int
    broadcast: int
    before: int
    most: int
    after: int
    gaps: int

    @property
    def growth(self) -> int:
        """By how much it grew."""
        return self.most - self.before

    @property
    def kept(self) -> int:
        """How much of it is left when the clients are gone."""
        return self.after - self.before


def measure(server: Server, clients: int, size: int) -> Figures:
    """Broadcast so many bytes to a reader and to so many clients that never read."""
    with ExitStack() as all:
        reader = all.enter_context(closing(Guest(server.port, room="r")))
        # What the memory is without them is measured under the same load.
        numbers = [reader.say(TEXT)["seq"] for _ in range(100)]
        before = most = server.memory()
        with ExitStack() as holders:
            for _ in range(clients):
                holder = hold(server.port, path(room="r"), receive_buffer=4096)
                holders.enter_context(closing(holder))
            for _ in range(size // SIZE):
                numbers.append(reader.say(TEXT)["seq"])
                most = max(most, server.memory())
        gaps = sum(seq != place for place, seq in enumerate(numbers, start=1))
        while clients and reader.next().get("count") != 1:
            pass
        # Once a second the server looks whether anybody is still full, and then gives memory back.
        time.sleep(2)
        return Figures(clients, size, before, most, server.memory(), gaps)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=100)
    parser.add_argument("--megabytes", type=int, default=50)
    chosen = parser.parse_args()
    with TemporaryDirectory() as folder:
        server = Server(COMMAND, Path(folder))
        begin = time.monotonic()
        try:
            figures = measure(server, chosen.clients, chosen.megabytes * 1_000_000)
        finally:
            server.end()
    print(  # noqa: T201
        f"{figures}\n"
        f"grew by {figures.growth / 1e6:.1f} MB and kept {figures.kept / 1e6:.1f} MB;"
        f" {figures.gaps} gaps; {time.monotonic() - begin:.0f} s"
    )


if __name__ == "__main__":
    main()
